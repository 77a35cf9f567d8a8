/**
 * Carries undoing out, so many lines of one asset in one transaction with the asset's row locked: licenses are reserved
 * for their holders, which the pipeline packs and sends as any others, and targets are withheld no longer.
 */
import { undoDays } from '@apportion/core/licenses/undo'
import { sql } from 'kysely'
import { countItems } from '../licenses/intervention-items.ts'
import type { Tx } from '../platform/db/database.ts'
import { undone } from './undo-scope.ts'

/** The asset of an undo that is worked off. */
export interface OpenUndo {
  readonly interventionId: string
  readonly undoes: string
  readonly locationId: number
  readonly assetId: number
  readonly reachedKind: 'device' | 'user' | null
  readonly reachedHolder: string | null
  readonly now: Date
  readonly atOnce: number
}

/** The last holder of a batch, and how many it had. */
export interface Reached {
  readonly holder_kind: 'device' | 'user'
  readonly holder: string
  readonly n: number
}

/**
 * Undoes the next lines. What no assignment requires would be taken back at the next look, so it is kept for 30 days.
 * Whatever it was before, it is ours from now on.
 */
export async function writeUndoBatch(tx: Tx, open: OpenUndo): Promise<Reached | undefined> {
  const { interventionId, undoes, locationId, assetId, now } = open
  const at = sql`${now}::timestamptz`
  const keepUntil = sql`${new Date(now.getTime() + undoDays * 86_400_000)}::timestamptz`
  const ofAsset = (row: string) =>
    sql`${sql.ref(`${row}.location_id`)} = ${locationId} AND ${sql.ref(`${row}.asset_id`)} = ${assetId}`
  const ofHolder = (row: string) =>
    sql`${ofAsset(row)} AND ${sql.ref(`${row}.holder_kind`)} = b.holder_kind AND ${sql.ref(`${row}.holder`)} = b.holder`
  const { rows } = await sql<Reached>`
    WITH batch AS MATERIALIZED (${undone(open, open)}), listed AS (
      INSERT INTO intervention_items (intervention_id, location_id, asset_id, holder_kind, holder, outcome, reason,
        settled_at)
      SELECT ${interventionId}::uuid, b.location_id, b.asset_id, b.holder_kind, b.holder, b.outcome, b.reason,
        CASE WHEN b.outcome <> 'giving' THEN ${at} END FROM batch b
    ), given AS (
      INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since, assignment_id, keep_until,
        keep_why)
      SELECT b.location_id, b.asset_id, b.holder_kind, b.holder, 'granting', true, ${at},
        CASE WHEN b.required THEN b.assignment_id END, CASE WHEN NOT b.required THEN ${keepUntil} END,
        CASE WHEN NOT b.required THEN 'undone' END
      FROM batch b WHERE b.outcome = 'giving' RETURNING holder
    ), reserved AS (
      UPDATE assets a SET reserved = a.reserved + g.n FROM (SELECT count(*)::int AS n FROM given) AS g
      WHERE a.id = ${assetId} AND g.n > 0
    ), kept AS (
      UPDATE licenses l SET state = CASE WHEN l.state = 'releasing' THEN 'held' ELSE l.state END, release_after = NULL,
        keep_until = CASE WHEN NOT b.required THEN ${keepUntil} END, keep_why = CASE WHEN NOT b.required THEN 'undone' END
      FROM batch b WHERE b.outcome = 'kept' AND ${ofHolder('l')}
    ), ended AS (
      UPDATE intervention_items i SET outcome = 'kept', reason = 'undone', settled_at = ${at}, error_number = NULL,
        detail = NULL
      FROM batch b WHERE i.intervention_id = ${undoes}::uuid AND b.outcome = 'kept' AND ${ofHolder('i')}
    ), again AS (
      -- By array: the planner cannot know how many rows the batch has, and would compare all with all.
      UPDATE targets t SET withheld_by = NULL, withheld_at = NULL
      WHERE ${ofAsset('t')} AND t.withheld_by = ${undoes}::uuid AND (
        t.device_id = ANY(ARRAY(SELECT b.device_id FROM batch b WHERE b.outcome <> 'skipped' AND b.device_id IS NOT NULL))
        OR t.user_id = ANY(ARRAY(SELECT b.user_id FROM batch b WHERE b.outcome <> 'skipped' AND b.user_id IS NOT NULL)))
    )
    SELECT b.holder_kind, b.holder, (SELECT count(*)::int FROM batch) AS n FROM batch b
    ORDER BY b.holder_kind DESC, b.holder DESC LIMIT 1`.execute(tx)
  await countItems(tx, { interventionId: undoes, assetId, now })
  return rows[0]
}
