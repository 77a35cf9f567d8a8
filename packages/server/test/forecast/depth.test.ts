/** What forecasts cost (L10): lists by their page, making them by batches and not by assets. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forecastsQuery } from '../../src/forecast/read-forecasts.ts'
import { type ShoppingPage, shoppingQuery } from '../../src/forecast/shopping-list.ts'
import { countStatements } from '../support/count-statements.ts'
import { addLocation } from '../support/license-scene.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { rowsRead } from '../support/rows-read.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'
import { makeForecasts } from './forecast-scene.ts'

const assetCount = 2000
const limit = 50
const clock = new ManualClock('2026-03-01T12:00:00.000Z')
let database: TestDatabase
let statements = 0

beforeAll(async () => {
  database = await createTestDatabase()
  const db = database.kysely
  const place = await addLocation(db)
  await sql`UPDATE locations SET exact_as_of = ${clock.now()}`.execute(db)
  await sql`INSERT INTO assets (location_id, adam_id, pricing_param, product_type, total, assigned, available, retired,
      device_assignable, revocable, counted_at, held, waiting, first_seen_at)
    SELECT ${place}, i::text, 'STDQ', 'App', 100, 0, 100, 0, true, true, now(), 100, 1 + i % 7, '2025-01-01'
    FROM generate_series(1, ${assetCount}::int) AS i`.execute(db)
  statements = await countStatements(() => makeForecasts(db, clock))
  await sql`ANALYZE`.execute(db)
})

afterAll(async () => {
  await database?.[Symbol.asyncDispose]()
})

test('making 2,000 forecasts takes eight statements for each fifty', () => {
  const batches = assetCount / 50
  // Begin, lease, assets, waves, two that store, old days, commit; beside them the begin and the end.
  expect(statements).toBeGreaterThan(8 * batches)
  expect(statements).toBeLessThanOrEqual(8 * batches + 20)
})

test('the last page of the forecasts reads as few rows as the first', async () => {
  const page = (after: readonly [number, number] | null) =>
    rowsRead(database.kysely, forecastsQuery({ locationId: null, within: null, after, limit }))
  const { rows } = await sql<{ place: number; asset_id: number }>`
    SELECT place, asset_id FROM forecasts ORDER BY place, asset_id OFFSET ${assetCount - limit - 1}::int LIMIT 1`.execute(
    database.kysely,
  )
  const [last] = rows
  if (last === undefined) throw new Error('No forecasts')
  // Of each row the forecast, the asset and the location, and no title, since none is known.
  expect(await page(null)).toBeLessThanOrEqual(4 * limit)
  expect(await page([last.place, last.asset_id])).toBeLessThanOrEqual(4 * limit)
})

for (const cautious of [false, true]) {
  test(`the last page of the ${cautious ? 'cautious ' : ''}shopping list reads as few rows as the first`, async () => {
    const page = (after: ShoppingPage['after']) =>
      rowsRead(database.kysely, shoppingQuery({ horizon: 90, cautious, locationId: null }, { after, limit }))
    const { rows } = await sql<{ location_id: number; place: number; asset_id: number }>`
      SELECT location_id, -expected AS place, asset_id FROM forecast_needs WHERE horizon = 90
      ORDER BY 1, 2, 3 OFFSET ${assetCount - limit - 1}::int LIMIT 1`.execute(database.kysely)
    const [last] = rows
    if (last === undefined) throw new Error('No needs')
    expect(await page(null)).toBeLessThanOrEqual(5 * limit)
    expect(await page([last.location_id, last.place, last.asset_id])).toBeLessThanOrEqual(5 * limit)
  })
}
