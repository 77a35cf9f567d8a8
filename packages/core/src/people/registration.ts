/**
 * Registering people at Apple (U1): what to ask Apple for, and what its refusal means for the next attempt.
 *
 * Apple gives a user license only to a person whom it knows at the location. Registering twice does no harm, since
 * Apple refuses the second time (9716).
 */
import { retryAfterRefusal } from '../licenses/outcome.ts'

/** What is known of a person at a location. */
export interface PersonFacts {
  /** Apple's word for the person who is not retired; null when it knows nobody under this id. */
  readonly status: string | null
  /** The directory knows a Managed Apple Account, with which a person joins without an invitation. */
  readonly hasManagedAccount: boolean
  /** A license is wanted there. */
  readonly isWanted: boolean
}

/**
 * The request that a person needs: `create`, `update` (the Managed Apple Account became known after the invitation), or
 * none.
 */
export function requestFor({ status, hasManagedAccount, isWanted }: PersonFacts): 'create' | 'update' | null {
  if (!isWanted) return null
  if (status === null) return 'create'
  return status === 'Registered' && hasManagedAccount ? 'update' : null
}

/** When a registration that Apple refused is tried again. */
export type Retry =
  /** When the account changes, or an administrator asks. */
  | { readonly kind: 'when_changed' }
  /** By itself. */
  | { readonly kind: 'at'; readonly at: Date }

/** Apple's numbers that only another address or account changes: the account does not fit, is taken, a bad address. */
const standing: readonly number[] = [9635, 9641, 9717]

/** Decides by Apple's error number; null when Apple gave none. */
export function retryOf(errorNumber: number | null, now: Date): Retry {
  if (errorNumber !== null && standing.includes(errorNumber)) return { kind: 'when_changed' }
  return { kind: 'at', at: retryAfterRefusal(errorNumber ?? 0, now) }
}

/** Apple's number for a change of somebody it does not know. */
export const unknownPerson = 9609

/** Apple's number for more people in one request than it takes. */
export const tooManyPeople = 9714

/** Apple's numbers for one person of a request: a request refused with one of them can be sent without that person. */
const personal: readonly number[] = [unknownPerson, 9715, 9717]

/** What becomes of a request that Apple refused as a whole. */
export type RefusedRequest =
  /** Apple named who it is about; the others are sent again. */
  | { readonly kind: 'blame'; readonly ids: readonly string[] }
  /** It is too large, or about one of them whom Apple did not name: halves are sent, until they pass or one is found. */
  | { readonly kind: 'halve'; readonly halves: readonly [readonly string[], readonly string[]] }

/**
 * Decides what a refusal of a whole request means for the people in it. `named`: whom Apple's answer names. Every request
 * that follows is smaller, whatever limit Apple tells, and what is refused for one person waits.
 */
export function refusedRequest(
  errorNumber: number,
  { ids, named }: { readonly ids: readonly string[]; readonly named: readonly string[] },
): RefusedRequest {
  const isTooLarge = errorNumber === tooManyPeople
  const blamed = isTooLarge ? [] : ids.filter((id) => named.includes(id))
  if (blamed.length > 0) return { kind: 'blame', ids: blamed }
  const isDivisible = isTooLarge || personal.includes(errorNumber)
  if (!isDivisible || ids.length === 1) return { kind: 'blame', ids }
  const middle = Math.ceil(ids.length / 2)
  return { kind: 'halve', halves: [ids.slice(0, middle), ids.slice(middle)] }
}
