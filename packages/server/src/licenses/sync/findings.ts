/** The SQL behind what a sync found (S2): lines of the ledger under its run. */
import { sql } from 'kysely'
import type { Db } from '../../platform/db/database.ts'

export interface FindingRow {
  /** The ledger's number of the line, with all its digits. */
  readonly id: string
  readonly at: Date
  readonly change: 'found' | 'vanished' | 'granted'
  readonly cause: string
  readonly asset_id: number
  readonly asset_name: string
  readonly holder_kind: 'device' | 'user'
  readonly holder: string
  readonly holder_name: string | null
}

/** One page of what a run found, in the order in which it was written. */
export async function pageOfFindings(
  db: Db,
  runId: string,
  page: { readonly after: string | null; readonly limit: number },
): Promise<readonly FindingRow[]> {
  const { rows } = await sql<FindingRow>`
    SELECT g.id::text AS id, g.at, g.change, g.cause, g.asset_id, g.holder_kind, g.holder,
      coalesce(t.name, a.adam_id, g.asset_id::text) AS asset_name, coalesce(nullif(d.name, ''), nullif(u.name, '')) AS holder_name
    FROM ledger g
    LEFT JOIN assets a ON a.id = g.asset_id
    LEFT JOIN locations l ON l.id = a.location_id
    LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id
    LEFT JOIN devices d ON g.holder_kind = 'device' AND d.serial_number = g.holder
    LEFT JOIN users u ON g.holder_kind = 'user' AND u.client_user_id::text = g.holder
    WHERE g.sync_run_id = ${runId}::uuid AND (${page.after}::bigint IS NULL OR g.id > ${page.after}::bigint)
    ORDER BY g.id LIMIT ${page.limit}`.execute(db)
  return rows
}

/** Whether there is such a run. */
export async function syncRunExists(db: Db, id: string): Promise<boolean> {
  const { rows } = await sql`SELECT FROM sync_runs WHERE id = ${id}::uuid`.execute(db)
  return rows.length > 0
}
