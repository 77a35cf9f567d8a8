import { describe, expect, test } from 'vitest'
import { describeErrorNumber, ERROR_NUMBERS, type Retry } from '../src/error-numbers.ts'

/** Apple's table: the status, and what a repetition may bring. */
const table: [errorNumber: number, httpStatus: number | undefined, retry: Retry, when: string][] = [
  [9601, 401, 'auth', 'sync'],
  [9602, 400, 'no', 'sync'],
  [9603, 500, 'later', 'both'],
  [9609, 400, 'no', 'both'],
  [9621, 401, 'auth', 'sync'],
  [9622, 401, 'auth', 'sync'],
  [9625, 401, 'auth', 'sync'],
  [9634, 410, 'no', 'sync'],
  [9635, undefined, 'no', 'async'],
  [9637, 403, 'no', 'sync'],
  [9641, undefined, 'no', 'async'],
  [9644, undefined, 'later', 'async'],
  [9646, 429, 'later', 'sync'],
  [9647, 403, 'auth', 'sync'],
  [9650, 400, 'no', 'sync'],
  [9709, undefined, 'no', 'async'],
  [9716, undefined, 'no', 'async'],
  [9722, 401, 'auth', 'sync'],
  [9726, 405, 'no', 'sync'],
  [9727, 415, 'no', 'sync'],
  [9728, 400, 'later', 'sync'],
  [9729, 503, 'later', 'sync'],
  [9818, 400, 'no', 'sync'],
]

describe('an error number says what to do', () => {
  for (const [errorNumber, httpStatus, retry, when] of table) {
    test(`${errorNumber}: retry ${retry}, ${when}`, () => {
      const { httpStatus: status, retry: tells, when: comes } = describeErrorNumber(errorNumber)
      expect([status, tells, comes]).toEqual([httpStatus, retry, when])
    })
  }

  const unknown: [httpStatus: number | undefined, retry: Retry][] = [
    [undefined, 'no'],
    [200, 'no'],
    [400, 'no'],
    [401, 'auth'],
    [429, 'later'],
    [503, 'later'],
  ]
  for (const [httpStatus, retry] of unknown) {
    test(`an unknown number with status ${httpStatus ?? 'none'}: retry ${retry}`, () => {
      expect(describeErrorNumber(9999, httpStatus)).toMatchObject({ errorNumber: 9999, retry })
    })
  }
})

test('codes are stable names, each of one number', () => {
  const codes = ERROR_NUMBERS.map((entry) => entry.code)
  expect(new Set(codes).size).toBe(codes.length)
  for (const code of codes) expect(code).toMatch(/^apple\.[a-z]+(?:_[a-z]+)*$/)
  const published: [number, string][] = [
    [9603, 'apple.internal_error'],
    [9609, 'apple.user_not_found'],
    [9616, 'apple.license_already_assigned'],
    [9625, 'apple.token_revoked'],
    [9646, 'apple.too_many_requests'],
    [9709, 'apple.not_enough_licenses'],
    [9716, 'apple.user_already_registered'],
    [9721, 'apple.version_unknown'],
    [9728, 'apple.notification_url_unreachable'],
    [9818, 'apple.subscriptions_exist'],
    [9999, 'apple.9999'],
  ]
  for (const [errorNumber, code] of published) expect(describeErrorNumber(errorNumber).code).toBe(code)
})

test('every number stands in the table once, from 9700 on without a gap but 9709 and 9716, which are asynchronous', () => {
  const numbers = ERROR_NUMBERS.map((entry) => entry.errorNumber)
  expect(new Set(numbers).size).toBe(numbers.length)
  for (let n = 9700; n <= 9729; n++) expect(numbers).toContain(n)
})
