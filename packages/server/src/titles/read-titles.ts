/** The SQL behind the list of titles (C3): each once, with the sums over its pools. Read `bringSumsUpToDate` first. */
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'

export interface TitleRow {
  readonly adam_id: string
  readonly country: string
  readonly name: string | null
  readonly publisher: string | null
  readonly bundle_id: string | null
  readonly artwork_url: string | null
  readonly minimum_os: string | null
  readonly kind: 'app' | 'mac_app' | 'book'
  readonly platforms: readonly string[]
  readonly pools: number
  readonly locations: number
  readonly unlimited_pools: number
  readonly total: number
  readonly used: number
  readonly used_unlimited: number
  readonly available: number
  readonly retired: number
  readonly granting: number
  readonly held_outside: number
  readonly waiting: number
  readonly short_pools: number
  readonly not_in_store_pools: number
  readonly not_licensed_pools: number
  readonly not_device_assignable_pools: number
  readonly changed_at: Date | null
  /** What the list is sorted by, as text or number. */
  readonly sort_key: string | number
}

export type TitleSort = 'name' | 'available' | 'used' | 'waiting'
export type TitleShow =
  | 'all'
  | 'waiting'
  | 'shortage'
  | 'unused'
  | 'not_in_store'
  | 'not_licensed'
  | 'not_device_assignable'
  | 'changed'

/** What to show. */
export interface TitleFilter {
  /** In lower case. */
  readonly search: string
  readonly adamId: string | null
  readonly locationId: number | null
  readonly kind: string | null
  readonly platform: string | null
  readonly show: TitleShow
  /** From when on a change counts for `show: 'changed'`. */
  readonly changedSince: Date
  readonly sort: TitleSort
  readonly after: readonly [string | number, string] | null
  readonly limit: number
}

/** Each is a column of an index together with the adamId, so that the tenth page costs what the first does. */
const sortKeys: Record<TitleSort, RawBuilder<unknown>> = {
  name: sql`s.name_key`,
  available: sql`(CASE WHEN s.unlimited_pools > 0 THEN 9007199254740991 ELSE s.available END)`,
  used: sql`(-(s.used + s.used_unlimited))`,
  waiting: sql`(-s.waiting)`,
}

/** A title is shown when one of its pools would be. */
function isShown({ show, changedSince }: TitleFilter): RawBuilder<unknown> {
  const shown: Record<TitleShow, RawBuilder<unknown>> = {
    all: sql`s.pools > 0`,
    waiting: sql`s.waiting > 0`,
    shortage: sql`s.short_pools > 0`,
    unused: sql`s.unused_pools > 0`,
    not_in_store: sql`s.not_in_store_pools > 0`,
    not_licensed: sql`s.not_licensed_pools > 0`,
    not_device_assignable: sql`s.not_device_assignable_pools > 0`,
    changed: sql`s.pools > 0 AND s.changed_at >= ${changedSince}`,
  }
  return shown[show]
}

/** The query of one page; its cost depends on the rows of the page, not on those before it. */
export function titlesQuery(filter: TitleFilter): RawBuilder<TitleRow> {
  const key = sortKeys[filter.sort]
  const conditions = [filter.adamId === null ? isShown(filter) : sql`s.adam_id = ${filter.adamId}`]
  if (filter.after !== null) {
    const [last, adamId] = filter.after
    conditions.push(
      sql`(${key}, s.adam_id) > (${last}${filter.sort === 'name' ? sql`::text` : sql`::bigint`}, ${adamId}::text)`,
    )
  }
  if (filter.locationId !== null) {
    conditions.push(sql`EXISTS (SELECT FROM assets a WHERE a.location_id = ${filter.locationId}
      AND a.adam_id = s.adam_id AND (a.gone_at IS NULL OR a.held > 0))`)
  }
  if (filter.kind !== null) conditions.push(sql`s.kind = ${filter.kind}`)
  if (filter.platform !== null) conditions.push(sql`${filter.platform} = ANY(s.platforms)`)
  if (filter.search !== '') conditions.push(sql`strpos(s.search, ${filter.search}) > 0`)
  return sql<TitleRow>`
    WITH page AS MATERIALIZED (
      SELECT s.*, ${key} AS sort_key FROM title_sums s
      WHERE ${sql.join(conditions, sql` AND `)} ORDER BY ${key}, s.adam_id LIMIT ${filter.limit}
    )
    SELECT p.*, t.name, t.publisher, t.bundle_id, t.artwork_url, t.minimum_os
    FROM page p LEFT JOIN LATERAL (SELECT * FROM titles n WHERE n.country = p.country AND n.adam_id = p.adam_id
      LIMIT 1) AS t ON true
    ORDER BY p.sort_key, p.adam_id`
}

/** One page of titles. */
export async function pageOfTitles(db: Db, filter: TitleFilter): Promise<readonly TitleRow[]> {
  return (await titlesQuery(filter).execute(db)).rows
}
