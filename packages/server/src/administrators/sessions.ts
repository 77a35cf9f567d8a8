/**
 * The life of a session (P1): begun at sign-in, kept alive by use, ended by sign-out, idleness or age.
 *
 * Sessions rest in the database, so that they can be ended at once and survive a restart.
 */
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { newBearerSecret, secretHash } from './bearer-secrets.ts'
import {
  type AdministratorRow,
  deleteEndedSessions,
  findSession,
  insertSession,
  touchSession,
} from './store.ts'

const hour = 3_600_000

/** Milliseconds without a request after which a session ends. */
export const idleLimit = 12 * hour
/** Milliseconds after which a session ends however much it is used. */
export const ageLimit = 7 * 24 * hour
/** A session's last use is noted once in this many milliseconds, not at every request. */
const touchEvery = 60_000

/** A session as its owner sees it. */
export interface Session {
  readonly administrator: AdministratorRow
  readonly csrfToken: string
  /** When it ends unless it is used before. */
  readonly expiresAt: Date
}

/** A session together with the secret that goes into the cookie and nowhere else. */
export interface BegunSession extends Session {
  readonly secret: string
  /** When the cookie may be forgotten. */
  readonly endsAt: Date
}

export interface SessionStart {
  readonly administrator: AdministratorRow
  readonly now: Date
  readonly userAgent: string | undefined
}

/** Stores a new session. Always a new secret: one that was there before sign-in is worth nothing. */
export async function beginSession(
  tx: Tx,
  { administrator, now, userAgent }: SessionStart,
): Promise<BegunSession> {
  const secret = newBearerSecret()
  const csrfToken = newBearerSecret()
  const endsAt = new Date(now.getTime() + ageLimit)
  await insertSession(tx, {
    idHash: secretHash(secret),
    administratorId: administrator.id,
    csrfToken,
    at: now,
    expiresAt: endsAt,
    userAgent: storableAgent(userAgent),
  })
  return { administrator, csrfToken, secret, endsAt, expiresAt: endOf(now, endsAt) }
}

/** The session that belongs to a cookie's secret, kept alive by this use; undefined when it has ended. */
export async function continueSession(
  { db, clock }: { readonly db: Db; readonly clock: Pick<Clock, 'now'> },
  secret: string,
): Promise<Session | undefined> {
  const idHash = secretHash(secret)
  const now = clock.now()
  const found = await findSession(db, { idHash, now, idleSince: idleSince(now) })
  if (found === undefined) return undefined
  if (now.getTime() - found.lastSeenAt.getTime() >= touchEvery) await touchSession(db, idHash, now)
  const { administrator, csrfToken, expiresAt } = found
  return { administrator, csrfToken, expiresAt: endOf(now, expiresAt) }
}

/** Removes what has ended; gives how many. */
export function removeEndedSessions(db: Db, now: Date): Promise<number> {
  return deleteEndedSessions(db, now, idleSince(now))
}

function endOf(lastSeen: Date, endsAt: Date): Date {
  return new Date(Math.min(lastSeen.getTime() + idleLimit, endsAt.getTime()))
}

function idleSince(now: Date): Date {
  return new Date(now.getTime() - idleLimit)
}

function storableAgent(userAgent: string | undefined): string | null {
  return userAgent === undefined ? null : userAgent.slice(0, 512)
}
