/**
 * Compares what assignments want of an asset with the licenses there are, and reserves the difference (A2, L2, L8):
 * the next targets in the queue get what is free, licenses of ours that nobody wants any more are taken back.
 *
 * One asset in one short transaction with its row locked; running it twice changes nothing. Where only some devices have
 * changed, only they are compared: the work is in proportion to the change.
 */
import { sql } from 'kysely'
import { pursueGifts } from '../licenses/gifts.ts'
import { pursueItems } from '../licenses/intervention-items.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { holdLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import { assetTopic, lookAgainAtAssets } from '../platform/outbox.ts'
import { type DeviceLook, nextDeviceLooks, takeDeviceLooks } from './device-looks.ts'
import { reserveGrants } from './grant.ts'
import { placeDevices } from './placements.ts'
import { lockPool, type Pool, readPool } from './pool.ts'
import { refreshQueue } from './queue.ts'
import { isKeptTooLong, reserveReleases, withdrawExcess, withdrawUnsent } from './release.ts'
import { advanceRollouts, stopFailingRollouts } from './rollouts.ts'
import { type Refreshing, refreshingOf, refreshTargets } from './targets.ts'

export interface ReconcilePorts {
  readonly db: Db
  readonly clock: Clock
}

/** The step that compares; due for what somebody asked to look at, and for what waited for a moment that has come. */
export function reconcileStep(ports: ReconcilePorts): LocationStep {
  return {
    name: 'reconcile',
    alone: true,
    due: (now) => sql`SELECT location_id FROM outbox WHERE topic = ${assetTopic}
      UNION SELECT location_id FROM device_looks
      UNION SELECT location_id FROM assets WHERE short_until <= ${now}
      UNION SELECT location_id FROM targets WHERE retry_at <= ${now}
      UNION SELECT location_id FROM licenses WHERE release_after <= ${now}
      UNION SELECT l.location_id FROM licenses l WHERE ${isKeptTooLong(now)}
      UNION SELECT a.location_id FROM assignments s JOIN assets a ON a.id = s.asset_id WHERE s.rollout_next_at <= ${now}`,
    run: (turn) => reconcile(ports, turn),
  }
}

async function reconcile(ports: ReconcilePorts, turn: LocationTurn): Promise<void> {
  await askForWhatIsDue(ports, turn)
  while (await lookAtOneAsset(ports, turn)) turn.signal.throwIfAborted()
  while (await lookAtSomeDevices(ports, turn)) turn.signal.throwIfAborted()
}

/** Moments that have come become signals, so that what follows has one way in. */
async function askForWhatIsDue(
  ports: ReconcilePorts,
  { lease: { locationId } }: LocationTurn,
): Promise<void> {
  const now = ports.clock.now()
  await inTransaction(ports.db, async (tx) => {
    await advanceRollouts(tx, { locationId, now })
    const { rows } = await sql<{ asset_id: number }>`
      WITH targets_due AS (
        UPDATE targets SET retry_at = NULL WHERE location_id = ${locationId} AND retry_at <= ${now} RETURNING asset_id
      ), licenses_due AS (
        UPDATE licenses SET release_after = NULL WHERE location_id = ${locationId} AND release_after <= ${now}
        RETURNING asset_id
      ), kept_due AS (
        SELECT l.asset_id FROM licenses l WHERE l.location_id = ${locationId} AND ${isKeptTooLong(now)}
      ), assets_due AS (
        UPDATE assets SET short_until = NULL WHERE location_id = ${locationId} AND short_until <= ${now} RETURNING id
      ) SELECT asset_id FROM targets_due UNION SELECT asset_id FROM licenses_due UNION SELECT asset_id FROM kept_due
        UNION SELECT id FROM assets_due`.execute(tx)
    await lookAgainAtAssets(
      tx,
      rows.map((row) => row.asset_id),
    )
  })
}

/** Compares the asset that was signaled first; false when none was. */
async function lookAtOneAsset(ports: ReconcilePorts, turn: LocationTurn): Promise<boolean> {
  return await inTransaction(ports.db, async (tx) => {
    await holdLease(tx, turn.lease)
    const { locationId } = turn.lease
    const assetId = await nextSignal(tx, locationId)
    if (assetId === undefined) return false
    // The asset first and its signal second, as everybody does: in the other order two of us would wait for each other.
    const now = ports.clock.now()
    const locked = await lockPool(tx, { assetId, now })
    await takeSignal(tx, locationId, assetId)
    await sql`DELETE FROM device_looks WHERE location_id = ${locationId} AND asset_id = ${assetId}`.execute(
      tx,
    )
    // A deletion that was called off while we waited for the signal gives its assets back.
    const pool = locked ?? (await lockPool(tx, { assetId, now }))
    if (pool !== undefined) {
      await reconcileAsset(tx, pool, { refreshing: await refreshingOf(tx, pool), now })
    }
    return true
  })
}

/** Compares the devices of one asset that have changed; false when none have. */
async function lookAtSomeDevices(ports: ReconcilePorts, turn: LocationTurn): Promise<boolean> {
  return await inTransaction(ports.db, async (tx) => {
    await holdLease(tx, turn.lease)
    const { locationId } = turn.lease
    const assetId = await nextDeviceLooks(tx, locationId)
    if (assetId === undefined) return false
    const now = ports.clock.now()
    const pool = await lockPool(tx, { assetId, now })
    const looks = await takeDeviceLooks(tx, { locationId, assetId })
    if (pool === undefined) return true
    await reconcileDevices(tx, pool, { looks, now })
    return true
  })
}

