/** Idle licenses found, counted, listed and freed (L11), on a real PostgreSQL without Apple. */
import type { IdleReason } from '@apportion/core/licenses/idle'
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { idleLookStep } from '../../src/idle/look.ts'
import { presentIdle, presentSums } from '../../src/idle/present.ts'
import { type IdleFilter, idleKey, idleSums, pageOfIdle } from '../../src/idle/read-idle.ts'
import { setUnseenDays, unseenDaysOf } from '../../src/idle/settings.ts'
import { ada, InterventionScene } from '../support/intervention-scene.ts'
import { addAsset, addGroup, addLocation, assign } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

const database = await createTestDatabase()
const db = database.kysely
afterAll(() => database[Symbol.asyncDispose]())

let scene = new InterventionScene(db)
let locationId = 0
let assetId = 0
let groupId = 0
/** The clientUserId of somebody who left. */
let left = ''

const stranger = '00000000-0000-4000-8000-000000000001'

beforeEach(async () => {
  await sql`TRUNCATE locations, devices, users, licenses, outbox, ledger, interventions, settings CASCADE`.execute(
    db,
  )
  await sql`DELETE FROM groups WHERE built_in IS NULL`.execute(db)
  scene = new InterventionScene(db)
  locationId = await addLocation(db)
  assetId = await addAsset(db, { locationId, total: 20 })
  groupId = await addGroup(db, { name: 'Pupils', count: 4, prefix: 'DEV' })
  const { rows } = await sql<{ client_user_id: string }>`
    INSERT INTO users (user_name, name, active, created_at, updated_at) VALUES ('eve@example.org', 'Eve', false, now(), now())
    RETURNING client_user_id`.execute(db)
  left = rows[0]?.client_user_id ?? ''
})

describe('a look', () => {
  test('finds each idle license with its reason, and nothing that is in order', async () => {
    await oneOfEach()
    await scene.look(locationId)
    expect(await found()).toEqual([
      'DEV00002 device_unseen',
      'DEV00003 user_left',
      'DEV00004 not_assigned',
      'GONE0001 serial_unknown',
      'OTHER001 outside_and_unknown',
      `${stranger} user_unknown`,
      `${left} user_left`,
    ])
    expect(await sums()).toMatchObject({
      licenses: 7,
      outside: 1,
      canComeBack: 7,
      asOf: scene.clock.now().toISOString(),
      looking: false,
      unseenDays: 90,
      apps: [{ asset: { id: assetId }, licenses: 7 }],
    })
    expect(await counted()).toEqual({
      serial_unknown: 1,
      user_unknown: 1,
      user_left: 2,
      device_unseen: 1,
      not_assigned: 1,
      outside_and_unknown: 1,
    })
  })

  test('comes once a day by itself, and forgets what is idle no longer', async () => {
    await held('GONE0001')
    await scene.look(locationId)
    await sql`INSERT INTO devices (serial_number, created_at, updated_at) VALUES ('GONE0001', now(), now())`.execute(
      db,
    )
    scene.minutes = 60
    await scene.look(locationId)
    expect(await found()).toEqual(['GONE0001 serial_unknown'])
    scene.minutes = 24 * 60
    await scene.look(locationId)
    expect(await found()).toEqual([])
    expect(await sums()).toMatchObject({ licenses: 0, asOf: scene.clock.now().toISOString() })
  })

  test('remembers since when, as long as the reason stays', async () => {
    await held('GONE0001')
    await scene.look(locationId)
    const [first] = await page({})
    scene.minutes = 24 * 60
    await scene.look(locationId)
    expect(await page({})).toEqual([first])
  })

  test('goes on behind the last batch after a crash, and counts when it is through', async () => {
    for (let i = 1; i <= 5; i++) await held(`GONE000${i}`)
    let looks = 0
    const clock = {
      ...scene.clock,
      now: () => {
        looks += 1
        if (looks > 3) throw new Error('died')
        return scene.clock.now()
      },
    }
    const step = idleLookStep({ db, clock, atOnce: 2 })
    await expect(scene.run(step, locationId)).rejects.toThrow('died')
    expect(await found()).toHaveLength(4)
    expect(await sums()).toMatchObject({ licenses: 0, looking: true, asOf: null })
    await scene.look(locationId, 2)
    expect(await sums()).toMatchObject({ licenses: 5, looking: false })
  })

  test('takes the days of the setting, and looks anew when they change', async () => {
    await held('DEV00001')
    await seenDaysAgo('DEV00001', 40)
    await scene.look(locationId)
    expect(await found()).toEqual([])
    await setUnseenDays(scene.ports, 30, ada)
    expect(await unseenDaysOf(db)).toBe(30)
    await scene.look(locationId)
    expect(await found()).toEqual(['DEV00001 device_unseen'])
  })

  test.each([
    ['a device that was never seen', null],
    ['a device that was seen within the days', 89],
  ])('%s is in order', async (_title, days) => {
    await held('DEV00001')
    if (days !== null) await seenDaysAgo('DEV00001', days)
    await scene.look(locationId)
    expect(await found()).toEqual([])
  })
})

