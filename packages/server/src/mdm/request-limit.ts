/**
 * Slows down who asks too often, by whatever tells callers apart. Kept in the memory of this process: with several each
 * counts for itself, and a restart forgets.
 */
import type { Clock } from '../platform/clock.ts'

/** A count for each key, in windows that begin with its first request. */
export interface RequestLimit {
  /** Counts one; false when there were too many in the window. */
  count(key: string): boolean
}

/** So many in so many milliseconds. */
export interface LimitRule {
  readonly most: number
  readonly windowMs: number
}

/** More keys than this are not remembered: the one that was silent longest goes first. */
const mostKeys = 10_000

/** A limit of its own; nothing is counted yet. */
export function createRequestLimit(clock: Pick<Clock, 'now'>, { most, windowMs }: LimitRule): RequestLimit {
  const counts = new Map<string, { readonly endsAt: number; requests: number }>()
  const current = (key: string) => {
    const now = clock.now().getTime()
    const known = counts.get(key)
    return known !== undefined && known.endsAt > now ? known : { endsAt: now + windowMs, requests: 0 }
  }
  return {
    count: (key) => {
      const counted = current(key)
      counted.requests += 1
      counts.delete(key)
      counts.set(key, counted)
      const [oldest] = counts.keys()
      if (counts.size > mostKeys && oldest !== undefined) counts.delete(oldest)
      return counted.requests <= most
    },
  }
}
