import type { ResponseAsset } from '@apportion/apple-wire/messages'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { markGoneAssets, upsertAssets } from '../../src/licenses/asset-store.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { pageOfChanges } from '../../src/titles/read-changes.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'
import { addPlace } from './titles-scene.ts'

/** What Apple says of an asset on one day and on the next, and what is noticed. */

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => {
  await database?.[Symbol.asyncDispose]()
})

const usual: ResponseAsset = {
  adamId: '1',
  pricingParam: 'STDQ',
  productType: 'App',
  totalCount: 10,
  assignedCount: 0,
  availableCount: 10,
  retiredCount: 0,
  deviceAssignable: true,
  revocable: true,
  supportedPlatforms: ['iOS'],
}
const unlimited = { ...usual, totalCount: 2_147_483_647 }
const empty = { ...usual, totalCount: 0, availableCount: 0 }
const forUsers = { ...usual, deviceAssignable: false }
const gone = null

const day = (number: number) => new Date(Date.UTC(2027, 0, number))

describe('C4 what is noticed from one day to the next', () => {
  const cases: [string, (ResponseAsset | null)[], string[]][] = [
    ['nothing, when nothing changes', [usual, usual], []],
    ['nothing, when the count changes', [usual, { ...usual, totalCount: 7 }], []],
    ['nothing, when it is new and empty', [empty, empty], []],
    ['licenses bought for one that was always empty', [empty, usual], []],
    ['no licenses any more', [usual, empty], ['2 not_licensed']],
    ['no licenses any more, told once', [usual, empty, empty], ['2 not_licensed']],
    ['gone from the list', [usual, gone], ['2 not_licensed']],
    ['empty and then gone: told once', [usual, empty, gone], ['2 not_licensed']],
    ['an unlimited one that is gone', [unlimited, gone], ['2 not_licensed']],
    ['back in the list', [usual, gone, usual], ['2 not_licensed', '3 licensed_again']],
    ['licenses again', [usual, empty, usual], ['2 not_licensed', '3 licensed_again']],
    ['no longer for devices', [usual, forUsers], ['2 not_device_assignable']],
    ['for devices again', [usual, forUsers, usual], ['2 not_device_assignable', '3 device_assignable_again']],
    ['unlimited from now on', [usual, unlimited], ['2 became_unlimited']],
    ['limited again', [unlimited, usual], ['2 became_limited']],
    [
      'two things at once',
      [unlimited, { ...empty, deviceAssignable: false }],
      ['2 not_device_assignable', '2 not_licensed'],
    ],
  ]
  for (const [says, days, noticed] of cases) {
    test(`${says}: ${noticed.join(', ') || 'nothing'}`, async () => {
      const db = database.kysely
      const locationId = await addPlace(db, 'Utrecht', 'NL')
      for (const [index, said] of days.entries()) {
        const at = day(index + 1)
        await inTransaction(db, async (tx) => {
          if (said !== null) await upsertAssets(tx, { locationId, assets: [said], at })
          await markGoneAssets(tx, locationId, at)
        })
      }
      const { rows } = await sql<{
        id: number
      }>`SELECT id FROM assets WHERE location_id = ${locationId}`.execute(db)
      const changes = await pageOfChanges(db, {
        adamId: null,
        assetId: rows[0]?.id ?? 0,
        before: null,
        limit: 10,
      })
      expect(changes.map(({ at, change }) => `${at.getUTCDate()} ${change}`).toSorted()).toEqual(noticed)
    })
  }
})
