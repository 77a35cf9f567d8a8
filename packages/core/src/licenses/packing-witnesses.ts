/** Picks assets and witnesses for the lower bound of `packing-bound.ts`, whose proof says what has to hold. */
import type { HolderGroup } from './packing.ts'

export interface Asset {
  /** Groups whose holders miss it. */
  readonly groups: readonly number[]
  readonly holders: number
  /** How many assets exactly these groups miss. */
  readonly twins: number
}

export interface Choice {
  /** In the order in which they are tried. */
  readonly assets: readonly Asset[]
  /** Picked assets that one holder may miss: y of the proof. Without a limit no request may serve two assets. */
  readonly mostEach: number
  /** Whether an asset that needs one request has the holders of one group as witnesses, or all that it can have. */
  readonly few: boolean
}

interface Picked {
  readonly witnesses: ReadonlySet<number>
  /** Witnesses in the last request: ρ of the proof. */
  readonly last: number
}

interface Pick {
  readonly groups: readonly HolderGroup[]
  readonly choice: Choice
  readonly maxHolders: number
  readonly picked: Picked[]
  /** For each group the picked assets that its holders miss. */
  readonly pickedIn: number[][]
}

/** The requests proven to be different ones (K), and the holders of all picked assets. */
export function witnessesOf(
  groups: readonly HolderGroup[],
  choice: Choice,
  maxHolders: number,
): { readonly requests: number; readonly holders: number } {
  const pick: Pick = { groups, choice, maxHolders, picked: [], pickedIn: groups.map(() => []) }
  let requests = 0
  let holders = 0
  for (const asset of choice.assets) {
    const witnesses = offers(pick, asset).find((offer) => fits(pick, asset, offer))
    if (witnesses === undefined) continue
    const count = countOf(pick, witnesses)
    requests += Math.ceil(count / maxHolders)
    holders += asset.holders
    for (const group of asset.groups) pick.pickedIn[group]?.push(pick.picked.length)
    pick.picked.push({ witnesses: new Set(witnesses), last: lastOf(count, maxHolders) })
  }
  return { requests, holders }
}

const lastOf = (count: number, maxHolders: number): number => ((count - 1) % maxHolders) + 1

function countOf({ groups }: Pick, some: readonly number[]): number {
  return some.reduce((sum, group) => sum + (groups[group]?.holders.length ?? 0), 0)
}

/** Groups tried one by one as the only witnesses of an asset. */
const triedAlone = 6

/** Groups that may be the witnesses of an asset, the most wanted first. */
function offers(pick: Pick, asset: Asset): readonly (readonly number[])[] {
  const { choice, maxHolders, pickedIn } = pick
  if (asset.groups.some((group) => (pickedIn[group]?.length ?? 0) >= choice.mostEach)) return []
  const fewest = asset.groups
    .toSorted((a, b) => crowd(pick, a) - crowd(pick, b) || a - b)
    .slice(0, triedAlone)
    .map((group) => [group])
  const strangers = asset.groups.filter((group) => pickedIn[group]?.length === 0)
  const wide = [asset.groups, withoutRivals(pick, asset), strangers].filter((offer) => offer.length > 0)
  return choice.few && asset.holders <= maxHolders ? [...fewest, ...wide] : [...wide, ...fewest]
}

/** How much a group's holders have to do with other assets: first with picked ones, then with any. */
function crowd({ groups, pickedIn }: Pick, group: number): number {
  return (pickedIn[group]?.length ?? 0) * 1e6 + (groups[group]?.assets.length ?? 0)
}

/** The asset's groups without those that miss a picked asset which has witnesses among the asset's holders. */
function withoutRivals({ picked, pickedIn }: Pick, asset: Asset): readonly number[] {
  const rivals = new Set<number>()
  for (const group of asset.groups) {
    for (const other of pickedIn[group] ?? []) {
      if (picked[other]?.witnesses.has(group)) rivals.add(other)
    }
  }
  return asset.groups.filter((group) => !pickedIn[group]?.some((other) => rivals.has(other)))
}

/** Whether the asset can be picked with these witnesses besides those picked so far. */
function fits(pick: Pick, asset: Asset, offer: readonly number[]): boolean {
  const { picked, pickedIn, choice } = pick
  const last = lastOf(countOf(pick, offer), pick.maxHolders)
  const mine = sharedWith(pick, offer, () => true)
  const theirs = sharedWith(
    pick,
    asset.groups,
    (other, group) => picked[other]?.witnesses.has(group) === true,
  )
  for (const [other, own] of mine) {
    const foreign = theirs.get(other) ?? 0
    if (foreign === 0) continue
    if (own / last + foreign / (picked[other]?.last ?? 1) > 2 / choice.mostEach) return false
  }
  return asset.groups.every((group) => (pickedIn[group]?.length ?? 0) < choice.mostEach)
}

/** Holders of these groups for each picked asset that they miss too. */
function sharedWith(
  { groups, pickedIn }: Pick,
  some: readonly number[],
  counts: (other: number, group: number) => boolean,
): Map<number, number> {
  const shared = new Map<number, number>()
  for (const group of some) {
    const holders = groups[group]?.holders.length ?? 0
    for (const other of pickedIn[group] ?? []) {
      if (counts(other, group)) shared.set(other, (shared.get(other) ?? 0) + holders)
    }
  }
  return shared
}
