/** The days of use (L10): sums over the ledger that are right whoever writes its lines. */
import { sql } from 'kysely'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { addAsset, addLocation } from '../support/license-scene.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { writeLines } from './forecast-scene.ts'

const database = await createTestDatabase()
const db = database.kysely
const clock = new ManualClock('2026-03-01T12:00:00.000Z')
afterAll(() => database[Symbol.asyncDispose]())

let locationId = 0
let asset = { id: 0, clock }

beforeEach(async () => {
  await sql`TRUNCATE locations, ledger CASCADE`.execute(db)
  locationId = await addLocation(db)
  asset = { id: await addAsset(db, { locationId, total: 10 }), clock }
})

async function days() {
  const { rows } = await sql<{ day: string; granted: number; released: number }>`
    SELECT day::text, granted, released FROM license_days ORDER BY asset_id, day`.execute(db)
  return rows
}

test('what was given or found counts as granted, what came back or vanished as released', async () => {
  await writeLines(db, asset, { ago: 1, change: 'granted', count: 3 })
  await writeLines(db, asset, { ago: 1, change: 'found', count: 2 })
  await writeLines(db, asset, { ago: 1, change: 'released', count: 1 })
  await writeLines(db, asset, { ago: 0, change: 'vanished', count: 4 })
  expect(await days()).toEqual([
    { day: '2026-02-28', granted: 5, released: 1 },
    { day: '2026-03-01', granted: 0, released: 4 },
  ])
})

test('what moved no license makes no day', async () => {
  await writeLines(db, asset, { ago: 0, change: 'refused', count: 3 })
  await writeLines(db, asset, { ago: 0, change: 'adopted', count: 2 })
  expect(await days()).toEqual([])
})

test('a day ends at midnight in UTC', async () => {
  const at = (moment: string) => ({ id: asset.id, clock: new ManualClock(moment) })
  await writeLines(db, at('2026-03-01T23:59:59.999Z'), { ago: 0, change: 'granted', count: 1 })
  await writeLines(db, at('2026-03-02T00:00:00.000Z'), { ago: 0, change: 'granted', count: 1 })
  expect((await days()).map(({ day }) => day)).toEqual(['2026-03-01', '2026-03-02'])
})

test('lines that are rolled back count nothing', async () => {
  const failed = db.transaction().execute(async (tx) => {
    await writeLines(tx, asset, { ago: 0, change: 'granted', count: 3 })
    throw new Error('rolled back')
  })
  await expect(failed).rejects.toThrow('rolled back')
  expect(await days()).toEqual([])
})

test('two who write for the same asset at once are both counted', async () => {
  await Promise.all(
    Array.from({ length: 6 }, () => writeLines(db, asset, { ago: 0, change: 'granted', count: 5 })),
  )
  expect(await days()).toEqual([{ day: '2026-03-01', granted: 30, released: 0 }])
})

test('a location that goes takes its days along; its lines stay, and later ones make no day', async () => {
  await writeLines(db, asset, { ago: 0, change: 'granted', count: 3 })
  await sql`DELETE FROM locations WHERE id = ${locationId}`.execute(db)
  await sql`INSERT INTO ledger (location_id, asset_id, holder_kind, holder, at, change, cause)
    VALUES (${locationId}, ${asset.id}, 'device', 'DEV1', now(), 'vanished', 'gone_at_sync')`.execute(db)
  expect(await days()).toEqual([])
})
