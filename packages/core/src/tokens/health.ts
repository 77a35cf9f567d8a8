/**
 * How the connection of one location to Apple stands: healthy, warning or unhealthy, with every reason (T8).
 */
import { type TokenFacts, tokenState, tokenStateReason } from './token-state.ts'

/** What is known of a location's connection. */
export interface HealthFacts {
  readonly token: TokenFacts
  readonly addedAt: Date
  readonly syncEveryMinutes: number
  /** The end of the last sync that succeeded. */
  readonly syncedAt: Date | null
  readonly failedSyncs: number
  /** Why the last one failed. */
  readonly syncProblem: string | null
  /** Whether Apple is to notify us at all: it is not where this installation has no public address. */
  readonly wantsNotifications: boolean
  readonly notificationsOff: 'unreachable' | 'unheard' | 'silent' | 'unregistered' | null
  /** Requests that Apple accepted or that wait to be sent, and since when the oldest does. */
  readonly openOperations: number
  readonly oldestOpenAt: Date | null
  /** Ended within a day, and of these the ones of which nothing succeeded. */
  readonly endedOperations: number
  readonly failedOperations: number
  /** When Apple last asked us to slow down. */
  readonly slowedAt: Date | null
  /** Apple's last answer to the token. */
  readonly answeredAt: Date | null
  /** Why the deletion of the token cannot go on. */
  readonly deletionBlocked: string | null
}

export type HealthStatus = 'healthy' | 'warning' | 'unhealthy'

/** One reason; `text` is a sentence that names the value and says what to do. */
export interface HealthReason {
  readonly code: HealthCode
  readonly severity: Exclude<HealthStatus, 'healthy'>
  readonly text: string
  readonly count: number | null
  readonly at: Date | null
}

export type HealthCode =
  | 'token_duplicate'
  | 'token_managed_elsewhere'
  | 'token_revoked'
  | 'token_invalid'
  | 'token_expired'
  | 'token_expiring'
  | 'deletion_blocked'
  | 'apple_silent'
  | 'sync_failing'
  | 'sync_overdue'
  | 'operations_stuck'
  | 'operations_failing'
  | 'notifications_off'
  | 'slowed_down'

