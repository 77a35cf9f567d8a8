/**
 * Carries interventions out, one asset after another and so many holders in one transaction: licenses are marked to be
 * released, which the pipeline packs and sends as any others (L4, invariant 3), targets are withheld, what was held
 * outside becomes ours, and each license becomes a line of the record. A crash leaves whole batches; the next turn goes
 * on behind the last one.
 */
import type { Intervention } from '@apportion/core/licenses/intervention'
import { sql } from 'kysely'
import { refreshingOf, refreshTargets } from '../assignments/targets.ts'
import { askForLookAtAsset } from '../idle/ask.ts'
import { countItems } from '../licenses/intervention-items.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { holdLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import { lookAgainAtAssets, lookAtDelivery } from '../platform/outbox.ts'
import { pairs, verdictOfPair, verdictTable } from './scope.ts'
import { askedBy, type InterventionRow, scopeOf } from './store.ts'
import { type Reached, writeUndoBatch } from './undo-batch.ts'

export interface CarryOutPorts {
  readonly db: Db
  readonly clock: Clock
  /** Holders in one transaction; 20,000 when left out. */
  readonly atOnce?: number
}

/** The step that carries interventions out. */
export function interveneStep(ports: CarryOutPorts): LocationStep {
  return {
    name: 'intervene',
    alone: true,
    due: () => sql`SELECT location_id FROM intervention_assets WHERE done_at IS NULL`,
    run: (turn) => carryOut(ports, turn),
  }
}

