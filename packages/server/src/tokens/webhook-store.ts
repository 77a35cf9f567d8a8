/** The SQL of the addresses that Apple posts notifications to. */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

/** An address for Apple's notifications, not yet confirmed. */
export async function insertWebhook(
  tx: Tx,
  webhook: { readonly pathKey: string; readonly uid: string; readonly secretHash: Buffer; readonly at: Date },
): Promise<void> {
  await sql`INSERT INTO webhooks (path_key, uid, secret_hash, created_at)
    VALUES (${webhook.pathKey}, ${webhook.uid}, ${webhook.secretHash}, ${webhook.at})`.execute(tx)
}

/**
 * Apple accepted the address. Gives whether the test that Apple sent meanwhile arrived here. Only then is an older address
 * forgotten that was ever heard from: until then it goes on working.
 */
export async function confirmWebhook(tx: Tx, pathKey: string, at: Date): Promise<boolean> {
  const { rows } = await sql<{ heard: boolean }>`WITH confirmed AS (
      UPDATE webhooks SET confirmed_at = ${at} WHERE path_key = ${pathKey} RETURNING uid, last_heard_at
    ), forgotten AS (
      DELETE FROM webhooks w USING confirmed c
      WHERE w.uid = c.uid AND w.path_key <> ${pathKey} AND (c.last_heard_at IS NOT NULL OR w.last_heard_at IS NULL)
    ) SELECT last_heard_at IS NOT NULL AS heard FROM confirmed`.execute(tx)
  return rows[0]?.heard === true
}

/** Apple refused the address. */
export async function forgetWebhook(db: Db, pathKey: string): Promise<void> {
  await sql`DELETE FROM webhooks WHERE path_key = ${pathKey}`.execute(db)
}

/** Whether an address that Apple tells is one that was made here for the location, or was there before us. */
export async function isKnownAddress(db: Db, uid: string, url: string): Promise<boolean> {
  const key = URL.canParse(url) ? (new URL(url).pathname.split('/').at(-1) ?? '') : ''
  const { rows } = await sql`SELECT 1 FROM webhooks WHERE path_key = ${key} AND uid = ${uid}
    UNION ALL SELECT 1 FROM locations WHERE uid = ${uid} AND inherited_url = ${url}`.execute(db)
  return rows.length > 0
}

/** The last notification of each of these locations, the test of a registration included. */
export async function lastHeard(db: Db, uids: readonly string[]): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await sql<{ uid: string; at: Date }>`SELECT uid, max(last_heard_at) AS at FROM webhooks
    WHERE uid = ANY(${[...uids]}::text[]) AND last_heard_at IS NOT NULL GROUP BY uid`.execute(db)
  return new Map(rows.map((row) => [row.uid, row.at]))
}
