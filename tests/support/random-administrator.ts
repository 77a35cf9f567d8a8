/**
 * A random administrator, a random market and a random Apple: what they do follows from a seed. The world keeps its
 * own account of what is assigned and who gave licenses outside, so that a story can compare at the end.
 */
import { Problem, unwrap } from '@apportion/api-client/client'
import type { Random } from '@apportion/apple-sim/random'
import type { Administrator, Wish } from './administrator.ts'
import type { Story } from './story.ts'

/** What a random world consists of. */
export interface RandomWorld {
  readonly story: Story
  readonly random: Random
  readonly uId: string
  readonly tokenId: number
  readonly adamIds: readonly string[]
  readonly devices: readonly string[]
  readonly groups: readonly string[]
  /** Serial numbers by group. */
  readonly members: Map<string, Set<string>>
  /** Assignments by asset. */
  readonly wishes: Map<string, readonly Wish[]>
  /** `adamId serial` of licenses that another system gave and nobody took back. */
  readonly outside: Set<string>
  /** What happened, for the message of a seed that fails. */
  readonly diary: string[]
}

/** One random thing that an administrator, the market or Apple does. */
export async function act(world: RandomWorld): Promise<void> {
  const { random } = world
  const roll = random.next()
  if (roll < 0.3) await assign(world)
  else if (roll < 0.5) await changeMembers(world)
  else if (roll < 0.55) await replaceDevice(world)
  else if (roll < 0.65) trade(world)
  else if (roll < 0.73) meddle(world)
  else if (roll < 0.78) await sync(world)
  else if (roll < 0.81) await renewToken(world)
  else spoil(world)
}

/** Serial numbers on which an asset is required now, by the rules of include and exclude. */
export function requiredOn(world: RandomWorld, adamId: string): ReadonlySet<string> {
  const wishes = world.wishes.get(adamId) ?? []
  const reached = (mode: string) =>
    wishes
      .filter(
        (wish) => (wish.mode ?? 'include') === mode && (mode === 'exclude' || wish.intent === 'required'),
      )
      .flatMap((wish) => [...(world.members.get(wish.group) ?? [])])
  const excluded = new Set(reached('exclude'))
  return new Set(reached('include').filter((serial) => !excluded.has(serial)))
}

async function assign(world: RandomWorld): Promise<void> {
  const { random, groups } = world
  const adamId = pick(random, world.adamIds)
  const wishes = groups.flatMap((group): Wish[] => {
    const roll = random.next()
    if (roll < 0.45) return [{ group, intent: 'required' }]
    if (roll < 0.6) return [{ group, intent: 'uninstall' }]
    return roll < 0.7 ? [{ group, mode: 'exclude' }] : []
  })
  world.diary.push(`assign ${adamId}: ${JSON.stringify(wishes)}`)
  await assignPatiently(world.story.admin, adamId, wishes)
  world.wishes.set(adamId, wishes)
}

/** The engine works meanwhile: a plan that no longer fits is made again, as a person would. */
async function assignPatiently(admin: Administrator, adamId: string, wishes: readonly Wish[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.assign(adamId, wishes)
      return
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'plan.world_moved' || attempt > 20) throw error
    }
  }
}

async function changeMembers({ story, random, groups, devices, members, diary }: RandomWorld): Promise<void> {
  const group = pick(random, groups)
  const present = members.get(group) ?? new Set()
  const change = devices.filter(() => random.chance(0.2))
  const add = change.filter((serial) => !present.has(serial))
  const remove = change.filter((serial) => present.has(serial))
  diary.push(`members of ${group}: +${add.join(',')} -${remove.join(',')}`)
  const path = { id: await story.admin.groupId(group) }
  unwrap(
    await story.admin.api.POST('/api/v1/groups/{id}/members', { params: { path }, body: { add, remove } }),
  )
  for (const serial of add) present.add(serial)
  for (const serial of remove) present.delete(serial)
}

