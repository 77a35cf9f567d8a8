/** Undoing what was taken back or freed, within 30 days (L11), on a real PostgreSQL without Apple. */
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
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

const days = 24 * 60

describe('what nobody requires', () => {
  test('goes to exactly those holders again, is ours, and stays for 30 days', async () => {
    const record = await freed('OTHER1', 'OTHER2')
    expect(await rows()).toEqual([])
    scene.minutes = 10 * days
    const preview = await scene.undo(record)
    expect(preview).toMatchObject({
      kind: 'undo',
      state: 'preview',
      undoes: record,
      preview: { licenses: 2, requests: 1, apps: 1, skipped: [] },
    })
    expect(await scene.items(preview.id)).toEqual(['OTHER1 giving', 'OTHER2 giving'])
    await carryOut(preview.id)
    expect(await rows()).toEqual(['OTHER1 held ours 2026-04-11', 'OTHER2 held ours 2026-04-11'])
    expect(await scene.counts(preview.id)).toEqual({ given: 2 })
    expect(await scene.shown(preview.id)).toMatchObject({ state: 'done', undoUntil: null })
    expect(await scene.shown(record)).toMatchObject({
      undoneBy: preview.id,
      undoUntil: '2026-04-01T08:00:00.000Z',
    })
    expect(await ledger()).toEqual(['released', 'released', 'granted undo', 'granted undo'])
    await lookAgain()
    expect(await rows()).toHaveLength(2)
    expect(await countsOf(db, assetId)).toMatchObject({ held: 2, rows_held: 2, reserved: 0 })
    scene.minutes = 41 * days
    await lookAgain()
    expect((await rows()).map((row) => row.split(' ')[1])).toEqual(['releasing', 'releasing'])
  })

  test('comes as far as licenses are free; the rest is listed with the reason, and can be undone later', async () => {
    const record = await freed('OTHER1', 'OTHER2', 'OTHER3')
    await sql`UPDATE assets SET total = 2 WHERE id = ${assetId}`.execute(db)
    const preview = await scene.undo(record)
    expect(preview.preview).toMatchObject({
      licenses: 2,
      skipped: [{ outcome: 'skipped', reason: 'none_free', count: 1, text: 'No license is free.' }],
    })
    await carryOut(preview.id)
    expect(await scene.counts(preview.id)).toEqual({ given: 2, 'skipped none_free': 1 })
    expect(await countsOf(db, assetId)).toMatchObject({ held: 2, reserved: 0 })
    await sql`UPDATE assets SET total = 3 WHERE id = ${assetId}`.execute(db)
    const rest = await scene.undo(record)
    expect(await scene.items(rest.id)).toEqual([
      'OTHER1 skipped held_again',
      'OTHER2 skipped held_again',
      'OTHER3 giving',
    ])
    await carryOut(rest.id)
    expect(await rows()).toHaveLength(3)
    const nothing = await scene.undo(record)
    await expect(scene.apply(nothing.id)).rejects.toMatchObject({ code: 'intervention.nothing_to_do' })
  })

  test('goes in batches that never give more than is free', async () => {
    const record = await freed('OTHER1', 'OTHER2', 'OTHER3')
    await sql`UPDATE assets SET total = 2 WHERE id = ${assetId}`.execute(db)
    const preview = await scene.undo(record)
    await scene.apply(preview.id)
    await scene.intervene(locationId, 1)
    await scene.settle(locationId)
    expect(await scene.counts(preview.id)).toEqual({ given: 2, 'skipped none_free': 1 })
  })

  test('that Apple refuses to give is told with its reason', async () => {
    const record = await freed('OTHER1', 'OTHER2')
    const preview = await scene.undo(record)
    await scene.apply(preview.id)
    await scene.intervene(locationId)
    const [operation] = await scene.send(locationId)
    if (operation === undefined) throw new Error('Nothing was sent')
    await scene.refuse(operation, ['OTHER2'], 9610)
    await scene.reconcile(locationId)
    expect(await scene.counts(preview.id)).toEqual({ given: 1, not_given: 1 })
    expect(await scene.shown(preview.id)).toMatchObject({ state: 'done' })
    expect(await countsOf(db, assetId)).toMatchObject({ held: 1, reserved: 0 })
  })

  test('that got lost on its way to Apple is reserved anew', async () => {
    const record = await freed('OTHER1')
    const preview = await scene.undo(record)
    await scene.apply(preview.id)
    await scene.intervene(locationId)
    await sql`DELETE FROM licenses`.execute(db)
    await sql`UPDATE assets SET reserved = 0`.execute(db)
    await lookAgain()
    expect(await countsOf(db, assetId)).toMatchObject({ reserved: 1, rows_reserved: 1 })
    await scene.settle(locationId)
    expect(await scene.counts(preview.id)).toEqual({ given: 1 })
  })
})

