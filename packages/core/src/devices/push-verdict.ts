/** What an answer of Apple's push service to one push means (APNs, "Handling notification responses"). */

/** The answer as it arrived. `timestamp`: since when the token is dead. */
export interface PushAnswer {
  readonly status: number
  readonly reason?: string | undefined
  readonly timestamp?: Date | undefined
}

export type PushVerdict =
  /** Taken, which is not delivered. */
  | { readonly kind: 'accepted' }
  /** Nothing reaches the device until it tells a newer token. `since` is null when Apple says no moment. */
  | { readonly kind: 'token_dead'; readonly since: Date | null }
  /** The push certificate is not accepted: every push with it would fail. */
  | { readonly kind: 'certificate_refused'; readonly reason: string }
  /** A passing reason of this device's alone or of Apple's. */
  | { readonly kind: 'later'; readonly reason: string; readonly reconnect: boolean }
  /** Sending the same again would fail again: a defect of ours. */
  | { readonly kind: 'refused'; readonly reason: string }

/** Tokens that Apple cannot match with the topic are as good as dead: only the device can mend it. */
const deadTokens = new Set(['BadDeviceToken', 'DeviceTokenNotForTopic'])
const closing = new Set(['IdleTimeout', 'Shutdown'])

/** Decides by status first, since reasons may be added. */
export function pushVerdict({ status, reason = '', timestamp }: PushAnswer): PushVerdict {
  const named = reason === '' ? `status ${status}` : reason
  if (status === 200) return { kind: 'accepted' }
  if (status === 410) return { kind: 'token_dead', since: timestamp ?? null }
  if (status === 403) return { kind: 'certificate_refused', reason: named }
  if (status === 429 || status >= 500 || reason === 'IdleTimeout') {
    return { kind: 'later', reason: named, reconnect: closing.has(reason) }
  }
  if (status === 400 && deadTokens.has(reason)) return { kind: 'token_dead', since: null }
  return { kind: 'refused', reason: named }
}

/**
 * Whether a token that was told at `tokenAt` is dead. Apple may speak of one that the device has replaced since: then the
 * present one stays good.
 */
export function isTokenDead(since: Date | null, tokenAt: Date | null): boolean {
  return since === null || tokenAt === null || since.getTime() >= tokenAt.getTime()
}
