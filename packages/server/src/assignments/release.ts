/**
 * Licenses that nobody needs any more (L6, L7): what was not packed yet is undone, what is held comes back, at once or
 * when the policy of the assignment that gave it says so. What is not ours is not touched (invariant 4).
 */
import { keepUntil, parseReclaim, type ReclaimEvent } from '@apportion/core/assignments/reclaim'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import { deviceWants, licensesOf, type Pool, personWants } from './pool.ts'

/** What is looked at: the whole asset, or the licenses of some devices. */
export interface Looked {
  readonly pool: Pool
  readonly now: Date
  readonly serialNumbers?: readonly string[] | undefined
}

type HolderKind = 'device' | 'user'

const kindsOf = ({ serialNumbers }: Looked): readonly HolderKind[] =>
  serialNumbers === undefined ? ['device', 'user'] : ['device']

const wantedBy = (pool: Pool, kind: HolderKind): RawBuilder<unknown> =>
  kind === 'device' ? deviceWants(pool) : personWants(pool)

/** What was reserved but not packed, and has changed its mind since, is simply undone. Gives whether something was. */
export async function withdrawUnsent(tx: Tx, looked: Looked): Promise<boolean> {
  const { pool, now } = looked
  let undone = 0n
  for (const kind of kindsOf(looked)) {
    const some = licensesOf(pool, kind, looked.serialNumbers)
    const wanted = wantedBy(pool, kind)
    const { numAffectedRows = 0n } = await sql`
      WITH undone AS (
        DELETE FROM licenses l WHERE ${some} AND l.state = 'granting' AND l.operation_id IS NULL AND NOT ${wanted}
          AND (l.keep_until IS NULL OR l.keep_until <= ${now}) RETURNING 1
      ), kept AS (
        UPDATE licenses l SET state = 'held', since = ${now}
        WHERE ${some} AND l.state = 'releasing' AND l.operation_id IS NULL AND ${wanted}
      )
      UPDATE assets SET reserved = reserved - (SELECT count(*)::int FROM undone)
      WHERE id = ${pool.id} AND EXISTS (SELECT 1 FROM undone)`.execute(tx)
    undone += numAffectedRows
  }
  return undone > 0n
}

/** Licenses went back to Apple meanwhile: the last in the queue give up what was reserved but not packed. */
export async function withdrawExcess(tx: Tx, pool: Pool): Promise<void> {
  await sql`
    WITH last AS (
      SELECT l.holder_kind, l.holder FROM targets t
      LEFT JOIN devices d ON d.id = t.device_id LEFT JOIN users u ON u.id = t.user_id
      JOIN licenses l ON l.location_id = t.location_id AND l.asset_id = t.asset_id
        AND l.holder_kind = CASE WHEN t.user_id IS NULL THEN 'device' ELSE 'user' END::holder_kind
        AND l.holder = coalesce(d.serial_number, u.client_user_id::text) AND l.state = 'granting'
        AND l.operation_id IS NULL
      WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id}
      ORDER BY t.priority, t.entered_at DESC, t.device_id DESC, t.user_id DESC LIMIT ${-pool.free}
    ), undone AS (
      DELETE FROM licenses l USING last WHERE l.location_id = ${pool.location_id} AND l.asset_id = ${pool.id}
        AND l.holder_kind = last.holder_kind AND l.holder = last.holder RETURNING 1
    )
    UPDATE assets SET reserved = reserved - (SELECT count(*)::int FROM undone)
    WHERE id = ${pool.id} AND EXISTS (SELECT 1 FROM undone)`.execute(tx)
}

/** Licenses of ours that no target wants come back, or are kept for a while. Gives whether some come back. */
export async function reserveReleases(tx: Tx, looked: Looked): Promise<boolean> {
  let released = 0n
  const policies = await policiesOf(tx, looked)
  for (const kind of kindsOf(looked)) {
    await keepNoLonger(tx, looked, { kind, policies })
    if (policies !== null) await keepByPolicy(tx, looked, { kind, policies })
    released += await releaseLoose(tx, looked, kind)
  }
  return released > 0n
}

/** What is needed again is simply held; what no policy keeps any more, as things are now, comes back. */
async function keepNoLonger(
  tx: Tx,
  { pool, serialNumbers }: Looked,
  { kind, policies }: { readonly kind: HolderKind; readonly policies: Policies | null },
): Promise<void> {
  await sql`UPDATE licenses l SET keep_until = NULL, keep_why = NULL
    WHERE ${licensesOf(pool, kind, serialNumbers)} AND l.keep_until IS NOT NULL AND (${wantedBy(pool, kind)}
      OR (l.keep_why = ANY(${events}::text[]) AND l.assignment_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM (${keptTable(policies)}) AS p
        WHERE p.assignment_id = l.assignment_id AND p.event = ${eventOf(pool, kind)})))`.execute(tx)
}

