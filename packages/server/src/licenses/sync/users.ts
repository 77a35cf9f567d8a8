/** The second phase of a sync: the users that Apple knows at a location, read only. */
import type { ResponseUser } from '@apportion/apple-wire/messages'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import type { Walked } from './assets.ts'
import type { Syncing } from './sync.ts'

/** Reads the active users, unless Apple's version says that nothing changed since the last time. */
export async function syncUsers({ ports, turn, connection, progress }: Syncing): Promise<Walked> {
  await progress.phase('users')
  const at = ports.clock.now()
  const { locationId } = turn.lease
  const known = connection.location.users_version
  const walk = connection.client.users({ activeOnly: true })
  for await (const page of walk.pages) {
    turn.signal.throwIfAborted()
    if (page.pageIndex === 0 && known !== null && page.versionId === known)
      return { exact: true, version: known }
    progress.counts.users_seen += page.records.length
    await upsertUsers(ports.db, { locationId, users: page.records, at })
    await progress.page(page.pageIndex + 1, page.totalPages)
  }
  const { moved, firstVersionId } = walk.summary
  if (!moved) {
    await sql`DELETE FROM apple_users WHERE location_id = ${locationId} AND seen_at < ${at}`.execute(ports.db)
  }
  return { exact: !moved, version: firstVersionId ?? null }
}

async function upsertUsers(
  db: Db,
  seen: { readonly locationId: number; readonly users: readonly ResponseUser[]; readonly at: Date },
): Promise<void> {
  await sql`INSERT INTO apple_users (location_id, client_user_id, status, email, id_hash, seen_at)
    SELECT DISTINCT ON (r."clientUserId") ${seen.locationId}::int, r."clientUserId", r.status, r.email, r."idHash",
      ${seen.at}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(seen.users)}::jsonb)
      AS r("clientUserId" text, status text, email text, "idHash" text)
    ON CONFLICT (location_id, client_user_id) DO UPDATE SET status = excluded.status, email = excluded.email,
      id_hash = excluded.id_hash, seen_at = excluded.seen_at`.execute(db)
}
