/**
 * What is going to happen, in the order of its time: steps of events, deliveries of notifications, retries.
 */
import type { SimClock } from './clock.ts'

interface Entry {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Runs work at its moment on a clock; equal moments keep the order in which they were asked for. */
export class Timeline {
  readonly #clock: SimClock
  readonly #heap: Entry[] = []
  #order = 0
  #cancelWake: (() => void) | undefined
  #wakeAt = Number.POSITIVE_INFINITY
  #stopped = false

  constructor(clock: SimClock) {
    this.#clock = clock
  }

  /** Number of things still to happen. */
  get size(): number {
    return this.#heap.length
  }

  /** The moment of the next thing, or undefined when nothing is planned. */
  get nextAt(): number | undefined {
    return this.#heap[0]?.at
  }

  /** Plans `run` for the moment `at`; a moment in the past means as soon as possible, never at once. */
  at(at: number, run: () => void): void {
    if (this.#stopped) return
    push(this.#heap, { at, order: this.#order++, run })
    this.#arm()
  }

  /** Runs everything whose moment has come, and what that plans for the same moment. */
  runDue(): void {
    const now = this.#clock.now()
    for (let next = this.#heap[0]; next && next.at <= now; next = this.#heap[0]) {
      pop(this.#heap)
      next.run()
    }
    this.#arm()
  }

  /** Forgets all plans; later ones are ignored. */
  stop(): void {
    this.#stopped = true
    this.#heap.length = 0
    this.#cancelWake?.()
  }

  #arm(): void {
    const next = this.#heap[0]?.at
    if (next === undefined || next === this.#wakeAt) return
    this.#cancelWake?.()
    this.#wakeAt = next
    this.#cancelWake = this.#clock.wakeAt(next, () => {
      this.#wakeAt = Number.POSITIVE_INFINITY
      this.runDue()
    })
  }
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

function push(heap: Entry[], entry: Entry): void {
  let child = heap.length
  heap.push(entry)
  while (child > 0) {
    const above = (child - 1) >> 1
    const parent = heap[above]
    if (!parent || !isBefore(entry, parent)) break
    heap[child] = parent
    child = above
  }
  heap[child] = entry
}

function pop(heap: Entry[]): void {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  let hole = 0
  for (;;) {
    const left = heap[2 * hole + 1]
    if (!left) break
    const right = heap[2 * hole + 2]
    const useRight = right !== undefined && isBefore(right, left)
    const child = useRight ? right : left
    if (!isBefore(child, last)) break
    heap[hole] = child
    hole = 2 * hole + (useRight ? 2 : 1)
  }
  heap[hole] = last
}
