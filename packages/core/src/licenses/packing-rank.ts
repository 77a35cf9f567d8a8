/** The rank of the matrix of what is missing, for the lower bound of `packing-bound.ts`. */

/** A prime: the rank over its field is at most that over the rationals. Products of two remainders stay exact. */
const prime = 32_749

/** Cells that elimination may visit, about a second; the rank found until then is that of a part, so it still holds. */
const visitLimit = 200_000_000

/** The rank of the 0/1 matrix whose rows are these sets, at most the number of columns. */
export function rankOf(rows: readonly (readonly number[])[], columns: number): number {
  const basis = new Map<number, Int32Array>()
  let visits = 0
  for (const members of rows) {
    if (basis.size === columns || visits > visitLimit) break
    const row = new Int32Array(columns)
    for (const member of members) row[member] = 1
    visits += columns * reduce(row, basis)
  }
  return basis.size
}

/** Subtracts known rows from this one; what is left, if anything, becomes known. Gives the rows visited. */
function reduce(row: Int32Array, basis: Map<number, Int32Array>): number {
  let visited = 1
  for (const [column, value] of row.entries()) {
    const current = row[column] ?? value
    if (current === 0) continue
    const known = basis.get(column)
    if (known === undefined) {
      basis.set(column, scaled(row, inverse(current)))
      return visited
    }
    visited += 1
    for (let at = column; at < row.length; at++) {
      row[at] = ((row[at] ?? 0) + (prime - current) * (known[at] ?? 0)) % prime
    }
  }
  return visited
}

const scaled = (row: Int32Array, factor: number): Int32Array => row.map((value) => (value * factor) % prime)

/** By Fermat: a^(p-2) is the inverse of a. */
function inverse(value: number): number {
  let result = 1
  let power = value
  for (let exponent = prime - 2; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result = (result * power) % prime
    power = (power * power) % prime
  }
  return result
}
