import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { planAssets, workOut } from '../../src/assignments/plan.ts'
import { reconcileStep } from '../../src/assignments/reconcile.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { Db } from '../../src/platform/db/database.ts'
import { renewLeases } from '../../src/platform/leases.ts'
import { addAsset, addGroup, addLocation, assign } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

test('C2 the plan says who is left out and why, and the numbers of each reason', async () => {
  await using database = await createTestDatabase()
  const db = database.kysely
  const locationId = await addLocation(db)
  const assetId = await addAsset(db, { locationId, total: 10 })
  await sql`UPDATE assets SET platforms = '{iOS}' WHERE id = ${assetId}`.execute(db)
  await sql`INSERT INTO titles (country, adam_id, kind, name, families, minimum_os, looked_up_at, found_at)
    SELECT 'NL', adam_id, 'app', 'Star Atlas', '{ipad}', '17.0', now(), now() FROM assets`.execute(db)
  const groupId = await addGroup(db, { name: 'All', count: 5, prefix: 'DEV' })
  const facts = [
    ['DEV00001', 'iPadOS', '17.4', 'iPad Air'],
    ['DEV00002', 'macOS', '14.5', 'MacBook Air'],
    ['DEV00003', 'iOS', '17.4', 'iPhone 15'],
    ['DEV00004', 'iPadOS', '9.3.5', 'iPad 2'],
    ['DEV00005', null, null, null],
  ]
  for (const [serial, platform, version, model] of facts) {
    await sql`UPDATE devices SET platform = ${platform}, os_version = ${version}, model = ${model}
      WHERE serial_number = ${serial}`.execute(db)
  }
  await assign(db, { assetId, groupId })
  const outcome = await outcomeOf(db, assetId)
  expect(outcome.grants.sample.map((row) => row.serialNumber)).toEqual(['DEV00001', 'DEV00005'])
  expect(outcome.cannot.count).toBe(3)
  expect(outcome.cannot.byReason).toMatchObject({ wrong_platform: 1, wrong_family: 1, os_too_old: 1 })
  expect(outcome.cannot.sample.map((row) => [row.serialNumber, row.code, row.reason])).toEqual([
    ['DEV00002', 'wrong_platform', 'The app does not run on this kind of device.'],
    ['DEV00003', 'wrong_family', 'The app is made for the iPad only.'],
    ['DEV00004', 'os_too_old', 'The app needs version 17.0 of the system; the device has 9.3.5.'],
  ])
})

test('C2 who holds a license keeps it when an update of the app needs a newer system; who has none gets none', async () => {
  await using database = await createTestDatabase()
  const db = database.kysely
  const locationId = await addLocation(db)
  const assetId = await addAsset(db, { locationId, total: 10 })
  await sql`UPDATE assets SET platforms = '{iOS}', held = 1 WHERE id = ${assetId}`.execute(db)
  await sql`INSERT INTO titles (country, adam_id, kind, name, minimum_os, looked_up_at, found_at)
    SELECT 'NL', adam_id, 'app', 'Star Atlas', '18.0', now(), now() FROM assets`.execute(db)
  const groupId = await addGroup(db, { name: 'All', count: 2, prefix: 'DEV' })
  await sql`UPDATE devices SET os_version = '17.0'`.execute(db)
  await sql`INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
    VALUES (${locationId}, ${assetId}, 'device', 'DEV00001', 'held', true, now())`.execute(db)
  await assign(db, { assetId, groupId })
  const outcome = await outcomeOf(db, assetId)
  expect(outcome.keeps.count).toBe(1)
  expect(outcome.releases.count).toBe(0)
  expect(outcome.cannot.sample.map((row) => [row.serialNumber, row.code])).toEqual([
    ['DEV00002', 'os_too_old'],
  ])

  const [lease] = await renewLeases(db, randomUUID())
  if (lease === undefined) throw new Error('No lease')
  await reconcileStep({ db, clock: systemClock }).run({ lease, signal: new AbortController().signal })
  const { rows } = await sql<{ holder: string; state: string }>`SELECT holder, state FROM licenses`.execute(
    db,
  )
  expect(rows).toEqual([{ holder: 'DEV00001', state: 'held' }])
})

async function outcomeOf(db: Db, assetId: number) {
  const [asset] = await planAssets(db, [assetId], 'read')
  if (asset === undefined) throw new Error('No asset')
  return (await workOut(db, asset, new Date())).outcome
}
