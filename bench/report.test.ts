import { expect, test } from 'vitest'
import { type BenchCase, jsonLine, markdownTable, replaceSection, tableRows, textTable } from './report.ts'

const one: BenchCase = {
  bench: 'requests',
  case: '20 × 10,000',
  value: 10,
  floor: 10,
  ratio: 1,
  unit: 'requests',
  extra: { licenses: 200_000, rowsPerSecond: 1234.5678 },
}

test('a case is one line of JSON with rounded numbers', () => {
  expect(jsonLine(one)).toBe(
    '{"bench":"requests","case":"20 × 10,000","value":10,"floor":10,"ratio":1,"unit":"requests","extra":{"licenses":200000,"rowsPerSecond":1234.568}}',
  )
})

test('the tables have a row for each case', () => {
  const rows = tableRows([one])
  expect(textTable(rows).split('\n')).toEqual([
    'case         measured     least        ratio  also',
    '20 × 10,000  10 requests  10 requests  1.00   licenses 200,000, rows per second 1,235',
  ])
  expect(markdownTable(rows).split('\n')).toEqual([
    '| case | measured | least | ratio | also |',
    '| --- | --- | --- | --- | --- |',
    '| 20 × 10,000 | 10 requests | 10 requests | 1.00 | licenses 200,000, rows per second 1,235 |',
  ])
})

test('only what stands between the marks of a bench is replaced', () => {
  const document = 'a\n<!-- measured: x -->\nold\n<!-- end: x -->\nb\n'
  expect(replaceSection(document, 'x', 'new')).toBe('a\n<!-- measured: x -->\nnew\n<!-- end: x -->\nb\n')
  expect(() => replaceSection(document, 'y', 'new')).toThrow('no place for y')
})
