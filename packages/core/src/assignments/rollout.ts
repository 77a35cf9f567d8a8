/**
 * Giving an app to a growing share of those that an assignment reaches, and stopping when too many fail (A6).
 *
 * Each device has a place that never changes, so whoever was in at a small share stays in at a greater one.
 */

/** From a moment on, the share of devices in percent; null is at once. */
export interface Wave {
  readonly percent: number
  readonly at: Date | null
}

/** The most waves of one assignment. */
export const maximumWaves = 20

/** Devices that must have been tried before failures stop a rollout, so that one broken device does not. */
export const fewestTried = 5

/** Why these waves cannot be; null when they can. No waves at all is no staged rollout. */
export function wavesProblem(waves: readonly Wave[]): string | null {
  if (waves.length > maximumWaves)
    return `A rollout has at most ${maximumWaves} waves, not ${waves.length}: leave some out.`
  for (const [index, wave] of waves.entries()) {
    const problem = waveProblem(wave, index, waves[index - 1])
    if (problem !== null) return problem
  }
  return null
}

function waveProblem({ percent, at }: Wave, index: number, before: Wave | undefined): string | null {
  const name = `Wave ${index + 1}`
  if (!Number.isInteger(percent) || percent < 1 || percent > 100)
    return `${name} has ${percent} percent: use a whole number from 1 to 100.`
  if (at !== null && Number.isNaN(at.getTime())) return `${name} has no valid date.`
  if (before === undefined) return null
  if (percent <= before.percent)
    return `${name} has ${percent} percent, not more than the ${before.percent} before it: each wave is greater than the last.`
  if (at === null) return `${name} has no date: only the first wave can begin at once.`
  if (before.at !== null && at <= before.at)
    return `${name} begins ${at.toISOString()}, not after the wave before it (${before.at.toISOString()}): use a later date.`
  return null
}

/** The share in force, in percent, and when the next wave begins; `nextAt` is null when none comes any more. */
export interface RolloutState {
  readonly percent: number
  readonly nextAt: Date | null
}

/** The state at a moment, of waves without a problem. Before the first wave nobody is in; without waves everybody. */
export function rolloutNow(waves: readonly Wave[], now: Date): RolloutState {
  if (waves.length === 0) return { percent: 100, nextAt: null }
  const begun = waves.filter(({ at }) => at === null || at <= now)
  return { percent: begun.at(-1)?.percent ?? 0, nextAt: waves[begun.length]?.at ?? null }
}

/** Whether a device with this place, 0 to 9999, is in at this share. */
export function isIn(place: number, percent: number): boolean {
  return place < percent * 100
}

/** How the installations of a rollout went so far. */
export interface RolloutResults {
  /** Of `tried`. */
  readonly failed: number
  /** Devices of which the outcome is known. */
  readonly tried: number
  /** The share of failures that stops the rollout, 1 to 100; null for never. */
  readonly stopAtPercent: number | null
}

/** Whether so many have failed that no further wave should begin. */
export function shouldStop({ failed, tried, stopAtPercent }: RolloutResults): boolean {
  if (stopAtPercent === null || tried < fewestTried) return false
  return failed * 100 >= stopAtPercent * tried
}
