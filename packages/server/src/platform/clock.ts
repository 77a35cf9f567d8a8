/**
 * Time as the server sees it. Everything that reads the time or waits takes a `Clock`, so that a
 * test moves time forward instead of waiting for it.
 */
import { setTimeout as delay } from 'node:timers/promises'

export interface Clock {
  /** The present moment, millisecond precision. */
  now(): Date
  /**
   * Resolves after `ms` milliseconds (0 and less: at the next turn of the event loop).
   * Rejects with the signal's reason as soon as `signal` is aborted.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Node's timers hold at most 2^31 - 1 ms; a longer wait is made of several. */
const longestTimer = 2_147_483_647

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted()
    let left = ms
    do {
      const part = Math.min(Math.max(left, 0), longestTimer)
      await interruptibleDelay(part, signal)
      left -= part
    } while (left > 0)
  },
}

async function interruptibleDelay(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    // node:timers rejects with an AbortError of its own; callers compare with the signal's reason.
    signal?.throwIfAborted()
    throw error
  }
}
