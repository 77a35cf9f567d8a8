import { expect, test } from 'vitest'
import { adviceOn, type DoubleSpendAdvice, type DoubleSpendKind, type SpentLicense } from './double-spend.ts'

const wanted: SpentLicense = { wanted: true, ours: true, revocable: true }
const left: SpentLicense = { wanted: false, ours: true, revocable: true }
const outside: SpentLicense = { wanted: false, ours: false, revocable: true }
const book: SpentLicense = { wanted: true, ours: true, revocable: false }

test.each<[string, DoubleSpendKind, SpentLicense, SpentLicense, DoubleSpendAdvice]>([
  ['a device’s wanted, its user’s left over', 'device_and_user', wanted, left, 'in_migration'],
  ['a device’s left over, its user’s wanted', 'device_and_user', left, wanted, 'in_migration'],
  ['both wanted, of a device and its user', 'device_and_user', wanted, wanted, 'free_second'],
  ['a user’s given elsewhere beside a device’s', 'device_and_user', wanted, outside, 'free_second'],
  ['both wanted, of two accounts', 'two_accounts', wanted, wanted, 'choose'],
  ['neither wanted, of two accounts', 'two_accounts', outside, outside, 'choose'],
  ['one of two accounts wanted, the other from outside', 'two_accounts', wanted, outside, 'free_second'],
  ['moving from one location to another', 'two_locations', left, wanted, 'in_migration'],
  ['one location’s wanted, the other from outside', 'two_locations', outside, wanted, 'free_first'],
  ['a book and what comes back', 'two_locations', book, outside, 'free_second'],
  ['two books', 'two_accounts', book, book, 'keep'],
])('%s (%s)', (_title, kind, first, second, advice) => {
  expect(adviceOn(kind, { first, second })).toBe(advice)
})
