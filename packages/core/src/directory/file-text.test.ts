import { describe, expect, test } from 'vitest'
import { readFileText } from './file-text.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const utf16le = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'))
const utf16be = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16())
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))

describe('UTF-8 is read', () => {
  const texts: [string, Uint8Array, string][] = [
    ['plain', utf8('serial\nAAAA\n'), 'serial\nAAAA\n'],
    ['with a byte order mark, which is dropped', utf8('\ufeffserial'), 'serial'],
    ['with accents, Greek and an emoji', utf8('José Ωmega 📱'), 'José Ωmega 📱'],
    ['empty', utf8(''), ''],
    ['with a stray NUL, which is for the row to refuse', utf8('serial\nAA\0AA,iPad'), 'serial\nAA\0AA,iPad'],
  ]
  test.each(texts)('%s', (_title, bytes, text) => {
    expect(readFileText(bytes)).toEqual({ kind: 'text', text })
  })
})

describe('anything else is named', () => {
  const others: [string, Uint8Array, string, number | null][] = [
    ['UTF-16 little endian with a mark', utf16le('\ufeffserial\tname'), 'UTF-16', null],
    ['UTF-16 big endian with a mark', utf16be('\ufeffserial\tname'), 'UTF-16', null],
    ['UTF-16 little endian without a mark', utf16le('serial,name\r\nAAAA,iPad'), 'UTF-16', null],
    ['UTF-16 big endian without a mark', utf16be('serial,name\r\nAAAA,iPad'), 'UTF-16', null],
    ['Windows-1252', latin1('serial;name\r\nAAAA;Zoe\r\nBBBB;Zoë\r\n'), 'Windows-1252', 3],
    ['a workbook', new Uint8Array([0x50, 0x4b, 3, 4, 20, 0]), 'an Excel workbook', null],
    ['an old workbook', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'an Excel workbook', null],
    ['zeros', new Uint8Array(64), 'binary', null],
  ]
  test.each(others)('%s', (_title, bytes, looksLike, line) => {
    const read = readFileText(bytes)
    expect(read).toMatchObject({ kind: 'not_utf8', looksLike, line })
    expect(read.kind === 'not_utf8' && read.message).toContain('UTF-8')
  })
})
