/** Taking back, freeing and adopting (L6, S5), on a real PostgreSQL without Apple. */
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { interveneStep } from '../../src/interventions/carry-out.ts'
import { type ItemRow, itemKey, pageOfItems } from '../../src/interventions/read-items.ts'
import { findIntervention } from '../../src/interventions/store.ts'
import { InterventionScene } from '../support/intervention-scene.ts'
import { addAsset, addGroup, addLocation, assign, countsOf } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

const database = await createTestDatabase()
const db = database.kysely
afterAll(() => database[Symbol.asyncDispose]())

let scene = new InterventionScene(db)
let locationId = 0
let assetId = 0
let groupId = 0

beforeEach(async () => {
  await sql`TRUNCATE locations, devices, users, licenses, outbox, given_up_grants, ledger, interventions CASCADE`.execute(
    db,
  )
  await sql`DELETE FROM groups WHERE built_in IS NULL`.execute(db)
  scene = new InterventionScene(db)
  locationId = await addLocation(db)
  assetId = await addAsset(db, { locationId, total: 3 })
  groupId = await addGroup(db, { name: 'Pupils', count: 4, prefix: 'DEV' })
})

describe('a preview of several apps', () => {
  test.each([1, 2, 3, 5, 100])('shows each license once on pages of %i', async (limit) => {
    await give()
    const other = await addAsset(db, { locationId, total: 2 })
    await assign(db, { assetId: other, groupId })
    await addAsset(db, { locationId, total: 5 })
    await scene.settle(locationId)
    const { id } = await scene.preview({ scope: { everything: true }, required: 'withhold' })
    const row = await findIntervention(db, id)
    if (row === undefined) throw new Error('The preview is gone')
    const seen: string[] = []
    let after: ReturnType<typeof itemKey> | null = null
    for (;;) {
      const page: readonly ItemRow[] = await pageOfItems(db, row, { search: '', outcome: null, after, limit })
      seen.push(...page.map((each) => `${each.asset_id} ${each.holder}`))
      const last = page.at(-1)
      if (page.length < limit || last === undefined) break
      after = itemKey(last)
    }
    const devices = [1, 2, 3, 4].map((i) => `DEV0000${i}`)
    expect(seen).toEqual([assetId, other].flatMap((asset) => devices.map((device) => `${asset} ${device}`)))
  })
})

