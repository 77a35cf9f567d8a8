/**
 * Keeps the requests of one organizational unit below Apple's limit (`maxRequestPerSecond`, error 9646). Where
 * several processes serve one unit they must share a limiter; this one lives in a single process.
 */
import type { Clock } from './clock.ts'

export interface Limiter {
  /** Resolves when one more request may be sent; rejects when the signal is aborted first. */
  take(signal?: AbortSignal): Promise<void>
}

/** A little more than a second: requests that leave a second apart may arrive closer together. */
const WINDOW_MS = 1050

/**
 * A limiter of which any sliding second sees at most `perSecond` requests. `perSecond` is asked each time, because
 * Apple may change it. Requests are let through in the order in which they came.
 */
export function createRateLimiter({
  perSecond,
  clock,
}: {
  readonly perSecond: () => number | Promise<number>
  readonly clock: Clock
}): Limiter {
  const taken: number[] = []
  let turn: Promise<void> = Promise.resolve()

  async function takeNow(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    const allowed = Math.max(1, Math.floor(await perSecond()))
    for (;;) {
      const wait = waitMs(taken, allowed, clock.now().getTime())
      if (wait === 0) break
      await clock.sleep(wait, signal)
    }
    taken.push(clock.now().getTime())
    taken.splice(0, taken.length - allowed)
  }

  return {
    take(signal) {
      const mine = turn.then(() => takeNow(signal))
      turn = mine.catch(() => undefined)
      return mine
    },
  }
}

/** How long until one more request fits, given the times of the latest ones, oldest first. */
function waitMs(taken: readonly number[], allowed: number, now: number): number {
  const oldest = taken.at(-allowed)
  if (oldest === undefined) return 0
  // A clock that was set back must not stop the requests for longer than the window.
  return Math.min(WINDOW_MS, Math.max(0, oldest + WINDOW_MS - now))
}
