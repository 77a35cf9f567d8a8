/** The SQL of the list of forecasts (L10): what was made, in the order of an index. */
import type { ForecastState } from '@apportion/core/forecast/forecast'
import type { Confidence } from '@apportion/core/forecast/history'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'

/** An asset by its names, as lists show it. */
export interface NamedAsset {
  readonly asset_id: number
  readonly name: string
  readonly adam_id: string
  readonly country: string
  readonly artwork_url: string | null
  readonly location_id: number
  readonly location_name: string
}

export interface ForecastRow extends NamedAsset {
  readonly as_of: Date
  readonly state: ForecastState
  readonly free: number
  readonly waiting: number
  readonly planned: number
  readonly days_left: number | null
  readonly earliest: number | null
  readonly latest: number | null
  readonly use_per_day: number | null
  readonly confidence: Confidence
  readonly history_days: number
  readonly changes: number
  readonly place: number
}

/** What is null does not narrow. */
export interface ForecastFilter {
  readonly locationId: number | null
  readonly within: number | null
  readonly after: readonly [place: number, assetId: number] | null
  readonly limit: number
}

/** Columns and joins of a named asset, for rows `x` with an asset; each is looked up by its key, however many there are. */
export const assetNames = sql`coalesce(t.name, a.adam_id) AS name, a.adam_id, a.country, t.artwork_url, a.location_id,
  a.location_name`
export const assetNameJoins = sql`CROSS JOIN LATERAL (SELECT o.adam_id, o.pricing_param, o.location_id, l.country,
      l.name AS location_name FROM assets o JOIN locations l ON l.id = o.location_id WHERE o.id = x.asset_id OFFSET 0) AS a
  LEFT JOIN LATERAL (SELECT n.name, n.artwork_url, n.price, n.price_text FROM titles n
    WHERE n.country = a.country AND n.adam_id = a.adam_id LIMIT 1) AS t ON true`

/** The query of one page; its cost depends on the rows of the page, not on how many assets there are. */
export function forecastsQuery({
  locationId,
  within,
  after,
  limit,
}: ForecastFilter): RawBuilder<ForecastRow> {
  const conditions = [sql`true`]
  if (locationId !== null) conditions.push(sql`f.location_id = ${locationId}`)
  if (within !== null) conditions.push(sql`f.place <= ${within}`)
  if (after !== null) conditions.push(sql`(f.place, f.asset_id) > (${after[0]}::int, ${after[1]}::int)`)
  return sql<ForecastRow>`
    WITH x AS MATERIALIZED (
      SELECT f.* FROM forecasts f WHERE ${sql.join(conditions, sql` AND `)} ORDER BY f.place, f.asset_id LIMIT ${limit}
    )
    SELECT x.*, ${assetNames} FROM x ${assetNameJoins} ORDER BY x.place, x.asset_id`
}

/** One page, soonest first. */
export async function pageOfForecasts(db: Db, filter: ForecastFilter): Promise<readonly ForecastRow[]> {
  return (await forecastsQuery(filter).execute(db)).rows
}

/** How many assets are expected to run out within so many days; those that are short now are among them. */
export async function countRunningOut(db: Db, within: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM forecasts WHERE place <= ${within}`.execute(db)
  return rows[0]?.n ?? 0
}
