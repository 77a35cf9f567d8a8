/** A clock that stands still until a test moves it. */
import type { Clock } from '../../src/platform/clock.ts'

interface Sleeper {
  readonly at: number
  readonly order: number
  readonly wake: () => void
}

export class ManualClock implements Clock {
  #now: number
  #order = 0
  #sleepers: Sleeper[] = []

  constructor(start: Date | string = '2026-03-01T08:00:00.000Z') {
    this.#now = new Date(start).getTime()
  }

  now(): Date {
    return new Date(this.#now)
  }

  /** How many wait at this moment. */
  get sleeping(): number {
    return this.#sleepers.length
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const sleeper = { at: this.#now + Math.max(ms, 0), order: this.#order++, wake: resolve }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((each) => each !== sleeper)
        reject(signal.reason)
      })
    })
  }

  /**
   * Moves time forward by `ms`. Whoever sleeps until then wakes in order of time, each seeing the
   * time it asked for, and may go to sleep again within the same step.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (let next = this.#takeDue(end); next !== undefined; next = this.#takeDue(end)) {
      this.#now = Math.max(this.#now, next.at)
      next.wake()
      await settle()
    }
    this.#now = end
  }

  #takeDue(end: number): Sleeper | undefined {
    const [first] = this.#sleepers
      .filter((each) => each.at <= end)
      .sort((a, b) => a.at - b.at || a.order - b.order)
    this.#sleepers = this.#sleepers.filter((each) => each !== first)
    return first
  }
}

/** Lets everything run that needs no more than the present turn of the event loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
