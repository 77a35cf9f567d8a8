/**
 * How few requests give (or take back) what is missing: holders that miss the same assets share requests up to
 * Apple's limits (L4).
 *
 * A request names assets and holders, and Apple applies every asset to every holder. What is missing is therefore
 * cut into full blocks of assets × holders: each missing pair in exactly one block, nothing else in any.
 *
 * The least number of blocks cannot be computed in reasonable time for mixed fleets, so several ways of cutting
 * are tried and the best one is taken. One group of N holders that all miss M assets costs
 * ⌈M / maxAssets⌉ × ⌈N / maxHolders⌉ requests. The result depends on nothing but the arguments.
 */
import { type Board, boardOf, closeColumns, cost, type Rectangle, slicesOf } from './packing-board.ts'
import { growRectangles } from './packing-grow.ts'
import { shareRoom } from './packing-share.ts'

/** Holders that miss exactly the same assets. */
export interface HolderGroup {
  /** Ascending, without repetition. */
  readonly assets: readonly number[]
  /** Serial numbers or clientUserIds; a holder occurs in one group only. */
  readonly holders: readonly string[]
}

/** What one request may carry, as Apple's service config says: 25 assets and 1,000 holders at present. */
export interface RequestLimits {
  readonly maxAssets: number
  readonly maxHolders: number
}

/** One request: every asset for every holder. */
export interface PackedRequest {
  readonly assets: readonly number[]
  readonly holders: readonly string[]
}

/**
 * The requests that cover every missing pair exactly once, the fullest first, so that most holders are served early.
 * Throws a `TypeError` for limits that are not positive integers and for a holder that occurs twice.
 */
export function packRequests(
  groups: readonly HolderGroup[],
  limits: RequestLimits,
): readonly PackedRequest[] {
  checkLimits(limits)
  checkHolders(groups)
  const missing = groups.filter((group) => group.assets.length > 0 && group.holders.length > 0)
  if (missing.length === 0) return []
  const best = cheapest(missing, limits)
  return requestsOf(missing, best, limits).sort(byFullness)
}

/** Ways to begin: what they leave open is closed asset by asset, and spare room is shared afterwards. */
const beginnings: readonly ((board: Board, limits: RequestLimits) => void)[] = [
  () => undefined,
  (board, limits) => growRectangles(board, limits, (holders) => Math.ceil(holders / limits.maxHolders)),
  (board, limits) =>
    growRectangles(board, limits, (holders) => (holders === 0 ? 0 : holders / limits.maxHolders + 0.5)),
]

function cheapest(groups: readonly HolderGroup[], limits: RequestLimits): Board {
  const [first, ...others] = (groups.length === 1 ? beginnings.slice(0, 1) : beginnings).map((begin) => {
    const board = boardOf(groups, limits)
    begin(board, limits)
    closeColumns(board)
    shareRoom(board, limits)
    return { board, requests: cost(board.rectangles, limits) }
  })
  if (first === undefined) throw new TypeError('no way of packing is known')
  return others.reduce((best, other) => (other.requests < best.requests ? other : best), first).board
}

function requestsOf(groups: readonly HolderGroup[], board: Board, limits: RequestLimits): PackedRequest[] {
  return board.rectangles.flatMap((rectangle) => {
    const holders = holdersOf(groups, board, rectangle)
    const assets = rectangle.assets.toSorted((a, b) => a - b)
    return slicesOf(assets, limits.maxAssets).flatMap((someAssets) =>
      slicesOf(holders, limits.maxHolders).map((someHolders) => ({
        assets: someAssets,
        holders: someHolders,
      })),
    )
  })
}

function holdersOf(groups: readonly HolderGroup[], board: Board, rectangle: Rectangle): string[] {
  return [...rectangle.rows]
    .sort((a, b) => a - b)
    .flatMap((row) => {
      const piece = board.pieces[row]
      if (piece === undefined) return []
      return groups[piece.group]?.holders.slice(piece.from, piece.from + piece.count) ?? []
    })
}

const pairs = (request: PackedRequest): number => request.assets.length * request.holders.length

/** Ties keep the order in which the blocks were found: sorting is stable. */
const byFullness = (a: PackedRequest, b: PackedRequest): number => pairs(b) - pairs(a)

function checkLimits({ maxAssets, maxHolders }: RequestLimits): void {
  for (const [name, value] of Object.entries({ maxAssets, maxHolders })) {
    if (!Number.isInteger(value) || value < 1) throw new TypeError(`${name} is ${value}; give 1 or more`)
  }
}

function checkHolders(groups: readonly HolderGroup[]): void {
  const seen = new Set<string>()
  for (const { holders } of groups) {
    for (const holder of holders) {
      if (seen.has(holder))
        throw new TypeError(`holder ${holder} occurs in two groups; give each holder once`)
      seen.add(holder)
    }
  }
}
