/**
 * Slows down who asks too often, by address. Kept in the memory of this process: with several each counts for itself, and
 * a restart forgets.
 */
import type { Clock } from '../platform/clock.ts'

export interface RequestLimit {
  /** Counts one; false when there were too many in the window. */
  count(address: string): boolean
  /** Whether there were too many; counts nothing. */
  isReached(address: string): boolean
}

export interface LimitRule {
  readonly most: number
  readonly windowMs: number
}

/** More addresses than this are not remembered: the oldest goes first. */
const mostAddresses = 10_000

export function createRequestLimit(clock: Pick<Clock, 'now'>, { most, windowMs }: LimitRule): RequestLimit {
  const counts = new Map<string, { readonly endsAt: number; requests: number }>()
  const current = (address: string) => {
    const now = clock.now().getTime()
    const known = counts.get(address)
    return known !== undefined && known.endsAt > now ? known : { endsAt: now + windowMs, requests: 0 }
  }
  return {
    isReached: (address) => current(address).requests >= most,
    count: (address) => {
      const counted = current(address)
      counted.requests += 1
      counts.delete(address)
      counts.set(address, counted)
      const [oldest] = counts.keys()
      if (counts.size > mostAddresses && oldest !== undefined) counts.delete(oldest)
      return counted.requests <= most
    },
  }
}
