import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringSumsUpToDate } from '../../src/catalog/title-sums.ts'
import { pageOfTitles, type TitleFilter, type TitleSort, titlesQuery } from '../../src/titles/read-titles.ts'
import { rowsRead } from '../support/rows-read.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'
import { addPlace } from './titles-scene.ts'

/** Enough that reading all of them would show: 3,000 titles in 12,000 pools. */
const titleCount = 3000
const limit = 50

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  const db = database.kysely
  for (const name of ['North', 'East', 'South', 'West']) {
    const place = await addPlace(db, name, 'NL')
    await sql`INSERT INTO assets (location_id, adam_id, pricing_param, product_type, total, assigned, available, retired,
        device_assignable, revocable, counted_at, held, waiting, first_seen_at)
      SELECT ${place}, i::text, 'STDQ', 'App', 100, 0, 100, 0, true, true, now(), i % 97, i % 7, now()
      FROM generate_series(1, ${titleCount}::int) AS i`.execute(db)
  }
  await sql`INSERT INTO titles (country, adam_id, kind, name, looked_up_at, found_at)
    SELECT 'NL', i::text, 'app', 'Title ' || (i * 7919 % ${titleCount}::int), now(), now()
    FROM generate_series(1, ${titleCount}::int) AS i`.execute(db)
  await bringSumsUpToDate(db)
  await sql`ANALYZE`.execute(db)
})

afterAll(async () => {
  await database?.[Symbol.asyncDispose]()
})

const filterBy = (sort: TitleSort, after: TitleFilter['after']): TitleFilter => ({
  search: '',
  adamId: null,
  locationId: null,
  kind: null,
  platform: null,
  show: 'all',
  changedSince: new Date(),
  sort,
  after,
  limit,
})

const read = (filter: TitleFilter) => rowsRead(database.kysely, titlesQuery(filter))

for (const sort of ['name', 'available', 'used', 'waiting'] as const) {
  test(`C3 the last page sorted by ${sort} reads as few rows as the first`, async () => {
    const db = database.kysely
    let after: TitleFilter['after'] = null
    for (let page = 0; page < titleCount / limit - 1; page++) {
      const last = (await pageOfTitles(db, filterBy(sort, after))).at(-1)
      if (last === undefined) throw new Error('The list ended early')
      after = [last.sort_key, last.adam_id]
    }
    const [first, deep] = [await read(filterBy(sort, null)), await read(filterBy(sort, after))]
    // The page itself and the name of each of its titles.
    expect(first).toBeLessThanOrEqual(2 * limit)
    expect(deep).toBeLessThanOrEqual(2 * limit)
    expect(deep).toBeGreaterThanOrEqual(limit)
  })
}

test('C3 a pool that changed costs the sums of its own title, not those of all', async () => {
  const db = database.kysely
  await sql`UPDATE assets SET held = held + 1 WHERE adam_id = '17' AND total > 0`.execute(db)
  const marks = await sql<{ n: number }>`SELECT count(DISTINCT adam_id)::int AS n FROM title_marks`.execute(
    db,
  )
  expect(marks.rows[0]?.n).toBe(1)
  await bringSumsUpToDate(db)
  const left = await sql<{ n: number }>`SELECT count(*)::int AS n FROM title_marks`.execute(db)
  expect(left.rows[0]?.n).toBe(0)
  const sums = await sql<{ used: number }>`SELECT used FROM title_sums WHERE adam_id = '17'`.execute(db)
  expect(sums.rows[0]?.used).toBe(4 * (17 + 1))
})
