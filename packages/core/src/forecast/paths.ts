/**
 * Courses that the use of an asset may take, drawn from its own days.
 *
 * Each course resamples the history and then draws its days from that sample, so that it carries both how uneven the days
 * are and how little a short history tells. Which days are drawn depends on the number of days alone: the same facts give
 * the same courses, and more use on any day never means less use in any course.
 */

/** Courses; the tenth, the fiftieth and the ninetieth of a hundred are read off them. */
export const pathCount = 200
/** Days that are looked ahead. */
export const longestHorizon = 365

/** For each course and each day ahead, which day of a history of `days` days it repeats; `days` from 1 to 255. */
export function drawDays(days: number): Uint8Array {
  const known = drawn.get(days)
  if (known !== undefined) return known
  const next = randomFrom(days)
  const picks = new Uint8Array(pathCount * longestHorizon)
  const sample = new Uint8Array(days)
  for (let path = 0; path < pathCount; path += 1) {
    for (let i = 0; i < days; i += 1) sample[i] = Math.floor(next() * days)
    for (let day = 0; day < longestHorizon; day += 1) {
      picks[path * longestHorizon + day] = sample[Math.floor(next() * days)] ?? 0
    }
  }
  drawn.set(days, picks)
  return picks
}

/** By the number of days; at most 255 of 73 kB each. */
const drawn = new Map<number, Uint8Array>()

/** Uniform numbers from 0 to 1, always the same ones for a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
