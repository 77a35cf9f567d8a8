/** How thoroughly and how often a location is compared with Apple's picture of it (S1, S2). */

/** Between two sweeps, which read the counts and what changed since the last look. */
export const sweepMinutes = 5

/** A sweep that something asked for comes no sooner than this after the last one. */
export const leastSweepSeconds = 30

/** After so many days every license is compared one by one, whatever the counts say. */
export const compareDays = 7

/** `changes`: what changed since a version, checked by the counts; `everything`: every license, one by one. */
export type SyncScope = 'changes' | 'everything'

/** What is known when a sync begins. */
export interface SyncStart {
  /** Apple's name for the state that was read last; null when nothing was, or when it is not certain. */
  readonly version: string | null
  /** When everything was last compared. */
  readonly comparedAt: Date | null
  /** An administrator asked for it, or what was found in between cannot be explained. */
  readonly wantsEverything: boolean
  readonly now: Date
}

/** Everything the first time, once a week and when it is asked for; else what changed. */
export function scopeOf({ version, comparedAt, wantsEverything, now }: SyncStart): SyncScope {
  if (version === null || comparedAt === null || wantsEverything) return 'everything'
  const age = now.getTime() - comparedAt.getTime()
  return age >= compareDays * 86_400_000 ? 'everything' : 'changes'
}
