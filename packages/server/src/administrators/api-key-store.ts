/** The SQL of API keys (P4). */
import type { Db, Tx } from '../platform/db/database.ts'

export interface ApiKeyRow {
  readonly id: string
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
  readonly expiresAt: Date | null
  readonly administratorId: string
  readonly administratorName: string
}

export interface NewApiKey {
  readonly id: string
  readonly name: string
  readonly keyHash: Buffer
  readonly administratorId: string
  readonly createdAt: Date
  readonly expiresAt: Date | null
}

export async function insertApiKey(tx: Tx, key: NewApiKey): Promise<void> {
  await tx
    .insertInto('api_keys')
    .values({
      id: key.id,
      name: key.name,
      key_hash: key.keyHash,
      administrator_id: key.administratorId,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
    })
    .execute()
}

function liveKeys(db: Db | Tx) {
  return db
    .selectFrom('api_keys as k')
    .innerJoin('administrators as a', 'a.id', 'k.administrator_id')
    .where('k.revoked_at', 'is', null)
    .where('a.disabled_at', 'is', null)
    .select([
      'k.id',
      'k.name',
      'k.created_at as createdAt',
      'k.last_used_at as lastUsedAt',
      'k.expires_at as expiresAt',
      'a.id as administratorId',
      'a.name as administratorName',
    ])
}

/** Keys that have not been revoked, newest first; those that have expired are among them. */
export async function listKeys(db: Db): Promise<readonly ApiKeyRow[]> {
  return await liveKeys(db).orderBy('k.id', 'desc').limit(1000).execute()
}

/** The key that may be used at `now`. */
export async function findKey(db: Db, keyHash: Buffer, now: Date): Promise<ApiKeyRow | undefined> {
  return await liveKeys(db)
    .where('k.key_hash', '=', keyHash)
    .where((row) => row.or([row('k.expires_at', 'is', null), row('k.expires_at', '>', now)]))
    .executeTakeFirst()
}

export async function touchKey(db: Db, id: string, at: Date): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute()
}

/** Gives the name of the key that was revoked; undefined when there is none to revoke. */
export async function revokeKey(tx: Tx, id: string, at: Date): Promise<string | undefined> {
  const row = await tx
    .updateTable('api_keys')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('name')
    .executeTakeFirst()
  return row?.name
}