describe('what an assignment requires', () => {
  test('is withheld no longer and given again, before anybody who waits', async () => {
    const record = await withheld()
    const preview = await scene.undo(record)
    expect(preview.preview).toMatchObject({ licenses: 3, queued: 1, skipped: [] })
    await carryOut(preview.id)
    expect(await rows()).toEqual(['DEV00001 held ours', 'DEV00002 held ours', 'DEV00003 held ours'])
    expect(await countsOf(db, assetId)).toMatchObject({ held: 3, waiting: 1 })
    expect(await scene.shown(record)).toMatchObject({ withheldNow: 0 })
    expect(await scene.counts(preview.id)).toEqual({ given: 3, queued: 1 })
  })

  test('waits in its old place when none is free', async () => {
    const record = await withheld()
    await sql`UPDATE assets SET total = 1 WHERE id = ${assetId}`.execute(db)
    const preview = await scene.undo(record)
    expect(preview.preview).toMatchObject({ licenses: 1, queued: 3 })
    await carryOut(preview.id)
    expect(await scene.counts(preview.id)).toEqual({ given: 1, 'queued none_free': 2, queued: 1 })
    expect(await countsOf(db, assetId)).toMatchObject({ held: 1, waiting: 3 })
  })

  test('and was given again by hand waits or has one already', async () => {
    const record = await withheld()
    await scene.giveAgain({ interventionId: record })
    await lookAgain()
    const preview = await scene.undo(record)
    expect(preview.preview).toMatchObject({ licenses: 0, skipped: [{ reason: 'held_again', count: 3 }] })
  })
})

describe('what has not left yet', () => {
  test('stays, when Apple was not asked for it', async () => {
    await outside('OTHER1')
    const record = await scene.preview({ kind: 'free', scope: { assetId } })
    await scene.apply(record.id)
    await scene.intervene(locationId)
    expect(await rows()).toEqual(['OTHER1 releasing ours'])
    const preview = await scene.undo(record.id)
    expect(preview.preview).toMatchObject({ licenses: 1, requests: 0 })
    await carryOut(preview.id)
    expect(await rows()).toEqual(['OTHER1 held ours 2026-04-01'])
    expect(await scene.counts(record.id)).toEqual({ 'kept undone': 1 })
    expect(await scene.counts(preview.id)).toEqual({ 'kept undone': 1 })
    expect(await scene.shown(record.id)).toMatchObject({ state: 'done' })
  })

  test('comes back first when Apple was asked, and can be undone after that', async () => {
    await outside('OTHER1')
    const record = await scene.preview({ kind: 'free', scope: { assetId } })
    await scene.apply(record.id)
    await scene.intervene(locationId)
    const [operation] = await scene.send(locationId)
    const early = await scene.undo(record.id)
    expect(early.preview).toMatchObject({ licenses: 0, skipped: [{ reason: 'on_its_way_back', count: 1 }] })
    if (operation !== undefined) await scene.done(operation)
    await scene.reconcile(locationId)
    expect((await scene.undo(record.id)).preview.licenses).toBe(1)
  })

  test('stays for good when Apple refused to take it back', async () => {
    await outside('OTHER1')
    const record = await scene.preview({ kind: 'free', scope: { assetId } })
    await scene.apply(record.id)
    await scene.intervene(locationId)
    const [operation] = await scene.send(locationId)
    if (operation !== undefined) await scene.refuse(operation, ['OTHER1'], 9609)
    await scene.reconcile(locationId)
    await carryOut((await scene.undo(record.id)).id)
    scene.minutes = 2 * days
    await lookAgain()
    expect(await rows()).toEqual(['OTHER1 held ours 2026-04-01'])
    expect(await scene.counts(record.id)).toEqual({ 'kept undone': 1 })
  })
})

