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

/** What may be wrong with waves, stable. */
export type WaveFaultCode = 'too_many' | 'percent' | 'no_date' | 'not_greater' | 'needs_date' | 'not_later'

/** The first thing that is wrong; `wave` counts from 0, and is the first too many with `too_many`. */
export interface WaveFault {
  readonly code: WaveFaultCode
  readonly wave: number
}

/** What is wrong with these waves; null when they can be. No waves at all is no staged rollout. */
export function waveFault(waves: readonly Wave[]): WaveFault | null {
  if (waves.length > maximumWaves) return { code: 'too_many', wave: maximumWaves }
  for (const [index, wave] of waves.entries()) {
    const code = faultOf(wave, waves[index - 1])
    if (code !== null) return { code, wave: index }
  }
  return null
}

function faultOf({ percent, at }: Wave, before: Wave | undefined): WaveFaultCode | null {
  if (!Number.isInteger(percent) || percent < 1 || percent > 100) return 'percent'
  if (at !== null && Number.isNaN(at.getTime())) return 'no_date'
  if (before === undefined) return null
  if (percent <= before.percent) return 'not_greater'
  if (at === null) return 'needs_date'
  return before.at !== null && at <= before.at ? 'not_later' : null
}

/** The same in one sentence with what to do. */
export function wavesProblem(waves: readonly Wave[]): string | null {
  const fault = waveFault(waves)
  const wave = fault === null ? undefined : waves[fault.wave]
  if (fault === null || wave === undefined) return null
  const name = `Wave ${fault.wave + 1}`
  const before = waves[fault.wave - 1]
  const sentences: Readonly<Record<WaveFaultCode, () => string>> = {
    too_many: () => `A rollout has at most ${maximumWaves} waves, not ${waves.length}: leave some out.`,
    percent: () => `${name} has ${wave.percent} percent: use a whole number from 1 to 100.`,
    no_date: () => `${name} has no valid date.`,
    not_greater: () =>
      `${name} has ${wave.percent} percent, not more than the ${before?.percent} before it: each wave is greater than the last.`,
    needs_date: () => `${name} has no date: only the first wave can begin at once.`,
    not_later: () =>
      `${name} begins ${wave.at?.toISOString()}, not after the wave before it (${before?.at?.toISOString()}): use a later date.`,
  }
  return sentences[fault.code]()
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

/**
 * Why a rollout stopped: too many of those tried failed, with the share at which it stops, or somebody stopped it. `other`
 * is a text that is neither.
 */
export type RolloutStop =
  | { readonly code: 'failures'; readonly failed: number; readonly tried: number; readonly percent: number }
  | { readonly code: 'by_hand'; readonly by: string }
  | { readonly code: 'other'; readonly text: string }

/** As it is stored; `readStop` reads it. */
export function writeStop(stop: RolloutStop): string {
  if (stop.code === 'other') return stop.text
  if (stop.code === 'by_hand') return `by_hand ${stop.by}`
  return `failures ${stop.failed} ${stop.tried} ${stop.percent}`
}

/** Reads what `writeStop` wrote; any other text is kept as it is. */
export function readStop(text: string): RolloutStop {
  const counts = /^failures (\d+) (\d+) (\d+)$/.exec(text)
  if (counts !== null) {
    const [failed = 0, tried = 0, percent = 0] = counts.slice(1).map(Number)
    return { code: 'failures', failed, tried, percent }
  }
  const by = /^by_hand (.+)$/s.exec(text)?.[1]
  return by === undefined ? { code: 'other', text } : { code: 'by_hand', by }
}

/** The same in English, without a full stop. */
export function stopSentence(stop: RolloutStop): string {
  if (stop.code === 'other') return stop.text
  if (stop.code === 'by_hand') return `stopped by ${stop.by}`
  return `${stop.failed} of ${stop.tried} failed, and it stops at ${stop.percent} %`
}