describe('taking back what an assignment still requires', () => {
  test('is left alone unless the administrator says otherwise, and then there is nothing to do', async () => {
    await give()
    const preview = await scene.preview({ scope: { assetId } })
    expect(preview.preview).toMatchObject({
      licenses: 0,
      skipped: [{ reason: 'still_required', count: 3 }],
    })
    await expect(scene.apply(preview.id)).rejects.toMatchObject({ code: 'intervention.nothing_to_do' })
  })

  test('withholds it: it comes back, is not given again, and nobody who waits gets it', async () => {
    await give()
    const preview = await scene.preview({ scope: { assetId }, required: 'withhold' })
    expect(preview.preview).toMatchObject({
      licenses: 3,
      withheld: 3,
      waitingWithheld: 1,
      toQueue: 0,
      requests: 1,
    })
    await take(preview.id)
    expect(await rows()).toEqual([])
    expect(await countsOf(db, assetId)).toMatchObject({ held: 0, reserved: 0, waiting: 0 })
    expect(await scene.shown(preview.id)).toMatchObject({ state: 'done', withheldNow: 4 })
    expect(await scene.counts(preview.id)).toEqual({ 'taken withheld': 3, withheld: 1 })
    expect(await ledger()).toEqual([
      'granted assigned',
      'granted assigned',
      'granted assigned',
      'released no_longer_required by the record',
      'released no_longer_required by the record',
      'released no_longer_required by the record',
    ])
  })

  test('of one device lets the next in the queue have it, and says so before', async () => {
    await give()
    const preview = await scene.preview({
      scope: { assetId, serialNumber: 'DEV00002' },
      required: 'withhold',
    })
    expect(preview.preview).toMatchObject({ licenses: 1, withheld: 1, toQueue: 1 })
    await take(preview.id)
    await scene.settle(locationId)
    expect(await rows()).toEqual(['DEV00001 held', 'DEV00003 held', 'DEV00004 held'])
    expect(await countsOf(db, assetId)).toMatchObject({ waiting: 0 })
  })

  test('is given again on request, in the old place of the queue', async () => {
    await give()
    const preview = await scene.preview({ scope: { assetId }, required: 'withhold' })
    await take(preview.id)
    expect(await scene.giveAgain({ interventionId: preview.id })).toBe(4)
    await scene.reconcile(locationId)
    await scene.settle(locationId)
    expect(await rows()).toEqual(['DEV00001 held', 'DEV00002 held', 'DEV00003 held'])
    expect(await countsOf(db, assetId)).toMatchObject({ waiting: 1 })
    expect((await scene.shown(preview.id)).withheldNow).toBe(0)
    const { rows: entries } = await sql<{
      action: string
    }>`SELECT action FROM audit_entries ORDER BY seq`.execute(db)
    expect(entries.map((entry) => entry.action).slice(-2)).toEqual([
      'licenses.taken_back',
      'licenses.given_again',
    ])
  })

  test('and given again before it left, it stays where it is', async () => {
    await give()
    const preview = await scene.preview({
      scope: { assetId, serialNumber: 'DEV00002' },
      required: 'withhold',
    })
    await scene.apply(preview.id)
    await scene.intervene(locationId)
    expect(await rows()).toContain('DEV00002 releasing')
    await scene.giveAgain({ assetId, serialNumber: 'DEV00002' })
    await scene.reconcile(locationId)
    expect(await rows()).toEqual(['DEV00001 held', 'DEV00002 held', 'DEV00003 held'])
    expect(await scene.counts(preview.id)).toEqual({ 'kept required_again': 1 })
    expect((await scene.shown(preview.id)).state).toBe('done')
  })

  test('ends when the assignments let go of the device; who is reached anew later gets a license', async () => {
    await give()
    const preview = await scene.preview({ scope: { assetId }, required: 'withhold' })
    await take(preview.id)
    await assign(db, { assetId, groupId, intent: 'uninstall' })
    await scene.reconcile(locationId)
    await assign(db, { assetId, groupId })
    await scene.reconcile(locationId)
    expect(await rows()).toEqual(['DEV00001 granting', 'DEV00002 granting', 'DEV00003 granting'])
  })

  test('stays when another group reaches the device too', async () => {
    await give()
    const preview = await scene.preview({ scope: { assetId }, required: 'withhold' })
    await take(preview.id)
    const { rows: all } = await sql<{
      id: number
    }>`SELECT id FROM groups WHERE built_in = 'all_devices'`.execute(db)
    await assign(db, { assetId, groupId: all[0]?.id ?? 0 })
    await scene.reconcile(locationId)
    expect(await rows()).toEqual([])
    expect(await countsOf(db, assetId)).toMatchObject({ waiting: 0 })
  })

  test('a license on its way is taken back once Apple has confirmed it', async () => {
    await assign(db, { assetId, groupId })
    await scene.reconcile(locationId)
    const [grant] = await scene.send(locationId)
    const preview = await scene.preview({ scope: { assetId }, required: 'withhold' })
    await scene.apply(preview.id)
    await scene.intervene(locationId)
    await scene.reconcile(locationId)
    expect(await scene.counts(preview.id)).toEqual({ 'asked withheld': 3, withheld: 1 })
    if (grant === undefined) throw new Error('Nothing was sent')
    await scene.done(grant)
    await scene.reconcile(locationId)
    await scene.settle(locationId)
    expect(await rows()).toEqual([])
    expect(await scene.counts(preview.id)).toEqual({ 'taken withheld': 3, withheld: 1 })
  })
})

test('a grant that Apple confirms between applying and carrying out is taken back all the same', async () => {
  await assign(db, { assetId, groupId })
  await scene.reconcile(locationId)
  const [grant] = await scene.send(locationId)
  if (grant === undefined) throw new Error('Nothing was sent')
  const preview = await scene.preview({ scope: { assetId }, required: 'withhold' })
  expect(await scene.apply(preview.id)).toBe('begun')
  scene.minutes = 1
  await scene.done(grant)
  await scene.intervene(locationId)
  await scene.settle(locationId)
  expect(await rows()).toEqual([])
  expect(await scene.counts(preview.id)).toEqual({ 'taken withheld': 3, withheld: 1 })
})

