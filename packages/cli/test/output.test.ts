import { expect, test } from 'vitest'
import { fromNow, localMoment } from '../src/output/moment.ts'
import { painter, wantsColors } from '../src/output/paint.ts'
import { fitted, printable, widthOf } from '../src/output/printable.ts'
import { type Column, facts, table } from '../src/output/table.ts'

interface Row {
  readonly name: string
  readonly count: number | null
}

const columns: readonly Column<Row>[] = [
  { title: 'NAME', of: ({ name }) => name, flexible: true },
  { title: 'COUNT', of: ({ count }) => count, align: 'right' },
]
const plain = { paint: painter(false), width: null }

test('columns line up, numbers to the right, a missing value as a dash', () => {
  const rows = [
    { name: 'Atlas', count: 7 },
    { name: 'Botany Pro', count: 1200 },
    { name: 'C', count: null },
  ]
  expect(table(rows, columns, plain).split('\n')).toEqual([
    'NAME        COUNT',
    'Atlas           7',
    'Botany Pro   1200',
    'C               –',
  ])
})

test('wide characters count two columns, so that what follows still lines up', () => {
  const rows = [
    { name: '星図', count: 1 },
    { name: 'abcd', count: 2 },
  ]
  expect(table(rows, columns, plain).split('\n').slice(1)).toEqual(['星図      1', 'abcd      2'])
})

test('on a narrow terminal the flexible column is cut, and nothing is cut elsewhere', () => {
  const rows = [{ name: 'An app with a name that goes on', count: 5 }]
  const narrow = table(rows, columns, { paint: painter(false), width: 20 })
  expect(narrow.split('\n')).toEqual(['NAME           COUNT', 'An app with…       5'])
  expect(table(rows, columns, plain)).toContain('An app with a name that goes on')
})

test('a color does not move what follows it', () => {
  const colored: readonly Column<Row>[] = [
    { title: 'STATE', of: ({ name }) => ({ text: name, color: 'red' }) },
    { title: 'COUNT', of: ({ count }) => count },
  ]
  const painted = table([{ name: 'bad', count: 1 }], colored, { paint: painter(true), width: null })
  expect(painted).toContain('\u001b[31mbad\u001b[39m    ')
})

test('names of facts line up with their values', () => {
  expect(
    facts(
      [
        ['Id', '7'],
        ['Location', null],
      ],
      painter(false),
    ),
  ).toBe('Id        7\nLocation  –')
})

const hostile: [string, string, string][] = [
  ['an escape sequence', 'a\u001b[2Jb', 'a [2Jb'],
  ['a line break', 'a\nb', 'a b'],
  ['a direction override', 'a\u202eb', 'a b'],
  ['an ordinary name', 'Zoë’s iPad 🙂', 'Zoë’s iPad 🙂'],
]
for (const [title, given, expected] of hostile) {
  test(`${title} is made safe for a terminal`, () => expect(printable(given)).toBe(expected))
}

const widths: [string, number][] = [
  ['abc', 3],
  ['é', 1],
  ['🙂', 2],
  ['漢字', 4],
]
for (const [text, width] of widths) {
  test(`“${text}” takes ${width} columns`, () => expect(widthOf(text)).toBe(width))
}

test('a text that fits stays whole', () => expect(fitted('abc', 3)).toBe('abc'))

const now = new Date('2027-03-01T12:00:00.000Z')
const spans: [string | null, string][] = [
  [null, 'never'],
  ['2027-03-01T11:59:58.000Z', 'now'],
  ['2027-03-01T11:59:15.000Z', '45 seconds ago'],
  ['2027-03-01T11:57:00.000Z', '3 minutes ago'],
  ['2027-03-01T10:00:00.000Z', '2 hours ago'],
  ['2027-03-21T12:00:00.000Z', 'in 20 days'],
]
for (const [moment, said] of spans) {
  test(`${moment} is “${said}”`, () => expect(fromNow(moment, now)).toBe(said))
}

test('a moment is shown in the zone of the person', () => {
  expect(localMoment('2027-03-01T12:00:00.000Z', 'Europe/Amsterdam')).toBe('2027-03-01 13:00')
  expect(localMoment(null, 'UTC')).toBe('–')
})

const none = { terminal: true, noColor: undefined, forceColor: undefined, term: 'xterm' }
const wishes: [string, Parameters<typeof wantsColors>[0], boolean][] = [
  ['on a terminal', none, true],
  ['elsewhere', { ...none, terminal: false }, false],
  ['with NO_COLOR', { ...none, noColor: '1' }, false],
  ['with an empty NO_COLOR, which counts as not set', { ...none, noColor: '' }, true],
  ['on a dumb terminal', { ...none, term: 'dumb' }, false],
  ['elsewhere with FORCE_COLOR', { ...none, terminal: false, forceColor: '1' }, true],
]
for (const [title, given, expected] of wishes) {
  test(`colors ${title}: ${expected ? 'yes' : 'no'}`, () => expect(wantsColors(given)).toBe(expected))
}
