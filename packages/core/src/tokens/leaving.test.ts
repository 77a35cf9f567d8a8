import { describe, expect, test } from 'vitest'
import { type LeavingFacts, leavingStep, mayCancel } from './leaving.ts'

const now = new Date('2026-11-23T12:00:00Z')
const token = {
  expiresAt: new Date('2027-11-01T00:00:00Z'),
  answered: 'valid',
  managedBy: null,
  leaving: true,
} as const
const done: LeavingFacts = {
  token,
  phase: 'releasing',
  licenses: 'release',
  releasable: 0,
  onTheWay: 0,
  refused: 0,
  openOperations: 0,
  syncRuns: false,
}
const revoked = { ...token, answered: 'revoked' } as const

describe('T6 a token that is being deleted', () => {
  const cases: [string, Partial<LeavingFacts>, string][] = [
    ['releases what is ours', { releasable: 3 }, 'release'],
    ['releases while others are on their way', { releasable: 3, onTheWay: 2 }, 'release'],
    ['waits for what is on its way', { onTheWay: 2 }, 'wait'],
    ['waits for requests whose outcome is not known', { openOperations: 1 }, 'wait'],
    ['gives the claim up when all have come back', {}, 'unclaim'],
    ['gives the claim up at once when licenses are left', { licenses: 'leave', releasable: 3 }, 'unclaim'],
    ['but not before grants under way have ended', { licenses: 'leave', onTheWay: 1 }, 'wait'],
    ['is blocked by licenses that Apple refuses to take back', { refused: 2 }, 'blocked'],
    ['leaves those too when told so', { licenses: 'leave', refused: 2 }, 'unclaim'],
    ['is blocked when the token dies', { token: revoked, releasable: 3 }, 'blocked'],
    ['is blocked when it dies while licenses come back', { token: revoked, onTheWay: 3 }, 'blocked'],
    ['goes on with a dead token that has nothing to take back', { token: revoked }, 'unclaim'],
    [
      'goes on with a dead token when licenses are left',
      { token: revoked, licenses: 'leave', onTheWay: 3, openOperations: 1 },
      'unclaim',
    ],
    [
      'is blocked when another service took the location',
      { token: { ...token, managedBy: { id: 'x', name: 'Other MDM', metadata: null } }, releasable: 1 },
      'blocked',
    ],
    ['gives the claim up again after a crash', { phase: 'unclaiming', releasable: 3 }, 'unclaim'],
    ['deletes its rows last', { phase: 'deleting', releasable: 3 }, 'delete'],
    ['but not under a sync that still writes', { phase: 'deleting', syncRuns: true }, 'wait'],
  ]
  for (const [title, facts, step] of cases) {
    test(title, () => expect(leavingStep({ ...done, ...facts }, now).do).toBe(step))
  }

  const texts: [string, Partial<LeavingFacts>, string][] = [
    [
      'a revoked token',
      { token: revoked, releasable: 3 },
      '3 licenses cannot be taken back (Apple has revoked it, for example after a newer one was downloaded)',
    ],
    [
      'an expired one',
      { token: { ...token, expiresAt: new Date('2026-11-01T00:00:00Z') }, releasable: 1 },
      '1 license cannot be taken back (Expired on 2026-11-01)',
    ],
    ['a refusal', { refused: 2 }, 'Apple refused to take 2 licenses back'],
  ]
  for (const [what, facts, text] of texts) {
    test(`says why ${what} blocks it, and to leave them`, () => {
      const step = leavingStep({ ...done, ...facts }, now)
      expect(step).toMatchObject({ do: 'blocked', text: expect.stringContaining(text) })
      expect(step).toMatchObject({ text: expect.stringContaining('leave them') })
    })
  }

  test('can be called off until the claim is given up', () => {
    expect((['releasing', 'unclaiming', 'deleting'] as const).filter(mayCancel)).toEqual(['releasing'])
  })
})
