/** The users that Apple knows at a location, read only: all of them, or those that changed since a version (S2). */
import type { ResponseUser } from '@apportion/apple-wire/messages'
import { catchUp, usersOf } from '@apportion/apps-books/catch-up'
import { sql } from 'kysely'
import {
  askForRegistrations,
  forgetAppleUsers,
  isActive,
  sealUsers,
  upsertAppleUsers,
} from '../apple-users.ts'
import type { Walked } from './assets.ts'
import type { Reading } from './sync.ts'

/** Reads what changed since the last time; everybody when nothing is known, or when changes cannot tell. */
export async function readUsers(reading: Reading): Promise<Walked> {
  await reading.progress.phase('users')
  const known = reading.connection.location.users_version
  const changes = known === null ? null : await readChangedUsers(reading, known)
  const read = changes ?? (await readAllUsers(reading))
  await askForRegistrations(reading.ports.db, reading.turn.lease.locationId)
  return read
}

/**
 * Retired rows of a user may stand beside the present one and change too, so a user of whom only retired rows changed
 * is asked for alone. Null when Apple has forgotten the version (9721), or when that would be too many.
 */
async function readChangedUsers(reading: Reading, version: string): Promise<Walked | null> {
  const { ports, turn, connection, progress } = reading
  const at = ports.clock.now()
  const caught = catchUp(usersOf(connection.client), { versionId: version })
  const retired = new Set<string>()
  const active = new Set<string>()
  for await (const page of caught.pages) {
    turn.signal.throwIfAborted()
    progress.counts.users_seen += page.records.length
    for (const user of page.records) (isActive(user) ? active : retired).add(user.clientUserId)
    await upsertActive({ ports, connection }, { users: page.records, at })
  }
  const { state, versionId } = caught.result
  if (state === 'full-walk-needed' || versionId === undefined) return null
  const unsure = [...retired].filter((id) => !active.has(id))
  if (unsure.length > mostAsked) return null
  for (const clientUserId of unsure) await readOneUser(reading, clientUserId)
  return { exact: state === 'additions', version: versionId }
}

/** Users asked for one by one, a request each. */
const mostAsked = 25

/** Reads one person by Apple's id. */
export async function readOneUser({ ports, turn, connection }: Reading, clientUserId: string): Promise<void> {
  const { locationId } = turn.lease
  const at = ports.clock.now()
  const users = []
  for await (const page of connection.client.users({ clientUserId }).pages) users.push(...page.records)
  const present = users.filter(isActive)
  if (present.length > 0) return upsertActive({ ports, connection }, { users: present, at })
  await forgetAppleUsers(ports.db, { locationId, ids: [clientUserId], at })
}

async function readAllUsers({ ports, turn, connection, progress }: Reading): Promise<Walked> {
  const at = ports.clock.now()
  const { locationId } = turn.lease
  const walk = connection.client.users()
  for await (const page of walk.pages) {
    turn.signal.throwIfAborted()
    progress.counts.users_seen += page.records.length
    await upsertActive({ ports, connection }, { users: page.records, at })
    await progress.page(page.pageIndex + 1, page.totalPages)
  }
  const { moved, firstVersionId } = walk.summary
  // Users may be missing from pages that moved, so nobody is forgotten, and everybody is read again the next time.
  if (moved) return { exact: false, version: null }
  await sql`DELETE FROM apple_users WHERE location_id = ${locationId} AND seen_at < ${at}`.execute(ports.db)
  return { exact: true, version: firstVersionId ?? null }
}

async function upsertActive(
  { ports, connection }: Pick<Reading, 'ports' | 'connection'>,
  { users, at }: { readonly users: readonly ResponseUser[]; readonly at: Date },
): Promise<void> {
  const { id: locationId, uid } = connection.location
  const active = sealUsers(ports.secrets, uid, users.filter(isActive))
  await upsertAppleUsers(ports.db, { locationId, users: active, at })
}