async function releaseLoose(tx: Tx, { pool, now, serialNumbers }: Looked, kind: HolderKind): Promise<bigint> {
  const { numAffectedRows = 0n } = await sql`
    UPDATE licenses l SET state = 'releasing', operation_id = NULL, since = ${now}, keep_until = NULL, keep_why = NULL
    WHERE ${licensesOf(pool, kind, serialNumbers)} AND l.state = 'held' AND l.ours AND l.release_after IS NULL
      AND (l.keep_until IS NULL OR l.keep_until <= ${now}) AND NOT ${wantedBy(pool, kind)}
      AND NOT ${awaitsRemoval(pool, kind)}
      ${kind === 'user' ? sql`AND NOT ${movesToDevices}` : sql``}`.execute(tx)
  return numAffectedRows
}

/** Whether the app of the installation `i` may be on the device: also one that failed, whose removal was not told yet. */
const mayBeThere = sql`(i.may_be_there OR (i.state = 'failed' AND i.wanted <> 'removed'))`

/** `awaitsRemoval` for licenses `l` of any asset and holder. */
const awaitsSomeRemoval = sql`EXISTS (SELECT FROM devices d JOIN assets a ON a.id = l.asset_id
  JOIN installs i ON i.device_id = d.id AND i.adam_id = a.adam_id
  JOIN targets t ON t.location_id = l.location_id AND t.asset_id = l.asset_id AND t.device_id = d.id
  WHERE ${mayBeThere} AND t.intent = 'uninstall'
    AND CASE WHEN l.holder_kind = 'device' THEN d.serial_number = l.holder
      ELSE d.user_id IN (SELECT u.id FROM users u WHERE u.client_user_id::text = l.holder) END)`

/**
 * Whether the license `l` is of an app that is to be removed and may still be on a device under management: it is kept
 * until the device said that the app is gone, or was silent for too long (invariant 9).
 */
function awaitsRemoval(pool: Pool, kind: HolderKind): RawBuilder<unknown> {
  const devices =
    kind === 'device'
      ? sql`devices d WHERE d.serial_number = l.holder`
      : sql`users u JOIN devices d ON d.user_id = u.id WHERE u.client_user_id::text = l.holder`
  return sql`EXISTS (SELECT FROM ${devices} AND EXISTS (SELECT FROM installs i
      WHERE i.device_id = d.id AND i.adam_id = ${pool.adam_id} AND ${mayBeThere})
    AND EXISTS (SELECT FROM targets t WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id}
      AND t.device_id = d.id AND t.intent = 'uninstall'))`
}

/**
 * Whether the user license `l` is of a person whose devices are to have device licenses: it is kept until each of them has
 * one (L12), so that the app goes on working, and what is free at a time is the block that moves.
 */
const movesToDevices = sql`EXISTS (SELECT 1 FROM users u JOIN devices d ON d.user_id = u.id
  JOIN targets t ON t.location_id = l.location_id AND t.asset_id = l.asset_id AND t.device_id = d.id AND t.wants
  WHERE u.client_user_id::text = l.holder AND NOT EXISTS (SELECT 1 FROM licenses h
    WHERE h.location_id = l.location_id AND h.asset_id = l.asset_id AND h.holder_kind = 'device'
      AND h.holder = d.serial_number AND h.state = 'held'))`

/**
 * Whether the license `l` is kept no longer and a look can end it. What Apple does not take back, what it refused a while
 * ago, and what waits for something else would be looked at for ever.
 */
export function isKeptTooLong(now: Date): RawBuilder<unknown> {
  return sql`(l.keep_until <= ${now} AND l.state = 'held' AND l.ours AND l.release_after IS NULL
    AND EXISTS (SELECT FROM assets a JOIN locations o ON o.id = a.location_id
      WHERE a.id = l.asset_id AND a.revocable AND o.leaving_since IS NULL)
    AND (l.holder_kind = 'device' OR NOT ${movesToDevices}) AND NOT ${awaitsSomeRemoval})`
}

