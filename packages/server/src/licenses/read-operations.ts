/** The SQL behind the list of operations. */
import { sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'
import type { OperationRow } from './operations.ts'

export type ShownOperation = OperationRow & {
  readonly finished_at: Date | null
  readonly problem_number: number | null
  readonly problem_detail: string | null
  readonly holder_count: number
  readonly assets: readonly { readonly id: number; readonly name: string }[]
}

/** Operations, newest first. */
export async function pageOfOperations(
  db: Db,
  page: {
    readonly locationId: number | null
    readonly assetId: number | null
    readonly open: boolean
    readonly before: readonly [string, string] | null
    readonly limit: number
  },
): Promise<readonly ShownOperation[]> {
  const [at, id] = page.before ?? [null, null]
  const { rows } = await sql<ShownOperation>`
    -- The lists of holders are long and stored apart; their number follows from the tasks.
    SELECT o.id, o.location_id, o.kind, o.state, o.holder_kind, o.tasks, o.recorded_at, o.sent_at, o.event_id, o.attempts,
      o.completed, o.finished_at, o.problem_number, o.problem_detail, o.tasks / cardinality(o.asset_ids) AS holder_count,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', coalesce(t.name, a.adam_id)) ORDER BY a.id), '[]')
        FROM assets a JOIN locations l ON l.id = a.location_id
        LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id
        WHERE a.id = ANY(o.asset_ids)) AS assets
    FROM operations o
    WHERE (${page.locationId}::int IS NULL OR o.location_id = ${page.locationId})
      AND (${page.assetId}::int IS NULL OR ${page.assetId} = ANY(o.asset_ids))
      AND (NOT ${page.open} OR o.finished_at IS NULL)
      AND (${at}::timestamptz IS NULL OR (o.recorded_at, o.id) < (${at}::timestamptz, ${id}::uuid))
    ORDER BY o.recorded_at DESC, o.id DESC LIMIT ${page.limit}`.execute(db)
  return rows
}
