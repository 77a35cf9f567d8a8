/**
 * Looks for idle licenses (L11): at every asset of a location once a day and on request, in batches of holders, each in
 * one short transaction. Pages read what it found, so none of them reads millions of licenses. A crash loses nothing: the
 * next turn goes on behind the last holder.
 *
 * It locks no license: what is freed is judged anew when it is previewed, and when it is taken.
 */
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { holdLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import { idleAmong } from './found.ts'
import { unseenBeforeNow } from './settings.ts'

export interface IdleLookPorts {
  readonly db: Db
  readonly clock: Clock
  /** Holders in one transaction; 20,000 when left out. */
  readonly atOnce?: number
}

const dayMilliseconds = 86_400_000

/** The step that looks. Beside the others: they need nothing of what it writes. */
export function idleLookStep(ports: IdleLookPorts): LocationStep {
  return {
    name: 'idle',
    alone: false,
    due: (now) => sql`SELECT id AS location_id FROM locations
        WHERE idle_look_at <= ${now} AND exact_as_of IS NOT NULL AND leaving_since IS NULL
      UNION SELECT k.location_id FROM idle_looks k JOIN locations p ON p.id = k.location_id
        WHERE (k.asked OR k.reached_holder IS NOT NULL) AND p.leaving_since IS NULL`,
    run: (turn) => look(ports, turn),
  }
}

async function look(ports: IdleLookPorts, turn: LocationTurn): Promise<void> {
  await inTransaction(ports.db, async (tx) => {
    await holdLease(tx, turn.lease)
    await beginDay(tx, turn.lease.locationId, ports.clock.now())
  })
  for (;;) {
    turn.signal.throwIfAborted()
    const didSome = await inTransaction(ports.db, async (tx) => {
      await holdLease(tx, turn.lease)
      const next = await nextAsset(tx, turn.lease.locationId)
      if (next === undefined) return false
      await oneBatch(tx, next, { now: ports.clock.now(), atOnce: ports.atOnce ?? 20_000 })
      return true
    })
    if (!didSome) return
  }
}

/** When the day's look is due, every asset of which licenses are held, or idle ones were found, is to be looked at. */
async function beginDay(tx: Tx, locationId: number, now: Date): Promise<void> {
  const next = new Date(now.getTime() + dayMilliseconds)
  const { numAffectedRows = 0n } = await sql`UPDATE locations SET idle_look_at = ${next}
    WHERE id = ${locationId} AND idle_look_at <= ${now}`.execute(tx)
  if (numAffectedRows === 0n) return
  await sql`INSERT INTO idle_looks AS k (asset_id, location_id)
    SELECT a.id, a.location_id FROM assets a LEFT JOIN idle_looks o ON o.asset_id = a.id
    WHERE a.location_id = ${locationId} AND (a.held > 0 OR o.counts <> '{}') ORDER BY a.id
    ON CONFLICT (asset_id) DO UPDATE SET asked = true`.execute(tx)
}

interface OpenLook {
  readonly asset_id: number
  readonly location_id: number
  readonly reached_kind: 'device' | 'user' | null
  readonly reached_holder: string | null
}

async function nextAsset(tx: Tx, locationId: number): Promise<OpenLook | undefined> {
  const { rows } = await sql<OpenLook>`
    SELECT k.asset_id, k.location_id, k.reached_kind, k.reached_holder FROM idle_looks k
    WHERE k.location_id = ${locationId} AND (k.asked OR k.reached_holder IS NOT NULL)
    ORDER BY k.reached_holder IS NULL, k.asset_id LIMIT 1 FOR UPDATE`.execute(tx)
  return rows[0]
}

interface Moment {
  readonly now: Date
  readonly atOnce: number
}

/** What asks for the asset once a look at it has begun asks for another. */
async function oneBatch(tx: Tx, open: OpenLook, moment: Moment): Promise<void> {
  const last = await writeBatch(tx, open, moment)
  if (last !== undefined && last.n === moment.atOnce) {
    await sql`UPDATE idle_looks SET asked = asked AND reached_holder IS NOT NULL,
        reached_kind = ${last.holder_kind}::holder_kind, reached_holder = ${last.holder}
      WHERE asset_id = ${open.asset_id}`.execute(tx)
    return
  }
  await sql`UPDATE idle_looks SET asked = asked AND reached_holder IS NOT NULL, reached_kind = NULL,
      reached_holder = NULL, looked_at = ${moment.now}, counts = (
        SELECT coalesce(jsonb_object_agg(g.reason, jsonb_build_array(g.ours, g.outside)), '{}') FROM (
          SELECT i.reason, count(*) FILTER (WHERE i.ours) AS ours, count(*) FILTER (WHERE NOT i.ours) AS outside
          FROM idle_licenses i WHERE i.location_id = ${open.location_id} AND i.asset_id = ${open.asset_id}
          GROUP BY i.reason) AS g)
    WHERE asset_id = ${open.asset_id}`.execute(tx)
}

/** The last holder of a batch, and how many it had. */
interface Reached {
  readonly holder_kind: 'device' | 'user'
  readonly holder: string
  readonly n: number
}

async function writeBatch(tx: Tx, open: OpenLook, { now, atOnce }: Moment): Promise<Reached | undefined> {
  const ofAsset = (row: string) => sql`${sql.ref(`${row}.location_id`)} = ${open.location_id}
    AND ${sql.ref(`${row}.asset_id`)} = ${open.asset_id}
    AND (${open.reached_kind}::holder_kind IS NULL OR (${sql.ref(`${row}.holder_kind`)}, ${sql.ref(`${row}.holder`)})
      > (${open.reached_kind}::holder_kind, ${open.reached_holder}::text))`
  const { rows } = await sql<Reached>`
    WITH batch AS MATERIALIZED (
      SELECT l.* FROM licenses l WHERE ${ofAsset('l')} ORDER BY l.holder_kind, l.holder LIMIT ${atOnce}
    ), last AS (
      SELECT b.holder_kind, b.holder, (SELECT count(*)::int FROM batch) AS n FROM batch b
      ORDER BY b.holder_kind DESC, b.holder DESC LIMIT 1
    ), found AS MATERIALIZED (
      ${idleAmong(sql`SELECT * FROM batch b WHERE b.state = 'held'`, await unseenBeforeNow(tx, now))}
    ), gone AS (
      DELETE FROM idle_licenses i WHERE ${ofAsset('i')}
        AND ((SELECT count(*) FROM batch) < ${atOnce}
          OR (i.holder_kind, i.holder) <= (SELECT t.holder_kind, t.holder FROM last t))
        AND NOT EXISTS (SELECT 1 FROM found f WHERE f.holder_kind = i.holder_kind AND f.holder = i.holder)
    ), written AS (
      INSERT INTO idle_licenses AS i (location_id, asset_id, holder_kind, holder, reason, ours, found_at)
      SELECT f.location_id, f.asset_id, f.holder_kind, f.holder, f.reason, f.ours, ${now}::timestamptz FROM found f
      ON CONFLICT (location_id, asset_id, holder_kind, holder) DO UPDATE SET reason = excluded.reason,
        ours = excluded.ours,
        found_at = CASE WHEN i.reason = excluded.reason THEN i.found_at ELSE excluded.found_at END
      WHERE i.reason <> excluded.reason OR i.ours <> excluded.ours
    )
    SELECT holder_kind, holder, n FROM last`.execute(tx)
  return rows[0]
}