describe('what is not taken', () => {
  test('books are passed over and said so, whatever is included', async () => {
    await sql`UPDATE assets SET revocable = false WHERE id = ${assetId}`.execute(db)
    await outside('OTHER1')
    const preview = await scene.preview({
      scope: { everything: true },
      include_outside: true,
      required: 'withhold',
    })
    expect(preview.preview).toMatchObject({ licenses: 0, skipped: [{ reason: 'not_revocable', count: 1 }] })
  })

  test('what is held outside is passed over, unless it is included', async () => {
    await outside('OTHER1')
    await outside('OTHER2', 'user')
    const careful = await scene.preview({ scope: { tokenId: locationId } })
    expect(careful.preview).toMatchObject({ licenses: 0, skipped: [{ reason: 'held_outside', count: 2 }] })
    const all = await scene.preview({ scope: { tokenId: locationId }, include_outside: true })
    expect(all.preview.licenses).toBe(2)
    await take(all.id)
    expect(await rows()).toEqual([])
    expect(await countsOf(db, assetId)).toMatchObject({ held: 0 })
    expect(await scene.counts(all.id)).toEqual({ taken: 2 })
  })

  test('what Apple refuses is said with the number, tried again, and counted as taken in the end', async () => {
    await outside('OTHER1')
    await outside('OTHER2')
    await outside('USER1', 'user')
    const preview = await scene.preview({ kind: 'free', scope: { assetId } })
    await scene.apply(preview.id)
    await scene.intervene(locationId)
    for (const operation of await scene.send(locationId)) {
      await scene.refuse(operation, ['OTHER1', 'USER1'], 9603)
    }
    await scene.reconcile(locationId)
    expect(await scene.shown(preview.id)).toMatchObject({ state: 'done' })
    expect(await scene.counts(preview.id)).toEqual({ taken: 1, refused: 2 })
    scene.minutes = 24 * 60
    await scene.reconcile(locationId)
    await scene.settle(locationId)
    expect(await scene.counts(preview.id)).toEqual({ taken: 3 })
    expect(await rows()).toEqual([])
  })

  test('a release that Apple never did is asked for again, of a user too', async () => {
    await outside('USER1', 'user')
    const preview = await scene.preview({ kind: 'free', scope: { assetId } })
    await scene.apply(preview.id)
    await scene.intervene(locationId)
    await scene.send(locationId)
    await sql`UPDATE licenses SET state = 'held', operation_id = NULL`.execute(db)
    await assign(db, { assetId, groupId, intent: 'uninstall' })
    await scene.reconcile(locationId)
    expect(await rows()).toEqual(['USER1 releasing'])
    await scene.settle(locationId)
    expect(await scene.counts(preview.id)).toEqual({ taken: 1 })
  })

  test('what came after the preview is left alone, even when it comes between applying and carrying out', async () => {
    await outside('OTHER1')
    const preview = await scene.preview({ kind: 'free', scope: { assetId } })
    await scene.apply(preview.id)
    scene.minutes = 1
    await outside('OTHER2')
    await scene.intervene(locationId)
    expect(await scene.items(preview.id)).toEqual(['OTHER1 asked'])
    expect(await rows()).toEqual(['OTHER1 releasing', 'OTHER2 held'])
  })
})

describe('a preview', () => {
  test('is refused when the world has moved, with a new one to apply instead', async () => {
    await outside('OTHER1')
    const preview = await scene.preview({ kind: 'free', scope: { assetId } })
    await outside('OTHER2')
    const moved = await scene.apply(preview.id)
    if (moved === 'begun') throw new Error('It began although the world had moved')
    expect(await rows()).toEqual(['OTHER1 held', 'OTHER2 held'])
    expect((await scene.shown(moved.movedTo)).preview.licenses).toBe(2)
    expect(await scene.apply(moved.movedTo)).toBe('begun')
  })

  test('is applied once, and not when it is old', async () => {
    await outside('OTHER1')
    const preview = await scene.preview({ kind: 'free', scope: { assetId } })
    await scene.apply(preview.id)
    await expect(scene.apply(preview.id)).rejects.toMatchObject({ code: 'intervention.applied' })
    const other = await scene.preview({ kind: 'free', scope: { assetId } })
    scene.minutes = 31
    await expect(scene.apply(other.id)).rejects.toMatchObject({ code: 'intervention.expired' })
  })

  test.each([
    [{}, 'body.scope names nothing'],
    [{ everything: true, tokenId: 1 }, 'everything goes without'],
    [{ serialNumber: 'DEV00001', userId: 1 }, 'name one of'],
  ])('of %o is refused: %s', async (scope, text) => {
    await expect(scene.preview({ scope })).rejects.toThrow(text)
  })

  test('lists each license, as the record does later', async () => {
    await outside('OTHER1')
    await outside('OTHER2')
    const preview = await scene.preview({ kind: 'free', scope: { assetId } })
    expect(await scene.items(preview.id)).toEqual(['OTHER1 asked', 'OTHER2 asked'])
    await take(preview.id)
    expect(await scene.items(preview.id)).toEqual(['OTHER1 taken', 'OTHER2 taken'])
  })

  test('of a person is about what the person holds and about the devices of that person', async () => {
    const { rows: people } = await sql<{ id: number; client_user_id: string }>`
      INSERT INTO users (user_name, name, created_at, updated_at) VALUES ('grace@example.org', 'Grace', now(), now())
      RETURNING id, client_user_id`.execute(db)
    const [grace] = people
    if (grace === undefined) throw new Error('Nobody was added')
    await sql`UPDATE devices SET user_id = ${grace.id} WHERE serial_number = 'DEV00001'`.execute(db)
    await outside('DEV00001')
    await outside(grace.client_user_id, 'user')
    await outside('DEV00002')
    const preview = await scene.preview({ kind: 'free', scope: { userId: grace.id } })
    expect(await scene.items(preview.id)).toEqual(['DEV00001 asked', `${grace.client_user_id} asked`])
    expect(preview.scope.user).toEqual({ id: grace.id, name: 'Grace' })
  })
})

