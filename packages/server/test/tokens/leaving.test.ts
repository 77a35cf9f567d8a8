import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Db } from '../../src/platform/db/database.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import {
  beginLeaving,
  deleteSome,
  endLeaving,
  leavingCounts,
  reserveReleases,
  withdrawGrants,
} from '../../src/tokens/leaving/store.ts'
import { findLocation } from '../../src/tokens/store.ts'
import { addAsset, addLocation, countsOf } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

const at = new Date('2026-03-02T08:00:00Z')

/** Licenses as they stand, with the counts on the asset that follow. */
async function give(
  db: Db,
  holding: {
    readonly locationId: number
    readonly assetId: number
    readonly state: 'held' | 'granting' | 'releasing'
    readonly ours: boolean
    readonly count: number
    readonly prefix: string
    readonly releaseAfter?: Date
    readonly operationId?: string
  },
): Promise<void> {
  const { locationId, assetId, state, ours, count, prefix, releaseAfter = null, operationId = null } = holding
  await sql`INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since, release_after, operation_id)
    SELECT ${locationId}::int, ${assetId}::int, 'device', ${prefix} || i, ${state}::license_state, ${ours}, ${at},
      ${releaseAfter}::timestamptz, ${operationId}::uuid FROM generate_series(1, ${count}::int) AS i`.execute(
    db,
  )
  const held = state === 'granting' ? 0 : count
  await sql`UPDATE assets SET held = held + ${held}, held_outside = held_outside + ${ours ? 0 : held},
    reserved = reserved + ${count - held} WHERE id = ${assetId}`.execute(db)
}

async function insertOperation(
  db: Db,
  operation: {
    readonly locationId: number
    readonly assetId: number
    readonly kind: string
    readonly state: string
  },
): Promise<string> {
  const id = randomUUID()
  const { locationId, assetId, kind, state } = operation
  const event = state === 'sent' ? 'event' : null
  await sql`INSERT INTO operations (id, location_id, kind, state, asset_ids, holder_kind, holders, tasks, recorded_at, event_id)
    VALUES (${id}, ${locationId}, ${kind}, ${state}, ARRAY[${assetId}::int], 'device', ARRAY['X'], 1, ${at}, ${event})`.execute(
    db,
  )
  return id
}

const inDays = (days: number) => new Date(at.getTime() + days * 86_400_000)

test('T6 what is ours, revocable and held is counted apart from what is on its way, refused, outside or never comes back', async () => {
  await using database = await createTestDatabase()
  const db = database.kysely
  const locationId = await addLocation(db)
  const assetId = await addAsset(db, { locationId, total: 100 })
  const bookId = await addAsset(db, { locationId, total: 100 })
  await sql`UPDATE assets SET revocable = false WHERE id = ${bookId}`.execute(db)
  const own = { locationId, assetId, ours: true } as const
  await give(db, { ...own, state: 'held', count: 7, prefix: 'A' })
  await give(db, { ...own, state: 'held', count: 2, prefix: 'B', releaseAfter: inDays(0.5) })
  await give(db, {
    ...own,
    state: 'held',
    count: 1,
    prefix: 'C',
    releaseAfter: new Date(at.getTime() + 60_000),
  })
  await give(db, { ...own, state: 'releasing', count: 3, prefix: 'D' })
  await give(db, { ...own, state: 'granting', count: 4, prefix: 'E' })
  await give(db, { ...own, ours: false, state: 'held', count: 5, prefix: 'F' })
  await give(db, { ...own, assetId: bookId, state: 'held', count: 6, prefix: 'G' })
  expect(await leavingCounts(db, locationId, at)).toMatchObject({
    releasable: 7,
    releasing: 3,
    granting: 4,
    refused: 2,
    refused_soon: 1,
    open_operations: 0,
    sync_runs: false,
  })
  const reserve = () => inTransaction(db, (tx) => reserveReleases(tx, { id: locationId, assetId, at }))
  const leave = (licenses: 'release' | 'leave') =>
    inTransaction(db, (tx) => beginLeaving(tx, locationId, { at, by: 'Ada', licenses, count: 7 }))
  expect(await reserve(), 'before anybody asked').toBe(0)
  await leave('release')
  expect([await reserve(), await reserve()]).toEqual([7, 0])
  expect(await leavingCounts(db, locationId, at)).toMatchObject({ releasable: 0, releasing: 10 })
  // Told to leave them after all: what was not sent stays, and a turn that still runs marks nothing more.
  await leave('leave')
  expect(await leavingCounts(db, locationId, at)).toMatchObject({ releasable: 10, releasing: 0 })
  expect(await reserve()).toBe(0)
})

