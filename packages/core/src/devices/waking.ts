/**
 * When a device is woken that has something waiting for it (MDM protocol, NotNow and queues).
 *
 * A device asks for commands only when it is woken, or by itself after its last word was `NotNow`. Whatever else is left
 * undone stays undone until somebody wakes it again.
 */

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** How a conversation with a device stands after a report of its. */
export type ConversationState =
  /** Nothing waits any more. */
  | { readonly kind: 'drained' }
  /** It was given a command, whose answer is awaited. */
  | { readonly kind: 'told' }
  /** All that waits was put off; `comesBack`: its last word was `NotNow`, so it returns when it can. */
  | { readonly kind: 'put_off'; readonly comesBack: boolean }

/** Least time between two pushes to one device: what is queued in a burst wakes it once. */
export const burst = 2 * second

/** Who owns a queue and stays silent is woken once a day. */
export const dailyWake = day

/**
 * Milliseconds until a device is woken if it does not report before; null when there is nothing to wake it for.
 * `attempts` is how often it was woken since something new was queued, from 0.
 */
export function nextWake(state: ConversationState, attempts: number): number | null {
  if (state.kind === 'drained') return null
  if (state.kind === 'told') return doubling(15 * minute, attempts, day)
  return state.comesBack ? day : doubling(5 * minute, attempts, 6 * hour)
}

/** Milliseconds until a push is tried again that failed for a passing reason, the `attempts`-th time from 1. */
export function nextPush(attempts: number): number {
  return attempts <= 1 ? minute : doubling(15 * minute, attempts - 2, 6 * hour)
}

/**
 * Milliseconds until a device is woken again whose queue another server has, and of which it is only heard: longer than
 * while it talks to us, since nobody sees how far it is.
 */
export function nextAskAfter(attempts: number): number {
  return doubling(4 * hour, attempts - 1, day)
}

function doubling(first: number, times: number, most: number): number {
  return Math.min(first * 2 ** Math.min(Math.max(times, 0), 30), most)
}
