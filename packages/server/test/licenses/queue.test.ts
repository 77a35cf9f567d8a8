import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { reconcileStep } from '../../src/assignments/reconcile.ts'
import { type HolderRow, holderKey, pageOfHolders } from '../../src/licenses/read-holders.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { renewLeases } from '../../src/platform/leases.ts'
import { addAsset, addGroup, addLocation, assign, countsOf } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

test('pages show the whole queue once, in its order and with the right places, then the holders', async () => {
  await using database = await createTestDatabase()
  const db = database.kysely
  const locationId = await addLocation(db)
  const assetId = await addAsset(db, { locationId, total: 3 })
  const reconcile = async () => {
    const [lease] = await renewLeases(db, owner)
    if (lease === undefined) throw new Error('No lease')
    await reconcileStep({ db, clock: systemClock }).run({ lease, signal: new AbortController().signal })
  }
  const owner = randomUUID()
  await assign(db, { assetId, groupId: await addGroup(db, { name: 'North', count: 5, prefix: 'NOR' }) })
  await reconcile()
  await assign(db, { assetId, groupId: await addGroup(db, { name: 'Aside', count: 4, prefix: 'ASI' }) })
  await reconcile()
  // As the database's own clock would write it, finer than a JavaScript date.
  await sql`UPDATE targets SET entered_at = entered_at + interval '123 microseconds'`.execute(db)

  const shown: HolderRow[] = []
  for (let after: readonly [number, string] | null = null; ; ) {
    const page: readonly HolderRow[] = await pageOfHolders(db, {
      assetId,
      search: '',
      state: 'all',
      after,
      limit: 2,
    })
    shown.push(...page)
    const last = page.at(-1)
    if (page.length < 2 || last === undefined) break
    after = holderKey(last)
  }
  const queue = ['NOR00004', 'NOR00005', 'ASI00001', 'ASI00002', 'ASI00003', 'ASI00004']
  expect(shown.map((row) => row.holder)).toEqual([...queue, 'NOR00001', 'NOR00002', 'NOR00003'])
  expect(shown.map((row) => row.place)).toEqual([1, 2, 3, 4, 5, 6, null, null, null])
  const found = await pageOfHolders(db, { assetId, search: 'ASI00003', state: 'all', after: null, limit: 10 })
  expect(found.map((row) => [row.holder, row.place])).toEqual([['ASI00003', 5]])
  expect(await countsOf(db, assetId)).toMatchObject({ waiting: 6, reserved: 3 })
})
