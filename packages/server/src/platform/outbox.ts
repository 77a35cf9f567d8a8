/**
 * How one feature tells a later one to look again: in the transaction that changed something, without
 * calling it. Signals say where to look, never what to do, so they coalesce and losing one costs time only.
 * `outbox` names whole assets, `device_looks` single devices of an asset: work in proportion to what changed.
 */
import { type RawBuilder, sql } from 'kysely'
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

/**
 * Asks to look again at every asset that one of these groups, or one that contains it, is assigned to, and at the other
 * pools that its assignment draws on.
 */
export async function lookAgainAtGroups(tx: Tx, groupIds: readonly number[]): Promise<void> {
  if (groupIds.length === 0) return
  await signal(
    tx,
    sql`SELECT DISTINCT t.location_id, t.id FROM assignments s ${assignedPools}
        JOIN group_closure c ON c.group_id = s.group_id
        WHERE c.member_group_id = ANY(${[...groupIds]}::int[])`,
  )
}

/**
 * Asks to look again at every asset of which these people hold a license or are a target, or that reaches them with
 * user licenses. Whole assets: a person without a device has no other way.
 */
export async function lookAgainAtPeople(tx: Tx, userIds: readonly number[]): Promise<void> {
  if (userIds.length === 0) return
  const ids = sql`${[...userIds]}::int[]`
  await signal(
    tx,
    sql`SELECT location_id, asset_id FROM targets WHERE user_id = ANY(${ids})
        UNION
        SELECT l.location_id, l.asset_id FROM users u
        JOIN licenses l ON l.holder_kind = 'user' AND l.holder = u.client_user_id::text WHERE u.id = ANY(${ids})
        UNION
        SELECT a.location_id, a.id FROM group_people p JOIN assignments s ON s.group_id = p.group_id
        JOIN assets a ON a.id = s.asset_id WHERE s.license_type = 'user' AND p.user_id = ANY(${ids})`,
  )
}

/** Pairs of an asset and a device from which on the whole assets are looked at instead. */
const mostPairs = 20_000

/** Devices up to which a caller should name them one by one; with more of them, groups or assets are the shorter list. */
export const mostDevicesNamed = 5000

/**
 * These devices, at every asset that reaches them now, of which they or their users are targets, or hold a license.
 * Before and after a change that moves them: a group that they leave reaches them no more afterwards.
 */
export async function lookAgainAtDevices(tx: Tx, deviceIds: readonly number[]): Promise<void> {
  if (deviceIds.length === 0) return
  const ids = sql`${[...deviceIds]}::int[]`
  await look(
    tx,
    sql`SELECT t.location_id, t.id AS asset_id, r.device_id FROM group_reach r
          JOIN assignments s ON s.group_id = r.group_id ${assignedPools} WHERE r.device_id = ANY(${ids})
        UNION SELECT location_id, asset_id, device_id FROM targets WHERE device_id = ANY(${ids})
        UNION SELECT t.location_id, t.asset_id, d.id FROM devices d JOIN targets t ON t.user_id = d.user_id
          WHERE d.id = ANY(${ids})
        UNION SELECT l.location_id, l.asset_id, d.id FROM devices d
          JOIN licenses l ON l.holder_kind = 'device' AND l.holder = d.serial_number WHERE d.id = ANY(${ids})
        UNION SELECT l.location_id, l.asset_id, d.id FROM devices d JOIN users u ON u.id = d.user_id
          JOIN licenses l ON l.holder_kind = 'user' AND l.holder = u.client_user_id::text WHERE d.id = ANY(${ids})`,
  )
}

/** These devices, at every asset that one of these groups, or one that contains it, is assigned to. */
export async function lookAgainAtMembers(
  tx: Tx,
  { groupIds, deviceIds }: { readonly groupIds: readonly number[]; readonly deviceIds: readonly number[] },
): Promise<void> {
  if (groupIds.length === 0 || deviceIds.length === 0) return
  await look(
    tx,
    sql`SELECT DISTINCT t.location_id, t.id AS asset_id, d.device_id FROM group_closure c
        JOIN assignments s ON s.group_id = c.group_id ${assignedPools}
        CROSS JOIN unnest(${[...deviceIds]}::int[]) AS d(device_id)
        WHERE c.member_group_id = ANY(${[...groupIds]}::int[])`,
  )
}

/** The asset `t` of an assignment `s`; all of its title's, where it draws on them (C3). */
const assignedPools = sql`JOIN assets o ON o.id = s.asset_id
  JOIN assets t ON t.id = o.id OR (s.pools <> 'own' AND t.adam_id = o.adam_id)`

/**
 * `pairs` selects `location_id, asset_id, device_id`. Sorted, so that two transactions cannot deadlock; the conflict
 * clause takes the row's lock, so that whoever consumes the look waits for this transaction.
 */
async function look(tx: Tx, pairs: RawBuilder<unknown>): Promise<void> {
  const { rows } = await sql<{ asset_id: number }>`
    WITH pairs AS MATERIALIZED (SELECT * FROM (${pairs}) AS found LIMIT ${mostPairs + 1}), noted AS (
      INSERT INTO device_looks (location_id, asset_id, device_id, serial_number)
      SELECT p.location_id, p.asset_id, p.device_id, d.serial_number FROM pairs p JOIN devices d ON d.id = p.device_id
      WHERE (SELECT count(*) FROM pairs) <= ${mostPairs}
      ORDER BY p.location_id, p.asset_id, p.device_id
      ON CONFLICT (location_id, asset_id, device_id) DO UPDATE SET device_id = excluded.device_id
      RETURNING 1
    )
    SELECT DISTINCT p.asset_id FROM (${pairs}) AS p WHERE (SELECT count(*) FROM pairs) > ${mostPairs}`.execute(
    tx,
  )
  // Too many to be named one by one.
  await lookAgainAtAssets(
    tx,
    rows.map((row) => row.asset_id),
  )
}

/**
 * A statement that asks to look at what devices under management have of an asset. `pairs` selects `location_id, asset_id,
 * device_id`, also of devices that are under nobody's management: those are passed over. For use as a part of the statement
 * that changed them. Sorted and with the row's lock taken, as `look` does.
 */
export function lookAtDelivery(pairs: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`INSERT INTO delivery_looks (location_id, asset_id, device_id)
    SELECT DISTINCT p.location_id, p.asset_id, p.device_id FROM (${pairs}) AS p
    JOIN enrollments e ON e.device_id = p.device_id AND e.state = 'enrolled' ORDER BY 1, 2, 3
    ON CONFLICT (location_id, asset_id, device_id) DO UPDATE SET device_id = excluded.device_id`
}

/** Wakes whichever server process works for this location, once the transaction has committed. */
export async function wakeLocation(db: Db | Tx, locationId: number): Promise<void> {
  await sql`SELECT pg_notify('location_work', ${String(locationId)})`.execute(db)
}

/** `found` selects location ids and asset ids. Sorted, so that two transactions cannot deadlock. */
async function signal(tx: Tx, found: RawBuilder<unknown>): Promise<void> {
  await sql`INSERT INTO outbox (topic, location_id, key)
      SELECT ${assetTopic}, location_id, id::text FROM (${found}) AS found(location_id, id)
      ORDER BY location_id, id ${coalesce}`.execute(tx)
}
