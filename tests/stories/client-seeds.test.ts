/**
 * The client alone, without the server, against an Apple where nearly everything goes wrong: in the end its picture,
 * built from walks and deltas, is what Apple has. 200 new seeds on each run; `APPORTION_SEED` replays one,
 * `APPORTION_SEEDS` sets how many.
 */
import { type AppleSim, startAppleSim } from '@apportion/apple-sim/apple-sim'
import { manualClock } from '@apportion/apple-sim/clock'
import type { LocationControl } from '@apportion/apple-sim/location-control'
import { type Random, seededRandom } from '@apportion/apple-sim/random'
import { claimRequest, holderOf, RELEASED, releaseRequest } from '@apportion/apps-books/claim'
import { type AppsBooksClient, createAppsBooksClient } from '@apportion/apps-books/client'
import type { Clock } from '@apportion/apps-books/clock'
import { isUnlimited } from '@apportion/apps-books/unlimited'
import { expect, test } from 'vitest'
import { CarefulClient } from '../support/careful-client.ts'
import { type Intent, keyOf, manageUsers, move, revokeFrom } from '../support/intents.ts'
import { createRandomApple, type RandomApple } from '../support/random-apple.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts'

const { APPORTION_SEED: replay, APPORTION_SEEDS: wanted = '200' } = process.env
const seeds =
  replay === undefined
    ? Array.from({ length: Number(wanted) }, () => Math.floor(Math.random() * 2 ** 32))
    : [Number(replay)]

/** Things that the client intends in one world. */
const turns = 5
const serials = Array.from({ length: 8 }, (_, at) => `DEV${at}`)
const people = Array.from({ length: 6 }, (_, at) => `person-${at}`)
const apps = ['900001', '900002']
const book = '900009'
const ours = { id: '0b6c8a52-5f0e-4d3a-9b0d-1f6f6f1f2a01', name: 'The client alone', metadata: 'seeds' }

test.each(seeds)('seed %i: whatever goes wrong, the picture becomes what Apple has', async (seed) => {
  await using world = await begin(seed)
  try {
    await world.careful.picture.readExactly()
    for (let turn = 0; turn < turns; turn++) {
      world.market.allow(5)
      world.market.spoil()
      await world.careful.carryOut(randomIntent(world.random))
      await expectAdditionsKnown(world)
    }
    world.apple.world.faults.clear()
    await world.apple.world.settle()
    await expectAdditionsKnown(world)
    await expectUsersKnown(world)
    await world.careful.picture.readExactly()
    await expectSamePicture(world)
    await expectReleased(world)
  } catch (error) {
    const story = `Seed ${seed} fails; replay it with APPORTION_SEED=${seed}.\n${world.diary.join('\n')}`
    throw new Error(story, { cause: error })
  }
})

interface SeedWorld extends AsyncDisposable {
  readonly apple: AppleSim
  readonly location: LocationControl
  readonly receiver: WebhookReceiver
  readonly market: RandomApple
  readonly random: Random
  readonly client: AppsBooksClient
  readonly careful: CarefulClient
  readonly token: string
  readonly diary: string[]
}

async function begin(seed: number): Promise<SeedWorld> {
  const parts = new AsyncDisposableStack()
  const random = seededRandom(seed)
  const receiver = parts.use(await startWebhookReceiver('secret-of-the-receiver'))
  const apple = await startAppleSim({ seed, clock: manualClock(), knobs: knobsOf(random) })
  parts.use(apple)
  const location = apple.world.addLocation({ name: 'Utrecht', organizationName: 'Meridian College' })
  for (const adamId of apps) location.own({ adamId, total: 3 + random.below(8) })
  location.own({ adamId: book, productType: 'Book', total: 3 })
  location.assignOutside('900001', { serialNumbers: ['DEV0', 'OTHER', 'DEV5'] })
  location.assignOutside('900002', { serialNumbers: ['DEV1', 'DEV3', 'OTHER'] })
  const token = location.mintToken().file
  const market = createRandomApple({ apple, location, random }, { serials, people })
  const clock = clockOf(apple)
  // A sequence of its own, so that the number of its pauses does not change what happens elsewhere.
  const pauses = seededRandom(seed + 1)
  const client = createAppsBooksClient({
    serviceConfigUrl: apple.serviceConfigUrl,
    token,
    allowedHosts: [new URL(apple.origin).host],
    allowPlainHttpLoopback: true,
    clock,
    random: () => pauses.next(),
  })
  const { url, authToken } = receiver
  const types = ['ASSET_MANAGEMENT', 'USER_MANAGEMENT', 'USER_ASSOCIATED', 'ASSET_COUNT', 'UNLIMITED_ASSET']
  const config = await client.setClientConfig(claimRequest(ours, { url, authToken, types }))
  expect(holderOf(config, ours.id)).toEqual({ kind: 'us' })
  const diary: string[] = []
  const careful = new CarefulClient({
    client,
    clock,
    between: () => market.stir(),
    heard: () => receiver.heard,
    diary,
  })
  const dispose = () => parts.disposeAsync()
  return {
    apple,
    location,
    receiver,
    market,
    random,
    client,
    careful,
    token,
    diary,
    [Symbol.asyncDispose]: dispose,
  }
}

