import { describe, expect, test } from 'vitest'
import { connectorHealth, type HealthFacts } from './health.ts'

const now = new Date('2026-11-23T12:00:00Z')
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const token = { expiresAt: new Date('2027-11-01T00:00:00Z'), answered: 'valid', managedBy: null } as const
const well: HealthFacts = {
  token,
  addedAt: hoursAgo(24 * 100),
  syncEveryMinutes: 720,
  syncedAt: hoursAgo(5),
  failedSyncs: 0,
  syncProblem: null,
  wantsNotifications: true,
  notificationsOff: null,
  openOperations: 0,
  oldestOpenAt: null,
  endedOperations: 10,
  failedOperations: 0,
  slowedAt: null,
  answeredAt: hoursAgo(5),
  deletionBlocked: null,
}
const other = { id: 'x', name: 'Other MDM', metadata: null }
const stuck = (hours: number) => ({ openOperations: 2, oldestOpenAt: hoursAgo(hours) })

describe('T8 how the connection of a location stands', () => {
  const cases: [string, Partial<HealthFacts>, string, string[]][] = [
    ['all is well', {}, 'healthy', []],
    ['29 days left', { token: { ...token, expiresAt: hoursAgo(-29 * 24) } }, 'warning', ['token_expiring']],
    ['expired', { token: { ...token, expiresAt: hoursAgo(1) } }, 'unhealthy', ['token_expired']],
    ['revoked', { token: { ...token, answered: 'revoked' } }, 'unhealthy', ['token_revoked']],
    ['not accepted', { token: { ...token, answered: 'invalid' } }, 'unhealthy', ['token_invalid']],
    ['another service', { token: { ...token, managedBy: other } }, 'unhealthy', ['token_managed_elsewhere']],
    [
      'another installation',
      { token: { ...token, managedBy: { ...other, name: 'Apportion' } } },
      'unhealthy',
      ['token_duplicate'],
    ],
    ['synced 23 hours ago, twice a day', { syncedAt: hoursAgo(23) }, 'healthy', []],
    ['synced a day ago, twice a day', { syncedAt: hoursAgo(24) }, 'warning', ['sync_overdue']],
    ['synced three days ago, twice a day', { syncedAt: hoursAgo(72) }, 'unhealthy', ['sync_overdue']],
    [
      'synced three days ago, once a week',
      { syncedAt: hoursAgo(72), syncEveryMinutes: 10_080 },
      'healthy',
      [],
    ],
    [
      'synced half an hour ago, every 15 minutes',
      { syncedAt: hoursAgo(0.5), syncEveryMinutes: 15 },
      'healthy',
      [],
    ],
    ['just added and not synced yet', { syncedAt: null, addedAt: hoursAgo(0.1) }, 'healthy', []],
    ['never synced, added a day ago', { syncedAt: null, addedAt: hoursAgo(25) }, 'warning', ['sync_overdue']],
    ['one failed sync', { failedSyncs: 1, syncProblem: 'Apple is away.' }, 'warning', ['sync_failing']],
    [
      'three failed syncs in a row',
      { failedSyncs: 3, syncProblem: 'Apple is away.' },
      'unhealthy',
      ['sync_failing'],
    ],
    [
      'no notifications, although there is an address',
      { notificationsOff: 'unreachable' },
      'warning',
      ['notifications_off'],
    ],
    [
      'no notifications, as nobody wants any',
      { notificationsOff: 'unregistered', wantsNotifications: false },
      'healthy',
      [],
    ],
    ['a request open for 29 minutes', stuck(0.48), 'healthy', []],
    ['a request open for an hour', stuck(1), 'warning', ['operations_stuck']],
    ['a request open for six hours', stuck(6), 'unhealthy', ['operations_stuck']],
    ['2 of 2 requests failed', { endedOperations: 2, failedOperations: 2 }, 'healthy', []],
    ['3 of 10 requests failed', { failedOperations: 3 }, 'healthy', []],
    ['5 of 10 requests failed', { failedOperations: 5 }, 'warning', ['operations_failing']],
    ['asked to slow down half an hour ago', { slowedAt: hoursAgo(0.5) }, 'warning', ['slowed_down']],
    ['asked to slow down two hours ago', { slowedAt: hoursAgo(2) }, 'healthy', []],
    ['no answer for 25 hours', { answeredAt: hoursAgo(25) }, 'healthy', []],
    ['no answer for 26 hours', { answeredAt: hoursAgo(26) }, 'warning', ['apple_silent']],
    ['no answer for three days', { answeredAt: hoursAgo(72) }, 'unhealthy', ['apple_silent']],
    [
      'no answer for long, since it is revoked',
      { answeredAt: hoursAgo(99), token: { ...token, answered: 'revoked' } },
      'unhealthy',
      ['token_revoked'],
    ],
    ['being deleted', { token: { ...token, leaving: true }, syncedAt: hoursAgo(99) }, 'healthy', []],
    [
      'being deleted, and stuck',
      { token: { ...token, leaving: true }, deletionBlocked: 'Leave them.' },
      'unhealthy',
      ['deletion_blocked'],
    ],
    [
      'several at once: the worst first',
      { slowedAt: hoursAgo(0.1), failedSyncs: 4 },
      'unhealthy',
      ['sync_failing', 'slowed_down'],
    ],
  ]
  for (const [title, changes, status, codes] of cases) {
    test(`${title}: ${status}`, () => {
      const health = connectorHealth({ ...well, ...changes }, now)
      expect([health.status, health.reasons.map(({ code }) => code)]).toEqual([status, codes])
    })
  }

  const said: [string, Partial<HealthFacts>, string][] = [
    [
      'how many syncs failed, and why',
      { failedSyncs: 3, syncProblem: 'Apple is away.' },
      'The last 3 syncs failed: Apple is away.',
    ],
    [
      'how old the last sync is',
      { syncedAt: hoursAgo(49) },
      'The last sync was 2 days ago, and one is due every 12 hours',
    ],
    [
      'how many requests are open, and for how long',
      stuck(3),
      '2 requests are open at Apple, the oldest for 3 hours',
    ],
    ['where to look when Apple cannot reach us', { notificationsOff: 'unreachable' }, 'APPORTION_PUBLIC_URL'],
  ]
  for (const [what, changes, text] of said) {
    test(`the reason says ${what}`, () =>
      expect(connectorHealth({ ...well, ...changes }, now).reasons[0]?.text).toContain(text))
  }
})
