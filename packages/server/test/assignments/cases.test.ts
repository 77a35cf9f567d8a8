import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeRollout } from '../../src/assignments/change-rollout.ts'
import { reconcileStep } from '../../src/assignments/reconcile.ts'
import { pageOfHolders } from '../../src/licenses/read-holders.ts'
import { EngineWorld, type Wish } from '../support/engine-world.ts'
import { ada } from '../support/intervention-scene.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

/** Devices A001… in Carts, B001… in Labs; with people, each of Carts has one, else nobody. */
async function begin({
  north,
  south = 0,
  carts = 2,
  labs = 2,
  people = [],
}: {
  north: number
  south?: number
  carts?: number
  labs?: number
  people?: readonly string[]
}) {
  const world = await EngineWorld.begin(database.kysely, { north, south, book: 0 })
  await world.addUsers([...new Set(people)])
  for (const name of ['Carts', 'Labs']) await world.addGroup(name, 'device')
  await world.addGroup('Pupils', 'user')
  const named = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${prefix}${String(i + 1).padStart(3, '0')}`)
  const members = { Carts: named('A', carts), Labs: named('B', labs), Pupils: [...new Set(people)] }
  await world.addDevices([
    ...members.Carts.map((serialNumber, i) => ({
      serialNumber,
      platform: 'iPadOS' as const,
      userName: people[i] ?? null,
    })),
    ...members.Labs.map((serialNumber) => ({ serialNumber, platform: 'iPadOS' as const })),
  ])
  await world.addMembers(members)
  return world
}

const both: readonly Wish[] = [{ group: 'Carts' }, { group: 'Labs' }]
const shared = (carts: Partial<Wish>, labs: Partial<Wish> = {}): readonly Wish[] => [
  { group: 'Carts', ...carts },
  { group: 'Labs', ...labs },
]

test.each<[string, number, readonly Wish[], readonly string[], readonly string[]]>([
  ['the older come first', 3, both, ['A001', 'A002', 'B001'], ['B002']],
  ['a higher priority comes before age', 2, shared({}, { priority: 9 }), ['B001', 'B002'], ['A001', 'A002']],
  [
    'what is reserved is kept, although others come first',
    2,
    shared({}, { reserve: 1 }),
    ['A001', 'B001'],
    ['A002', 'B002'],
  ],
  [
    'a quota is not exceeded, although licenses are left',
    9,
    shared({ quota: 1 }),
    ['A001', 'B001', 'B002'],
    ['A002'],
  ],
])('of a waiting list, %s', async (_title, north, wishes, holders, queue) => {
  const world = await begin({ north })
  const { outcome } = await world.assign({ north: wishes })
  await world.rest()
  expect([await world.holders('north'), await world.queue('north')]).toEqual([holders, queue])
  expect(outcome.waits.sample.map((row) => row.serialNumber)).toEqual(queue)
})

test.each<[string, number, readonly Wish[], string]>([
  ['no license is left', 1, [{ group: 'Carts' }], 'no_license_left'],
  ['the quota is reached', 9, [{ group: 'Carts', quota: 1 }], 'quota_reached'],
  ['what is left is kept for others', 2, shared({}, { reserve: 1 }), 'kept_for_others'],
])('a plan says of those who wait that %s', async (_title, north, wishes, code) => {
  const { outcome } = await (await begin({ north, labs: 1 })).plan({ north: wishes })
  expect(outcome.waits.sample.map((row) => [row.serialNumber, row.code])).toEqual([['A002', code]])
})

test('a quota is one for all pools that an assignment draws on', async () => {
  const world = await begin({ north: 2, south: 2, carts: 4, labs: 0 })
  await world.assign({ north: [{ group: 'Carts', quota: 3, pools: 'most_free' }] })
  await world.rest()
  expect((await world.holders('north')).length + (await world.holders('south')).length).toBe(3)
})

test('what another pool gave comes back when the assignment draws on it no more', async () => {
  const world = await begin({ north: 1, south: 1, labs: 0 })
  await world.assign({ north: [{ group: 'Carts', pools: 'most_free' }] })
  await world.rest()
  expect(await world.holders('south')).toHaveLength(1)
  await world.assign({ north: [{ group: 'Carts' }] })
  await world.rest()
  expect([await world.holders('south'), await world.holders('north'), await world.queue('north')]).toEqual([
    [],
    ['A001'],
    ['A002'],
  ])
})

test('a device gets its license from the pool of its country', async () => {
  const world = await begin({ north: 2, south: 2, labs: 0 })
  await world.putDevice({ serialNumber: 'A002', country: 'BE' })
  await world.assign({ north: [{ group: 'Carts', pools: 'country' }] })
  await world.rest()
  expect([await world.holders('north'), await world.holders('south')]).toEqual([['A001'], ['A002']])
})

test('an exclusion counts against the same kind of group only', async () => {
  const world = await begin({ north: 9, labs: 0, people: ['ann', 'ben'] })
  await world.assign({ north: [{ group: 'Carts' }, { group: 'Pupils', mode: 'exclude', intent: null }] })
  await world.rest()
  expect(await world.holders('north')).toEqual(['A001', 'A002'])
  await world.assign({ north: [{ group: 'Carts' }, { group: 'All devices', mode: 'exclude', intent: null }] })
  await world.rest()
  expect(await world.holders('north')).toEqual([])
})

test('what is available takes a license only when somebody asks, and once however often', async () => {
  const world = await begin({ north: 9, carts: 1, people: ['ann'] })
  await world.assign({ north: [{ group: 'Pupils', intent: 'available', licenseType: 'user' }] })
  await world.rest()
  expect(await world.holders('north')).toEqual([])
  for (let time = 0; time < 2; time += 1) {
    expect(await world.ask('north', { userName: 'ann' })).toBe(true)
    await world.rest()
    expect(await world.holders('north')).toEqual(['ann'])
  }
})

test('a person with several devices has one user license', async () => {
  const world = await begin({ north: 9, carts: 3, people: ['ann', 'ann', 'ann'] })
  await world.assign({ north: [{ group: 'Pupils', licenseType: 'user' }] })
  await world.rest()
  expect(await world.holders('north')).toEqual(['ann'])
})

test('with one spare license everybody moves from user to device licenses, and nobody is without', async () => {
  const people = ['ann', 'ben', 'cas']
  const world = await begin({ north: 4, carts: 3, labs: 0, people })
  await world.assign({ north: [{ group: 'Pupils', licenseType: 'user' }] })
  await world.rest()
  await world.assign({ north: [{ group: 'Pupils', licenseType: 'device' }] })
  await world.compare()
  expect(await world.holders('north')).toEqual(['A001', ...people])
  await world.rest()
  expect(await world.holders('north')).toEqual(['A001', 'A002', 'A003'])
})

const days = { kind: 'after', days: 3 } as const
const ends: readonly [string, (world: EngineWorld) => Promise<unknown>, Wish['reclaim'] & object][] = [
  ['the assignment is removed', (world) => world.assign({ north: [] }), { unassigned: days }],
  [
    'the device leaves the group',
    (world) => world.members('Carts', { remove: ['A001'] }),
    { unassigned: days },
  ],
  ['the device is deleted', (world) => world.removeDevice('A001'), { device_left: days }],
  [
    'the app is to be removed',
    (world) =>
      world.assign({ north: [{ group: 'Carts', intent: 'uninstall', reclaim: { uninstall: days } }] }),
    { uninstall: days },
  ],
]

test.each(ends)(
  'when %s, its license comes back after the days of the policy, or at once',
  async (_title, end, reclaim) => {
    for (const policy of [reclaim, {}]) {
      const world = await begin({ north: 1, carts: 1, labs: 0 })
      await world.assign({ north: [{ group: 'Carts', reclaim: policy }] })
      await world.rest()
      await end(world)
      await world.rest()
      const isKept = policy === reclaim || _title === 'the app is to be removed'
      expect(await world.holders('north')).toEqual(isKept ? ['A001'] : [])
      world.minutes += 3 * 1440
      await world.rest()
      expect(await world.holders('north')).toEqual([])
    }
  },
)

test('a license that was kept comes back when the policy keeps it no more', async () => {
  const world = await begin({ north: 1, carts: 1, labs: 0 })
  await world.assign({ north: [{ group: 'Carts', reclaim: { unassigned: { kind: 'keep' } } }] })
  await world.rest()
  await world.members('Carts', { remove: ['A001'] })
  await world.rest()
  expect(await world.holders('north')).toEqual(['A001'])
  await world.assign({ north: [{ group: 'Carts' }] })
  await world.rest()
  expect(await world.holders('north')).toEqual([])
})

test('whoever is in at 10 % of a rollout stays in at 25 %, and the next wave comes at its date', async () => {
  const world = await begin({ north: 200, carts: 100, labs: 0 })
  const at = new Date(world.clock.now().getTime() + 86_400_000).toISOString()
  const waves = [
    { percent: 10, at: null },
    { percent: 25, at },
  ]
  await world.assign({ north: [{ group: 'Carts', rollout: { waves, stopAtPercent: null } }] })
  await world.rest()
  const first = await world.holders('north')
  world.minutes += 1439
  await world.rest()
  expect(await world.holders('north')).toEqual(first)
  world.minutes += 1
  await world.rest()
  const second = await world.holders('north')
  expect(second).toEqual(expect.arrayContaining([...first]))
  expect(second.length).toBeGreaterThan(first.length)
})

test('a rollout stops as soon as too many are refused, gives nothing more, and goes on when told', async () => {
  const world = await begin({ north: 6, carts: 10, labs: 0 })
  const waves = [{ percent: 100, at: null }]
  await world.assign({ north: [{ group: 'Carts', rollout: { waves, stopAtPercent: 50 } }] })
  await world.compare()
  const [north = 0] = world.locations
  for (const operation of await world.send(north))
    await world.refuse(operation, ['A001', 'A002', 'A003', 'A004', 'A005'], 9605)
  await world.compare()
  await world.own('north', 20)
  await world.rest()
  expect(await world.holders('north')).toEqual(['A006'])
  const { rows } = await sql<{
    id: number
    why: string
  }>`SELECT id, rollout_stopped_why AS why FROM assignments`.execute(world.db)
  expect(rows).toMatchObject([{ why: 'failures 5 6 50' }])
  await changeRollout(world.ports, { id: rows[0]?.id ?? 0, act: 'go_on' }, ada)
  await world.rest()
  expect(await world.holders('north')).toHaveLength(10)
})

test('what Apple refused once and gave later does not count as failed', async () => {
  const world = await begin({ north: 10, carts: 10, labs: 0 })
  const waves = [{ percent: 100, at: null }]
  await world.assign({ north: [{ group: 'Carts', rollout: { waves, stopAtPercent: 60 } }] })
  await world.compare()
  const [north = 0] = world.locations
  for (const operation of await world.send(north))
    await world.refuse(operation, ['A001', 'A002', 'A003', 'A004', 'A005'], 9603)
  await world.compare()
  world.minutes += 60
  await world.rest()
  expect(await world.holders('north')).toHaveLength(10)
  // Five of ten would be too many, if what was refused and overcome still counted.
  await sql`UPDATE assignments SET rollout_stop_at = 30`.execute(world.db)
  await world.lookAgain('north')
  await world.rest()
  const { rows } = await sql`SELECT FROM assignments WHERE rollout_stopped_at IS NOT NULL`.execute(world.db)
  expect(rows).toEqual([])
})

test('a user license that is kept past its date while a device waits is not looked at for ever, and comes back in the end', async () => {
  const world = await begin({ north: 2, carts: 2, labs: 0, people: ['ann', 'ann'] })
  const reclaim = { unassigned: { kind: 'after', days: 1 } } as const
  await world.assign({ north: [{ group: 'Pupils', licenseType: 'user', reclaim }] })
  await world.rest()
  await world.assign({ north: [{ group: 'Pupils', licenseType: 'device', reclaim }] })
  await world.rest()
  expect(await world.holders('north')).toEqual(['A001', 'ann'])
  world.minutes += 3 * 1440
  await world.rest()
  const due = reconcileStep(world.ports).due(world.clock.now())
  expect((await due.execute(world.db)).rows).toEqual([])
  await world.own('north', 3)
  await world.rest()
  expect(await world.holders('north')).toEqual(['A001', 'A002'])
})

test('those of an assignment whose quota is used up keep nobody behind them waiting', async () => {
  const world = await begin({ north: 9, carts: 4, labs: 2 })
  await world.assign({ north: shared({ quota: 1, priority: 50 }) })
  await world.rest()
  expect(await world.holders('north')).toEqual(['A001', 'B001', 'B002'])
})

test('a person from whom a license was taken back stands among those it is withheld from', async () => {
  const world = await begin({ north: 2, carts: 1, labs: 0, people: ['ann'] })
  await world.assign({ north: [{ group: 'Pupils', licenseType: 'user' }] })
  await world.rest()
  const assetId = world.assets.get('north') ?? 0
  await sql`UPDATE targets SET withheld_by = gen_random_uuid(), withheld_at = now() WHERE user_id IS NOT NULL`.execute(
    world.db,
  )
  await world.lookAgain('north')
  await world.rest()
  expect(await world.holders('north')).toEqual([])
  const rows = await pageOfHolders(world.db, {
    assetId,
    search: '',
    state: 'withheld',
    after: null,
    limit: 5,
  })
  expect(rows).toMatchObject([{ kind: 'user', device_id: null, state: 'withheld' }])
})
