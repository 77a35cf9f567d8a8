/** A stored location as the decisions about its token see it (T3). */
import { type TokenFacts, type TokenState, tokenState } from '@apportion/core/tokens/token-state'
import type { LocationRow } from './store.ts'

/** The state of a stored location's token. */
export function stateOf(location: LocationRow, now: Date): TokenState {
  return tokenState(tokenFacts(location), now)
}

/** What may be done with the token itself, whether it is being deleted or not. */
export function useOf(location: LocationRow, now: Date): TokenState {
  return tokenState({ ...tokenFacts(location), leaving: false }, now)
}

/** What the decision about the state needs. */
export function tokenFacts(location: LocationRow): TokenFacts {
  return {
    expiresAt: location.token_expires_at,
    answered: location.token_state,
    managedBy: location.managed_by,
    leaving: location.leaving_since !== null,
  }
}
