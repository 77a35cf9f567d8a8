import { describe, expect, test } from 'vitest'
import { type ImportKind, readHeader, readSeparation } from './import-columns.ts'

function found(kind: ImportKind, header: string): Record<string, number> | string {
  const reading = readHeader(kind, header.split(','))
  if (reading.kind === 'problem') return reading.message
  return Object.fromEntries([...reading.layout.found].map(([column, { index }]) => [column, index]))
}

describe('columns are found by name', () => {
  const headers: [ImportKind, string, Record<string, number>][] = [
    ['devices', 'serial_number,name', { serial_number: 0, name: 1 }],
    ['devices', 'Name, Serial Number ', { name: 0, serial_number: 1 }],
    ['devices', 'SERIENUMMER,Apparaatnaam,Eigendom', { serial_number: 0, name: 1, ownership: 2 }],
    [
      'devices',
      'Serial no.,OS,OS version,Primary user UPN',
      { serial_number: 0, platform: 1, os_version: 2, user: 3 },
    ],
    [
      'users',
      'User principal name,Display name,Mail,Department',
      { user_name: 0, name: 1, email: 2, department: 3 },
    ],
    ['groups', 'Groep,Soort,Omschrijving,Lid', { name: 0, kind: 1, description: 2, member: 3 }],
    ['groups', 'group,serial number', { name: 0, member: 1 }],
  ]
  test.each(headers)('%s: %s', (kind, header, places) => {
    expect(found(kind, header)).toEqual(places)
  })

  test('unknown columns are listed, blank ones are not', () => {
    const reading = readHeader('devices', ['serial', 'IMEI', '', 'Wi-Fi MAC'])
    expect(reading).toMatchObject({ kind: 'layout', layout: { ignored: ['IMEI', 'Wi-Fi MAC'], width: 4 } })
  })

  test('without the key column, the columns found are named', () => {
    expect(found('devices', 'IMEI,name')).toContain('serial_number; found: "IMEI", "name"')
    expect(found('users', 'name')).toContain('has to be user_name')
  })

  test('a column that is there twice is refused with both names', () => {
    expect(found('devices', 'Serial,Serial Number')).toContain('"Serial" and "Serial Number"')
  })
})

describe('the separator', () => {
  const files: [string, ImportKind, string, string, number][] = [
    ['a comma', 'devices', 'serial,name\r\nA;B,C', ',', 0],
    ['a semicolon', 'devices', 'serial;name\r\nA,B', ';', 0],
    ['a tab', 'devices', 'serial\tname\n', '\t', 0],
    ['one column', 'devices', 'serial', ',', 0],
    ['unknown columns with a semicolon', 'devices', 'a;b;c,d', ';', 0],
    ['a comma inside a semicolon header', 'users', 'user name;name, first', ';', 0],
    ["Excel's sep line", 'devices', 'sep=;\r\nserial;name', ';', 7],
    ["Excel's sep line in capitals, with line feeds", 'devices', 'SEP=\t\nserial\tname', '\t', 6],
    ["Excel's sep line that contradicts the header", 'devices', 'sep=,\nserial;name', ',', 6],
  ]
  test.each(files)('%s', (...[, kind, text, delimiter, skip]) => {
    expect(readSeparation(kind, text)).toEqual({ delimiter, skip, skippedLines: skip === 0 ? 0 : 1 })
  })
})
