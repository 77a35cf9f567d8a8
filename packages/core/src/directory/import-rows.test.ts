import { describe, expect, test } from 'vitest'
import { type ImportKind, type Layout, readHeader } from './import-columns.ts'
import { isBlank, readDeviceRow, readGroupRow, readUserRow } from './import-rows.ts'

function layout(kind: ImportKind, header: string): Layout {
  const reading = readHeader(kind, header.split(','))
  if (reading.kind === 'problem') throw new Error(reading.message)
  return reading.layout
}

const devices = layout(
  'devices',
  'serial_number,name,model,platform,os_version,ownership,supervised,user,groups',
)
const enrolment = layout(
  'devices',
  'Serienummer,Kioskmodus,Inschrijving,Land,Vestiging,Kenmerken,Laatst gezien',
)
const users = layout('users', 'user_name,name,email,department,groups')
const groups = layout('groups', 'name,kind,description,member')

const notSaid = {
  kiosk: null,
  enrollmentType: null,
  country: null,
  site: null,
  tags: null,
  lastSeenAt: null,
}

describe('a row of devices', () => {
  test('says how and where a device is used, with Dutch names of columns too', () => {
    const { row, problems } = readDeviceRow(enrolment, [
      'DMQL1',
      'ja',
      'gedeelde iPad',
      'nl',
      'Hoofdstraat 1',
      ' kar | Kar|uitleen ',
      '2026-03-01 07:00',
    ])
    expect(problems).toEqual([])
    expect(row).toMatchObject({
      kiosk: true,
      enrollmentType: 'shared',
      country: 'NL',
      site: 'Hoofdstraat 1',
      tags: 'kar|uitleen',
      lastSeenAt: '2026-03-01T07:00:00.000Z',
    })
    expect(readDeviceRow(enrolment, ['DMQL1', '-', '-', '-', '-', '-', '-']).row).toMatchObject({
      kiosk: false,
      enrollmentType: 'device',
      country: '',
      site: '',
      tags: '',
      lastSeenAt: '',
    })
  })

  test.each([
    ['country', ['DMQL1', '', '', 'Nederland'], 'two letters'],
    ['enrollment_type', ['DMQL1', '', 'by hand'], 'device, user and shared'],
    ['last_seen_at', ['DMQL1', '', '', '', '', '', '1-3-2026'], '2026-03-01 07:00'],
    ['tags', ['DMQL1', '', '', '', '', Array.from({ length: 51 }, (_, i) => `t${i}`).join('|')], '51 tags'],
    ['tags', ['DMQL1', '', '', '', '', 'x'.repeat(101)], 'longer than 100'],
  ])('rejects a %s that cannot be taken', (column, record, reason) => {
    const { problems } = readDeviceRow(enrolment, record)
    expect(problems).toMatchObject([{ column, reason: expect.stringContaining(reason) }])
  })

  test('gives every fact in the words of the directory', () => {
    const record = [
      'dmql1',
      ' Cart  3 ',
      'iPad14,8',
      'ipad',
      '26.2',
      'BYOD',
      'ja',
      'ada@example.org',
      'A| B |A',
    ]
    expect(readDeviceRow(devices, record)).toEqual({
      row: {
        key: 'DMQL1',
        name: 'Cart 3',
        model: 'iPad14,8',
        platform: 'iPadOS',
        osVersion: '26.2',
        ownership: 'personal',
        supervised: true,
        ...notSaid,
        user: 'ada@example.org',
        groups: 'A|B',
      },
      problems: [],
    })
  })

  test('with empty cells keeps what is known', () => {
    const nothing = { name: null, model: null, platform: null, osVersion: null, user: null, groups: null }
    expect(readDeviceRow(devices, ['DMQL1'])).toEqual({
      row: { key: 'DMQL1', ...nothing, ownership: null, supervised: null, ...notSaid },
      problems: [],
    })
  })

  test('with hyphens clears, and ownership and supervision go back to their defaults', () => {
    const cleared = { name: '', model: '', platform: '', osVersion: '', user: '', groups: '' }
    expect(readDeviceRow(devices, ['DMQL1', '-', '-', '-', '-', '-', '-', '-', '-'])).toEqual({
      row: { key: 'DMQL1', ...cleared, ownership: 'corporate', supervised: false, ...notSaid },
      problems: [],
    })
  })

  const bad: [string, string[], string, string, string][] = [
    ['a missing serial number', ['', 'iPad'], 'serial_number', '', 'missing'],
    ['a serial number with a space', ['DMQ L1'], 'serial_number', 'DMQ L1', '4 to 32'],
    ['an unknown platform', ['DMQL1', '', '', 'Android'], 'platform', 'Android', 'iOS, iPadOS'],
    [
      'an unknown ownership',
      ['DMQL1', '', '', '', '', 'mine'],
      'ownership',
      'mine',
      'corporate and personal',
    ],
    ['an unclear yes', ['DMQL1', '', '', '', '', '', 'perhaps'], 'supervised', 'perhaps', 'yes and no'],
    ['a NUL', ['DMQL1', 'i\0Pad'], 'name', 'i\0Pad', 'U+0000'],
    ['a long name', ['DMQL1', 'x'.repeat(201)], 'name', 'x'.repeat(200), '201 characters'],
  ]
  test.each(bad)('with %s is rejected', (...[, record, column, value, reason]) => {
    const { problems } = readDeviceRow(devices, record)
    expect(problems).toEqual([{ column, value, reason: expect.stringContaining(reason) }])
  })

  test('tells all its problems at once', () => {
    const { row, problems } = readDeviceRow(devices, ['DMQL1', '', '', 'Android', '', 'mine'])
    expect(row?.key).toBe('DMQL1')
    expect(problems.map(({ column }) => column)).toEqual(['platform', 'ownership'])
  })

  test('with more values than the header has columns is rejected', () => {
    const { problems } = readDeviceRow(layout('devices', 'serial,name'), ['DMQL1', 'Zoe', ' her iPad'])
    expect(problems).toEqual([{ column: null, value: null, reason: expect.stringContaining('3 cells') }])
    expect(readDeviceRow(layout('devices', 'serial,name'), ['DMQL1', 'Zoe', '', '']).problems).toEqual([])
  })
})

