/** When Apple tells one request to wait, every request of the organizational unit waits: ignoring it lengthens the ban. */
import type { Clock } from './clock.ts'
import type { AppleError, AppsBooksError } from './errors.ts'

export interface Pause {
  /** Holds requests back for the time that the failure asks for, if it asks for any. */
  noteFailure(error: AppleError | AppsBooksError, pauseMs: number | undefined): void
  /**
   * Resolves when nothing holds requests back.
   *
   * @throws the failure that asked for the pause, when the rest of it is longer than `maxWaitMs`
   */
  over(signal?: AbortSignal): Promise<void>
}

export function createPause({
  clock,
  maxWaitMs,
}: {
  readonly clock: Clock
  readonly maxWaitMs: number
}): Pause {
  let until = 0
  let asked: AppleError | AppsBooksError | undefined

  return {
    noteFailure(error, pauseMs) {
      const ms = error.retryAfterMs ?? (error.httpStatus === 429 ? pauseMs : undefined)
      if (ms === undefined) return
      const end = clock.now().getTime() + ms
      if (end > until) {
        until = end
        asked = error
      }
    },
    async over(signal) {
      for (;;) {
        const rest = until - clock.now().getTime()
        if (rest <= 0) return
        if (rest > maxWaitMs && asked !== undefined) throw asked
        await clock.sleep(rest, signal)
      }
    },
  }
}
