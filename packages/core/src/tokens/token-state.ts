/**
 * Whether a content token can be used, and what its administrator has to do (T3).
 */

/** In order of urgency: the first that holds is the state. */
export type TokenState =
  | 'leaving'
  | 'duplicate'
  | 'managed_elsewhere'
  | 'revoked'
  | 'invalid'
  | 'expired'
  | 'expiring'
  | 'valid'

/** Who holds a location at Apple when it is not us, from its `mdmInfo`. */
export interface Holder {
  readonly id: string | null
  readonly name: string | null
  readonly metadata: string | null
  /** That service has released the location since; nobody holds it now. */
  readonly letGo?: boolean
}

/** What is known of a token. */
export interface TokenFacts {
  readonly expiresAt: Date
  /** What Apple last answered to it. */
  readonly answered: 'valid' | 'revoked' | 'invalid'
  /** Another service that took the location over; null when it is ours. */
  readonly managedBy: Holder | null
  /** It is being deleted (T6). */
  readonly leaving?: boolean
}

/** The name under which this product claims locations at Apple. */
export const PRODUCT_NAME = 'Apportion'

/** A token with so many days left is expiring (T3). */
export const EXPIRING_DAYS = 30

const day = 86_400_000

/** The state of a token at a moment. */
export function tokenState(token: TokenFacts, now: Date): TokenState {
  if (token.leaving === true) return 'leaving'
  if (token.managedBy !== null) return isOurProduct(token.managedBy) ? 'duplicate' : 'managed_elsewhere'
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
  return mayWrite(state) || state === 'managed_elsewhere' || state === 'duplicate'
}

/** Whether another installation of this product holds the location (T3, duplicate location). */
export function isOurProduct({ name }: Pick<Holder, 'name'>): boolean {
  return name?.trim().toLowerCase() === PRODUCT_NAME.toLowerCase()
}

/** How a holder is called in a sentence; an installation of this product by the address it gave. */
export function holderName(holder: Pick<Holder, 'id' | 'name' | 'metadata'>): string {
  if (!isOurProduct(holder)) return holder.name ?? holder.id ?? 'another service'
  return holder.metadata === null || holder.metadata === ''
    ? `another installation of ${PRODUCT_NAME}`
    : `another installation of ${PRODUCT_NAME} (${holder.metadata})`
}

/** One sentence: what holds and what to do. */
export function tokenStateReason(token: TokenFacts, now: Date): string {
  const date = token.expiresAt.toISOString().slice(0, 10)
  const days = Math.ceil((token.expiresAt.getTime() - now.getTime()) / day)
  switch (tokenState(token, now)) {
    case 'leaving':
      return 'It is being deleted: nothing is given any more. See how far it is, or cancel while licenses come back.'
    case 'duplicate':
    case 'managed_elsewhere':
      return heldReason(token.managedBy)
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

function heldReason(holder: Holder | null): string {
  if (holder === null) return 'Managed by another service.'
  const name = holderName(holder)
  if (holder.letGo === true) {
    return `${capitalized(name)} has let the location go and nobody manages it now: take it over, or delete the token here.`
  }
  if (isOurProduct(holder)) {
    return `Managed by ${name}: nothing is changed at Apple from here. Delete the token in one of the two, or take the location over.`
  }
  return `Managed by ${name}: nothing is changed at Apple until it is released there or taken over here.`
}

const capitalized = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