/** The worst of the reasons, which come with the worst first. */
export interface Health {
  readonly status: HealthStatus
  readonly reasons: readonly HealthReason[]
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Judges one location at a moment. */
export function connectorHealth(facts: HealthFacts, now: Date): Health {
  const leaving = facts.token.leaving === true
  const reasons = (leaving ? leavingRules : rules).flatMap((rule) => rule(facts, now) ?? [])
  const sorted = reasons.toSorted((a, b) => rank(a) - rank(b))
  return { status: sorted[0]?.severity ?? 'healthy', reasons: sorted }
}

const rank = ({ severity }: HealthReason): number => (severity === 'unhealthy' ? 0 : 1)

type Rule = (facts: HealthFacts, now: Date) => HealthReason | null

const reason = (
  severity: HealthReason['severity'],
  code: HealthCode,
  text: string,
  more: { readonly count?: number; readonly at?: Date | null } = {},
): HealthReason => ({ severity, code, text, count: more.count ?? null, at: more.at ?? null })

const tokenRule: Rule = ({ token }, now) => {
  const state = tokenState(token, now)
  if (state === 'valid' || state === 'leaving') return null
  const severity = state === 'expiring' ? 'warning' : 'unhealthy'
  return reason(severity, `token_${state}`, tokenStateReason(token, now), { at: token.expiresAt })
}

const answerRule: Rule = ({ answeredAt, addedAt, token }, now) => {
  const state = tokenState(token, now)
  // Apple is not asked with a token that is no good, which is a reason of its own.
  if (state === 'expired' || state === 'revoked' || state === 'invalid') return null
  const silence = now.getTime() - (answeredAt ?? addedAt).getTime()
  if (silence < 26 * hour) return null
  const text = `Apple has not answered for ${spell(silence)}: check the network between the server and Apple.`
  return reason(silence < 3 * day ? 'warning' : 'unhealthy', 'apple_silent', text, { at: answeredAt })
}

const failedSyncRule: Rule = ({ failedSyncs, syncProblem }) => {
  if (failedSyncs === 0) return null
  const times = failedSyncs === 1 ? 'The last sync failed' : `The last ${failedSyncs} syncs failed`
  const text = `${times}: ${syncProblem ?? 'no reason is known.'}`
  return reason(failedSyncs < 3 ? 'warning' : 'unhealthy', 'sync_failing', text, { count: failedSyncs })
}

/** With the usual interval of 12 hours that is a warning after a day and unhealthy after three. */
const overdueRule: Rule = ({ syncedAt, addedAt, syncEveryMinutes }, now) => {
  const age = now.getTime() - (syncedAt ?? addedAt).getTime()
  const every = syncEveryMinutes * minute
  if (age < Math.max(2 * every, hour)) return null
  const severity = age < Math.max(3 * every, 3 * day) ? 'warning' : 'unhealthy'
  const since = syncedAt === null ? 'It was never synced' : `The last sync was ${spell(age)} ago`
  const text = `${since}, and one is due every ${spell(every)}: sync now, and see why if that fails.`
  return reason(severity, 'sync_overdue', text, { at: syncedAt })
}

const stuckRule: Rule = ({ openOperations, oldestOpenAt }, now) => {
  if (openOperations === 0 || oldestOpenAt === null) return null
  const age = now.getTime() - oldestOpenAt.getTime()
  if (age < 30 * minute) return null
  const requests = openOperations === 1 ? '1 request is' : `${openOperations} requests are`
  const text = `${requests} open at Apple, the oldest for ${spell(age)}: see the operations.`
  const severity = age < 6 * hour ? 'warning' : 'unhealthy'
  return reason(severity, 'operations_stuck', text, { count: openOperations, at: oldestOpenAt })
}

/** A few refusals are everyday life; most of them failing is not. */
const failingRule: Rule = ({ endedOperations, failedOperations }) => {
  if (failedOperations < 3 || failedOperations * 2 < endedOperations) return null
  const text = `${failedOperations} of ${endedOperations} requests to Apple failed in the last 24 hours: see the operations.`
  return reason('warning', 'operations_failing', text, { count: failedOperations })
}

const notificationRule: Rule = ({ wantsNotifications, notificationsOff }) => {
  if (!wantsNotifications || notificationsOff === null) return null
  return reason(
    'warning',
    'notifications_off',
    `${notificationsOffReason(notificationsOff)} Outcomes are asked for meanwhile.`,
  )
}

const slowedRule: Rule = ({ slowedAt }, now) => {
  if (slowedAt === null || now.getTime() - slowedAt.getTime() > hour) return null
  const text = `Apple asked to slow down ${spell(now.getTime() - slowedAt.getTime())} ago: work takes longer; check that nothing else uses this token.`
  return reason('warning', 'slowed_down', text, { at: slowedAt })
}

const blockedRule: Rule = ({ deletionBlocked }) =>
  deletionBlocked === null ? null : reason('unhealthy', 'deletion_blocked', deletionBlocked)

const rules: readonly Rule[] = [
  tokenRule,
  answerRule,
  failedSyncRule,
  overdueRule,
  stuckRule,
  failingRule,
  notificationRule,
  slowedRule,
]

/** While a token is being deleted only that matters. */
const leavingRules: readonly Rule[] = [blockedRule]

/** Why notifications do not come, and what is done about it. */
export function notificationsOffReason(off: NonNullable<HealthFacts['notificationsOff']>): string {
  switch (off) {
    case 'unreachable':
      return 'Apple could not deliver a test notification to our address: check that APPORTION_PUBLIC_URL can be reached from the internet over HTTPS. It is tried again every hour.'
    case 'unheard':
      return 'Apple delivered a test notification, but it never arrived here: check that APPORTION_PUBLIC_URL leads to this server. It is tried again every hour.'
    case 'silent':
      return 'Apple has stopped sending notifications: the address is being registered again.'
    case 'unregistered':
      return 'The address for notifications is not registered at Apple yet.'
  }
}

/** A length of time in its largest unit. */
function spell(milliseconds: number): string {
  const [size, unit] =
    milliseconds >= 2 * day
      ? ([day, 'day'] as const)
      : milliseconds >= hour
        ? ([hour, 'hour'] as const)
        : ([minute, 'minute'] as const)
  const count = Math.max(1, Math.floor(milliseconds / size))
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