/** A device leaves the directory and comes back as a stranger without groups. */
async function replaceDevice({ story, random, devices, members, diary }: RandomWorld): Promise<void> {
  const serial = pick(random, devices)
  diary.push(`replace ${serial}`)
  const query = { q: serial, limit: 10 }
  const { items } = unwrap(await story.admin.api.GET('/api/v1/devices', { params: { query } }))
  for (const { id } of items) {
    unwrap(await story.admin.api.DELETE('/api/v1/devices/{id}', { params: { path: { id } } }))
  }
  await story.admin.importCsv('devices', `serial_number\n${serial}\n`)
  for (const group of members.values()) group.delete(serial)
}

function trade({ story, random, uId, adamIds, diary }: RandomWorld): void {
  const location = story.apple.world.location(uId)
  const adamId = pick(random, adamIds)
  const { available } = location.counts(adamId)
  const buys = random.chance(0.5) || available === 0
  const count = 1 + random.below(buys ? 4 : available)
  diary.push(`${buys ? 'buy' : 'refund'} ${count} of ${adamId}`)
  if (buys) location.buy(adamId, count)
  else location.refund(adamId, count)
}

/** Another system gives or takes licenses. */
function meddle({ story, random, uId, adamIds, devices, outside, diary }: RandomWorld): void {
  const location = story.apple.world.location(uId)
  const adamId = pick(random, adamIds)
  const serial = pick(random, devices)
  const holders = { serialNumbers: [serial] }
  const holds = [...location.assignments(adamId)].some((each) => each.serialNumber === serial)
  if (holds) {
    location.releaseOutside(adamId, holders)
    outside.delete(`${adamId} ${serial}`)
  } else if (location.counts(adamId).available > 0) {
    location.assignOutside(adamId, holders)
    outside.add(`${adamId} ${serial}`)
  } else return
  diary.push(`${holds ? 'release' : 'assign'} ${adamId} ${serial} outside`)
}

async function sync({ story, tokenId, diary }: RandomWorld): Promise<void> {
  diary.push('sync')
  await story.admin.sync(tokenId)
}

/** Apple revokes the token, perhaps in the middle of requests, and the administrator uploads a new one. */
async function renewToken({ story, uId, tokenId, random, diary }: RandomWorld): Promise<void> {
  const location = story.apple.world.location(uId)
  for (const token of location.tokens) token.revoke()
  const seconds = random.below(20)
  diary.push(`renew the token after ${seconds} seconds`)
  await story.pass({ seconds })
  const path = { id: tokenId }
  const body = { content: location.mintToken().file }
  unwrap(await story.admin.api.PUT('/api/v1/tokens/{id}/content', { params: { path }, body }))
}

const requestFaults = [
  { match: 'associate', fault: '429' },
  { match: 'associate', fault: '500' },
  { match: 'associate', fault: '503', retryAfter: 1 },
  { match: 'associate', fault: 'reset-before' },
  { match: 'associate', fault: 'reset-after-commit', times: 2 },
  { match: '/assets/associate', fault: 'truncated' },
  { match: '/assets/disassociate', fault: 'html' },
  { match: '/assets/disassociate', fault: 'reset-after-commit' },
  { match: '/status', fault: '500' },
  { match: '/status', fault: 'reset-before' },
  { match: '/assignments', fault: '503' },
  { match: '/assignments', fault: 'truncated' },
] as const

/** Something goes wrong at Apple or on the way. */
function spoil({ story, random, diary }: RandomWorld): void {
  const { world } = story.apple
  const changes: Record<string, () => void> = {
    'an event sticks': () => world.faults.stuckEvents(1),
    'an event is forgotten': () => world.faults.forgetEvents(1),
    'maintenance begins or ends': () => world.faults.maintenance(!world.faults.isMaintenance),
    'the limits change': () =>
      world.setKnobs({ limits: { maxAssets: 1 + random.below(3), maxSerialNumbers: 1 + random.below(6) } }),
  }
  if (random.chance(0.6)) {
    const fault = pick(random, requestFaults)
    diary.push(JSON.stringify(fault))
    world.faults.failNext(fault)
  } else {
    const change = pick(random, Object.keys(changes))
    diary.push(change)
    changes[change]?.()
  }
}

function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[random.below(from.length)]
  if (chosen === undefined) throw new RangeError('There is nothing to pick from')
  return chosen
}
