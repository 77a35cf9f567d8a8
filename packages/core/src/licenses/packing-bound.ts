/**
 * The least number of requests that any packing needs (L4): what benchmarks and tests compare the packing with.
 *
 * Only what is proven counts, so the true least may lie higher. A request is a block of at most `maxAssets` assets ×
 * `maxHolders` holders; every missing pair is in exactly one block, and blocks hold nothing else.
 *
 * 1. By places. A holder that misses m assets is in at least ⌈m / maxAssets⌉ requests, and a request has maxHolders
 *    places for holders. By assets likewise, with the sides exchanged.
 * 2. By witnesses. Pick some assets, and for each picked asset a some of its holders W(a), its witnesses. Alone they
 *    need k(a) = ⌈|W(a)| / maxHolders⌉ requests. A request can serve witnesses of both a and b only while all of its
 *    holders miss both, so it takes at most o(a, b) witnesses of a: those that miss b too.
 *    - If o(a, b) = 0 or o(b, a) = 0, no request serves witnesses of both.
 *    - Otherwise let ρ(a) be the witnesses in the last of the k(a) requests, 1 to maxHolders. When shared requests
 *      serve r witnesses of a, its own requests become fewer by at most r / ρ(a): by none before ρ(a) are gone,
 *      then by one for each maxHolders more. If o(a, b) / ρ(a) + o(b, a) / ρ(b) ≤ 2 / y for all such pairs, and
 *      no holder misses more than y picked assets, then a request shared by z ≤ y assets makes the others fewer by at
 *      most Σ over a of min over b of o(a, b) / ρ(a) ≤ Σ over pairs of 2 / y / (z - 1) = z / y ≤ 1, which is what
 *      it costs itself. (The least is at most the average.)
 *    So the requests that serve witnesses number at least K = Σ k(a).
 * 3. Both together. A holder that misses a is in exactly one request with a, so all requests with a picked asset have
 *    at most S = min(maxHolders × K, Σ |holders of a|) places when there are K of them, and at most maxHolders for
 *    each one more. If 1 asks for P places, there are at least K + ⌈(P - S) / maxHolders⌉ requests.
 * 4. By rank. A block is a 0/1 matrix of rank 1, and the blocks add up to the matrix of what is missing, so there are
 *    at least as many as its rank. (Over any field: the sum holds in integers.)
 */
import type { HolderGroup, RequestLimits } from './packing.ts'
import { alike, listed } from './packing-board.ts'
import { rankOf } from './packing-rank.ts'
import { type Asset, type Choice, witnessesOf } from './packing-witnesses.ts'

/** The best of the proven lower bounds on the requests for these groups; 0 when nothing is missing. */
export function leastRequests(groups: readonly HolderGroup[], limits: RequestLimits): number {
  const missing = groups.filter((group) => group.assets.length > 0 && group.holders.length > 0)
  const { maxAssets, maxHolders } = limits
  const assets = assetsOf(missing)
  const places = missing.reduce((sum, { assets: its, holders }) => {
    return sum + Math.ceil(its.length / maxAssets) * holders.length
  }, 0)
  const assetPlaces = assets.reduce(
    (sum, { holders, twins }) => sum + Math.ceil(holders / maxHolders) * twins,
    0,
  )
  const together = choices(assets, limits).map((choice) => {
    const { requests, holders } = witnessesOf(missing, choice, maxHolders)
    return requests + Math.ceil(Math.max(0, places - Math.min(maxHolders * requests, holders)) / maxHolders)
  })
  return Math.max(
    Math.ceil(places / maxHolders),
    Math.ceil(assetPlaces / maxAssets),
    rankOf(columnsOf(missing.length, assets), assets.length),
    ...together,
  )
}

/** For each group its assets, as places in the list of assets. */
function columnsOf(groups: number, assets: readonly Asset[]): number[][] {
  const columns: number[][] = Array.from({ length: groups }, () => [])
  for (const [column, asset] of assets.entries()) {
    for (const group of asset.groups) columns[group]?.push(column)
  }
  return columns
}

/** One asset for each set of groups; assets that the same groups miss cannot both be picked. */
function assetsOf(groups: readonly HolderGroup[]): Asset[] {
  const groupsOf = new Map<number, number[]>()
  for (const [group, { assets }] of groups.entries()) {
    for (const asset of assets) listed(groupsOf, asset).push(group)
  }
  return alike(groups.map((group) => group.assets)).flatMap((twins) => {
    const [first] = twins
    const its = first === undefined ? [] : (groupsOf.get(first) ?? [])
    const holders = its.reduce((sum, group) => sum + (groups[group]?.holders.length ?? 0), 0)
    return { groups: its, holders, twins: twins.length }
  })
}

/** Pairs of group and asset past which few choices are tried: each takes time in proportion to them. */
const manyPairs = 100_000

/** Which choices of witnesses are tried: every one is a proof, none is the best for all fleets. */
function choices(assets: readonly Asset[], { maxAssets, maxHolders }: RequestLimits): Choice[] {
  const lastRequest = ({ holders }: Asset): number => ((holders - 1) % maxHolders) + 1
  const rareFirst = assets.toSorted((a, b) => a.holders - b.holders)
  const orders = [
    rareFirst,
    rareFirst.toReversed(),
    assets.toSorted((a, b) => lastRequest(b) - lastRequest(a)),
  ]
  const all = orders.flatMap((order) =>
    [2, 3, 5, maxAssets, Number.POSITIVE_INFINITY].flatMap((mostEach) =>
      [true, false].map((few) => ({ assets: order, mostEach, few })),
    ),
  )
  const pairs = assets.reduce((sum, { groups }) => sum + groups.length, 0)
  const usual = all.filter(
    ({ assets: order, mostEach, few }) => order === rareFirst && few && mostEach >= maxAssets,
  )
  return pairs > manyPairs ? usual : all
}
