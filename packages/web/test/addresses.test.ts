import { expect, test } from 'vitest'
import { assetSearch, assetsSearch } from '../src/console/features/apps/search.ts'
import { pastedNames } from '../src/console/features/groups/pasted-names.ts'
import { examples } from '../src/console/features/imports/examples.ts'
import { setOnly } from '../src/shared/api/pages.ts'
import { choiceParam, idParam, textParam } from '../src/shared/search-params.ts'

test.each([
  ['a word', 'maths', 'maths'],
  ['a number that was typed', 42, '42'],
  ['nothing', '', undefined],
  ['a list', ['a'], undefined],
])('the text of an address: %s', (_, value, text) => {
  expect(textParam(value)).toBe(text)
})

test.each([
  ['12', 12],
  [12, 12],
  ['0', undefined],
  ['-3', undefined],
  ['1.5', undefined],
  ['abc', undefined],
  [undefined, undefined],
])('the id %s of an address is %s', (value, id) => {
  expect(idParam(value)).toBe(id)
})

test('a choice that does not exist is left out', () => {
  expect(choiceParam('sideways', ['up', 'down'])).toBeUndefined()
  expect(assetsSearch({ kind: 'game', sort: 'used', show: 'waiting', tokenId: '3' })).toEqual({
    sort: 'used',
    show: 'waiting',
    tokenId: 3,
  })
  expect(assetSearch({ tab: 'assignments', state: 'unheard' })).toEqual({ tab: 'assignments' })
})

test('only what is set is asked of the API', () => {
  expect(setOnly({ q: '', tokenId: 3, cursor: undefined, limit: 0 })).toEqual({ tokenId: 3, limit: 0 })
})

test.each([
  ['a column of a spreadsheet', 'c02abc\r\nC02DEF\r\n', ['C02ABC', 'C02DEF']],
  ['a line with commas and spaces', ' c02abc , C02DEF;C02GHI', ['C02ABC', 'C02DEF', 'C02GHI']],
  ['quoted cells, one of them twice', '"C02ABC"\t"C02ABC"', ['C02ABC']],
  ['nothing but separators', '\n,,;\t\n', []],
])('serial numbers pasted as %s', (_, text, names) => {
  expect(pastedNames(text, 'device')).toEqual(names)
})

test('user names keep their spelling', () => {
  expect(pastedNames('Ada@example.org\nbram@example.org', 'user')).toEqual([
    'Ada@example.org',
    'bram@example.org',
  ])
})

test('every example has as many cells in each row as its header names', () => {
  for (const csv of Object.values(examples)) {
    const [header = '', ...rows] = csv.trimEnd().split('\n')
    for (const row of rows) expect(row.split(',')).toHaveLength(header.split(',').length)
  }
})