describe('is refused', () => {
  test('after 30 days, a preview from before too', async () => {
    const record = await freed('OTHER1')
    scene.minutes = 30 * days
    const preview = await scene.undo(record)
    scene.minutes += 1
    await expect(scene.undo(record)).rejects.toMatchObject({ code: 'intervention.too_late' })
    await expect(scene.apply(preview.id)).rejects.toMatchObject({ code: 'intervention.too_late' })
  })

  test('for what is not begun, for adopting, for an undo, and while licenses are still asked back', async () => {
    await outside('OTHER1')
    const preview = await scene.preview({ kind: 'free', scope: { assetId } })
    await expect(scene.undo(preview.id)).rejects.toMatchObject({ code: 'intervention.not_undoable' })
    await scene.apply(preview.id)
    await expect(scene.undo(preview.id)).rejects.toMatchObject({ code: 'intervention.running' })
    await carryOut()
    const undo = await scene.undo(preview.id)
    await carryOut(undo.id)
    await expect(scene.undo(undo.id)).rejects.toMatchObject({ code: 'intervention.not_undoable' })
    await expect(scene.undo('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      code: 'intervention.unknown',
    })
  })
})

/** Frees what these devices hold outside, and gives the record. */
async function freed(...holders: readonly string[]): Promise<string> {
  for (const holder of holders) await outside(holder)
  const preview = await scene.preview({ kind: 'free', scope: { assetId } })
  await carryOut(preview.id)
  return preview.id
}

/** Takes everything from devices that require it, and gives the record: three had one, one waited. */
async function withheld(): Promise<string> {
  await assign(db, { assetId, groupId })
  await scene.reconcile(locationId)
  await scene.settle(locationId)
  const preview = await scene.preview({ scope: { assetId }, required: 'withhold' })
  await carryOut(preview.id)
  expect(await rows()).toEqual([])
  return preview.id
}

/** Applies, carries out, and Apple does all of it. */
async function carryOut(id?: string): Promise<void> {
  if (id !== undefined) expect(await scene.apply(id)).toBe('begun')
  await scene.intervene(locationId)
  await scene.reconcile(locationId)
  await scene.settle(locationId)
}

async function lookAgain(): Promise<void> {
  await sql`INSERT INTO outbox (topic, location_id, key) VALUES ('asset.look_again', ${locationId}, ${String(assetId)})
    ON CONFLICT DO NOTHING`.execute(db)
  await scene.reconcile(locationId)
}

async function outside(holder: string): Promise<void> {
  await sql`INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
    VALUES (${locationId}, ${assetId}, 'device', ${holder}, 'held', false, ${scene.clock.now()})`.execute(db)
  await sql`UPDATE assets SET held = held + 1, held_outside = held_outside + 1 WHERE id = ${assetId}`.execute(
    db,
  )
}

/** Holder, state, whose, and the day until which it is kept. */
async function rows(): Promise<readonly string[]> {
  const { rows: found } = await sql<{ holder: string; state: string; ours: boolean; keep: Date | null }>`
    SELECT holder, state, ours, keep_until AS keep FROM licenses ORDER BY holder_kind, holder`.execute(db)
  return found.map(({ holder, state, ours, keep }) =>
    [holder, state, ours ? 'ours' : 'outside', keep?.toISOString().slice(0, 10)].filter(Boolean).join(' '),
  )
}

async function ledger(): Promise<readonly string[]> {
  const { rows: found } = await sql<{ change: string; kind: string }>`
    SELECT g.change, v.kind FROM ledger g JOIN interventions v ON v.id = g.intervention_id ORDER BY g.id`.execute(
    db,
  )
  return found.map(({ change, kind }) => (kind === 'undo' ? `${change} undo` : change))
}
