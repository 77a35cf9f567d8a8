/** What a person may upload by mistake is refused with the reason, and odd but right files are read. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type DirectoryScene, openDirectory } from './directory-scene.ts'

let scene: DirectoryScene

beforeAll(async () => {
  scene = await openDirectory()
})
afterAll(async () => {
  await scene[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await scene.clear()
})

const utf16 = (text: string) => Buffer.from(text, 'utf16le')
const latin1 = (text: string) => Buffer.from(text, 'latin1')

describe('a file that cannot be read', () => {
  const files: [string, string | Uint8Array, string, string][] = [
    ['UTF-16 with a mark', utf16('\ufeffserial\r\nDMQL1'), 'import.encoding', 'UTF-16'],
    ['UTF-16 without a mark', utf16('serial\r\nDMQL1'), 'import.encoding', 'UTF-16'],
    ['Windows-1252', latin1('serial;name\r\nDMQL1;Zoë'), 'import.encoding', 'line 2'],
    ['an Excel workbook', Buffer.from('504b0304140006', 'hex'), 'import.encoding', 'Excel workbook'],
    ['white space', ' \r\n\r\n', 'import.empty', 'empty'],
    ['a header alone', 'serial,name\r\n', 'import.empty', 'no rows'],
    ['a header and blank rows', 'serial,name\r\n,,\r\n\r\n', 'import.empty', 'no rows'],
    ['no header', 'DMQL1,iPad\r\n', 'import.header', 'found: "DMQL1", "iPad"'],
    ['a header without the key', 'name,IMEI\r\nCart,35', 'import.header', 'serial_number'],
    [
      'a column twice',
      'serial,Serial Number\r\nDMQL1,DMQL1',
      'import.header',
      '"serial" and "Serial Number"',
    ],
    [
      'a quote in the header that is never closed',
      '"serial,name\r\nDMQL1,iPad',
      'import.header',
      'serial_number',
    ],
    ['JSON', '[{"serial":"DMQL1"}]', 'import.header', 'serial_number'],
  ]
  for (const [title, file, code, detail] of files) {
    test(`${title} is refused with ${code}`, async () => {
      const { status, json } = await scene.importFile('devices', file, { onError: 'keep_good_rows' })
      expect({ status, json }).toMatchObject({ status: 422, json: { code } })
      expect(json.detail).toContain(detail)
      expect(await scene.rows('SELECT 1 FROM imports')).toEqual([])
    })
  }

  test('an empty body is refused', async () => {
    const { status, json } = await scene.importFile('devices', '')
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(json.code).toMatch(/^(import\.empty|request\.invalid)$/)
  })

  test('and the next import works', async () => {
    await scene.importFile('devices', '[1]')
    expect(await scene.importFile('devices', 'serial\nDMQL1')).toMatchObject({ json: { created: 1 } })
  })
})

describe('an odd file that is right', () => {
  const files: [string, string][] = [
    ['with a byte order mark', '\ufeffserial,name\nDMQL1,Zoë\nDMQL2,Cart'],
    ["with Excel's sep line", '\ufeffsep=;\r\nserial;name\r\nDMQL1;Zoë\r\nDMQL2;Cart\r\n'],
    ['with tabs', 'serial\tname\nDMQL1\tZoë\nDMQL2\tCart\n'],
    ['with old line ends', 'serial,name\rDMQL1,Zoë\rDMQL2,Cart\r'],
    ['with mixed line ends', 'serial,name\r\nDMQL1,Zoë\nDMQL2,Cart\r\n'],
    ['with blank lines anywhere', '\r\n\r\nserial,name\r\n\r\nDMQL1,Zoë\r\n,\r\nDMQL2,Cart\r\n\r\n'],
    ['with everything in quotes', '"serial","name"\n"DMQL1","Zoë"\n"DMQL2","Cart"'],
    ['with a decomposed accent', 'serial,name\nDMQL1,Zoe\u0308\nDMQL2,Cart'],
    ['with non-breaking spaces', '\u00a0serial\u00a0,name\n\u00a0dmql1\u00a0,Zoë\nDMQL2,\u00a0Cart'],
    ['with the columns the other way round', 'name,serial\nZoë,DMQL1\nCart,DMQL2'],
  ]
  for (const [title, file] of files) {
    test(`${title} is read`, async () => {
      expect(await scene.importFile('devices', file)).toMatchObject({ status: 200, json: { created: 2 } })
      expect(await scene.rows('SELECT serial_number, name FROM devices ORDER BY 1')).toEqual([
        { serial_number: 'DMQL1', name: 'Zoë' },
        { serial_number: 'DMQL2', name: 'Cart' },
      ])
    })
  }
})

describe('lines are counted as an editor counts them', () => {
  test('with a sep line, blank lines and line breaks in quotes', async () => {
    const file = 'sep=,\r\n\r\nserial,name\r\nDMQL1,"two\r\nlines"\r\n\r\n?,bad\r\n'
    const { json } = await scene.importFile('devices', file)
    expect(json.rejections).toMatchObject([{ line: 7, column: 'serial', value: '?' }])
  })

  test('to the row whose quote is never closed; the rows before it are good', async () => {
    const file = 'serial,name\nDMQL1,Cart\nDMQL2,"Cart\nDMQL3,Cart\nDMQL4,Cart\n'
    const { json } = await scene.importFile('devices', file, { onError: 'keep_good_rows' })
    expect(json).toMatchObject({ kept: true, rows: 2, created: 1, rejected: 1 })
    expect(json.rejections).toMatchObject([
      { line: 3, column: null, reason: expect.stringContaining('never closed') },
    ])
  })
})

test('what looks like SQL, JSON, a formula or COPY text is kept as text', async () => {
  const names = [
    `'); DROP TABLE devices;--`,
    '\\N',
    '\\.',
    '=1+1',
    '{"a":1}',
    '\\',
    '%',
    '$1',
    'a\\tb',
    '🏳️‍🌈',
  ]
  const rows = names.map((name, i) => `NASTY${i},"${name.replaceAll('"', '""')}"`)
  expect(await scene.importFile('devices', ['serial,name', ...rows].join('\n'))).toMatchObject({
    json: { created: names.length },
  })
  const stored = await scene.rows<{ name: string }>('SELECT name FROM devices ORDER BY serial_number')
  expect(stored.map(({ name }) => name)).toEqual(names)
})

test('a NUL in a cell and half an emoji are rejected or told without harm', async () => {
  const { status, json } = await scene.importFile('devices', 'serial,name\nDMQL1,i\0Pad\nDMQ\0L2,\n')
  expect(status).toBe(200)
  expect(json.rejections).toMatchObject([
    { line: 2, column: 'name', reason: expect.stringContaining('U+0000') },
    { line: 3, column: 'serial' },
  ])
})

test('the history is listed in pages, newest first', async () => {
  for (let i = 0; i < 5; i++) {
    await scene.importFile('devices', `serial\nDMQL${i}`, { fileName: `${i}.csv` })
    await scene.server.clock.advance(i === 2 ? 0 : 1000)
  }
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { json } = await scene.get(`/imports?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
    seen.push(...json.items.map(({ fileName }) => fileName))
    cursor = json.nextCursor
  }
  expect(seen).toEqual(['4.csv', '2.csv', '3.csv', '1.csv', '0.csv'])
  expect((await scene.get('/imports?cursor=nonsense')).json.code).toBe('request.invalid')
})
