/**
 * What becomes of each license of a record that is undone: its lines, joined with the books as they are and with the
 * table of verdicts of `core/licenses/undo` (L11). Who comes first gets what is free, by the order of the lines.
 */
import { undoVerdicts } from '@apportion/core/licenses/undo'
import { type RawBuilder, sql } from 'kysely'

/** The record that is undone, and its part that is meant; null does not narrow it. */
export interface UndoneScope {
  readonly undoes: string
  readonly locationId: number | null
  readonly assetId: number | null
}

/** Where an asset's lines begin, and how many are meant, when they are worked off in batches. */
export interface UndoBatch {
  readonly reachedKind: 'device' | 'user' | null
  readonly reachedHolder: string | null
  readonly atOnce: number
}

/**
 * Rows `(location_id, asset_id, holder_kind, holder, outcome, reason, device_id, user_id, assignment_id, required)`: what
 * is left of the record to undo. `required`: the holder needs it once it is withheld no longer.
 */
export function undone(scope: UndoneScope, batch: UndoBatch | null = null): RawBuilder<unknown> {
  return sql`
    SELECT r.location_id, r.asset_id, r.holder_kind, r.holder, r.device_id, r.user_id, r.assignment_id, r.required,
      CASE WHEN r.act IN ('give', 'give_or_queue') AND r.place <= r.free THEN 'giving'
        WHEN r.act = 'keep' THEN 'kept' WHEN r.act IN ('queue', 'give_or_queue') THEN 'queued' ELSE 'skipped' END AS outcome,
      CASE WHEN r.act IN ('give', 'give_or_queue') THEN CASE WHEN r.place > r.free THEN 'none_free' END
        WHEN r.act = 'keep' THEN 'undone' ELSE r.reason END AS reason
    FROM (
      SELECT f.*, v.act, v.reason, f.wanted OR f.withheld = 'by_this' AS required,
        row_number() OVER (PARTITION BY f.asset_id, v.act IN ('give', 'give_or_queue') ORDER BY f.holder_kind, f.holder) AS place
      FROM (${facts(scope, batch)}) AS f
      JOIN (${verdictTable}) AS v ON v.was = f.was AND v.state = f.state AND v.withheld = f.withheld
        AND v.wanted = f.wanted AND v.offered = f.offered) AS r`
}

function facts(scope: UndoneScope, batch: UndoBatch | null): RawBuilder<unknown> {
  return sql`
    SELECT i.location_id, i.asset_id, i.holder_kind, i.holder,
      CASE i.outcome WHEN 'withheld' THEN 'waiting' WHEN 'taken' THEN 'taken' ELSE 'asked' END AS was,
      CASE WHEN l.state IS NULL THEN 'none' WHEN l.state = 'releasing' AND l.operation_id IS NULL THEN 'unsent'
        ELSE l.state::text END AS state,
      CASE WHEN coalesce(t.withheld_by, s.withheld_by) IS NULL THEN 'no'
        WHEN coalesce(t.withheld_by, s.withheld_by) = ${scope.undoes}::uuid THEN 'by_this' ELSE 'by_another' END AS withheld,
      coalesce(t.wants OR s.wants, t.wants, s.wants, false) AS wanted,
      a.gone_at IS NULL AND p.leaving_since IS NULL AND (i.holder_kind = 'user' OR a.device_assignable) AS offered,
      CASE WHEN a.short_until IS NOT NULL THEN 0 WHEN a.unlimited THEN 2147483647
        ELSE a.total - a.retired - a.held - a.reserved END AS free,
      t.device_id, s.user_id, coalesce(t.assignment_id, s.assignment_id) AS assignment_id
    FROM (${lines(scope, batch)}) AS i
    JOIN assets a ON a.id = i.asset_id JOIN locations p ON p.id = a.location_id
    LEFT JOIN licenses l ON l.location_id = i.location_id AND l.asset_id = i.asset_id AND l.holder_kind = i.holder_kind
      AND l.holder = i.holder
    LEFT JOIN devices d ON i.holder_kind = 'device' AND d.serial_number = i.holder
    LEFT JOIN users u ON i.holder_kind = 'user' AND u.client_user_id::text = i.holder
    LEFT JOIN targets t ON t.location_id = i.location_id AND t.asset_id = i.asset_id AND t.device_id = d.id
    LEFT JOIN targets s ON s.location_id = i.location_id AND s.asset_id = i.asset_id AND s.user_id = u.id`
}

function lines({ undoes, locationId, assetId }: UndoneScope, batch: UndoBatch | null): RawBuilder<unknown> {
  const conditions = [
    sql`i.intervention_id = ${undoes}::uuid
    AND i.outcome IN ('asked', 'taken', 'refused', 'withheld')`,
  ]
  if (locationId !== null) conditions.push(sql`i.location_id = ${locationId}::int`)
  if (assetId !== null) conditions.push(sql`i.asset_id = ${assetId}::int`)
  if (batch === null) return sql`SELECT * FROM intervention_items i WHERE ${sql.join(conditions, sql` AND `)}`
  if (batch.reachedKind !== null) {
    conditions.push(
      sql`(i.holder_kind, i.holder) > (${batch.reachedKind}::holder_kind, ${batch.reachedHolder}::text)`,
    )
  }
  return sql`SELECT * FROM intervention_items i WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY i.holder_kind, i.holder LIMIT ${batch.atOnce}`
}

const verdictTable = sql`SELECT * FROM unnest(${undoVerdicts.map((row) => row.was)}::text[],
  ${undoVerdicts.map((row) => row.state)}::text[], ${undoVerdicts.map((row) => row.withheld)}::text[],
  ${undoVerdicts.map((row) => row.wanted)}::boolean[], ${undoVerdicts.map((row) => row.offered)}::boolean[],
  ${undoVerdicts.map(({ verdict }) => verdict.act)}::text[],
  ${undoVerdicts.map(({ verdict }) => (verdict.act === 'skip' ? verdict.reason : null))}::text[])
  AS rule(was, state, withheld, wanted, offered, act, reason)`
