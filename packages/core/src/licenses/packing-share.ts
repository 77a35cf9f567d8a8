/**
 * Spare room put to use: a request that serves one department with 8 assets has room for 17 more. What everybody
 * misses can travel there for these holders, so that fewer requests are needed for it alone.
 */
import type { RequestLimits } from './packing.ts'
import { type Board, holdersIn, holdersOf, type Rectangle, rowsWith } from './packing-board.ts'

/** Rounds over all rectangles; later ones find little. */
const rounds = 3

/** Moves assets of one rectangle into others that have room for them, wherever that saves requests. */
export function shareRoom(board: Board, limits: RequestLimits): void {
  join(board)
  for (let round = 0; round < rounds; round++) {
    const moved = shareOnce(board, limits)
    join(board)
    if (!moved) return
  }
}

interface Lift {
  readonly taker: Rectangle
  readonly rows: readonly number[]
  readonly holders: number
}

/** A rectangle to be relieved, the rectangles when the round began, and for each row which of these it was in. */
interface Crossing {
  readonly giver: Rectangle
  readonly takers: readonly Rectangle[]
  readonly crossing: readonly (readonly number[])[]
}

function shareOnce(board: Board, limits: RequestLimits): boolean {
  const takers = [...board.rectangles]
  const crossing: number[][] = board.pieces.map(() => [])
  for (const [index, taker] of takers.entries()) {
    for (const row of taker.rows) crossing[row]?.push(index)
  }
  // Small sets first: they take the least room for the requests they save.
  const givers = takers.toSorted((a, b) => a.assets.length - b.assets.length || b.holders - a.holders)
  return givers.reduce((moved, whole) => {
    const giver = lastOfAssets(board, limits, whole)
    return giveAway(board, limits, { giver, takers, crossing }) || moved
  }, false)
}

function giveAway(board: Board, limits: RequestLimits, from: Crossing): boolean {
  const { giver } = from
  const lifts = liftsFor(board, limits, from)
  const needed = (lifted: number): number => Math.ceil((giver.holders - lifted) / limits.maxHolders)
  const [before, after] = [needed(0), needed(lifts.reduce((sum, lift) => sum + lift.holders, 0))]
  // Only as many as the saving takes; the room of the others may serve something else.
  for (const lift of lifts) {
    if (needed(0) === after) break
    move(board, giver, lift)
  }
  return after < before
}

/** The assets of a rectangle's last, partial request as a rectangle of its own: what can be saved. */
function lastOfAssets(board: Board, { maxAssets }: RequestLimits, whole: Rectangle): Rectangle {
  const kept = whole.assets.length - 1 - ((whole.assets.length - 1) % maxAssets)
  if (kept === 0) return whole
  const last = { rows: new Set(whole.rows), assets: whole.assets.slice(kept), holders: whole.holders }
  whole.assets = whole.assets.slice(0, kept)
  board.rectangles.push(last)
  return last
}

/** Who can take the giver's assets for which of its holders, without costing a request more; largest first. */
function liftsFor(board: Board, limits: RequestLimits, from: Crossing): Lift[] {
  const open = new Set(from.giver.rows)
  const lifts: Lift[] = []
  for (const taker of takersOf(board, limits, from)) {
    const rows = [...taker.rows].filter((row) => open.has(row))
    const holders = freeShare(taker.holders, holdersOf(board, rows), limits)
    if (holders === 0) continue
    const taken = rowsWith(board, rows, holders)
    for (const row of taken) open.delete(row)
    lifts.push({ taker, rows: taken, holders })
  }
  return lifts.sort((a, b) => b.holders - a.holders)
}

/** Rectangles with room for the giver's assets and enough holders in common, the largest first. */
function takersOf(board: Board, limits: RequestLimits, { giver, takers, crossing }: Crossing): Rectangle[] {
  const shared = new Float64Array(takers.length)
  for (const row of giver.rows) {
    const holders = holdersIn(board, row)
    for (const taker of crossing[row] ?? []) shared[taker] = (shared[taker] ?? 0) + holders
  }
  return takers
    .filter((taker, index) => {
      const enough = freeShare(taker.holders, shared[index] ?? 0, limits) > 0
      return enough && taker !== giver && roomIn(taker, limits) >= giver.assets.length
    })
    .sort((a, b) => b.holders - a.holders)
}

const roomIn = (taker: Rectangle, { maxAssets }: RequestLimits): number =>
  Math.ceil(taker.assets.length / maxAssets) * maxAssets - taker.assets.length

/**
 * The most of `shared` holders that can be split off `all` without a request more for both parts together: all of
 * them when their last request is at least as full as that of `all`, else full requests only.
 */
function freeShare(all: number, shared: number, { maxHolders }: RequestLimits): number {
  if (shared === 0) return 0
  const inLast = (holders: number): number => ((holders - 1) % maxHolders) + 1
  return inLast(shared) >= inLast(all) ? shared : shared - inLast(shared)
}

function move(board: Board, giver: Rectangle, { taker, rows, holders }: Lift): void {
  remove(giver, rows, holders)
  const assets = [...taker.assets, ...giver.assets]
  if (holders === taker.holders) {
    taker.assets = assets
    return
  }
  remove(taker, rows, holders)
  board.rectangles.push({ rows: new Set(rows), assets, holders })
}

function remove(rectangle: Rectangle, rows: readonly number[], holders: number): void {
  for (const row of rows) rectangle.rows.delete(row)
  rectangle.holders -= holders
}

/** Joins rectangles of the same rows, then those of the same assets. */
function join(board: Board): void {
  const whole = board.rectangles.filter((rectangle) => rectangle.holders > 0)
  const byRows = joined(
    whole,
    whole.map((rectangle) => rectangle.rows),
    (one, other) => {
      one.assets = [...one.assets, ...other.assets]
    },
  )
  const byAssets = joined(
    byRows,
    byRows.map((rectangle) => rectangle.assets),
    (one, other) => {
      for (const row of other.rows) one.rows.add(row)
      one.holders += other.holders
    },
  )
  board.rectangles.splice(0, board.rectangles.length, ...byAssets)
}

function joined(
  rectangles: readonly Rectangle[],
  sides: readonly Iterable<number>[],
  absorb: (one: Rectangle, other: Rectangle) => void,
): Rectangle[] {
  const known = new Map<string, Rectangle>()
  for (const [index, rectangle] of rectangles.entries()) {
    const key = [...(sides[index] ?? [])].sort((a, b) => a - b).join(' ')
    const one = known.get(key)
    if (one === undefined) known.set(key, rectangle)
    else absorb(one, rectangle)
  }
  return [...known.values()]
}
