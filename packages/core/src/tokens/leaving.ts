/**
 * What a content token that is being deleted does next (T6). Each look begins from the facts, so that a crash at any
 * moment costs nothing but time.
 */
import { holderName, type TokenFacts, tokenState, tokenStateReason } from './token-state.ts'

/** What becomes of the licenses that we gave and that Apple takes back. */
export type LicenseChoice = 'release' | 'leave'

export type LeavingPhase = 'releasing' | 'unclaiming' | 'deleting'

/** What is known of a token that is being deleted. */
export interface LeavingFacts {
  readonly token: TokenFacts
  readonly phase: LeavingPhase
  readonly licenses: LicenseChoice
  /** Held, ours, revocable, and not asked for yet. */
  readonly releasable: number
  /** Being given or taken back at this moment. */
  readonly onTheWay: number
  /** Apple refused to take them back, and will be asked again only much later. */
  readonly refused: number
  /** Requests whose outcome is not known. */
  readonly openOperations: number
  readonly syncRuns: boolean
}

/** What to do now; `wait` and `blocked` come back by themselves. */
export type LeavingStep =
  | { readonly do: 'release' | 'wait' | 'unclaim' | 'delete' }
  | { readonly do: 'blocked'; readonly why: 'token' | 'refused'; readonly text: string }

/** Decides the next step. */
export function leavingStep(facts: LeavingFacts, now: Date): LeavingStep {
  if (facts.phase === 'deleting') return { do: facts.syncRuns ? 'wait' : 'delete' }
  if (facts.phase === 'unclaiming') return { do: 'unclaim' }
  const wants = facts.licenses === 'release'
  const unfinished = facts.onTheWay > 0 || facts.openOperations > 0
  const dead = deadToken(facts.token, now)
  if (dead !== null) {
    const count = facts.releasable + facts.onTheWay + facts.refused
    // Nothing that is on its way can be heard of any more, and nothing else needs the token.
    if (!wants || count === 0) return { do: 'unclaim' }
    return { do: 'blocked', why: 'token', text: blockedByToken(count, dead) }
  }
  if (wants && facts.releasable > 0) return { do: 'release' }
  if (unfinished) return { do: 'wait' }
  if (wants && facts.refused > 0)
    return { do: 'blocked', why: 'refused', text: blockedByRefusal(facts.refused) }
  return { do: 'unclaim' }
}

/** Why licenses cannot be taken back with a token, or null when they can. */
export function deadToken(token: TokenFacts, now: Date): string | null {
  const without = { ...token, leaving: false }
  const state = tokenState(without, now)
  if (state === 'valid' || state === 'expiring') return null
  if (token.managedBy !== null) return `${holderName(token.managedBy)} manages the location`
  return tokenStateReason(without, now).replace(/:.*$/s, '').replace(/\.$/, '')
}

/** Whether a deletion can be called off: until the claim at Apple is given up. */
export function mayCancel(phase: LeavingPhase): boolean {
  return phase === 'releasing'
}

function blockedByToken(count: number, dead: string): string {
  return `${licenses(count)} cannot be taken back (${dead}). Renew the token to take them back, or delete it and leave them with their holders.`
}

function blockedByRefusal(count: number): string {
  return `Apple refused to take ${licenses(count)} back, and is asked again later. Wait, or delete the token and leave them with their holders.`
}

const licenses = (count: number): string => `${count} ${count === 1 ? 'license' : 'licenses'}`
