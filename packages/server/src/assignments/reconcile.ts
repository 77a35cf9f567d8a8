/**
 * Compares what assignments want of an asset with the licenses there are, and reserves the difference (A2, L2, L8):
 * the next targets in the queue get what is free, licenses of ours that nobody wants any more are taken back.
 *
 * One asset in one short transaction with its row locked; running it twice changes nothing.
 */
import { type RawBuilder, sql } from 'kysely'
import { pursueGifts } from '../licenses/gifts.ts'
import { pursueItems } from '../licenses/intervention-items.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { holdLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import { assetTopic, lookAgainAtAssets } from '../platform/outbox.ts'
import { refreshTargets } from './targets.ts'

export interface ReconcilePorts {
  readonly db: Db
  readonly clock: Clock
}

/** Licenses reserved in one transaction; the rest follows in the next. */
const grantsAtOnce = 100_000

/** The step that compares; due for assets that somebody asked to look at, or whose refusal is to be tried again. */
export function reconcileStep(ports: ReconcilePorts): LocationStep {
  return {
    name: 'reconcile',
    alone: true,
    due: (now) => sql`SELECT location_id FROM outbox WHERE topic = ${assetTopic}
      UNION SELECT location_id FROM assets WHERE short_until <= ${now}
      UNION SELECT location_id FROM targets WHERE retry_at <= ${now}
      UNION SELECT location_id FROM licenses WHERE release_after <= ${now}`,
    run: (turn) => reconcile(ports, turn),
  }
}

async function reconcile(ports: ReconcilePorts, turn: LocationTurn): Promise<void> {
  await askForRetries(ports, turn)
  for (;;) {
    turn.signal.throwIfAborted()
    const done = await inTransaction(ports.db, async (tx) => {
      await holdLease(tx, turn.lease)
      const assetId = await nextSignal(tx, turn.lease.locationId)
      if (assetId === undefined) return true
      // The asset first and its signal second, as everybody does: in the other order two of us would wait for each other.
      const locked = await lockPool(tx, { assetId, now: ports.clock.now() })
      await takeSignal(tx, turn.lease.locationId, assetId)
      // A deletion that was called off while we waited for the signal gives its assets back.
      const pool = locked ?? (await lockPool(tx, { assetId, now: ports.clock.now() }))
      if (pool !== undefined) await reconcileAsset(tx, pool, ports.clock.now())
      return false
    })
    if (done) return
  }
}

