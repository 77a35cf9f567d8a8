/** Reading the ledger (L13), on a real PostgreSQL. */
import type { LedgerChange } from '@apportion/core/licenses/ledger-cause'
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { presentLedgerLine } from '../../src/ledger/present.ts'
import {
  type LedgerFilter,
  type PastHolderRow,
  pageOfHoldersAt,
  pageOfLedger,
} from '../../src/ledger/read-ledger.ts'
import { addAsset, addGroup, addLocation } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

const database = await createTestDatabase()
const db = database.kysely
afterAll(() => database[Symbol.asyncDispose]())

const moment = (minutes: number) => new Date(Date.UTC(2026, 2, 2, 8, minutes))
const all: LedgerFilter = {
  assetId: null,
  locationId: null,
  holder: null,
  userId: null,
  change: null,
  from: null,
  to: null,
  interventionId: null,
}

let locationId = 0
let assetId = 0

beforeEach(async () => {
  await sql`TRUNCATE locations, devices, users, licenses, ledger CASCADE`.execute(db)
  locationId = await addLocation(db)
  assetId = await addAsset(db, { locationId, total: 10 })
  await sql`UPDATE assets SET first_seen_at = ${moment(0)}`.execute(db)
})

describe('who held a license at a moment', () => {
  /** What happened to a holder, by the minute; `since` when it holds one now. */
  interface Story {
    readonly lines?: readonly (readonly [minute: number, change: LedgerChange])[]
    readonly since?: number
  }
  const cases: [string, Story, { readonly [minute: number]: boolean }][] = [
    ['was given one, and has it', { lines: [[10, 'granted']], since: 10 }, { 5: false, 10: true, 20: true }],
    [
      'was given one that came back',
      {
        lines: [
          [10, 'granted'],
          [20, 'released'],
        ],
      },
      { 5: false, 15: true, 20: false, 25: false },
    ],
    [
      'was given one twice',
      {
        lines: [
          [10, 'granted'],
          [20, 'released'],
          [30, 'granted'],
        ],
        since: 30,
      },
      { 15: true, 25: false, 35: true },
    ],
    ['had one at the first sync, and has it', { since: 1 }, { 0: false, 1: true, 30: true }],
    ['had one at the first sync that was freed', { lines: [[20, 'released']] }, { 10: true, 20: false }],
    ['had one at the first sync that vanished', { lines: [[20, 'vanished']] }, { 10: true, 25: false }],
    [
      'had one at the first sync that was adopted',
      { lines: [[20, 'adopted']], since: 1 },
      { 10: true, 25: true },
    ],
    [
      'was found later, and went',
      {
        lines: [
          [10, 'found'],
          [20, 'vanished'],
        ],
      },
      { 5: false, 15: true, 25: false },
    ],
    ['was refused one', { lines: [[10, 'refused']] }, { 5: false, 15: false }],
    [
      'has one that Apple refused to take back',
      {
        lines: [
          [10, 'granted'],
          [20, 'refused'],
        ],
        since: 20,
      },
      { 15: true, 25: true },
    ],
  ]
  test.each(cases)('a device that %s', async (_title, { lines = [], since }, held) => {
    for (const [minute, change] of lines) await line('DEV1', change, minute)
    if (since !== undefined) await holds('DEV1', since)
    const found: Record<number, boolean> = {}
    for (const minute of Object.keys(held).map(Number)) found[minute] = (await heldAt(minute)).length === 1
    expect(found).toEqual(held)
  })

  test('what is only on its way is not held', async () => {
    await sql`INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
      VALUES (${locationId}, ${assetId}, 'device', 'DEV1', 'granting', true, ${moment(5)})`.execute(db)
    expect(await heldAt(10)).toEqual([])
  })

  test('before the location was seen nothing is known', async () => {
    await line('DEV1', 'released', 20)
    expect(await heldAt(-5)).toEqual([])
  })

  test('pages have everybody once, whatever became of those between', async () => {
    for (let i = 1; i <= 9; i++) {
      const serial = `DEV${i}`
      if (i % 3 === 0) await line(serial, 'released', 5)
      else if (i % 3 === 1) await line(serial, 'granted', 5)
      else await holds(serial, 2)
    }
    const narrow = { assetId, holder: null, userId: null }
    const found: string[] = []
    let after: [number, 'device' | 'user', string] | null = null
    for (;;) {
      const rows: readonly PastHolderRow[] = await pageOfHoldersAt(db, narrow, {
        at: moment(10),
        after,
        limit: 2,
      })
      found.push(...rows.map((row) => row.holder))
      const last = rows.at(-1)
      if (last === undefined) break
      after = [last.asset_id, last.holder_kind, last.holder]
    }
    expect(found).toEqual(['DEV1', 'DEV2', 'DEV4', 'DEV5', 'DEV7', 'DEV8'])
  })
})

