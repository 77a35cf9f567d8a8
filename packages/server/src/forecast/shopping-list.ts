/** The shopping list (L10): what to buy at Apple, location by location, on pages and as CSV. */
import type { Horizon } from '@apportion/core/forecast/forecast'
import type { Confidence } from '@apportion/core/forecast/history'
import { type RawBuilder, sql } from 'kysely'
import { csv } from '../licenses/csv.ts'
import type { Db } from '../platform/db/database.ts'
import { presentLine } from './present.ts'
import { assetNameJoins, assetNames, type NamedAsset } from './read-forecasts.ts'

export interface ShoppingRow extends NamedAsset {
  readonly pricing_param: string
  readonly expected: number
  readonly cautious: number | null
  readonly free: number
  readonly waiting: number
  readonly confidence: Confidence
  /** A decimal number as PostgreSQL writes it. */
  readonly price: string | null
  readonly price_text: string | null
  readonly as_of: Date
  /** Minus what the list is about, so that the most needed comes first. */
  readonly place: number
}

/** Which list. */
export interface ShoppingFilter {
  readonly horizon: Horizon
  readonly cautious: boolean
  readonly locationId: number | null
}

/** A key of the list and how many rows. */
export interface ShoppingPage {
  readonly after: readonly [locationId: number, place: number, assetId: number] | null
  readonly limit: number
}

/** The query of one page; each of both lists has an index in its order. */
export function shoppingQuery(
  { horizon, cautious, locationId }: ShoppingFilter,
  { after, limit }: ShoppingPage,
): RawBuilder<ShoppingRow> {
  const needed = cautious ? sql`coalesce(n.cautious, n.expected)` : sql`n.expected`
  const key = sql`n.location_id, (-${needed}), n.asset_id`
  const conditions = [sql`n.horizon = ${horizon}`, sql`${needed} > 0`]
  if (locationId !== null) conditions.push(sql`n.location_id = ${locationId}`)
  if (after !== null) conditions.push(sql`(${key}) > (${after[0]}::int, ${after[1]}::int, ${after[2]}::int)`)
  return sql<ShoppingRow>`
    WITH x AS MATERIALIZED (
      SELECT n.*, (-${needed}) AS place FROM forecast_needs n
      WHERE ${sql.join(conditions, sql` AND `)} ORDER BY ${key} LIMIT ${limit}
    )
    SELECT x.asset_id, x.expected, x.cautious, x.place, f.free, f.waiting, f.confidence, f.as_of, a.pricing_param,
      t.price::text AS price, t.price_text, ${assetNames}
    FROM x CROSS JOIN LATERAL (SELECT * FROM forecasts o WHERE o.asset_id = x.asset_id OFFSET 0) AS f ${assetNameJoins}
    ORDER BY x.location_id, x.place, x.asset_id`
}

/** One page. */
export async function pageOfShoppingList(
  db: Db,
  filter: ShoppingFilter,
  page: ShoppingPage,
): Promise<readonly ShoppingRow[]> {
  return (await shoppingQuery(filter, page).execute(db)).rows
}

/** Where the next page begins. */
export const shoppingKey = (row: ShoppingRow): [number, number, number] => [
  row.location_id,
  row.place,
  row.asset_id,
]

const columns = [
  'app',
  'adam_id',
  'pricing',
  'location',
  'country',
  'waiting',
  'free',
  'needed',
  'needed_cautious',
  'history',
  'price',
  'price_text',
  'cost',
  'as_of',
]

const pageSize = 1000

/** The whole list, streamed page by page. */
export function shoppingCsv(db: Db, filter: ShoppingFilter): NodeJS.ReadableStream {
  return csv(columns, async function* () {
    let after: ShoppingPage['after'] = null
    for (;;) {
      const rows: readonly ShoppingRow[] = await pageOfShoppingList(db, filter, { after, limit: pageSize })
      for (const line of rows.map((row) => presentLine(row, filter.cautious))) {
        const what = [line.name, line.adamId, line.pricingParam, line.token.name, line.country]
        const counts = [line.waiting, line.free, line.needed, line.neededCautious]
        yield [...what, ...counts, line.confidence, line.price, line.priceText, line.cost, line.asOf]
      }
      const last = rows.at(-1)
      if (rows.length < pageSize || last === undefined) return
      after = shoppingKey(last)
    }
  })
}