/** The asset that was signaled first. */
async function nextSignal(tx: Tx, locationId: number): Promise<number | undefined> {
  const { rows } = await sql<{ key: string }>`SELECT key FROM outbox
    WHERE topic = ${assetTopic} AND location_id = ${locationId} ORDER BY id LIMIT 1`.execute(tx)
  const key = rows[0]?.key
  return key === undefined ? undefined : Number(key)
}

/** Waits for whoever signals at this moment, so that what follows sees what they wrote. */
async function takeSignal(tx: Tx, locationId: number, assetId: number): Promise<void> {
  await sql`DELETE FROM outbox WHERE topic = ${assetTopic} AND location_id = ${locationId}
    AND key = ${String(assetId)}`.execute(tx)
}

async function reconcileAsset(
  tx: Tx,
  pool: Pool,
  { refreshing, now }: { readonly refreshing: Refreshing; readonly now: Date },
): Promise<void> {
  if (await isLarge(tx, pool)) await sql`SET LOCAL enable_nestloop = off`.execute(tx)
  await placeDevices(tx, pool, refreshing.rules)
  await refreshTargets(tx, pool, { ...refreshing, now })
  await compare(tx, pool, { now })
  // Who found no license here may find one in another pool.
  if (await placeDevices(tx, pool, refreshing.rules)) await lookAgainAtAssets(tx, [pool.id])
}

async function reconcileDevices(
  tx: Tx,
  pool: Pool,
  { looks, now }: { readonly looks: readonly DeviceLook[]; readonly now: Date },
): Promise<void> {
  const refreshing = await refreshingOf(tx, pool)
  const shared =
    refreshing.isBook || refreshing.rules.some((rule) => rule.license === 'user' || rule.pools !== 'own')
  // What people share, and places in pools, hang on more than the devices that have changed.
  if (shared) return reconcileAsset(tx, pool, { refreshing, now })
  // Few devices are looked up one by one, never by reading the whole fleet for a join.
  await sql`SET LOCAL enable_hashjoin = off`.execute(tx)
  await sql`SET LOCAL enable_mergejoin = off`.execute(tx)
  await sql`SET LOCAL enable_seqscan = off`.execute(tx)
  const deviceIds = looks.map((look) => look.device_id)
  await refreshTargets(tx, pool, { ...refreshing, only: deviceIds, now })
  await compare(tx, pool, { now, deviceIds, serialNumbers: looks.map((look) => look.serial_number) })
}

interface Comparing {
  readonly now: Date
  /** Only these devices have changed; left out: everything is compared. */
  readonly deviceIds?: readonly number[]
  readonly serialNumbers?: readonly string[]
}

/** Fits the licenses of an asset to its targets. */
async function compare(tx: Tx, pool: Pool, { now, deviceIds, serialNumbers }: Comparing): Promise<void> {
  const looked = { pool, now, serialNumbers }
  const withdrawn = await withdrawUnsent(tx, looked)
  await followAssignments(tx, looked)
  const released = pool.revocable && (await reserveReleases(tx, looked))
  // Who had the title from here may want it from another pool now (C3).
  if (withdrawn || released) await lookAgainAtAssets(tx, pool.others)
  await pursueGifts(tx, { locationId: pool.location_id, assetId: pool.id, now })
  const after = await readPool(tx, { assetId: pool.id, now })
  if (after !== undefined && !after.unlimited && after.free < 0) await withdrawExcess(tx, after)
  await pursueItems(tx, { locationId: pool.location_id, assetId: pool.id, now })
  const waiting = await refreshQueue(tx, pool, deviceIds)
  await stopFailingRollouts(tx, { assetId: pool.id, now })
  if (waiting > 0 && after?.grantable === true) await reserveGrants(tx, after, now)
}

/** A license belongs to the assignment by which its holder has it now, whichever gave it. */
async function followAssignments(
  tx: Tx,
  { pool, serialNumbers }: { readonly pool: Pool; readonly serialNumbers?: readonly string[] | undefined },
): Promise<void> {
  const among =
    serialNumbers === undefined ? sql`true` : sql`d.serial_number = ANY(${[...serialNumbers]}::text[])`
  const differs = sql`l.location_id = ${pool.location_id} AND l.asset_id = ${pool.id} AND l.ours
    AND l.assignment_id IS DISTINCT FROM t.assignment_id AND t.location_id = ${pool.location_id}
    AND t.asset_id = ${pool.id} AND t.wants`
  await sql`UPDATE licenses l SET assignment_id = t.assignment_id FROM targets t JOIN devices d ON d.id = t.device_id
    WHERE ${differs} AND l.holder_kind = 'device' AND l.holder = d.serial_number AND ${among}`.execute(tx)
  if (serialNumbers !== undefined) return
  await sql`UPDATE licenses l SET assignment_id = t.assignment_id FROM targets t JOIN users u ON u.id = t.user_id
    WHERE ${differs} AND l.holder_kind = 'user' AND l.holder = u.client_user_id::text`.execute(tx)
}

/** From so many targets on, sets are joined as sets. */
const manyTargets = 1000

/**
 * Right after an import PostgreSQL does not know yet how many rows there are, and joins ten thousand targets with ten
 * thousand licenses one by one: minutes instead of a fraction of a second. For few targets one by one is right.
 */
async function isLarge(tx: Tx, pool: Pool): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM (
      SELECT 1 FROM targets WHERE location_id = ${pool.location_id} AND asset_id = ${pool.id}
      UNION ALL
      SELECT 1 FROM assignments s JOIN group_reach r ON r.group_id = s.group_id WHERE s.asset_id = ${pool.id}
      LIMIT ${manyTargets}) AS reached`.execute(tx)
  return rows[0]?.n === manyTargets
}