describe('adopting', () => {
  test('makes ours what assignments require, and leaves the rest unless told', async () => {
    await sql`UPDATE assets SET total = 2 WHERE id = ${assetId}`.execute(db)
    await outside('DEV00001')
    await outside('OTHER1')
    await assign(db, { assetId, groupId })
    await scene.reconcile(locationId)
    const careful = await scene.preview({ kind: 'adopt', scope: { assetId } })
    expect(careful.preview).toMatchObject({
      licenses: 1,
      comeBack: 0,
      skipped: [{ reason: 'not_assigned', count: 1 }],
    })
    await scene.apply(careful.id)
    await scene.intervene(locationId)
    await scene.reconcile(locationId)
    expect(await ours()).toEqual(['DEV00001 held'])
    const all = await scene.preview({ kind: 'adopt', scope: { assetId }, unassigned: 'take_back' })
    expect(all.preview).toMatchObject({ licenses: 1, comeBack: 1 })
    await scene.apply(all.id)
    await scene.intervene(locationId)
    await scene.reconcile(locationId)
    expect(await ours()).toEqual(['DEV00001 held', 'OTHER1 releasing'])
    expect(await outsideCount()).toBe(0)
    expect(await ledger()).toEqual(['adopted adopted by the record', 'adopted adopted by the record'])
  })
})