/** Small pages and limits, so that a few licenses make many requests; each world chooses otherwise where Apple is silent. */
function knobsOf(random: Random) {
  return {
    allowPlainHttpNotifications: true,
    pacingClock: 'simulated' as const,
    pageSize: 2 + random.below(2),
    limits: { maxAssets: 2, maxSerialNumbers: 4, maxClientUserIds: 4, maxUsers: 3 },
    unknownUser: random.chance(0.5) ? ('sync' as const) : ('async' as const),
    shortage: random.chance(0.3) ? ('whole-asset' as const) : ('partial' as const),
    removalsShiftPages: random.chance(0.5),
    invalidTokenStatus: 200 as const,
    notificationElements: 2,
    processing: { minMs: 500, maxMs: 40_000 },
    notifications: { loss: 0.3, duplicate: 0.3, reorder: 0.3, reorderMs: 120_000, delayMaxMs: 30_000 },
  }
}

/** Every pause of the client passes on the simulator's clock, and what is due then happens. */
function clockOf({ clock, world }: AppleSim): Clock {
  return {
    now: () => new Date(clock.now()),
    async sleep(ms) {
      clock.advance(ms)
      await world.drain()
    },
  }
}

function randomIntent(random: Random): Intent {
  const some = (list: readonly string[], most: number) => {
    const start = random.below(list.length)
    return Array.from({ length: 1 + random.below(most) }, (_, at) => list[(start + at) % list.length] ?? '')
  }
  const app = apps[random.below(apps.length)] ?? ''
  const email = `mail-${random.below(100)}@people.example`
  const users = some(people, 3).map((clientUserId) => ({ clientUserId, email }))
  const roll = random.next()
  if (roll < 0.2) return manageUsers('createUsers', users)
  if (roll < 0.3) return manageUsers('updateUsers', users)
  if (roll < 0.4) return manageUsers('retireUsers', users)
  if (roll < 0.45) return move('associate', book, { serialNumbers: [], clientUserIds: some(people, 2) })
  if (roll < 0.55) return revokeFrom(some(serials, 3))
  const holders = {
    serialNumbers: some(serials, 4),
    clientUserIds: random.chance(0.4) ? some(people, 2) : [],
  }
  return move(roll < 0.8 ? 'associate' : 'disassociate', app, holders)
}

/** What a delta promises: nothing that was added or changed is missing. Removals may be. */
async function expectAdditionsKnown({ careful, market, location, apple }: SeedWorld): Promise<void> {
  market.allow(0)
  await apple.world.drain()
  await careful.picture.catchUp()
  const known = new Set(careful.picture.assignments.keys())
  const missing = [...location.assignments()].map(keyOf).filter((key) => !known.has(key))
  expect(missing, 'licenses that the deltas did not tell of').toEqual([])
}

/** Users are known from a first walk and from deltas, unless Apple forgot a version. */
async function expectUsersKnown({ careful, apple, token }: SeedWorld): Promise<void> {
  expect([...careful.picture.users.values()].toSorted(byId)).toEqual(await activeUsers(apple, token))
}

async function expectSamePicture({ careful, client, location, receiver }: SeedWorld): Promise<void> {
  const atApple = new Set([...location.assignments()].map(keyOf))
  expect([...careful.picture.assignments.keys()].toSorted()).toEqual([...atApple].toSorted())
  const counts: [string, number, number | undefined][] = []
  for await (const { records } of client.assets().pages) {
    for (const asset of records) {
      const total = isUnlimited(asset) ? Number.POSITIVE_INFINITY : asset.totalCount
      counts.push([asset.adamId, asset.assignedCount, total])
    }
  }
  expect(counts).toEqual(location.assets.map(({ adamId, assigned, total }) => [adamId, assigned, total]))
  const unlimited: string[] = []
  for await (const { records } of client.unlimitedAssets().pages)
    unlimited.push(...records.map((one) => one.adamId))
  expect(unlimited).toEqual(
    counts.filter(([, , total]) => total === Number.POSITIVE_INFINITY).map(([id]) => id),
  )
  expect(receiver.refused).toBe(0)
  expect(receiver.heard.filter(({ kind }) => kind === 'unknown')).toEqual([])
}

/** The unit is let go: its holder reads as nobody, and nothing is notified any more. */
async function expectReleased({ client, location, receiver, apple }: SeedWorld): Promise<void> {
  const request = releaseRequest(holderOf(await client.clientConfig(), ours.id))
  expect(holderOf(await client.setClientConfig(request ?? {}), ours.id)).toEqual({ kind: 'nobody' })
  expect(location.mdmInfo).toEqual(RELEASED)
  const heard = receiver.heard.length
  location.buy('900001', 1)
  await apple.world.settle()
  expect(receiver.heard).toHaveLength(heard)
}

/** Read from the simulator without the client. */
async function activeUsers({ origin, clock }: AppleSim, token: string): Promise<{ clientUserId: string }[]> {
  const users: { clientUserId: string }[] = []
  for (let page = 0, pages = 1; page < pages; page++) {
    // The client's requests of this second count too.
    clock.advance(2000)
    const response = await fetch(`${origin}/mdm/v2/users?activeOnly=true&pageIndex=${page}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const body: unknown = await response.json()
    const told = body as { readonly users: { clientUserId: string }[]; readonly totalPages: number }
    users.push(...told.users)
    pages = told.totalPages
  }
  return users.toSorted(byId)
}

const byId = (a: { readonly clientUserId: string }, b: { readonly clientUserId: string }): number =>
  a.clientUserId < b.clientUserId ? -1 : 1
