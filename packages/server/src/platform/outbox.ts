/**
 * How one feature tells a later one to look again: in the transaction that changed something, without
 * calling it. Signals say where to look, never what to do, so they coalesce and losing one costs time only.
 */
import { sql } from 'kysely'
import type { Db, Tx } from './db/database.ts'

/** Topic of the signal "compare the targets of this asset with its licenses"; the key is the asset's id. */
export const assetTopic = 'asset.look_again'

/**
 * The conflict clause takes the row's lock although nothing needs to change: whoever consumes the signal then
 * waits for this transaction and sees what it wrote. `DO NOTHING` would lose the signal.
 */
const coalesce = sql`ON CONFLICT (topic, location_id, key) DO UPDATE SET created_at = excluded.created_at`

/** Asks to look again at these assets. */
export async function lookAgainAtAssets(tx: Tx, assetIds: readonly number[]): Promise<void> {
  if (assetIds.length === 0) return
  await signal(tx, sql`SELECT location_id, id FROM assets WHERE id = ANY(${[...assetIds]}::int[])`)
}

/** Asks to look again at every asset of a location. */
export async function lookAgainAtLocation(tx: Tx, locationId: number): Promise<void> {
  await signal(
    tx,
    sql`SELECT a.location_id, a.id FROM assets a WHERE a.location_id = ${locationId}
        AND (a.reserved > 0 OR a.held > a.held_outside OR EXISTS (SELECT 1 FROM assignments s WHERE s.asset_id = a.id)
             OR EXISTS (SELECT 1 FROM targets t WHERE t.location_id = a.location_id AND t.asset_id = a.id))`,
  )
}

/** Asks to look again at every asset that one of these groups is assigned to. */
export async function lookAgainAtGroups(tx: Tx, groupIds: readonly number[]): Promise<void> {
  if (groupIds.length === 0) return
  await signal(
    tx,
    sql`SELECT DISTINCT a.location_id, a.id FROM assignments s JOIN assets a ON a.id = s.asset_id
        WHERE s.group_id = ANY(${[...groupIds]}::int[])`,
  )
}

/** Asks to look again at every asset that these devices are targets of or hold a license of. */
export async function lookAgainAtAssetsOfDevices(tx: Tx, deviceIds: readonly number[]): Promise<void> {
  if (deviceIds.length === 0) return
  const ids = sql`${[...deviceIds]}::int[]`
  await signal(
    tx,
    sql`SELECT location_id, asset_id FROM targets WHERE device_id = ANY(${ids})
        UNION
        SELECT l.location_id, l.asset_id FROM devices d
        JOIN licenses l ON l.holder_kind = 'device' AND l.holder = d.serial_number
        WHERE d.id = ANY(${ids})`,
  )
}

/** Wakes whichever server process works for this location, once the transaction has committed. */
export async function wakeLocation(db: Db | Tx, locationId: number): Promise<void> {
  await sql`SELECT pg_notify('location_work', ${String(locationId)})`.execute(db)
}

/** `found` selects location ids and asset ids. Sorted, so that two transactions cannot deadlock. */
async function signal(tx: Tx, found: ReturnType<typeof sql>): Promise<void> {
  await sql`INSERT INTO outbox (topic, location_id, key)
      SELECT ${assetTopic}, location_id, id::text FROM (${found}) AS found(location_id, id)
      ORDER BY location_id, id ${coalesce}`.execute(tx)
}
