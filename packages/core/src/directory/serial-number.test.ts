import { describe, expect, test } from 'vitest'
import { parseSerialNumber, serialNumberProblem } from './serial-number.ts'

describe('a serial number', () => {
  const read: [string, string | undefined][] = [
    ['C02XK1JGJG5J', 'C02XK1JGJG5J'],
    ['c02xk1jgjg5j', 'C02XK1JGJG5J'],
    ['  DMQL7 \u00a0', 'DMQL7'],
    ['SDMPXQ', 'SDMPXQ'],
    ['A-B-1', 'A-B-1'],
    ['', undefined],
    ['ABC', undefined],
    ['A'.repeat(32), 'A'.repeat(32)],
    ['A'.repeat(33), undefined],
    ['DMQ L7', undefined],
    ['DMQ_L7', undefined],
    ['ﬁVE1', undefined],
    ['1.23E+11', undefined],
  ]
  test.each(read)('%j reads as %j', (text, serial) => {
    expect(parseSerialNumber(text)).toBe(serial)
  })

  test('that a spreadsheet shortened says so', () => {
    expect(serialNumberProblem('1.23E+11')).toContain('format the column as text')
    expect(serialNumberProblem('1,23E11')).toContain('format the column as text')
    expect(serialNumberProblem('DMQ L7')).toContain('4 to 32 letters')
  })
})
