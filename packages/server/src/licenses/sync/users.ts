/** The users that Apple knows at a location, read only: all of them, or those that changed since a version (S2). */
import type { ResponseUser } from '@apportion/apple-wire/messages'
import { catchUp, usersOf } from '@apportion/apps-books/catch-up'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import type { Walked } from './assets.ts'
import type { Reading } from './sync.ts'

/** Reads what changed since the last time; everybody when nothing is known, or when changes cannot tell. */
export async function readUsers(reading: Reading): Promise<Walked> {
  await reading.progress.phase('users')
  const known = reading.connection.location.users_version
  const changes = known === null ? null : await readChangedUsers(reading, known)
  return changes ?? (await readAllUsers(reading))
}

/**
 * Retired rows of a user may stand beside the present one and change too, so a user of whom only retired rows changed
 * is asked for alone. Null when Apple has forgotten the version (9721), or when that would be too many.
 */
async function readChangedUsers(reading: Reading, version: string): Promise<Walked | null> {
  const { ports, turn, connection, progress } = reading
  const { locationId } = turn.lease
  const at = ports.clock.now()
  const caught = catchUp(usersOf(connection.client), { versionId: version })
  const retired = new Set<string>()
  const active = new Set<string>()
  for await (const page of caught.pages) {
    turn.signal.throwIfAborted()
    progress.counts.users_seen += page.records.length
    for (const user of page.records) (isActive(user) ? active : retired).add(user.clientUserId)
    await upsertUsers(ports.db, { locationId, users: page.records.filter(isActive), at })
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

const isActive = ({ status }: ResponseUser): boolean => status !== 'Retired' && status !== 'Deleted'

async function readOneUser({ ports, turn, connection }: Reading, clientUserId: string): Promise<void> {
  const { locationId } = turn.lease
  const at = ports.clock.now()
  const users = []
  for await (const page of connection.client.users({ clientUserId }).pages) users.push(...page.records)
  const present = users.filter(isActive)
  if (present.length > 0) return upsertUsers(ports.db, { locationId, users: present, at })
  await sql`DELETE FROM apple_users WHERE location_id = ${locationId} AND client_user_id = ${clientUserId}`.execute(
    ports.db,
  )
}

async function readAllUsers({ ports, turn, connection, progress }: Reading): Promise<Walked> {
  const at = ports.clock.now()
  const { locationId } = turn.lease
  const walk = connection.client.users()
  for await (const page of walk.pages) {
    turn.signal.throwIfAborted()
    progress.counts.users_seen += page.records.length
    await upsertUsers(ports.db, { locationId, users: page.records.filter(isActive), at })
    await progress.page(page.pageIndex + 1, page.totalPages)
  }
  const { moved, firstVersionId } = walk.summary
  // Users may be missing from pages that moved, so nobody is forgotten, and everybody is read again the next time.
  if (moved) return { exact: false, version: null }
  await sql`DELETE FROM apple_users WHERE location_id = ${locationId} AND seen_at < ${at}`.execute(ports.db)
  return { exact: true, version: firstVersionId ?? null }
}

async function upsertUsers(
  db: Db,
  seen: { readonly locationId: number; readonly users: readonly ResponseUser[]; readonly at: Date },
): Promise<void> {
  if (seen.users.length === 0) return
  await sql`INSERT INTO apple_users (location_id, client_user_id, status, email, id_hash, seen_at)
    SELECT DISTINCT ON (r."clientUserId") ${seen.locationId}::int, r."clientUserId", r.status, r.email, r."idHash",
      ${seen.at}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(seen.users)}::jsonb)
      AS r("clientUserId" text, status text, email text, "idHash" text)
    ON CONFLICT (location_id, client_user_id) DO UPDATE SET status = excluded.status, email = excluded.email,
      id_hash = excluded.id_hash, seen_at = excluded.seen_at`.execute(db)
}