describe('lines', () => {
  test('come newest first, page by page, each once', async () => {
    for (let i = 1; i <= 7; i++) await line(`DEV${i}`, 'granted', i)
    const found: string[] = []
    let before: number | null = null
    for (;;) {
      const rows: Awaited<ReturnType<typeof pageOfLedger>> = await pageOfLedger(db, all, { before, limit: 3 })
      found.push(...rows.map((row) => row.holder))
      const last = rows.at(-1)
      if (last === undefined) break
      before = last.id
    }
    expect(found).toEqual(['DEV7', 'DEV6', 'DEV5', 'DEV4', 'DEV3', 'DEV2', 'DEV1'])
  })

  test('are narrowed by location, app, holder, change and time', async () => {
    const second = await addAsset(db, { locationId, total: 10 })
    const elsewhere = await addLocation(db)
    const theirs = await addAsset(db, { locationId: elsewhere, total: 10 })
    await line('DEV1', 'granted', 1)
    await line('DEV1', 'granted', 2, { locationId, assetId: second })
    await line('DEV2', 'refused', 3)
    await line('DEV1', 'found', 4, { locationId: elsewhere, assetId: theirs })
    const cases: [Partial<LedgerFilter>, number[]][] = [
      [{}, [4, 3, 2, 1]],
      [{ locationId }, [3, 2, 1]],
      [{ locationId: elsewhere }, [4]],
      [{ assetId }, [3, 1]],
      [{ holder: { kind: 'device', id: 'DEV1' } }, [4, 2, 1]],
      [{ holder: { kind: 'user', id: 'DEV1' } }, []],
      [{ holder: { kind: 'device', id: 'DEV1' }, locationId }, [2, 1]],
      [{ change: 'refused' }, [3]],
      [{ from: moment(2), to: moment(4) }, [3, 2]],
    ]
    for (const [filter, minutes] of cases) {
      const rows = await pageOfLedger(db, { ...all, ...filter }, { before: null, limit: 50 })
      expect([filter, rows.map((row) => row.at.getUTCMinutes())]).toEqual([filter, minutes])
    }
  })

  test('of a person are those of the user and of the devices that the person has', async () => {
    await addGroup(db, { name: `Pupils ${assetId}`, count: 2, prefix: 'DEV' })
    const { rows } = await sql<{ id: number; client_user_id: string }>`
      INSERT INTO users (user_name, created_at, updated_at) VALUES ('grace@example.org', now(), now())
      RETURNING id, client_user_id`.execute(db)
    const [grace] = rows
    if (grace === undefined) throw new Error('Nobody was added')
    await sql`UPDATE devices SET user_id = ${grace.id} WHERE serial_number = 'DEV00001'`.execute(db)
    await line('DEV00001', 'granted', 1)
    await line('DEV00002', 'granted', 2)
    await line(grace.client_user_id, 'found', 3, { locationId, assetId }, 'user')
    const found = await pageOfLedger(db, { ...all, userId: grace.id }, { before: null, limit: 50 })
    expect(found.map((row) => row.holder)).toEqual([grace.client_user_id, 'DEV00001'])
  })

  test('of older versions are understood', async () => {
    await sql`INSERT INTO ledger (location_id, asset_id, holder_kind, holder, at, change, cause)
      VALUES (${locationId}, ${assetId}, 'device', 'DEV1', ${moment(1)}, 'refused', 'refused by Apple (9709)')`.execute(
      db,
    )
    const [row] = await pageOfLedger(db, all, { before: null, limit: 1 })
    if (row === undefined) throw new Error('No line')
    expect(presentLedgerLine(row).cause).toMatchObject({
      code: 'refused_by_apple',
      text: 'Apple refused to give it.',
      errorNumber: 9709,
    })
  })
})

async function line(
  holder: string,
  change: LedgerChange,
  minute: number,
  where = { locationId, assetId },
  kind = 'device',
): Promise<void> {
  await sql`INSERT INTO ledger (location_id, asset_id, holder_kind, holder, at, change, cause)
    VALUES (${where.locationId}, ${where.assetId}, ${kind}::holder_kind, ${holder}, ${moment(minute)}, ${change},
      'assigned')`.execute(db)
}

async function holds(holder: string, since: number): Promise<void> {
  await sql`INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
    VALUES (${locationId}, ${assetId}, 'device', ${holder}, 'held', false, ${moment(since)})`.execute(db)
}

async function heldAt(minute: number): Promise<readonly string[]> {
  const rows = await pageOfHoldersAt(
    db,
    { assetId, holder: null, userId: null },
    { at: moment(minute), after: null, limit: 50 },
  )
  return rows.map((row) => row.holder)
}
