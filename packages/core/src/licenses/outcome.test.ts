import { describe, expect, test } from 'vitest'
import { type EndedEvent, outcomeOf, retryAfterRefusal } from './outcome.ts'
import { firstLook, pendingStep, readBackAt, resendAt } from './polling.ts'

const asked = { assetIds: [1, 2], holders: ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'] }
const event = (ended: Partial<EndedEvent>): EndedEvent => ({
  ...asked,
  completed: 16,
  failures: [],
  ...ended,
})
const unknownUser = { errorNumber: 9609, message: 'not found' }

describe('the outcome of an operation', () => {
  const cases: [string, EndedEvent, unknown][] = [
    ['all 16 tasks done: nothing failed', event({}), { kind: 'certain', failed: [] }],
    [
      'one unknown holder of two assets: 14 of 16, and the two pairs are named',
      event({ completed: 14, failures: [{ ...unknownUser, holders: ['C'] }] }),
      { kind: 'certain', failed: [{ ...unknownUser, assetIds: [1, 2], holders: ['C'] }] },
    ],
    [
      'a shortage of one asset names the asset and the holders',
      event({
        completed: 14,
        failures: [{ errorNumber: 9709, message: 'm', assetIds: [2], holders: ['G', 'H'] }],
      }),
      { kind: 'certain', failed: [{ errorNumber: 9709, message: 'm', assetIds: [2], holders: ['G', 'H'] }] },
    ],
    [
      'a failure without names concerns everything',
      event({ completed: 0, failures: [{ errorNumber: 9644, message: 'm' }] }),
      { kind: 'certain', failed: [{ errorNumber: 9644, message: 'm', ...asked }] },
    ],
    [
      'two groups that name the same pair count it once',
      event({
        completed: 14,
        failures: [
          { ...unknownUser, holders: ['C'] },
          { errorNumber: 9709, message: 'm', assetIds: [1], holders: ['C'] },
        ],
      }),
      {
        kind: 'certain',
        failed: [
          { ...unknownUser, assetIds: [1, 2], holders: ['C'] },
          { errorNumber: 9709, message: 'm', assetIds: [1], holders: ['C'] },
        ],
      },
    ],
    [
      'names that do not add up to what failed are not believed',
      event({ completed: 10, failures: [{ ...unknownUser, holders: ['C'] }] }),
      { kind: 'read_back' },
    ],
    [
      'failures without a count are not believed',
      event({ completed: null, failures: [unknownUser] }),
      { kind: 'read_back' },
    ],
    [
      'holders that were never asked for do not count',
      event({ completed: 14, failures: [{ ...unknownUser, holders: ['X'] }] }),
      { kind: 'read_back' },
    ],
  ]
  for (const [title, ended, outcome] of cases) test(title, () => expect(outcomeOf(ended)).toEqual(outcome))
})

describe('when Apple is asked again', () => {
  const now = new Date('2026-11-23T12:00:00Z')
  const after = (date: Date) => (date.getTime() - now.getTime()) / 1000
  test('with notifications the first look comes after 5 minutes', () =>
    expect(after(firstLook(now, true))).toBe(300))
  test('without notifications it comes after 10 seconds', () => expect(after(firstLook(now, false))).toBe(10))
  test('looks at a pending event are 30 seconds apart', () => {
    expect(pendingStep(now, now)).toEqual({ kind: 'look_again', at: new Date(now.getTime() + 30_000) })
  })
  test('after 10 minutes of pending the event is given up', () => {
    expect(pendingStep(new Date(now.getTime() - 600_000), now)).toEqual({ kind: 'give_up' })
  })
  test('a lost answer is read back after 30 seconds', () => expect(after(readBackAt(now))).toBe(30))
  test('requests that Apple put off are sent again after 2, 4, 8 … 300 seconds', () => {
    expect([1, 2, 3, 20].map((attempts) => after(resendAt(attempts, now)))).toEqual([2, 4, 8, 300])
  })
  test('Retry-After is honored when it is longer', () => expect(after(resendAt(1, now, 60_000))).toBe(60))
  test('a refused target is tried again after its error’s pause', () => {
    expect([9603, 9644, 9709, 9609, 9635].map((number) => after(retryAfterRefusal(number, now)))).toEqual([
      60, 600, 900, 300, 43_200,
    ])
  })
})
