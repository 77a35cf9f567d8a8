/** The licenses that an intervention is about: as previewed while it is not applied, then as the record has them. */
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'
import { decided } from './scope.ts'
import { askedBy, type InterventionRow, scopeOf } from './store.ts'

export interface ItemRow {
  readonly asset_id: number
  readonly asset_name: string
  readonly token_name: string
  readonly holder_kind: 'device' | 'user'
  readonly holder: string
  readonly device_id: number | null
  readonly holder_name: string | null
  readonly outcome:
    | 'asked'
    | 'taken'
    | 'refused'
    | 'kept'
    | 'adopted'
    | 'withheld'
    | 'skipped'
    | 'giving'
    | 'given'
    | 'not_given'
    | 'queued'
  readonly reason: string | null
  readonly error_number: number | null
  readonly detail: string | null
  readonly settled_at: Date | null
}

export interface ItemFilter {
  /** Start of the serial number or of the user's id; empty for all. */
  readonly search: string
  readonly outcome: ItemRow['outcome'] | null
  readonly after: readonly [assetId: number, kind: 'device' | 'user', holder: string] | null
  readonly limit: number
}

/** One page, by asset and holder. */
export async function pageOfItems(
  db: Db,
  intervention: InterventionRow,
  filter: ItemFilter,
): Promise<readonly ItemRow[]> {
  if (intervention.applied_at === null) return pageOfPreview(db, intervention, filter)
  return pageOf(db, sql`SELECT * FROM intervention_items WHERE intervention_id = ${intervention.id}`, filter)
}

/** Asset by asset, so that a page costs what it shows and not what the whole preview is about. */
async function pageOfPreview(
  db: Db,
  intervention: InterventionRow,
  filter: ItemFilter,
): Promise<readonly ItemRow[]> {
  const scope = scopeOf(intervention)
  const rows: ItemRow[] = []
  for (const asset of await assetsFrom(db, intervention, filter.after?.[0] ?? 0)) {
    const its = { ...scope, locationId: asset.location_id, assetId: asset.id }
    const source = sql`SELECT d.asset_id, d.holder_kind, d.holder, d.outcome, d.reason, NULL::int AS error_number,
        NULL::text AS detail, NULL::timestamptz AS settled_at
      FROM (${decided(its, askedBy(intervention))}) AS d`
    rows.push(...(await pageOf(db, source, { ...filter, limit: filter.limit - rows.length })))
    if (rows.length >= filter.limit) break
  }
  return rows
}

/** Assets of a preview, from an id on, of which it may be about some license. */
async function assetsFrom(
  db: Db,
  intervention: InterventionRow,
  from: number,
): Promise<readonly { readonly id: number; readonly location_id: number }[]> {
  const { locationId, assetId } = scopeOf(intervention)
  const { rows } = await sql<{ id: number; location_id: number }>`SELECT a.id, a.location_id FROM assets a
    WHERE a.id >= ${from} AND (${locationId}::int IS NULL OR a.location_id = ${locationId})
      AND (${assetId}::int IS NULL OR a.id = ${assetId}) AND ${isAbout(intervention)}
    ORDER BY a.id`.execute(db)
  return rows
}

function isAbout({ undoes, idle_reasons: reasons }: InterventionRow): RawBuilder<unknown> {
  if (reasons !== null) {
    return sql`EXISTS (SELECT 1 FROM idle_licenses i WHERE i.asset_id = a.id AND i.reason = ANY(${[...reasons]}::text[]))`
  }
  if (undoes === null) return sql`(a.held > 0 OR a.reserved > 0 OR a.waiting > 0)`
  // What is undone may be of assets of which nobody holds or awaits anything any more.
  return sql`EXISTS (SELECT 1 FROM intervention_assets u WHERE u.intervention_id = ${undoes}::uuid AND u.asset_id = a.id)`
}

async function pageOf(
  db: Db,
  source: RawBuilder<unknown>,
  { after, search, outcome, limit }: ItemFilter,
): Promise<readonly ItemRow[]> {
  const [assetId, kind, holder] = after ?? [null, null, null]
  const { rows } = await sql<ItemRow>`
    SELECT i.asset_id, coalesce(n.name, a.adam_id) AS asset_name, a.location_name AS token_name, i.holder_kind, i.holder,
      d.id AS device_id, coalesce(nullif(d.name, ''), nullif(u.name, ''), u.user_name) AS holder_name, i.outcome, i.reason,
      i.error_number, i.detail, i.settled_at
    FROM (
      SELECT * FROM (${source}) AS x
      WHERE (${assetId}::int IS NULL
          OR (x.asset_id, x.holder_kind, x.holder) > (${assetId}::int, ${kind}::holder_kind, ${holder}::text))
        AND (${search} = '' OR starts_with(x.holder, ${search}))
        AND (${outcome}::text IS NULL OR x.outcome = ${outcome})
      ORDER BY x.asset_id, x.holder_kind, x.holder LIMIT ${limit}) AS i
    JOIN known_assets a ON a.asset_id = i.asset_id
    LEFT JOIN titles n ON n.country = a.country AND n.adam_id = a.adam_id
    LEFT JOIN devices d ON i.holder_kind = 'device' AND d.serial_number = i.holder
    LEFT JOIN users u ON i.holder_kind = 'user' AND u.client_user_id::text = i.holder
    ORDER BY i.asset_id, i.holder_kind, i.holder`.execute(db)
  return rows
}

/** The cursor key of a row. */
export function itemKey(row: ItemRow): readonly [number, 'device' | 'user', string] {
  return [row.asset_id, row.holder_kind, row.holder]
}
