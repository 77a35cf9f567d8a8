/** How targets that may draw on any pool of a title are spread over the pools (C3). */

/**
 * How many of `count` targets each pool takes, when each in turn goes to the pool that then has the most free; the first
 * of equals. What no pool has left is in none of the numbers: those wait in the pool that their assignment names.
 *
 * @param free licenses free in each pool; `Infinity` for an unlimited one
 */
export function spreadOver(free: readonly number[], count: number): readonly number[] {
  const unlimited = free.indexOf(Number.POSITIVE_INFINITY)
  if (unlimited >= 0) return free.map((_, index) => (index === unlimited ? count : 0))
  const stock = free.map((each) => Math.max(0, Math.floor(each)))
  const total = stock.reduce((sum, each) => sum + each, 0)
  if (count >= total) return stock
  const level = waterLevel(stock, count)
  const taken = stock.map((each) => Math.max(0, each - level))
  // Down to the level it is too many by less than one a pool: the last to have been taken are given back.
  let excess = taken.reduce((sum, each) => sum + each, 0) - count
  for (let index = taken.length - 1; index >= 0 && excess > 0; index -= 1) {
    const here = taken[index] ?? 0
    if (here > 0 && (stock[index] ?? 0) - here === level) {
      taken[index] = here - 1
      excess -= 1
    }
  }
  return taken
}

/** The highest level down to which all pools can be drawn to serve `count`. */
function waterLevel(stock: readonly number[], count: number): number {
  let [low, high] = [0, Math.max(0, ...stock)]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const drawn = stock.reduce((sum, each) => sum + Math.max(0, each - middle), 0)
    if (drawn >= count) low = middle
    else high = middle - 1
  }
  return low
}
