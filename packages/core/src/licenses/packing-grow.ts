/**
 * Rectangles that save the most, one after another: a column and the columns that most of its holders miss as well.
 * Serves fleets in which many assets have nearly, but not exactly, the same holders.
 */
import type { RequestLimits } from './packing.ts'
import { type Board, cut, holdersIn, holdersOf, rowsWith } from './packing-board.ts'

/** Foreseen requests for what is left of one column with so many holders. */
export type Estimate = (holders: number) => number

/**
 * Cells looked at before growing stops and leaves the rest to closing column by column: one to two seconds.
 * A count, not a time, so that the result is the same on every machine.
 */
const lookLimit = 6_000_000

interface Found {
  readonly seed: number
  readonly rows: readonly number[]
  readonly columns: readonly number[]
  readonly holders: number
  /** Requests saved for each request spent. */
  readonly worth: number
}

/** Cuts rectangles as long as one saves more requests than it costs. */
export function growRectangles(board: Board, limits: RequestLimits, estimate: Estimate): void {
  const growth = growthOf(board, limits, estimate)
  const queue = board.columns.flatMap((_, seed) => best(growth, seed) ?? []).sort(byWorth)
  while (growth.looks < lookLimit) {
    const candidate = queue.shift()
    if (candidate === undefined) return
    const renewed = best(growth, candidate.seed)
    if (renewed === undefined) continue
    // What was cut since may have lowered it; it is taken only while it still leads.
    if (renewed.worth >= (queue[0]?.worth ?? 0)) take(growth, renewed)
    insert(queue, renewed)
  }
}

interface Growth {
  readonly board: Board
  readonly limits: RequestLimits
  readonly estimate: Estimate
  /** Holders that still miss each column. */
  readonly left: number[]
  /** Rows that miss each column; some may have got it since. */
  readonly rowsOf: number[][]
  looks: number
}

function growthOf(board: Board, limits: RequestLimits, estimate: Estimate): Growth {
  const rowsOf: number[][] = board.columns.map(() => [])
  for (const [row, columns] of board.open.entries()) {
    for (const column of columns) rowsOf[column]?.push(row)
  }
  const left = rowsOf.map((rows) => holdersOf(board, rows))
  return { board, limits, estimate, left, rowsOf, looks: 0 }
}

function take({ board, left, rowsOf }: Growth, { rows, columns, holders }: Found): void {
  const known = board.pieces.length
  const taken = rowsWith(board, rows, holders)
  for (let row = known; row < board.pieces.length; row++) {
    for (const column of board.open[row] ?? []) rowsOf[column]?.push(row)
  }
  cut(board, taken, columns)
  for (const column of columns) left[column] = (left[column] ?? 0) - holders
}

const byWorth = (a: Found, b: Found): number => b.worth - a.worth

function insert(queue: Found[], found: Found): void {
  const at = queue.findIndex((other) => other.worth < found.worth)
  if (at < 0) queue.push(found)
  else queue.splice(at, 0, found)
}

/** The best rectangle that grows from one column, if any saves something. */
function best(growth: Growth, seed: number): Found | undefined {
  const { board, limits } = growth
  if (growth.looks >= lookLimit) return undefined
  let rows = (growth.rowsOf[seed] ?? []).filter((row) => board.open[row]?.has(seed))
  growth.rowsOf[seed] = rows
  let room = limits.maxAssets - (board.columns[seed]?.length ?? 0)
  const columns = [seed]
  let found: Found | undefined
  while (rows.length > 0 && growth.looks < lookLimit) {
    const next = mostShared(growth, rows, columns, room)
    if (next === undefined) break
    columns.push(next)
    room -= board.columns[next]?.length ?? 0
    rows = rows.filter((row) => board.open[row]?.has(next))
    const all = holdersOf(board, rows)
    for (const holders of [all, all - (all % limits.maxHolders)]) {
      const worth = worthOf(growth, columns, holders)
      if (worth > (found?.worth ?? 0)) found = { seed, rows, columns: [...columns], holders, worth }
    }
  }
  return found
}

/** The column, not taken yet and small enough, that most of these rows' holders miss; the rarer of two equals. */
function mostShared(
  growth: Growth,
  rows: readonly number[],
  taken: readonly number[],
  room: number,
): number | undefined {
  const { board, left } = growth
  const shared = sharedBy(growth, rows)
  let chosen = -1
  let most = 0
  for (const [column, holders] of shared.entries()) {
    if (holders < most || holders === 0 || taken.includes(column)) continue
    if ((board.columns[column]?.length ?? 0) > room) continue
    if (holders === most && (left[column] ?? 0) >= (left[chosen] ?? 0)) continue
    chosen = column
    most = holders
  }
  return chosen < 0 ? undefined : chosen
}

/** How many holders of the rows miss each column. */
function sharedBy(growth: Growth, rows: readonly number[]): Float64Array {
  const shared = new Float64Array(growth.board.columns.length)
  for (const row of rows) {
    const open = growth.board.open[row]
    if (open === undefined) continue
    growth.looks += open.size
    const holders = holdersIn(growth.board, row)
    for (const column of open) shared[column] = (shared[column] ?? 0) + holders
  }
  return shared
}

function worthOf({ estimate, left, limits }: Growth, columns: readonly number[], holders: number): number {
  const spent = Math.ceil(holders / limits.maxHolders)
  if (spent === 0) return 0
  const saved = columns.reduce((sum, column) => {
    const before = left[column] ?? 0
    return sum + estimate(before) - estimate(before - holders)
  }, 0)
  return (saved - spent) / spent
}
