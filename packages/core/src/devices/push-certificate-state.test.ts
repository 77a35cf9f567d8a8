import { describe, expect, test } from 'vitest'
import { pushCertificateState } from './push-certificate-state.ts'

const now = new Date('2026-11-28T12:00:00Z')
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)

describe('A push certificate', () => {
  const cases: [string, number, Date | null, ReturnType<typeof pushCertificateState>][] = [
    ['with a year left is good', 365, null, { state: 'good', daysLeft: 365, severity: null }],
    ['with 30 days and an hour left is good', 30.05, null, { state: 'good', daysLeft: 31, severity: null }],
    ['with 30 days left is noticed', 30, null, { state: 'expiring', daysLeft: 30, severity: 'notice' }],
    ['with 15 days left is noticed', 15, null, { state: 'expiring', daysLeft: 15, severity: 'notice' }],
    ['with 14 days left is warned of', 14, null, { state: 'expiring', daysLeft: 14, severity: 'warning' }],
    ['with 7 days left is critical', 7, null, { state: 'expiring', daysLeft: 7, severity: 'critical' }],
    ['on its last day is critical', 0.5, null, { state: 'expiring', daysLeft: 1, severity: 'critical' }],
    ['whose moment has come has ended', 0, null, { state: 'expired', daysLeft: 0, severity: 'critical' }],
    ['that ended two days ago', -2, null, { state: 'expired', daysLeft: -2, severity: 'critical' }],
    ['that Apple refused', 200, now, { state: 'refused', daysLeft: 200, severity: 'critical' }],
    [
      'that Apple refused and that has ended',
      -1,
      now,
      { state: 'expired', daysLeft: -1, severity: 'critical' },
    ],
  ]
  for (const [what, days, refusedAt, state] of cases) {
    test(what, () => {
      expect(pushCertificateState({ notAfter: inDays(days), refusedAt }, now)).toEqual(state)
    })
  }
})
