/**
 * When to ask Apple how an event stands. Apple's rule: after 5 minutes without a notification, then at least 30
 * seconds apart, and after 10 minutes of PENDING the work is derived anew.
 */

const second = 1000
const minute = 60 * second

/** The first look at an event. Without notifications nobody else tells us, so it comes sooner. */
export function firstLook(sentAt: Date, notified: boolean): Date {
  return new Date(sentAt.getTime() + (notified ? 5 * minute : 10 * second))
}

/** Least time between two looks at a pending event. */
const lookSpacing = 30 * second
/** After this an event that is still pending counts as lost. */
const givenUpAfter = 10 * minute
/** Before what Apple did is read back, an event whose answer was lost gets this long to finish. */
const readBackPause = 30 * second

/** What to do with an event that is still pending. */
export type PendingStep = { readonly kind: 'look_again'; readonly at: Date } | { readonly kind: 'give_up' }

/** Decides by the age of the event. */
export function pendingStep(sentAt: Date, now: Date): PendingStep {
  if (now.getTime() - sentAt.getTime() >= givenUpAfter) return { kind: 'give_up' }
  return { kind: 'look_again', at: new Date(now.getTime() + lookSpacing) }
}

/** When what Apple did is read back after an answer was lost. */
export function readBackAt(now: Date): Date {
  return new Date(now.getTime() + readBackPause)
}

/** When a request that Apple answered with "later" is sent again: doubling from 2 seconds up to 5 minutes. */
export function resendAt(attempts: number, now: Date, retryAfterMs?: number): Date {
  const backoff = Math.min(2 * second * 2 ** Math.max(0, attempts - 1), 5 * minute)
  return new Date(now.getTime() + Math.max(backoff, retryAfterMs ?? 0))
}
