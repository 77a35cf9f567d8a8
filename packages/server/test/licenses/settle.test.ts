/** What operations come to, on a real PostgreSQL without Apple. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { reconcileStep } from '../../src/assignments/reconcile.ts'
import { hearAssignments } from '../../src/licenses/hear-assignments.ts'
import { insertOperation, markSent, type OperationRow } from '../../src/licenses/operations.ts'
import { settleDone, settlePartly, settleReadBack, settleRefused } from '../../src/licenses/settle.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { renewLeases } from '../../src/platform/leases.ts'
import { addAsset, addGroup, addLocation, assign, countsOf } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

const database = await createTestDatabase()
const db = database.kysely
afterAll(() => database[Symbol.asyncDispose]())

const owner = randomUUID()
const start = new Date('2026-03-02T08:00:00Z')
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000)

let locationId = 0
let assetId = 0
let groupId = 0

beforeEach(async () => {
  await sql`TRUNCATE locations, devices, licenses, outbox, given_up_grants CASCADE`.execute(db)
  await sql`DELETE FROM groups WHERE built_in IS NULL`.execute(db)
  locationId = await addLocation(db)
  assetId = await addAsset(db, { locationId, total: 4 })
  groupId = await addGroup(db, { name: 'Pupils', count: 3, prefix: 'DEV' })
})

const serials = ['DEV00001', 'DEV00002', 'DEV00003']

describe('an operation that ends late', () => {
  test('leaves a pair alone that was given up meanwhile and is on its way anew', async () => {
    await want()
    const first = await pack('associate', serials)
    const failed = {
      errorNumber: 9603,
      message: 'internal error',
      assetIds: [assetId],
      holders: ['DEV00002'],
    }
    const told = { type: 'ASSOCIATE', result: 'FAILURE', error: { errorNumber: 9603 } }
    await hear(first, { ...told, holders: ['DEV00002'] }, after(1))
    await reconcile(after(3))
    const second = await pack('associate', ['DEV00002'])
    await inTransaction(db, (tx) => settlePartly(tx, first, { failed: [failed], at: after(4) }))
    expect(await rows()).toEqual([
      ['DEV00001', 'held', null],
      ['DEV00002', 'granting', second.id],
      ['DEV00003', 'held', null],
    ])
    expect(await countsOf(db, assetId)).toMatchObject({ held: 2, reserved: 1 })
  })

  test('makes a grant ours that was given up and that Apple did after all', async () => {
    await want()
    const operation = await pack('associate', serials)
    const nothing = { holdersByAsset: new Map(), exact: true, at: after(11) }
    await inTransaction(db, (tx) => settleReadBack(tx, operation, nothing))
    await want('uninstall')
    await reconcile(after(12))
    expect(await rows()).toEqual([])
    await hear(operation, { type: 'ASSOCIATE', result: 'SUCCESS', holders: ['DEV00001'] }, after(13))
    await reconcile(after(14))
    expect(await rows()).toEqual([['DEV00001', 'releasing', null]])
  })

  test('takes a license away again only where it had been put back, not where it was given since', async () => {
    await want()
    await settle(await pack('associate', serials), after(1))
    await want('uninstall')
    await reconcile(after(2))
    const release = await pack('disassociate', ['DEV00001', 'DEV00002'])
    const still = {
      holdersByAsset: new Map([[assetId, ['DEV00001', 'DEV00002']]]),
      exact: true,
      at: after(13),
    }
    await inTransaction(db, (tx) => settleReadBack(tx, release, still))
    await sql`UPDATE licenses SET since = ${after(20)} WHERE holder = 'DEV00002'`.execute(db)
    const told = { type: 'DISASSOCIATE', result: 'SUCCESS', holders: ['DEV00001', 'DEV00002'] }
    await hear(release, told, after(21))
    expect((await rows()).map(([holder]) => holder)).toEqual(['DEV00002', 'DEV00003'])
  })
})

describe('reading back', () => {
  test('takes what is not certain for not done: a release is asked for again, a grant too', async () => {
    await want()
    await settle(await pack('associate', serials), after(1))
    await want('uninstall')
    await reconcile(after(2))
    const release = await pack('disassociate', serials)
    const moved = { holdersByAsset: new Map(), exact: false, at: after(13) }
    await inTransaction(db, (tx) => settleReadBack(tx, release, moved))
    expect((await rows()).map(([, state]) => state)).toEqual(['held', 'held', 'held'])
    await reconcile(after(14))
    expect((await rows()).map(([, state]) => state)).toEqual(['releasing', 'releasing', 'releasing'])
  })
})

describe('a refusal', () => {
  test('for lack of licenses keeps the queue in its order, pauses the asset and asks for a sync', async () => {
    await want()
    const operation = await pack('associate', serials)
    const failed = {
      errorNumber: 9709,
      message: 'none left',
      assetIds: [assetId],
      holders: ['DEV00002', 'DEV00003'],
    }
    await inTransaction(db, (tx) => settlePartly(tx, operation, { failed: [failed], at: after(1) }))
    await reconcile(after(2))
    expect(await countsOf(db, assetId)).toMatchObject({ held: 1, reserved: 0, waiting: 2 })
    const { rows: runs } = await sql`SELECT cause FROM sync_runs`.execute(db)
    expect(runs).toEqual([{ cause: 'drift' }])
    await reconcile(after(17))
    expect((await rows()).map(([holder]) => holder)).toEqual(serials)
  })

  test('of a whole request pauses only what Apple names, and packs the rest anew', async () => {
    await want()
    const other = await addAsset(db, { locationId, total: 4 })
    await assign(db, { assetId: other, groupId })
    await reconcile(after(1))
    const operation = await pack('associate', serials, [assetId, other])
    const named = { assetIds: [other], holders: serials }
    const refusal = { number: 9707, detail: 'not for devices', named, at: after(2) }
    await inTransaction(db, (tx) => settleRefused(tx, operation, refusal))
    await reconcile(after(3))
    expect((await rows()).map(([holder, state, packed]) => [holder, state, packed])).toEqual(
      serials.map((holder) => [holder, 'granting', null]),
    )
    expect(await countsOf(db, other)).toMatchObject({ reserved: 0, waiting: 3 })
  })
})

describe('somebody else', () => {
  const unknown = { id: randomUUID(), kind: 'associate' } as const

  test('who takes back an old license of ours makes it vanish, and the device gets another', async () => {
    await want()
    await settle(await pack('associate', serials), after(1))
    const told = { type: 'DISASSOCIATE', result: 'SUCCESS', holders: ['DEV00001'] }
    expect(await hear(unknown, told, after(60))).toBe('sure')
    await reconcile(after(61))
    expect((await rows()).map(([holder, state]) => [holder, state])).toEqual([
      ['DEV00001', 'granting'],
      ['DEV00002', 'held'],
      ['DEV00003', 'held'],
    ])
  })

  test('who seems to take back a license that was just given leaves a doubt that a sync resolves', async () => {
    await want()
    await settle(await pack('associate', serials), after(1))
    const told = { type: 'DISASSOCIATE', result: 'SUCCESS', holders: ['DEV00001'] }
    expect(await hear(unknown, told, after(3))).toBe('unsure')
    expect((await rows()).length).toBe(3)
  })
})

test('a license that is confirmed after its target has gone is looked at again', async () => {
  await want()
  const operation = await pack('associate', serials)
  await want('uninstall')
  await reconcile(after(1))
  await settle(operation, after(2))
  await reconcile(after(3))
  expect((await rows()).map(([, state]) => state)).toEqual(['releasing', 'releasing', 'releasing'])
})

test('licenses that went back to Apple before they were asked for are not asked for', async () => {
  await want()
  await sql`UPDATE assets SET total = 1 WHERE id = ${assetId}`.execute(db)
  await assign(db, { assetId, groupId })
  await reconcile(after(1))
  expect((await rows()).map(([holder]) => holder)).toEqual(['DEV00001'])
  expect(await countsOf(db, assetId)).toMatchObject({ reserved: 1, rows_reserved: 1, waiting: 2 })
})

/** The asset is required on the group, or uninstalled, and reserved accordingly. */
async function want(intent = 'required'): Promise<void> {
  await assign(db, { assetId, groupId, intent })
  if (intent === 'required') await reconcile(start)
}

