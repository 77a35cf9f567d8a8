/**
 * The work surface of request packing: what is still missing, as a matrix of rows (holders that miss the same
 * assets) and columns (assets that the same holders miss), and the rectangles cut out of it so far.
 */
import type { HolderGroup, RequestLimits } from './packing.ts'

/** A row: a run of holders of one group. A group is one row until a rectangle needs only some of its holders. */
export interface Piece {
  readonly group: number
  readonly from: number
  readonly count: number
}

/** Every asset for every holder of the rows, of any size: it is cut to the limits at the very end. */
export interface Rectangle {
  readonly rows: Set<number>
  assets: readonly number[]
  /** Holders of all rows together. */
  holders: number
}

export interface Board {
  readonly pieces: Piece[]
  /** Assets that exactly the same groups miss, at most `maxAssets` in a column. */
  readonly columns: readonly (readonly number[])[]
  /** For each row the columns that are not in a rectangle yet. */
  readonly open: Set<number>[]
  readonly rectangles: Rectangle[]
}

/** Everything missing, nothing cut yet. */
export function boardOf(groups: readonly HolderGroup[], limits: RequestLimits): Board {
  const columns = alike(groups.map((group) => group.assets)).flatMap((assets) =>
    slicesOf(assets, limits.maxAssets),
  )
  const columnOf = new Map(
    columns.flatMap((assets, column) => assets.map((asset) => [asset, column] as const)),
  )
  return {
    pieces: groups.map((group, index) => ({ group: index, from: 0, count: group.holders.length })),
    columns,
    open: groups.map((group) => new Set(group.assets.flatMap((asset) => columnOf.get(asset) ?? []))),
    rectangles: [],
  }
}

/** Closes whatever is open, column by column; columns that the same rows miss go together. */
export function closeColumns(board: Board): void {
  const rowsOf = new Map<number, number[]>()
  for (const [row, columns] of board.open.entries()) {
    for (const column of columns) listed(rowsOf, column).push(row)
  }
  for (const together of alike(board.open)) {
    const [column] = together
    if (column === undefined) continue
    cut(board, rowsOf.get(column) ?? [], together)
  }
}

/** Cuts a rectangle out of what is open. */
export function cut(board: Board, rows: readonly number[], columns: readonly number[]): void {
  for (const row of rows) {
    for (const column of columns) board.open[row]?.delete(column)
  }
  board.rectangles.push({
    rows: new Set(rows),
    assets: columns.flatMap((column) => board.columns[column] ?? []),
    holders: holdersOf(board, rows),
  })
}

/** Splits a row so that it keeps `count` holders; the others become a new row wherever the row was. Gives its number. */
export function splitRow(board: Board, row: number, count: number): number {
  const piece = board.pieces[row]
  const open = board.open[row]
  if (piece === undefined || open === undefined || count <= 0 || count >= piece.count) {
    throw new TypeError(`row ${row} cannot be split after ${count} holders`)
  }
  const added = board.pieces.length
  board.pieces[row] = { ...piece, count }
  board.pieces.push({ ...piece, from: piece.from + count, count: piece.count - count })
  board.open.push(new Set(open))
  for (const rectangle of board.rectangles) {
    if (rectangle.rows.has(row)) rectangle.rows.add(added)
  }
  return added
}

/** The first of these rows that together have exactly `holders` holders; the last one is split where needed. */
export function rowsWith(board: Board, rows: readonly number[], holders: number): number[] {
  const taken: number[] = []
  let left = holders
  for (const row of rows) {
    if (left === 0) break
    const count = holdersIn(board, row)
    if (count > left) splitRow(board, row, left)
    taken.push(row)
    left -= Math.min(count, left)
  }
  return taken
}

/** Holders of one row. */
export function holdersIn(board: Board, row: number): number {
  return board.pieces[row]?.count ?? 0
}

/** Holders of several rows. */
export function holdersOf(board: Board, rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + holdersIn(board, row), 0)
}

/** Requests that rectangles cost once they are cut to the limits. */
export function cost(rectangles: readonly Rectangle[], limits: RequestLimits): number {
  return rectangles.reduce((sum, { assets, holders }) => {
    return sum + Math.ceil(assets.length / limits.maxAssets) * Math.ceil(holders / limits.maxHolders)
  }, 0)
}

/** Cuts a list into slices of `size`; the last one may be shorter. */
export function slicesOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )
}

/**
 * The members of all sets, those together that occur in exactly the same sets, in order of first appearance.
 * Each set splits the classes so far into members and others, so the time is that of reading the sets once.
 */
export function alike(sets: readonly Iterable<number>[]): number[][] {
  const classOf = new Map<number, number>()
  let classes = 1
  for (const set of sets) {
    const moved = new Map<number, number>()
    for (const member of set) {
      const before = classOf.get(member) ?? 0
      const after = moved.get(before) ?? classes++
      moved.set(before, after)
      classOf.set(member, after)
    }
  }
  const members = new Map<number, number[]>()
  for (const [member, its] of classOf) listed(members, its).push(member)
  return [...members.values()]
}

/** The list under a key, made when it is missing. */
export function listed<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const known = lists.get(key)
  if (known !== undefined) return known
  const made: V[] = []
  lists.set(key, made)
  return made
}