describe('the list', () => {
  test.each([1, 2, 3, 100])('shows each license once on pages of %i', async (limit) => {
    await oneOfEach()
    const other = await addAsset(db, { locationId, total: 2 })
    await held('GONE0001', { asset: other })
    await scene.look(locationId)
    const seen: string[] = []
    let after: IdleFilter['after'] = null
    for (;;) {
      const rows = await page({ after, limit })
      seen.push(...rows.map((row) => `${row.asset_id} ${row.holder}`))
      const last = rows.at(-1)
      if (rows.length < limit || last === undefined) break
      after = idleKey(last)
    }
    expect(seen).toHaveLength(8)
    expect(new Set(seen).size).toBe(8)
  })

  test.each<[Partial<IdleFilter>, number]>([
    [{ reason: 'user_left' }, 2],
    [{ search: 'DEV' }, 3],
    [{ reason: 'user_left', search: 'DEV' }, 1],
  ])('is narrowed by %o to %i', async (filter, n) => {
    await oneOfEach()
    await scene.look(locationId)
    expect(await page(filter)).toHaveLength(n)
    expect(await page({ ...filter, assetId: assetId + 1 })).toEqual([])
  })

  test('says until when a policy keeps it, and whose device it is', async () => {
    await oneOfEach()
    await scene.look(locationId)
    const rows = (await page({})).map(presentIdle)
    expect(rows.find(({ id }) => id === 'DEV00004')).toMatchObject({ keepUntil: '2026-05-01T00:00:00.000Z' })
    expect(rows.find(({ id }) => id === 'DEV00003')).toMatchObject({ name: 'Pad 3', personName: 'Eve' })
  })
})

describe('freeing', () => {
  test('takes exactly what is idle for the reasons, and the counts follow', async () => {
    await oneOfEach()
    await scene.look(locationId)
    const preview = await scene.preview({ scope: { idle: ['serial_unknown', 'user_left'] } })
    expect(preview.scope.idle).toEqual(['serial_unknown', 'user_left'])
    expect(preview.preview).toMatchObject({ licenses: 3, skipped: [], requests: 1 })
    expect(await scene.items(preview.id)).toEqual(['DEV00003 asked', 'GONE0001 asked', `${left} asked`])
    await take(preview.id)
    expect(await scene.counts(preview.id)).toEqual({ taken: 3 })
    await scene.look(locationId)
    expect(await counted()).toMatchObject({ serial_unknown: 0, user_left: 0, not_assigned: 1 })
  })

  test('leaves what is not idle any more when it is previewed, and moves the preview when that comes later', async () => {
    await held('DEV00001')
    await seenDaysAgo('DEV00001', 100)
    await held('GONE0001')
    await scene.look(locationId)
    const preview = await scene.preview({ scope: { idle: ['device_unseen', 'serial_unknown'] } })
    expect(preview.preview.licenses).toBe(2)
    await seenDaysAgo('DEV00001', 0)
    const moved = await scene.apply(preview.id)
    if (moved === 'begun') throw new Error('It began although a device had been seen')
    expect((await scene.shown(moved.movedTo)).preview.licenses).toBe(1)
    await take(moved.movedTo)
    expect(await holders()).toEqual(['DEV00001'])
  })

  test('what an assignment requires is left, or taken and withheld', async () => {
    await assign(db, { assetId, groupId })
    await scene.reconcile(locationId)
    await scene.settle(locationId)
    await seenDaysAgo('DEV00001', 100)
    await scene.look(locationId)
    expect(await page({})).toMatchObject([{ holder: 'DEV00001', required: true }])
    const careful = await scene.preview({ scope: { idle: ['device_unseen'] } })
    expect(careful.preview).toMatchObject({ licenses: 0, skipped: [{ reason: 'still_required', count: 1 }] })
    const preview = await scene.preview({ scope: { idle: ['device_unseen'] }, required: 'withhold' })
    expect(preview.preview).toMatchObject({ licenses: 1, withheld: 1, waitingWithheld: 0 })
    await take(preview.id)
    expect(await holders()).toEqual(['DEV00002', 'DEV00003', 'DEV00004'])
    expect(await scene.shown(preview.id)).toMatchObject({ withheldNow: 1, state: 'done' })
  })

  test('what is held outside needs to be said', async () => {
    await held('OTHER001', { ours: false })
    await scene.look(locationId)
    const scope = { idle: ['outside_and_unknown' as IdleReason], assetId }
    const careful = await scene.preview({ scope })
    expect(careful.preview).toMatchObject({ licenses: 0, skipped: [{ reason: 'held_outside', count: 1 }] })
    await take((await scene.preview({ scope, include_outside: true })).id)
    expect(await holders()).toEqual([])
  })

  test('goes in batches and never beyond what was previewed', async () => {
    for (let i = 1; i <= 5; i++) await held(`GONE000${i}`)
    await scene.look(locationId)
    const preview = await scene.preview({ scope: { idle: ['serial_unknown'] } })
    await scene.apply(preview.id)
    scene.minutes = 1
    await held('GONE0006')
    await sql`UPDATE licenses SET since = ${scene.clock.now()} WHERE holder = 'GONE0006'`.execute(db)
    await scene.intervene(locationId, 2)
    expect(await scene.counts(preview.id)).toEqual({ asked: 5 })
  })

  test('is not for adopting', async () => {
    const wish = scene.preview({ kind: 'adopt', scope: { idle: ['user_left'] } })
    await expect(wish).rejects.toThrow('taking back and freeing only')
  })
})

