import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { reconcileStep } from '../../src/assignments/reconcile.ts'
import { confirmGrants, giveUpGrants } from '../../src/licenses/books.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { Db } from '../../src/platform/db/database.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { renewLeases } from '../../src/platform/leases.ts'
import { addAsset, addGroup, addLocation, assign, countsOf } from '../support/license-scene.ts'
import { availablePostgresServers, createTestDatabase } from '../support/test-database.ts'

async function reconcile(db: Db, owner: string): Promise<void> {
  const [lease] = await renewLeases(db, owner)
  if (lease === undefined) throw new Error('No lease')
  await reconcileStep({ db, clock: systemClock }).run({ lease, signal: new AbortController().signal })
}

describe.each([...availablePostgresServers()])('invariant 1, never over, on the %s PostgreSQL', (server) => {
  test('the database refuses a reservation past what is owned, whoever asks', async () => {
    await using database = await createTestDatabase({ server })
    const db = database.kysely
    const assetId = await addAsset(db, { locationId: await addLocation(db), total: 10 })
    await sql`UPDATE assets SET reserved = 10 WHERE id = ${assetId}`.execute(db)
    await expect(sql`UPDATE assets SET reserved = 11 WHERE id = ${assetId}`.execute(db)).rejects.toThrow(
      /never over/,
    )
    await sql`UPDATE assets SET retired = 2, reserved = 3 WHERE id = ${assetId}`.execute(db)
    await expect(sql`UPDATE assets SET reserved = 9 WHERE id = ${assetId}`.execute(db)).rejects.toThrow(
      /never over/,
    )
  })

  test('what Apple reports is stored even when it is more than is owned, and then nothing more is reserved', async () => {
    await using database = await createTestDatabase({ server })
    const db = database.kysely
    const locationId = await addLocation(db)
    const assetId = await addAsset(db, { locationId, total: 5 })
    await assign(db, { assetId, groupId: await addGroup(db, { name: 'Pupils', count: 8, prefix: 'DEV' }) })
    await sql`UPDATE assets SET held = 7, held_outside = 7 WHERE id = ${assetId}`.execute(db)
    await reconcile(db, randomUUID())
    expect(await countsOf(db, assetId)).toMatchObject({ reserved: 0, waiting: 8 })
  })

  test('running it twice changes nothing', async () => {
    await using database = await createTestDatabase({ server })
    const db = database.kysely
    const locationId = await addLocation(db)
    const assetId = await addAsset(db, { locationId, total: 5 })
    const groupId = await addGroup(db, { name: 'Pupils', count: 8, prefix: 'DEV' })
    await assign(db, { assetId, groupId })
    const owner = randomUUID()
    await reconcile(db, owner)
    const once = await sql`SELECT * FROM licenses ORDER BY holder`.execute(db)
    await assign(db, { assetId, groupId })
    await reconcile(db, owner)
    expect((await sql`SELECT * FROM licenses ORDER BY holder`.execute(db)).rows).toEqual(once.rows)
    expect(await countsOf(db, assetId)).toMatchObject({ reserved: 5, rows_reserved: 5, waiting: 3 })
  })

  test('whatever happens in whatever order, counts equal rows and never exceed what is owned', async () => {
    await using database = await createTestDatabase({ server })
    const db = database.kysely
    const locationId = await addLocation(db)
    const total = 12
    const assetId = await addAsset(db, { locationId, total })
    const groups = [
      await addGroup(db, { name: 'North', count: 9, prefix: 'NOR' }),
      await addGroup(db, { name: 'South', count: 9, prefix: 'SOU' }),
    ]
    const owner = randomUUID()
    const step = fc.record({
      group: fc.nat(1),
      intent: fc.constantFrom('required', 'uninstall'),
      settle: fc.constantFrom('confirm', 'drop', 'leave'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        for (const { group, intent, settle } of steps) {
          await assign(db, { assetId, groupId: groups[group] ?? 0, intent })
          await reconcile(db, owner)
          await settleReserved(db, { locationId, assetId, settle })
          const counts = await countsOf(db, assetId)
          expect(counts.held).toBe(counts.rows_held)
          expect(counts.reserved).toBe(counts.rows_reserved)
          expect(counts.held + counts.reserved).toBeLessThanOrEqual(total)
        }
      }),
      { numRuns: 15 },
    )
  })
})

/** Apple confirms everything that is reserved, or refuses it. */
async function settleReserved(
  db: Db,
  { locationId, assetId, settle }: { locationId: number; assetId: number; settle: string },
): Promise<void> {
  if (settle === 'leave') return
  const operationId = randomUUID()
  await sql`UPDATE licenses SET operation_id = ${operationId} WHERE state = 'granting'`.execute(db)
  const { rows } = await sql<{
    holder: string
  }>`SELECT holder FROM licenses WHERE state = 'granting'`.execute(db)
  const holders = rows.map((row) => row.holder)
  const block = { locationId, assetIds: [assetId], holderKind: 'device', holders } as const
  const cause = { at: new Date(), cause: 'test', operationId }
  await inTransaction(db, async (tx) => {
    const settled = settle === 'confirm' ? confirmGrants(tx, block, cause) : giveUpGrants(tx, block, cause)
    expect(await settled).toBe(holders.length)
  })
}
