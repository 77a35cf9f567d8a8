/** Random worlds for the assignment engine, and random changes of them. */
import fc from 'fast-check'
import type { DeviceChange } from '../../src/directory/put-device.ts'
import { EngineWorld, type Wish } from './engine-world.ts'
import type { TestDatabase } from './test-database.ts'

/** So many worlds: the same each time, or others with another TEST_SEED, and more of them with TEST_RUNS. */
export const worlds = (numRuns: number) => ({
  numRuns: Number(process.env.TEST_RUNS ?? numRuns),
  seed: Number(process.env.TEST_SEED ?? 20_261),
  endOnFailure: true,
})

export const serials = ['DEV1', 'DEV2', 'DEV3', 'DEV4', 'DEV5', 'DEV6', 'DEV7', 'DEV8']
export const people = ['ann', 'ben', 'cas', 'dee']
export const deviceGroups = ['Carts', 'Labs', 'Loans']
export const userGroups = ['Pupils', 'Staff']

/** What of a device decides which licenses work on it. */
const facts = fc.record({
  platform: fc.constantFrom('iPadOS' as const, 'iPadOS' as const, 'iOS' as const, 'macOS' as const),
  ownership: fc.constantFrom('corporate' as const, 'corporate' as const, 'personal' as const),
  supervised: fc.boolean(),
  kiosk: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  enrollmentType: fc.constantFrom(
    'device' as const,
    'device' as const,
    'device' as const,
    'user' as const,
    'shared' as const,
  ),
  country: fc.constantFrom('NL', 'BE', null),
  userName: fc.constantFrom(...people, ...people, null),
})

const reclaim = fc.constantFrom<NonNullable<Wish['reclaim']>[]>(
  {},
  {},
  { unassigned: { kind: 'keep' } },
  { unassigned: { kind: 'after', days: 3 }, uninstall: { kind: 'keep' } },
  { device_left: { kind: 'keep' }, user_left: { kind: 'after', days: 2 } },
)

const shares = fc.constantFrom<Pick<Wish, 'reserve' | 'quota'>[]>(
  {},
  {},
  {},
  { quota: 2 },
  { reserve: 2 },
  { reserve: 1, quota: 3 },
)

export interface WishOptions {
  /** Only device licenses, so that plans are counted by classes. */
  readonly devicesOnly?: boolean
  readonly pools?: boolean
  /** Only `north`, and nothing by which ids or who came first matter: no shares, stages, nor licenses kept for a while. */
  readonly plain?: boolean
}

/** One assignment of an app. */
function wish({ devicesOnly = false, pools = true, plain = false }: WishOptions): fc.Arbitrary<Wish> {
  return fc
    .record({
      group: fc.constantFrom(...deviceGroups, ...userGroups, ...deviceGroups, 'All devices', 'All users'),
      kind: fc.constantFrom('required', 'required', 'required', 'available', 'uninstall', 'exclude'),
      licenseType: devicesOnly
        ? fc.constant('device' as const)
        : fc.constantFrom('device' as const, 'device' as const, 'user' as const),
      priority: fc.constantFrom(0, 0, 5),
      pools: pools
        ? fc.constantFrom(
            'own' as const,
            'own' as const,
            'own' as const,
            'country' as const,
            'most_free' as const,
          )
        : fc.constant('own' as const),
      percent: plain ? fc.constant(100) : fc.constantFrom(100, 100, 100, 50),
      reclaim: plain ? fc.constant({}) : reclaim,
      shares: plain ? fc.constant({}) : shares,
    })
    .map(({ kind, percent, shares: share, ...each }): Wish => {
      if (kind === 'exclude') return { group: each.group, mode: 'exclude', intent: null }
      const ofUsers = userGroups.includes(each.group) || each.group === 'All users'
      const intent = kind === 'available' && !ofUsers ? 'required' : kind
      const rollout = percent === 100 ? null : { waves: [{ percent, at: null }], stopAtPercent: null }
      return {
        ...each,
        ...share,
        intent: intent === 'available' || intent === 'uninstall' ? intent : 'required',
        rollout,
      }
    })
}

/** The assignments of an app, each group once. */
export const wishes = (options: WishOptions = {}): fc.Arbitrary<readonly Wish[]> =>
  fc.uniqueArray(wish(options), { maxLength: 6, selector: ({ group }) => group })

/** Assignments of a book. */
export const bookWishes: fc.Arbitrary<readonly Wish[]> = fc
  .subarray(userGroups)
  .map((groups) =>
    groups.map((group) => ({ group, licenseType: 'user' as const, intent: 'required' as const })),
  )

