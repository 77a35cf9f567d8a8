/** The targets of an asset: what its assignments resolve to, kept as rows that remember their place in the queue. */
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { resolved, savedRules } from './resolve.ts'

/** The asset whose targets are refreshed. */
export interface TargetedAsset {
  readonly id: number
  readonly location_id: number
}

/**
 * The targets of an asset become what its assignments resolve to; who stays keeps the place in the queue and stays
 * withheld (L6), who comes anew or is meant otherwise is not. The asset's row is locked by the caller.
 */
export async function refreshTargets(tx: Tx, pool: TargetedAsset, now: Date): Promise<void> {
  const wanted = sql`SELECT device_id, intent, assignment_id FROM (${resolved(pool.id, savedRules(pool.id))}) AS r WHERE r.unfit IS NULL`
  await sql`
    WITH wanted AS MATERIALIZED (${wanted}), gone AS (
      DELETE FROM targets t WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id}
        AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.device_id = t.device_id)
    )
    INSERT INTO targets AS t (location_id, asset_id, device_id, intent, assignment_id, entered_at)
    SELECT ${pool.location_id}::int, ${pool.id}::int, w.device_id, w.intent, w.assignment_id, ${now}::timestamptz
    FROM wanted w LEFT JOIN targets k
      ON k.location_id = ${pool.location_id} AND k.asset_id = ${pool.id} AND k.device_id = w.device_id
    WHERE k.device_id IS NULL OR k.intent <> w.intent OR k.assignment_id <> w.assignment_id
    ON CONFLICT (location_id, asset_id, device_id) DO UPDATE SET
      entered_at = CASE WHEN t.intent = excluded.intent THEN t.entered_at ELSE excluded.entered_at END,
      withheld_by = CASE WHEN t.intent = excluded.intent THEN t.withheld_by END,
      withheld_at = CASE WHEN t.intent = excluded.intent THEN t.withheld_at END,
      intent = excluded.intent, assignment_id = excluded.assignment_id,
      refused_number = NULL, refused_detail = NULL, retry_at = NULL`.execute(tx)
}
