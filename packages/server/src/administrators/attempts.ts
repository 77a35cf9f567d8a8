/**
 * Slows down guessing: so many failures for one key (an address, an account) within a window, then a wait.
 *
 * Kept in the memory of this process: with several processes each counts for itself, and a restart
 * forgets. Argon2id carries the rest.
 */
import type { Clock } from '../platform/clock.ts'
import { Refusal } from '../platform/errors.ts'

export interface AttemptLimit {
  /** Counts an attempt before it is made. Throws Refusal `session.too_many_attempts` when there were too many. */
  begin(key: string): void
  /** The attempt succeeded: it and the failures before it are forgotten. */
  succeeded(key: string): void
}

export interface AttemptRule {
  /** Failures within the window. */
  readonly most: number
  readonly windowMs: number
}

interface Count {
  failures: number
  readonly endsAt: number
}

/** More keys than this are not remembered: the oldest goes first. */
const mostKeys = 10_000

export function createAttemptLimit(clock: Pick<Clock, 'now'>, { most, windowMs }: AttemptRule): AttemptLimit {
  const counts = new Map<string, Count>()
  return {
    begin: (key) => {
      const now = clock.now().getTime()
      const known = counts.get(key)
      const count =
        known !== undefined && known.endsAt > now ? known : { failures: 0, endsAt: now + windowMs }
      if (count.failures >= most) throw tooMany(count.endsAt - now)
      // Counted before the password is checked, so that attempts side by side count too.
      count.failures += 1
      counts.delete(key)
      counts.set(key, count)
      const [oldest] = counts.keys()
      if (counts.size > mostKeys && oldest !== undefined) counts.delete(oldest)
    },
    succeeded: (key) => {
      counts.delete(key)
    },
  }
}

function tooMany(waitMs: number): Refusal {
  const seconds = Math.ceil(waitMs / 1000)
  const wait = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`
  return new Refusal('session.too_many_attempts', `Too many attempts failed. Try again in ${wait}.`, {
    retryAfterSeconds: seconds,
  })
}