/** Who and what there is before anything is assigned. */
export interface Recipe {
  readonly devices: readonly Omit<DeviceChange, 'serialNumber'>[]
  readonly members: Readonly<Record<string, readonly string[]>>
  readonly nested: boolean
  readonly totals: { readonly north: number; readonly south: number; readonly book: number }
}

export const recipe = (most: number): fc.Arbitrary<Recipe> =>
  fc.record({
    devices: fc.tuple(...serials.map(() => facts)),
    members: fc.record({
      ...Object.fromEntries(deviceGroups.map((name) => [name, fc.subarray(serials)])),
      ...Object.fromEntries(userGroups.map((name) => [name, fc.subarray(people)])),
    }),
    nested: fc.boolean(),
    totals: fc.record({
      north: fc.integer({ min: 0, max: most }),
      south: fc.integer({ min: 0, max: most }),
      book: fc.integer({ min: 0, max: most }),
    }),
  })

/** Makes the world of a recipe. */
export async function worldOf(
  database: TestDatabase,
  { devices, members, nested, totals }: Recipe,
): Promise<EngineWorld> {
  const world = await EngineWorld.begin(database.kysely, totals)
  await world.addUsers(people)
  for (const name of deviceGroups) await world.addGroup(name, 'device')
  for (const name of userGroups) await world.addGroup(name, 'user')
  await world.addDevices(devices.map((device, index) => ({ ...device, serialNumber: serials[index] ?? '' })))
  await world.addMembers(members)
  if (nested) {
    await world.members('Carts', { addGroups: ['Labs'] })
    await world.members('Staff', { addGroups: ['Pupils'] })
  }
  return world
}

/** One change of a world, by name so that a failure can be read. */
export type Step =
  | { readonly do: 'assign'; readonly asset: string; readonly wishes: readonly Wish[] }
  | { readonly do: 'put'; readonly serial: string; readonly facts: Omit<DeviceChange, 'serialNumber'> }
  | { readonly do: 'remove' | 'withhold' | 'outside'; readonly serial: string }
  | { readonly do: 'join' | 'leave'; readonly group: string; readonly member: string }
  | { readonly do: 'ask' | 'take back the ask'; readonly person: string }
  | { readonly do: 'own'; readonly asset: string; readonly total: number }
  | { readonly do: 'active'; readonly person: string; readonly active: boolean }
  | { readonly do: 'days'; readonly days: number }

export const step = (options: WishOptions = {}): fc.Arbitrary<Step> => {
  const app = options.plain === true ? fc.constant('north') : fc.constantFrom('north', 'north', 'south')
  const serial = fc.constantFrom(...serials)
  const person = fc.constantFrom(...people)
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('assign' as const), asset: app, wishes: wishes(options) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('assign' as const),
        asset: fc.constant('book'),
        wishes: bookWishes,
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('put' as const), serial, facts }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('remove' as const, 'withhold' as const, 'outside' as const),
        serial,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('join' as const, 'leave' as const),
        group: fc.constantFrom(...deviceGroups),
        member: serial,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('join' as const, 'leave' as const),
        group: fc.constantFrom(...userGroups),
        member: person,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('ask' as const, 'ask' as const, 'take back the ask' as const),
        person,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('own' as const),
        asset: fc.constantFrom('north', 'south', 'book'),
        total: fc.integer({ min: 0, max: 9 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('active' as const), person, active: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('days' as const), days: fc.constantFrom(1, 4) }) },
  )
}

/** Makes a change. */
export async function take(world: EngineWorld, step: Step): Promise<void> {
  if (step.do === 'assign') await world.assign({ [step.asset]: step.wishes })
  else if (step.do === 'put') await world.putDevice({ ...step.facts, serialNumber: step.serial })
  else if (step.do === 'remove') await world.removeDevice(step.serial)
  else if (step.do === 'withhold') await world.withhold('north', step.serial)
  else if (step.do === 'outside') await world.holdOutside('north', step.serial)
  else if (step.do === 'join' || step.do === 'leave') await move(world, step)
  else if (step.do === 'own') await world.own(step.asset, step.total)
  else if (step.do === 'active') await world.setActive(step.person, step.active)
  else if (step.do === 'days') world.minutes += step.days * 1440
  else if (step.do === 'ask') await world.ask('north', { userName: step.person })
  else if (step.do === 'take back the ask') await world.ask('north', { userName: step.person }, true)
}

async function move(world: EngineWorld, step: Step & { readonly do: 'join' | 'leave' }): Promise<void> {
  // A device that was removed comes back as it was never there.
  if (serials.includes(step.member)) await world.putDevice({ serialNumber: step.member })
  await world.members(step.group, step.do === 'join' ? { add: [step.member] } : { remove: [step.member] })
}
