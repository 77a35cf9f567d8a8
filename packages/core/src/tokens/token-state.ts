/**
 * Whether a content token can be used, and what its administrator has to do (T3).
 */

/** In order of urgency: the first that holds is the state. */
export type TokenState = 'managed_elsewhere' | 'revoked' | 'invalid' | 'expired' | 'expiring' | 'valid'

/** What is known of a token. */
export interface TokenFacts {
  readonly expiresAt: Date
  /** What Apple last answered to it. */
  readonly answered: 'valid' | 'revoked' | 'invalid'
  /** The name of another service that took the location over; null when it is ours. */
  readonly managedBy: string | null
}

/** A token with so many days left is expiring (T3). */
export const EXPIRING_DAYS = 30

const day = 86_400_000

/** The state of a token at a moment. */
export function tokenState(token: TokenFacts, now: Date): TokenState {
  if (token.managedBy !== null) return 'managed_elsewhere'
  if (token.answered !== 'valid') return token.answered
  const left = token.expiresAt.getTime() - now.getTime()
  if (left <= 0) return 'expired'
  return left <= EXPIRING_DAYS * day ? 'expiring' : 'valid'
}

/** Whether requests that change something may be sent to Apple with it (invariant 4). */
export function mayWrite(state: TokenState): boolean {
  return state === 'valid' || state === 'expiring'
}

/** Whether Apple still answers requests that only read. */
export function mayRead(state: TokenState): boolean {
  return mayWrite(state) || state === 'managed_elsewhere'
}

/** One sentence: what holds and what to do. */
export function tokenStateReason(token: TokenFacts, now: Date): string {
  const date = token.expiresAt.toISOString().slice(0, 10)
  const days = Math.ceil((token.expiresAt.getTime() - now.getTime()) / day)
  switch (tokenState(token, now)) {
    case 'managed_elsewhere':
      return `Managed by ${token.managedBy}: nothing is changed at Apple until it is released there or taken over here.`
    case 'revoked':
      return 'Apple has revoked it, for example after a newer one was downloaded: download a new token and renew.'
    case 'invalid':
      return 'Apple does not accept it, for example after a password change: download a new token and renew.'
    case 'expired':
      return `Expired on ${date}: download a new token and renew.`
    case 'expiring':
      return `Expires on ${date}, in ${days} ${days === 1 ? 'day' : 'days'}: download a new token and renew.`
    case 'valid':
      return `Valid until ${date}.`
  }
}
