/**
 * Chance by position: what belongs to a seed, a subject and an index, without the ones before it. Half a million
 * invented devices need no list, since each is made again wherever it is asked for.
 */

/** A 32-bit number that looks random and is always the same for the same arguments. */
export function scrambled(seed: number, subject: number, index: number): number {
  let mixed = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(subject + 1, 0xc2b2ae35)) >>> 0
  mixed = Math.imul(mixed ^ index, 0x45d9f3b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** The same as a fraction in [0, 1). */
export const fraction = (seed: number, subject: number, index: number): number =>
  scrambled(seed, subject, index) / 4_294_967_296

/** One of the items; the list must not be empty. */
export function chosen<Item>(items: readonly Item[], at: number): Item {
  const item = items[at % items.length]
  if (item === undefined) throw new RangeError('There is nothing to choose from')
  return item
}

/** A step that visits all of `count` places before it comes back to the first. */
export function stride(count: number, wanted: number): number {
  let step = Math.max(1, wanted % count)
  while (commonDivisor(step, count) !== 1) step++
  return step
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}