test('T6 grants that were not sent are withdrawn with their counts; those that Apple may have done stay', async () => {
  await using database = await createTestDatabase()
  const db = database.kysely
  const locationId = await addLocation(db)
  const assetId = await addAsset(db, { locationId, total: 100 })
  const recorded = await insertOperation(db, { locationId, assetId, kind: 'associate', state: 'recorded' })
  const sent = await insertOperation(db, { locationId, assetId, kind: 'associate', state: 'sent' })
  const grant = { locationId, assetId, ours: true, state: 'granting' } as const
  await give(db, { ...grant, count: 3, prefix: 'A' })
  await give(db, { ...grant, count: 2, prefix: 'B', operationId: recorded })
  await give(db, { ...grant, count: 4, prefix: 'C', operationId: sent })
  const withdraw = () => inTransaction(db, (tx) => withdrawGrants(tx, locationId, at))
  // Five licenses and one operation.
  expect([await withdraw(), await withdraw()]).toEqual([6, 0])
  expect(await countsOf(db, assetId)).toMatchObject({ reserved: 4, rows_reserved: 4 })
  const { rows } = await sql<{ state: string }>`SELECT state FROM operations ORDER BY state`.execute(db)
  expect(rows.map((row) => row.state)).toEqual(['failed', 'sent'])
})

test('T6 calling it off keeps what was not sent, and leaves what Apple was asked for to its outcome', async () => {
  await using database = await createTestDatabase()
  const db = database.kysely
  const locationId = await addLocation(db)
  const assetId = await addAsset(db, { locationId, total: 100 })
  const recorded = await insertOperation(db, { locationId, assetId, kind: 'disassociate', state: 'recorded' })
  const sent = await insertOperation(db, { locationId, assetId, kind: 'disassociate', state: 'sent' })
  const release = { locationId, assetId, ours: true, state: 'releasing' } as const
  await give(db, { ...release, count: 3, prefix: 'A' })
  await give(db, { ...release, count: 2, prefix: 'B', operationId: recorded })
  await give(db, { ...release, count: 4, prefix: 'C', operationId: sent })
  await inTransaction(db, (tx) =>
    beginLeaving(tx, locationId, { at, by: 'Ada', licenses: 'release', count: 9 }),
  )
  expect(await inTransaction(db, (tx) => endLeaving(tx, locationId, at))).toBe(5)
  expect(await leavingCounts(db, locationId, at)).toMatchObject({ releasing: 4, releasable: 5 })
  expect(await findLocation(db, locationId)).toMatchObject({ leaving_since: null, leaving_phase: null })
})

test('T6 rows go in short transactions; a deletion that was interrupted anywhere goes on, and other locations keep theirs', async () => {
  await using database = await createTestDatabase()
  const db = database.kysely
  const [locationId, otherId] = [await addLocation(db), await addLocation(db)]
  const assets = [
    await addAsset(db, { locationId, total: 50_000 }),
    await addAsset(db, { locationId, total: 5 }),
  ]
  const kept = await addAsset(db, { locationId: otherId, total: 5 })
  const held = { ours: true, state: 'held' } as const
  await give(db, { ...held, locationId, assetId: assets[0] ?? 0, count: 45_000, prefix: 'A' })
  await give(db, { ...held, locationId: otherId, assetId: kept, count: 3, prefix: 'A' })
  await sql`INSERT INTO ledger (location_id, asset_id, holder_kind, holder, at, change, cause)
    VALUES (${locationId}, ${assets[0] ?? 0}, 'device', 'A1', ${at}, 'granted', 'test')`.execute(db)
  const location = await findLocation(db, locationId)
  if (location === undefined) throw new Error('No location')
  const most: number[] = []
  for (let turns = 0; turns < 20; turns++) {
    const before = await rowsOf(db, locationId)
    const more = await inTransaction(db, (tx) => deleteSome(tx, location))
    most.push(before - (await rowsOf(db, locationId)))
    if (!more) break
  }
  expect(Math.max(...most)).toBe(20_000)
  expect(await rowsOf(db, locationId)).toBe(0)
  expect(await rowsOf(db, otherId)).toBe(3)
  const { rows } = await sql<{ asset_id: number }>`SELECT g.asset_id FROM ledger g JOIN former_assets f
    ON f.location_id = g.location_id AND f.asset_id = g.asset_id WHERE g.location_id = ${locationId}`.execute(
    db,
  )
  expect(rows).toHaveLength(1)
})

async function rowsOf(db: Db, locationId: number): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`SELECT count(*)::int AS n FROM licenses WHERE location_id = ${locationId}`.execute(db)
  return rows[0]?.n ?? 0
}
