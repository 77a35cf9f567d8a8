/** The SQL of what changed of titles and assets (C4), newest first. */
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db } from '../platform/db/database.ts'
import type { titleChange } from './schema.ts'

export interface ChangeRow {
  readonly id: number
  readonly adam_id: string
  readonly name: string | null
  readonly country: string | null
  readonly asset_id: number | null
  readonly token_name: string | null
  readonly at: Date
  readonly change: z.output<typeof titleChange>['change']
  readonly before: string | null
  readonly after: string | null
}

/** Which changes: of a title everywhere, or of one asset with its country's store. */
export interface ChangeFilter {
  readonly adamId: string | null
  readonly assetId: number | null
  readonly before: number | null
  readonly limit: number
}

/** One page of changes. */
export async function pageOfChanges(db: Db, filter: ChangeFilter): Promise<readonly ChangeRow[]> {
  const { adamId, assetId, before, limit } = filter
  const of =
    assetId === null
      ? sql`${adamId}::text IS NULL OR c.adam_id = ${adamId}`
      : sql`EXISTS (SELECT FROM assets a JOIN locations l ON l.id = a.location_id WHERE a.id = ${assetId}
          AND a.adam_id = c.adam_id AND (c.asset_id = a.id OR c.country = l.country))`
  const { rows } = await sql<ChangeRow>`
    SELECT c.id, c.adam_id, c.country, c.asset_id, c.at, c.change, c.before, c.after, l.name AS token_name,
      (SELECT t.name FROM titles t WHERE t.country = coalesce(c.country, l.country) AND t.adam_id = c.adam_id) AS name
    FROM title_changes c LEFT JOIN assets o ON o.id = c.asset_id LEFT JOIN locations l ON l.id = o.location_id
    WHERE (${of}) AND (${before}::bigint IS NULL OR c.id < ${before})
    ORDER BY c.id DESC LIMIT ${limit}`.execute(db)
  return rows
}

/** A change as the API shows it. */
export function presentChange(row: ChangeRow): z.output<typeof titleChange> {
  return {
    id: row.id,
    adamId: row.adam_id,
    name: row.name ?? row.adam_id,
    change: row.change,
    at: row.at.toISOString(),
    country: row.country,
    asset: row.asset_id === null ? null : { id: row.asset_id, tokenName: row.token_name ?? '' },
    before: row.before,
    after: row.after,
  }
}