describe('many licenses', () => {
  test('are taken in batches, each in its own transaction; a crash between two loses nothing', async () => {
    await sql`INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
      SELECT ${locationId}::int, ${assetId}::int, 'device', 'OTHER' || lpad(i::text, 4, '0'), 'held', false,
        ${scene.clock.now()}::timestamptz FROM generate_series(1, 250) AS i`.execute(db)
    await sql`UPDATE assets SET held = 250, held_outside = 250 WHERE id = ${assetId}`.execute(db)
    const preview = await scene.preview({ kind: 'free', scope: { everything: true } })
    await scene.apply(preview.id)
    await dieAfterBatches(2, 100)
    expect(await scene.counts(preview.id)).toEqual({ asked: 200 })
    expect(await scene.shown(preview.id)).toMatchObject({ state: 'running', appsDone: 0, appsTotal: 1 })
    await scene.intervene(locationId, 100)
    expect(await scene.counts(preview.id)).toEqual({ asked: 250 })
    await scene.settle(locationId)
    expect(await scene.shown(preview.id)).toMatchObject({ state: 'done', appsDone: 1 })
    expect(await scene.counts(preview.id)).toEqual({ taken: 250 })
    expect(await countsOf(db, assetId)).toMatchObject({ held: 0, rows_held: 0 })
    expect(await outsideCount()).toBe(0)
  })

  test('go on while the pipeline works: what was asked for is settled between two batches', async () => {
    await outside('OTHER1')
    await outside('OTHER2')
    await outside('OTHER3')
    const preview = await scene.preview({ kind: 'free', scope: { assetId } })
    await scene.apply(preview.id)
    await dieAfterBatches(1, 2)
    await scene.reconcile(locationId)
    await scene.settle(locationId)
    expect(await scene.counts(preview.id)).toEqual({ taken: 2 })
    expect((await scene.shown(preview.id)).state).toBe('running')
    await scene.intervene(locationId, 2)
    await scene.settle(locationId)
    expect(await scene.counts(preview.id)).toEqual({ taken: 3 })
    expect((await scene.shown(preview.id)).state).toBe('done')
  })

  test('are begun once, although two administrators begin them at the same moment', async () => {
    await outside('OTHER1')
    const preview = await scene.preview({ kind: 'free', scope: { assetId } })
    const begun = await Promise.allSettled([scene.apply(preview.id), scene.apply(preview.id)])
    expect(begun.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await scene.intervene(locationId)
    await scene.settle(locationId)
    expect(await scene.counts(preview.id)).toEqual({ taken: 1 })
  })

  test('two locations that settle at the same moment end the record', async () => {
    const other = await addLocation(db)
    const theirs = await addAsset(db, { locationId: other, total: 3 })
    await outside('OTHER1')
    await outside('OTHER2', 'device', { locationId: other, assetId: theirs })
    const preview = await scene.preview({ kind: 'free', scope: { everything: true } })
    expect(preview.preview).toMatchObject({ locations: 2, apps: 2, requests: 2 })
    await scene.apply(preview.id)
    await scene.intervene(locationId)
    await scene.intervene(other)
    const sent = [...(await scene.send(locationId)), ...(await scene.send(other))]
    await Promise.all(sent.map((operation) => scene.done(operation)))
    await Promise.all([scene.reconcile(locationId), scene.reconcile(other)])
    expect((await scene.shown(preview.id)).state).toBe('done')
  })
})

/** The asset is required on four devices; three get one. */
async function give(): Promise<void> {
  await assign(db, { assetId, groupId })
  await scene.reconcile(locationId)
  await scene.settle(locationId)
  expect(await countsOf(db, assetId)).toMatchObject({ held: 3, waiting: 1 })
}

/** Applies, carries out, and Apple does all of it. */
async function take(id: string): Promise<void> {
  expect(await scene.apply(id)).toBe('begun')
  await scene.intervene(locationId)
  await scene.reconcile(locationId)
  await scene.settle(locationId)
}

/** A license that somebody else gave. */
async function outside(holder: string, kind = 'device', where = { locationId, assetId }): Promise<void> {
  await sql`INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
    VALUES (${where.locationId}, ${where.assetId}, ${kind}::holder_kind, ${holder}, 'held', false,
      ${scene.clock.now()})`.execute(db)
  await sql`UPDATE assets SET held = held + 1, held_outside = held_outside + 1 WHERE id = ${where.assetId}`.execute(
    db,
  )
}

/** The step is stopped after so many batches, as when its process dies. */
async function dieAfterBatches(batches: number, atOnce: number): Promise<void> {
  let begun = 0
  const dying = {
    ...scene.clock,
    now: () => {
      begun += 1
      if (begun > batches) throw new Error('died')
      return scene.clock.now()
    },
  }
  const step = interveneStep({ ...scene.ports, clock: dying, atOnce })
  await expect(scene.run(step, locationId)).rejects.toThrow('died')
}

async function rows(): Promise<readonly string[]> {
  const { rows: found } = await sql<{ holder: string; state: string }>`
    SELECT holder, state FROM licenses ORDER BY holder_kind, holder`.execute(db)
  return found.map((row) => `${row.holder} ${row.state}`)
}

async function ours(): Promise<readonly string[]> {
  const { rows: found } = await sql<{ holder: string; state: string }>`
    SELECT holder, state FROM licenses WHERE ours ORDER BY holder_kind, holder`.execute(db)
  return found.map((row) => `${row.holder} ${row.state}`)
}

async function outsideCount(): Promise<number | undefined> {
  const { rows: found } = await sql<{ held_outside: number }>`SELECT held_outside FROM assets
    WHERE id = ${assetId}`.execute(db)
  return found[0]?.held_outside
}

async function ledger(): Promise<readonly string[]> {
  const { rows: found } = await sql<{ change: string; cause: string; intervention_id: string | null }>`
    SELECT change, cause, intervention_id FROM ledger ORDER BY id`.execute(db)
  return found.map(
    (row) => `${row.change} ${row.cause}${row.intervention_id === null ? '' : ' by the record'}`,
  )
}
