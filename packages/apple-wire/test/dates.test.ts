import { describe, expect, test } from 'vitest'
import { formatAppleDate, parseAppleDate } from '../src/dates.ts'

const dates: [text: string, instant: string | undefined][] = [
  ['2030-11-08T22:33:22+0000', '2030-11-08T22:33:22.000Z'],
  ['2030-11-08T15:33:22-0700', '2030-11-08T22:33:22.000Z'],
  ['2030-11-09T04:03:22+05:30', '2030-11-08T22:33:22.000Z'],
  ['2030-11-08T22:33:22Z', '2030-11-08T22:33:22.000Z'],
  ['2030-11-08T22:33:22.1259+0000', '2030-11-08T22:33:22.125Z'],
  [' 2028-02-29T00:00:00+0000 ', '2028-02-29T00:00:00.000Z'],
  ['2030-02-29T00:00:00+0000', undefined],
  ['2030-13-01T00:00:00+0000', undefined],
  ['2030-11-08T24:00:00+0000', undefined],
  ['2030-11-08T22:33:22+9900', undefined],
  ['2030-11-08T22:33:22', undefined],
  ['2030-11-08', undefined],
  ['1920411202000', undefined],
  ['', undefined],
]

describe('a date of Apple names an instant', () => {
  for (const [text, instant] of dates) {
    test(`"${text}" is ${instant ?? 'no date'}`, () => {
      expect(parseAppleDate(text)?.toISOString()).toBe(instant)
    })
  }
})

test('a date is written as Apple writes it', () => {
  expect(formatAppleDate(new Date('2030-11-08T22:33:22.900Z'))).toBe('2030-11-08T22:33:22+0000')
})
