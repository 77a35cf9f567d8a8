/** The SQL behind the list of assets (L1): counts, titles and assignments of a page in one query. */
import { type RawBuilder, sql } from 'kysely'
import { passingChanges } from '../catalog/recent.ts'
import type { Db } from '../platform/db/database.ts'

export interface AssetRow {
  readonly id: number
  readonly adam_id: string
  readonly pricing_param: string
  readonly product_type: string
  readonly location_id: number
  readonly location_name: string
  readonly exact_as_of: Date | null
  readonly country: string
  readonly unlimited: boolean
  readonly total: number
  readonly retired: number
  readonly held: number
  readonly held_outside: number
  readonly reserved: number
  readonly waiting: number
  readonly withheld: number
  readonly device_assignable: boolean
  readonly revocable: boolean
  readonly platforms: readonly string[]
  /** By the license service or the store (C2). */
  readonly all_platforms: readonly string[]
  readonly counted_at: Date
  readonly gone_at: Date | null
  readonly assignments: number
  readonly unlicensed_since: Date | null
  readonly unassignable_since: Date | null
  readonly not_in_store_since: Date | null
  /** The latest change since `changedSince`. */
  readonly changed_at: Date | null
  readonly kind: 'app' | 'mac_app' | 'book' | null
  readonly name: string | null
  readonly publisher: string | null
  readonly bundle_id: string | null
  readonly version: string | null
  readonly minimum_os: string | null
  readonly price_text: string | null
  readonly genres: readonly string[] | null
  readonly store_url: string | null
  readonly description: string | null
  readonly is_custom: boolean | null
  readonly artwork_url: string | null
  /** What the list is sorted by, as text or number. */
  readonly sort_key: string | number
}

export type AssetSort = 'name' | 'available' | 'used' | 'waiting' | 'token'

/** C4: what was noticed of an asset. */
export type AssetNotice = 'not_in_store' | 'not_licensed' | 'not_device_assignable' | 'changed'

/** What to show. */
export interface AssetFilter {
  readonly search: string
  readonly locationId: number | null
  readonly id: number | null
  readonly adamId: string | null
  readonly kind: string | null
  readonly platform: string | null
  readonly show: 'all' | 'waiting' | 'shortage' | 'unused' | AssetNotice
  /** From when on a change counts; null looks for none. */
  readonly changedSince: Date | null
  readonly sort: AssetSort
  readonly after: readonly [string | number, number] | null
  readonly limit: number
}

/** Everything, sorted by name. */
export const allAssets: AssetFilter = {
  search: '',
  locationId: null,
  id: null,
  adamId: null,
  kind: null,
  platform: null,
  show: 'all',
  changedSince: null,
  sort: 'name',
  after: null,
  limit: 1000,
}

const free = sql`CASE WHEN a.unlimited THEN 2147483647 ELSE greatest(0, a.total - a.retired - a.held - a.reserved) END`
const kindOf = sql`CASE WHEN a.product_type = 'Book' THEN 'book' ELSE coalesce(t.kind, CASE WHEN a.platforms = '{macOS}' THEN 'mac_app' ELSE 'app' END) END`

/** Numbers sort from the most urgent: fewest available, most used, most waiting. */
const sortKeys: Record<AssetSort, RawBuilder<unknown>> = {
  name: sql`lower(coalesce(t.name, a.adam_id))`,
  available: sql`(${free})::bigint`,
  used: sql`-(a.held + a.reserved)::bigint`,
  waiting: sql`-a.waiting::bigint`,
  token: sql`lower(l.name)`,
}

const shown: Record<AssetFilter['show'], RawBuilder<unknown>> = {
  all: sql`true`,
  waiting: sql`a.waiting > 0`,
  shortage: sql`NOT a.unlimited AND (${free}) = 0 AND a.total > 0`,
  unused: sql`a.held + a.reserved = 0 AND a.total > 0`,
  not_in_store: sql`t.not_in_store_since IS NOT NULL`,
  not_licensed: sql`a.unlicensed_since IS NOT NULL`,
  not_device_assignable: sql`a.unassignable_since IS NOT NULL`,
  changed: sql`c.changed_at IS NOT NULL`,
}

/** Whether the sort key is text; the others are numbers. */
export const sortsByText = (sort: AssetSort): boolean => sort === 'name' || sort === 'token'

/** One page of assets. */
export async function pageOfAssets(db: Db, filter: AssetFilter): Promise<readonly AssetRow[]> {
  const key = sortKeys[filter.sort]
  const after =
    filter.after === null
      ? sql`true`
      : sql`(${key}, a.id) > (${filter.after[0]}${sortsByText(filter.sort) ? sql`::text` : sql`::bigint`}, ${filter.after[1]}::int)`
  const { rows } = await sql<AssetRow>`
    SELECT a.id, a.adam_id, a.pricing_param, a.product_type, a.location_id, l.name AS location_name, l.country,
      l.exact_as_of,
      a.unlimited, a.total, a.retired, a.held, a.held_outside, a.reserved, a.waiting, a.device_assignable, a.revocable,
      a.platforms, a.counted_at, a.gone_at, ${kindOf} AS kind, t.name, t.publisher, t.bundle_id, t.version, t.minimum_os,
      t.price_text, t.genres, t.store_url, t.description, t.is_custom, t.artwork_url, ${key} AS sort_key,
      a.unlicensed_since, a.unassignable_since, t.not_in_store_since, c.changed_at,
      title_platforms(a.platforms, coalesce(t.families, '{}')) AS all_platforms,
      (SELECT count(*)::int FROM assignments s WHERE s.asset_id = a.id) AS assignments,
      (SELECT count(*)::int FROM targets t WHERE t.location_id = a.location_id AND t.asset_id = a.id
        AND t.withheld_by IS NOT NULL) AS withheld
    FROM assets a JOIN locations l ON l.id = a.location_id
    LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id
    LEFT JOIN LATERAL (SELECT max(h.at) AS changed_at FROM title_changes h WHERE h.adam_id = a.adam_id
      AND (h.asset_id = a.id OR h.country = l.country) AND h.change IN ${passingChanges} AND h.at >= ${filter.changedSince}) AS c ON true
    WHERE ${after} AND ${shown[filter.show]}
      AND (${filter.locationId}::int IS NULL OR a.location_id = ${filter.locationId})
      AND (${filter.id}::int IS NULL OR a.id = ${filter.id})
      AND (${filter.adamId}::text IS NULL OR a.adam_id = ${filter.adamId})
      AND (a.gone_at IS NULL OR a.held > 0 OR ${filter.id}::int IS NOT NULL OR ${filter.show} = 'not_licensed')
      AND (${filter.kind}::text IS NULL OR ${kindOf} = ${filter.kind})
      AND (${filter.platform}::text IS NULL
        OR ${filter.platform} = ANY(title_platforms(a.platforms, coalesce(t.families, '{}'))))
      AND (${filter.search} = '' OR strpos(lower(concat_ws(' ', t.name, t.publisher, t.bundle_id, a.adam_id)), ${filter.search}) > 0)
    ORDER BY ${key}, a.id LIMIT ${filter.limit}`.execute(db)
  return rows
}