async function reconcile(at: Date): Promise<void> {
  const lease = (await renewLeases(db, owner)).find((each) => each.locationId === locationId)
  if (lease === undefined) throw new Error('No lease')
  const clock = { now: () => at, sleep: async () => {} }
  await reconcileStep({ db, clock }).run({ lease, signal: new AbortController().signal })
}

/** Records and sends an operation for what is reserved. */
async function pack(
  kind: OperationRow['kind'],
  holders: readonly string[],
  assetIds: readonly number[] = [assetId],
): Promise<OperationRow> {
  const id = randomUUID()
  const block = { locationId, assetIds, holderKind: 'device', holders } as const
  await inTransaction(db, async (tx) => {
    await insertOperation(tx, { ...block, id, kind, at: start })
    await sql`UPDATE operations SET state = 'sending' WHERE id = ${id}`.execute(tx)
    await markSent(tx, id, { eventId: id, at: start, firstLookAt: start })
    await sql`UPDATE licenses SET operation_id = ${id} WHERE asset_id = ANY(${[...assetIds]}::int[])
      AND holder = ANY(${[...holders]}::text[]) AND operation_id IS NULL AND state <> 'held'`.execute(tx)
  })
  const { rows: found } = await sql<OperationRow>`SELECT * FROM operations WHERE id = ${id}`.execute(db)
  const [operation] = found
  if (operation === undefined) throw new Error('No operation')
  return operation
}

const settle = (operation: OperationRow, at: Date) => inTransaction(db, (tx) => settleDone(tx, operation, at))

interface ToldOf {
  readonly type: string
  readonly result: string
  readonly holders: readonly string[]
  readonly error?: { readonly errorNumber: number }
}

/** A notification of the operation's event arrives. */
async function hear({ id }: Pick<OperationRow, 'id'>, { holders, ...told }: ToldOf, at: Date) {
  const { rows: found } = await sql<{
    adam_id: string
  }>`SELECT adam_id FROM assets WHERE id = ${assetId}`.execute(db)
  const adamId = found[0]?.adam_id ?? ''
  const assignments = holders.map((serialNumber) => ({ adamId, pricingParam: 'STDQ', serialNumber }))
  const managed = { ...told, eventId: id, assignments }
  return inTransaction(db, (tx) => hearAssignments(tx, { locationId, managed, receivedAt: at, at }))
}

/** Holder, state and operation of the asset's licenses. */
async function rows() {
  const { rows: found } = await sql<{ holder: string; state: string; operation_id: string | null }>`
    SELECT holder, state, operation_id FROM licenses WHERE asset_id = ${assetId} ORDER BY holder`.execute(db)
  return found.map((row) => [row.holder, row.state, row.operation_id])
}
