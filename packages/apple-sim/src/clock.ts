/**
 * The time the simulator lives in: the machine's own, or one that a test moves by hand.
 *
 * Processing delays, notification retries, token expiry and event retention all run on it, so that an hour at
 * Apple passes in a test without waiting.
 */

/** Milliseconds since 1970, and a way to be called when a moment comes. */
export interface SimClock {
  readonly kind: 'real' | 'manual'
  now(): number
  /** Moves the clock forward by `ms`. A real clock jumps ahead and keeps running. */
  advance(ms: number): void
  /** Calls `wake` once when the clock has reached `at`; the answer takes the wish back. */
  wakeAt(at: number, wake: () => void): () => void
}

interface Alarm {
  readonly at: number
  readonly wake: () => void
  timer?: NodeJS.Timeout | NodeJS.Immediate
}

/** Node clamps longer timers to 1 ms, so a longer wait is taken in parts. */
const LONGEST_TIMER_MS = 2_000_000_000

/** Follows the machine's clock; `advance` adds an offset on top. */
export function realClock(): SimClock {
  let offset = 0
  const alarms = new Set<Alarm>()
  const now = (): number => Date.now() + offset
  const arm = (alarm: Alarm): void => {
    const wait = Math.min(Math.max(0, alarm.at - now()), LONGEST_TIMER_MS)
    alarm.timer = setTimeout(() => {
      if (alarm.at > now()) return arm(alarm)
      alarms.delete(alarm)
      alarm.wake()
    }, wait).unref()
  }
  return {
    kind: 'real',
    now,
    advance(ms) {
      offset += forward(ms)
      for (const alarm of alarms) {
        disarm(alarm)
        arm(alarm)
      }
    },
    wakeAt(at, wake) {
      const alarm: Alarm = { at, wake }
      alarms.add(alarm)
      arm(alarm)
      return () => {
        disarm(alarm)
        alarms.delete(alarm)
      }
    },
  }
}

/** Stands still until `advance`; alarms on the way fire in order, each at its own moment. */
export function manualClock(start = Date.UTC(2026, 0, 5, 8, 0, 0)): SimClock {
  let present = start
  const alarms = new Set<Alarm>()
  const fire = (alarm: Alarm): void => {
    if (!alarms.delete(alarm)) return
    disarm(alarm)
    present = Math.max(present, alarm.at)
    alarm.wake()
  }
  return {
    kind: 'manual',
    now: () => present,
    advance(ms) {
      const until = present + forward(ms)
      for (let next = earliest(alarms, until); next; next = earliest(alarms, until)) fire(next)
      present = until
    },
    wakeAt(at, wake) {
      const alarm: Alarm = { at, wake }
      alarms.add(alarm)
      // What is due at once must not need a push of the clock, and must not run inside its caller either.
      if (at <= present) alarm.timer = setImmediate(() => fire(alarm))
      return () => {
        disarm(alarm)
        alarms.delete(alarm)
      }
    },
  }
}

function forward(ms: number): number {
  if (!Number.isFinite(ms) || ms < 0) throw new TypeError(`A clock moves forward only, not by ${ms} ms`)
  return ms
}

function earliest(alarms: ReadonlySet<Alarm>, until: number): Alarm | undefined {
  let first: Alarm | undefined
  for (const alarm of alarms) if (alarm.at <= until && (!first || alarm.at < first.at)) first = alarm
  return first
}

function disarm(alarm: Alarm): void {
  if (alarm.timer === undefined) return
  clearTimeout(alarm.timer as NodeJS.Timeout)
  clearImmediate(alarm.timer as NodeJS.Immediate)
}