/** Why nobody needs the license `l` any more. */
function eventOf(pool: Pool, kind: HolderKind): RawBuilder<unknown> {
  if (kind === 'device') {
    return sql`CASE WHEN NOT EXISTS (SELECT 1 FROM devices d WHERE d.serial_number = l.holder
        AND d.management_ended_at IS NULL) THEN 'device_left'
      WHEN EXISTS (SELECT 1 FROM devices d JOIN targets t ON t.location_id = ${pool.location_id}
        AND t.asset_id = ${pool.id} AND t.device_id = d.id AND t.intent = 'uninstall' WHERE d.serial_number = l.holder)
      THEN 'uninstall' WHEN ${wasRemovedByPerson(pool, sql`d.serial_number = l.holder`)} THEN 'app_removed'
      ELSE 'unassigned' END`
  }
  return sql`CASE WHEN NOT EXISTS (SELECT 1 FROM users u WHERE u.client_user_id::text = l.holder AND u.active)
      THEN 'user_left'
    WHEN EXISTS (SELECT 1 FROM users u JOIN devices d ON d.user_id = u.id
      JOIN targets t ON t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id} AND t.device_id = d.id
        AND t.intent = 'uninstall' WHERE u.client_user_id::text = l.holder)
    THEN 'uninstall' WHEN ${wasRemovedByPerson(
      pool,
      sql`d.user_id = (SELECT u.id FROM users u
      WHERE u.client_user_id::text = l.holder)`,
    )} THEN 'app_removed' ELSE 'unassigned' END`
}

/** Whether the app is still offered to one of these devices `d`, whose person asked for it once and deleted it. */
const wasRemovedByPerson = (pool: Pool, devices: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`EXISTS (SELECT FROM devices d JOIN installs i ON i.device_id = d.id AND i.adam_id = ${pool.adam_id}
      AND i.state = 'removed' AND i.cause ->> 'code' = 'removed_by_person'
    JOIN targets t ON t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id} AND t.device_id = d.id
      AND t.intent IN ('available', 'available_or_uninstall') WHERE ${devices})`

/** What assignments, also removed ones, say of keeping. */
export interface Policies {
  readonly assignmentIds: readonly number[]
  readonly events: readonly ReclaimEvent[]
  readonly until: readonly string[]
}

const events: readonly ReclaimEvent[] = ['unassigned', 'uninstall', 'device_left', 'user_left', 'app_removed']

/** What the assignments of an asset keep, from now on; null when none of them keeps anything. */
export async function policiesOf(
  tx: Db | Tx,
  { pool, now }: { readonly pool: Pick<Pool, 'id' | 'others'>; readonly now: Date },
): Promise<Policies | null> {
  const assets = [pool.id, ...pool.others]
  const { rows } = await sql<{ id: number; reclaim: unknown }>`
    SELECT id, reclaim FROM assignments WHERE asset_id = ANY(${assets}::int[]) AND reclaim <> '{}'
    UNION ALL
    SELECT id, reclaim FROM former_assignments WHERE asset_id = ANY(${assets}::int[]) AND reclaim <> '{}'`.execute(
    tx,
  )
  const kept = rows.flatMap(({ id, reclaim }) => {
    const policy = parseReclaim(reclaim)
    return events.flatMap((event) => {
      const until = keepUntil(policy, event, now)
      if (until === 'now') return []
      return [{ id, event, until: until === 'forever' ? 'infinity' : until.toISOString() }]
    })
  })
  if (kept.length === 0) return null
  return {
    assignmentIds: kept.map(({ id }) => id),
    events: kept.map(({ event }) => event),
    until: kept.map(({ until }) => until),
  }
}

/** Rows `(assignment_id, event, until)`; what is in none of them is not kept. */
export function keptTable(policies: Policies | null): RawBuilder<unknown> {
  const { assignmentIds = [], events: why = [], until = [] } = policies ?? {}
  return sql`SELECT * FROM unnest(${assignmentIds}::int[], ${why}::text[], ${until}::timestamptz[])
    AS p(assignment_id, event, until)`
}

/** Marks what is loose and to be kept, once for each reason: the date that was told stays, unless the policy says sooner. */
async function keepByPolicy(
  tx: Tx,
  { pool, serialNumbers }: Looked,
  { kind, policies }: { readonly kind: HolderKind; readonly policies: Policies },
): Promise<void> {
  await sql`
    WITH loose AS MATERIALIZED (
      SELECT l.holder, l.assignment_id, ${eventOf(pool, kind)} AS event FROM licenses l
      WHERE ${licensesOf(pool, kind, serialNumbers)} AND l.state = 'held' AND l.ours AND l.release_after IS NULL
        AND l.assignment_id = ANY(${policies.assignmentIds}::int[]) AND NOT ${wantedBy(pool, kind)}
    )
    UPDATE licenses l SET keep_why = p.event,
      keep_until = CASE WHEN l.keep_why = p.event THEN least(l.keep_until, p.until) ELSE p.until END
    FROM loose o JOIN (${keptTable(policies)}) AS p ON p.assignment_id = o.assignment_id AND p.event = o.event
    WHERE ${licensesOf(pool, kind)} AND l.holder = o.holder AND (l.keep_why IS DISTINCT FROM p.event OR p.until < l.keep_until)
      AND (l.keep_why IS NULL OR l.keep_why = ANY(${events}::text[]))`.execute(tx)
}
