import { describe, expect, test } from 'vitest'
import { type ConversationState, nextAskAfter, nextPush, nextWake } from './waking.ts'

const minute = 60_000
const hour = 60 * minute

const told: ConversationState = { kind: 'told' }
const silent: ConversationState = { kind: 'put_off', comesBack: false }

describe('a device is woken again', () => {
  const cases: [string, ConversationState, number, number | null][] = [
    ['never, when nothing waits', { kind: 'drained' }, 0, null],
    [
      'a day after NotNow was its last word, since it returns by itself',
      { kind: 'put_off', comesBack: true },
      3,
      24 * hour,
    ],
    ['5 minutes after it put something off and then acknowledged another command', silent, 0, 5 * minute],
    ['10 minutes after it did so when it was woken once', silent, 1, 10 * minute],
    ['at most 6 hours later, however often it was woken', silent, 100, 6 * hour],
    ['15 minutes after it was told something and went silent', told, 0, 15 * minute],
    ['at most a day after it was told something', told, 100, 24 * hour],
  ]
  for (const [title, state, attempts, expected] of cases) {
    test(title, () => expect(nextWake(state, attempts)).toBe(expected))
  }
})

test('a push that failed is tried after a minute, then after 15 minutes, doubling up to 6 hours', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 40].map((attempt) => nextPush(attempt) / minute)).toEqual([
    1, 15, 30, 60, 120, 240, 360, 360,
  ])
})

test('a device whose queue another server has is woken after 4 hours, doubling up to a day', () => {
  expect([1, 2, 3, 4, 40].map((attempt) => nextAskAfter(attempt) / hour)).toEqual([4, 8, 16, 24, 24])
})