async function carryOut(ports: CarryOutPorts, turn: LocationTurn): Promise<void> {
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

interface OpenAsset {
  readonly intervention_id: string
  readonly asset_id: number
  readonly location_id: number
  readonly reached_kind: 'device' | 'user' | null
  readonly reached_holder: string | null
  readonly begun_at: Date | null
}

/** The first that was applied goes first; the asset is locked before anything of it is read. */
async function nextAsset(tx: Tx, locationId: number): Promise<OpenAsset | undefined> {
  const { rows } = await sql<OpenAsset>`
    SELECT o.intervention_id, o.asset_id, o.location_id, o.reached_kind, o.reached_holder, o.begun_at
    FROM intervention_assets o WHERE o.location_id = ${locationId} AND o.done_at IS NULL
    ORDER BY o.intervention_id, o.asset_id LIMIT 1`.execute(tx)
  const [next] = rows
  if (next !== undefined) await sql`SELECT 1 FROM assets WHERE id = ${next.asset_id} FOR UPDATE`.execute(tx)
  return next
}

interface Moment {
  readonly now: Date
  readonly atOnce: number
}

async function oneBatch(tx: Tx, open: OpenAsset, { now, atOnce }: Moment): Promise<void> {
  const { rows } =
    await sql<InterventionRow>`SELECT * FROM interventions WHERE id = ${open.intervention_id}`.execute(tx)
  const [intervention] = rows
  if (intervention === undefined) throw new Error(`An asset of no intervention: ${open.intervention_id}`)
  // Who came or went meanwhile is not known to the targets until the asset is looked at.
  const pool = { id: open.asset_id, location_id: open.location_id }
  if (open.begun_at === null) await refreshTargets(tx, pool, { ...(await refreshingOf(tx, pool)), now })
  const last = await writeBatch(tx, { open, intervention, now, atOnce })
  const isDone = last === undefined || last.n < atOnce
  await sql`UPDATE intervention_assets SET begun_at = coalesce(begun_at, ${now}),
      reached_kind = coalesce(${last?.holder_kind ?? null}::holder_kind, reached_kind),
      reached_holder = coalesce(${last?.holder ?? null}, reached_holder),
      done_at = ${isDone ? now : null}
    WHERE intervention_id = ${open.intervention_id} AND asset_id = ${open.asset_id}`.execute(tx)
  if (isDone) await askForLookAtAsset(tx, open.asset_id)
  await lookAgainAtAssets(tx, [open.asset_id])
  await countItems(tx, { interventionId: open.intervention_id, assetId: open.asset_id, now })
}

interface Batch {
  readonly open: OpenAsset
  readonly intervention: InterventionRow
  readonly now: Date
  readonly atOnce: number
}

async function writeBatch(tx: Tx, batch: Batch): Promise<Reached | undefined> {
  const { open, now, atOnce } = batch
  const asked = askedBy(batch.intervention)
  if (asked.kind === 'undo') {
    return writeUndoBatch(tx, {
      interventionId: open.intervention_id,
      undoes: asked.undoes,
      locationId: open.location_id,
      assetId: open.asset_id,
      reachedKind: open.reached_kind,
      reachedHolder: open.reached_holder,
      now,
      atOnce,
    })
  }
  const at = sql`${now}::timestamptz`
  const id = sql`${open.intervention_id}::uuid`
  const ofTarget = sql`t.location_id = ${open.location_id} AND t.asset_id = ${open.asset_id}`
  const ofLicense = sql`l.location_id = ${open.location_id} AND l.asset_id = ${open.asset_id}
    AND l.holder_kind = b.holder_kind AND l.holder = b.holder`
  const { rows } = await sql<Reached>`
    WITH batch AS MATERIALIZED (${rowsOf(batch, asked)}), listed AS (
      INSERT INTO intervention_items (intervention_id, location_id, asset_id, holder_kind, holder, outcome, reason,
        settled_at)
      SELECT ${id}, ${open.location_id}::int, ${open.asset_id}::int, b.holder_kind, b.holder, b.outcome, b.reason,
        CASE WHEN b.outcome <> 'asked' THEN ${at} END FROM batch b WHERE b.outcome IS NOT NULL
    ), withheld AS (
      -- By array: the planner cannot know how many rows the batch has, and would compare all with all.
      UPDATE targets t SET withheld_by = ${id}, withheld_at = ${at}, waits = false
      WHERE ${ofTarget} AND (t.device_id = ANY(ARRAY(SELECT b.device_id FROM batch b WHERE ${isWithheld}))
        OR t.user_id = ANY(ARRAY(SELECT b.user_id FROM batch b WHERE ${isWithheld})))
      RETURNING t.location_id, t.asset_id, t.device_id, t.user_id
    ), delivery AS (${lookAtDelivery(sql`
      SELECT w.location_id, w.asset_id, w.device_id FROM withheld w WHERE w.device_id IS NOT NULL
      UNION ALL SELECT w.location_id, w.asset_id, d.id FROM withheld w JOIN devices d ON d.user_id = w.user_id`)}
    ), released AS (
      UPDATE licenses l SET state = 'releasing', ours = true, operation_id = NULL, since = ${at}, release_after = NULL,
        keep_until = NULL, keep_why = NULL
      FROM batch b WHERE b.outcome = 'asked' AND b.state = 'held' AND ${ofLicense}
    ), adopted AS (
      UPDATE licenses l SET ours = true, assignment_id = b.assignment_id
      FROM batch b WHERE b.outcome = 'adopted' AND ${ofLicense}
      RETURNING l.location_id, l.asset_id, l.holder_kind, l.holder, l.assignment_id
    ), written AS (
      INSERT INTO ledger (location_id, asset_id, holder_kind, holder, at, change, cause, assignment_id, intervention_id)
      SELECT location_id, asset_id, holder_kind, holder, ${at}, 'adopted', 'adopted', assignment_id, ${id} FROM adopted
    ), counted AS (
      SELECT (count(*) FILTER (WHERE b.outcome = 'withheld'))::int AS waited,
        (count(*) FILTER (WHERE b.outcome IN ('asked', 'adopted') AND b.state = 'held' AND NOT b.ours))::int AS outside
      FROM batch b
    ), moved AS (
      UPDATE assets a SET waiting = a.waiting - c.waited, held_outside = a.held_outside - c.outside
      FROM counted c WHERE a.id = ${open.asset_id} AND c.waited + c.outside > 0
    )
    SELECT b.holder_kind, b.holder, (SELECT count(*)::int FROM batch) AS n FROM batch b
    ORDER BY b.holder_kind DESC, b.holder DESC LIMIT 1`.execute(tx)
  return rows[0]
}

/**
 * The next holders of an asset with what becomes of each. What came into the scope after it was applied was not in what
 * was previewed, and is left alone.
 */
function rowsOf({ open, intervention, atOnce }: Batch, asked: Intervention) {
  const scope = { ...scopeOf(intervention), locationId: open.location_id, assetId: open.asset_id }
  return sql`
    SELECT p.*, v.outcome, v.reason, coalesce(t.assignment_id, q.assignment_id) AS assignment_id FROM (
      SELECT * FROM (${pairs(scope)}) AS all_of_them
      WHERE since <= ${intervention.applied_at}
        AND (${open.reached_kind}::holder_kind IS NULL
          OR (holder_kind, holder) > (${open.reached_kind}::holder_kind, ${open.reached_holder}::text))
      ORDER BY holder_kind, holder LIMIT ${atOnce}) AS p
    LEFT JOIN (${verdictTable(asked)}) AS v ON ${verdictOfPair}
    LEFT JOIN targets t ON t.location_id = p.location_id AND t.asset_id = p.asset_id AND t.device_id = p.device_id
    LEFT JOIN targets q ON q.location_id = p.location_id AND q.asset_id = p.asset_id AND q.user_id = p.user_id`
}

const isWithheld = sql`(b.outcome = 'withheld' OR (b.outcome = 'asked' AND b.reason = 'withheld'))`