/** A license of ours or of others that is held. */
async function held(
  holder: string,
  { kind = 'device', ours = true, asset = assetId }: { kind?: string; ours?: boolean; asset?: number } = {},
): Promise<void> {
  await sql`INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
    VALUES (${locationId}, ${asset}, ${kind}::holder_kind, ${holder}, 'held', ${ours}, ${scene.clock.now()})`.execute(
    db,
  )
  await sql`UPDATE assets SET held = held + 1, held_outside = held_outside + ${ours ? 0 : 1} WHERE id = ${asset}`.execute(
    db,
  )
}

/** A license for each reason, and one that is in order. */
async function oneOfEach(): Promise<void> {
  for (const i of [1, 2, 3, 4]) await held(`DEV0000${i}`)
  await seenDaysAgo('DEV00001', 10)
  await seenDaysAgo('DEV00002', 100)
  await sql`UPDATE devices SET user_id = (SELECT id FROM users WHERE client_user_id = ${left})
    WHERE serial_number = 'DEV00003'`.execute(db)
  await sql`UPDATE licenses SET keep_until = '2026-05-01', keep_why = 'unassigned' WHERE holder = 'DEV00004'`.execute(
    db,
  )
  await held('GONE0001')
  await held('OTHER001', { ours: false })
  await held(stranger, { kind: 'user' })
  await held(left, { kind: 'user' })
}

async function seenDaysAgo(serial: string, days: number): Promise<void> {
  const at = new Date(scene.clock.now().getTime() - days * 86_400_000)
  await sql`UPDATE devices SET last_seen_at = ${at} WHERE serial_number = ${serial}`.execute(db)
}

/** Applies, carries out, and Apple does all of it. */
async function take(id: string): Promise<void> {
  expect(await scene.apply(id)).toBe('begun')
  await scene.intervene(locationId)
  await scene.settle(locationId)
}

function page(filter: Partial<IdleFilter>) {
  return pageOfIdle(db, {
    reason: null,
    locationId: null,
    assetId: null,
    search: '',
    after: null,
    limit: 100,
    ...filter,
  })
}

async function found(): Promise<readonly string[]> {
  return (await page({})).map((row) => `${row.holder} ${row.reason}`)
}

async function holders(): Promise<readonly string[]> {
  const { rows } = await sql<{ holder: string }>`SELECT holder FROM licenses ORDER BY holder`.execute(db)
  return rows.map((row) => row.holder)
}

async function sums() {
  return presentSums(await idleSums(db, { locationId: null, assetId: null }), await unseenDaysOf(db))
}

async function counted(): Promise<Record<string, number>> {
  return Object.fromEntries((await sums()).reasons.map(({ reason, licenses }) => [reason, licenses]))
}