/** Refusals whose pause is over become signals, so that what follows has one way in. */
async function askForRetries(ports: ReconcilePorts, { lease: { locationId } }: LocationTurn): Promise<void> {
  const now = ports.clock.now()
  await inTransaction(ports.db, async (tx) => {
    const { rows } = await sql<{ asset_id: number }>`
      WITH targets_due AS (
        UPDATE targets SET retry_at = NULL WHERE location_id = ${locationId} AND retry_at <= ${now} RETURNING asset_id
      ), licenses_due AS (
        UPDATE licenses SET release_after = NULL WHERE location_id = ${locationId} AND release_after <= ${now}
        RETURNING asset_id
      ), assets_due AS (
        UPDATE assets SET short_until = NULL WHERE location_id = ${locationId} AND short_until <= ${now} RETURNING id
      ) SELECT asset_id FROM targets_due UNION SELECT asset_id FROM licenses_due UNION SELECT id FROM assets_due`.execute(
      tx,
    )
    await lookAgainAtAssets(
      tx,
      rows.map((row) => row.asset_id),
    )
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

interface Pool {
  readonly id: number
  readonly location_id: number
  readonly unlimited: boolean
  readonly free: number
  /** Goes to devices, and Apple did not just say that none are left. */
  readonly grantable: boolean
  readonly revocable: boolean
}

/** Locks the asset: whoever reserves or settles its licenses waits for the other. */
async function lockPool(
  tx: Tx,
  { assetId, now }: { readonly assetId: number; readonly now: Date },
): Promise<Pool | undefined> {
  const { rows } =
    await sql<Pool>`SELECT id, location_id, unlimited, total - retired - held - reserved AS free,
      device_assignable AND gone_at IS NULL AND (short_until IS NULL OR short_until <= ${now}) AS grantable, revocable
    FROM assets WHERE id = ${assetId}
      AND NOT EXISTS (SELECT 1 FROM locations l WHERE l.id = location_id AND l.leaving_since IS NOT NULL)
    FOR UPDATE`.execute(tx)
  return rows[0]
}

async function reconcileAsset(tx: Tx, pool: Pool, now: Date): Promise<void> {
  if (await isLarge(tx, pool)) await sql`SET LOCAL enable_nestloop = off`.execute(tx)
  await refreshTargets(tx, pool, now)
  await withdrawUnsent(tx, pool, now)
  if (pool.revocable) await reserveReleases(tx, pool, now)
  await pursueGifts(tx, { locationId: pool.location_id, assetId: pool.id, now })
  const after = await lockPool(tx, { assetId: pool.id, now })
  if (after !== undefined && !after.unlimited && after.free < 0) await withdrawExcess(tx, after)
  await pursueItems(tx, { locationId: pool.location_id, assetId: pool.id, now })
  await refreshQueue(tx, pool)
  if (after?.grantable === true) await reserveGrants(tx, after, now)
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

/** Whether the asset is required on the device that holds the license `l`, and not withheld from it. */
function isRequired(pool: Pool): RawBuilder<unknown> {
  return sql`EXISTS (SELECT 1 FROM devices d JOIN targets t ON t.location_id = ${pool.location_id}
    AND t.asset_id = ${pool.id} AND t.device_id = d.id AND t.intent = 'required' AND t.withheld_by IS NULL
    WHERE d.serial_number = l.holder)`
}

/** The licenses `l` of the asset that devices have or are about to get. */
function ofDevices(pool: Pool): RawBuilder<unknown> {
  return sql`l.location_id = ${pool.location_id} AND l.asset_id = ${pool.id} AND l.holder_kind = 'device'`
}

/** What was reserved but not packed, and has changed its mind since, is simply undone. */
async function withdrawUnsent(tx: Tx, pool: Pool, now: Date): Promise<void> {
  await sql`
    WITH undone AS (
      DELETE FROM licenses l WHERE ${ofDevices(pool)} AND l.state = 'granting' AND l.operation_id IS NULL
        AND NOT ${isRequired(pool)} AND (l.keep_until IS NULL OR l.keep_until <= ${now}) RETURNING 1
    ), kept AS (
      UPDATE licenses l SET state = 'held', since = ${now}
      WHERE ${ofDevices(pool)} AND l.state = 'releasing' AND l.operation_id IS NULL AND ${isRequired(pool)}
    )
    UPDATE assets SET reserved = reserved - (SELECT count(*)::int FROM undone)
    WHERE id = ${pool.id} AND EXISTS (SELECT 1 FROM undone)`.execute(tx)
}

/** Licenses went back to Apple meanwhile: the last in the queue give up what was reserved but not packed. */
async function withdrawExcess(tx: Tx, pool: Pool): Promise<void> {
  await sql`
    WITH last AS (
      SELECT l.holder FROM targets t JOIN devices d ON d.id = t.device_id
      JOIN licenses l ON l.location_id = t.location_id AND l.asset_id = t.asset_id AND l.holder_kind = 'device'
        AND l.holder = d.serial_number AND l.state = 'granting' AND l.operation_id IS NULL
      WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id}
      ORDER BY t.entered_at DESC, t.device_id DESC LIMIT ${-pool.free}
    ), undone AS (
      DELETE FROM licenses l USING last WHERE l.location_id = ${pool.location_id} AND l.asset_id = ${pool.id}
        AND l.holder_kind = 'device' AND l.holder = last.holder RETURNING 1
    )
    UPDATE assets SET reserved = reserved - (SELECT count(*)::int FROM undone)
    WHERE id = ${pool.id} AND EXISTS (SELECT 1 FROM undone)`.execute(tx)
}

/** Licenses of ours that no target requires come back (L6). What is not ours is not touched (invariant 4). */
async function reserveReleases(tx: Tx, pool: Pool, now: Date): Promise<void> {
  await sql`
    UPDATE licenses l SET state = 'releasing', operation_id = NULL, since = ${now}
    WHERE ${ofDevices(pool)} AND l.state = 'held' AND l.ours AND l.release_after IS NULL
      AND (l.keep_until IS NULL OR l.keep_until <= ${now}) AND NOT ${isRequired(pool)}`.execute(tx)
}

/** Who is required and has no license stands in the queue (L8), unless it is withheld. */
async function refreshQueue(tx: Tx, pool: Pool): Promise<void> {
  await sql`
    WITH queue AS MATERIALIZED (
      SELECT t.device_id, t.waits AS waited, t.intent = 'required' AND l.holder IS NULL AND t.withheld_by IS NULL AS waits
      FROM targets t JOIN devices d ON d.id = t.device_id
      LEFT JOIN licenses l ON ${ofDevices(pool)} AND l.holder = d.serial_number
      WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id}
    ), changed AS (
      -- By array: the planner cannot know how many rows the queue has, and would compare all with all.
      UPDATE targets t SET waits = NOT t.waits
      WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id}
        AND t.device_id = ANY(ARRAY(SELECT q.device_id FROM queue q WHERE q.waits <> q.waited))
    ), counted AS (SELECT count(*)::int AS n FROM queue WHERE waits)
    UPDATE assets a SET waiting = c.n FROM counted c WHERE a.id = ${pool.id} AND a.waiting <> c.n`.execute(tx)
}

/** The first in the queue get what is free. The database refuses a reservation past what is owned (invariant 1). */
async function reserveGrants(tx: Tx, pool: Pool, now: Date): Promise<void> {
  const limit = Math.min(grantsAtOnce, pool.unlimited ? grantsAtOnce : Math.max(0, pool.free))
  if (limit === 0) return
  const { rows } = await sql<{ n: number }>`
    WITH next AS MATERIALIZED (
      SELECT t.device_id, d.serial_number, t.assignment_id FROM targets t JOIN devices d ON d.id = t.device_id
      WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id} AND t.waits AND t.retry_at IS NULL
      ORDER BY t.entered_at, t.device_id LIMIT ${limit}
    ), granted AS (
      INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since, assignment_id)
      SELECT ${pool.location_id}::int, ${pool.id}::int, 'device', n.serial_number, 'granting', true,
        ${now}::timestamptz, n.assignment_id FROM next n
      ON CONFLICT DO NOTHING RETURNING holder
    ), served AS (
      -- By array: the planner cannot know how many rows next has, and would compare all with all.
      UPDATE targets t SET waits = false
      WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id}
        AND t.device_id = ANY(ARRAY(SELECT n.device_id FROM next n))
    ), counted AS (
      SELECT (SELECT count(*)::int FROM granted) AS granted, (SELECT count(*)::int FROM next) AS served
    )
    UPDATE assets SET reserved = reserved + c.granted, waiting = waiting - c.served
    FROM counted c WHERE id = ${pool.id} AND c.served > 0 RETURNING c.served AS n`.execute(tx)
  if (rows[0]?.n === grantsAtOnce) await lookAgainAtAssets(tx, [pool.id])
}