describe('a row of users', () => {
  test('keeps the spelling of names and composes accents', () => {
    const { row, problems } = readUserRow(users, [
      'Ada@Example.org',
      'Zoe\u0308',
      'ada@example.org',
      '',
      'Staff',
    ])
    expect(problems).toEqual([])
    expect(row).toEqual({
      key: 'Ada@Example.org',
      name: 'Zoë',
      email: 'ada@example.org',
      department: null,
      active: null,
      managedAppleAccount: null,
      groups: 'Staff',
    })
  })

  test.each([
    ['no user name', ['', 'Ada'], 'user_name'],
    ['a hyphen as user name', ['-', 'Ada'], 'user_name'],
    ['an e-mail address without @', ['ada', 'Ada', 'example.org'], 'email'],
    ['a name of a group that is too long', ['ada', '', '', '', `A|${'x'.repeat(201)}`], 'groups'],
  ])('with %s is rejected', (_title, record, column) => {
    expect(readUserRow(users, record).problems.map((problem) => problem.column)).toEqual([column])
  })
})

describe('a row of groups', () => {
  test('is a group, or one member of it', () => {
    expect(readGroupRow(groups, ['Carts', 'Devices', 'Two\r\nlines']).row).toEqual({
      key: 'Carts',
      kind: 'device',
      description: 'Two\nlines',
      member: null,
    })
    expect(readGroupRow(groups, ['Carts', '', '', 'dmql1']).row).toMatchObject({
      kind: null,
      member: 'dmql1',
    })
  })

  test.each([
    ['no name', ['', 'device'], 'name'],
    ['a | in its name', ['A|B', 'device'], 'name'],
    ['an unknown kind', ['A', 'printer'], 'kind'],
    ['a cleared kind', ['A', '-'], 'kind'],
    ['a cleared member', ['A', '', '', '-'], 'member'],
  ])('with %s is rejected', (_title, record, column) => {
    expect(readGroupRow(groups, record).problems.map((problem) => problem.column)).toEqual([column])
  })
})

test('a line of separators only is blank', () => {
  expect(isBlank(['', ' ', '\t'])).toBe(true)
  expect(isBlank([''])).toBe(true)
  expect(isBlank(['', '-'])).toBe(false)
})
