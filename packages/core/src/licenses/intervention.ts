/**
 * What becomes of a license when an administrator takes back, frees or adopts (L6, S5).
 *
 * The rule is decided for facts, not for single licenses: there are few kinds of facts and millions of licenses, so
 * the database joins its rows with the table that `verdicts` gives.
 */

/** What an administrator asks for. */
export type Intervention =
  | {
      readonly kind: 'take_back'
      /** Also what is held outside Apportion. */
      readonly includeOutside: boolean
      readonly required: RequiredChoice
    }
  | { readonly kind: 'free'; readonly required: RequiredChoice }
  | { readonly kind: 'adopt'; readonly unassigned: UnassignedChoice }

/** What an assignment still requires: left with its holder, or taken and withheld until it is given again. */
export type RequiredChoice = 'leave' | 'withhold'

/** What no assignment requires, when adopting: left outside, or adopted, whereupon it comes back by itself. */
export type UnassignedChoice = 'leave' | 'take_back'

/** What is known of one license, or of a target that waits for one (`none`). */
export interface LicenseFacts {
  readonly state: 'none' | 'granting' | 'held' | 'releasing'
  readonly ours: boolean
  readonly holderKind: 'device' | 'user'
  /** An assignment requires it there, and it is not withheld already. */
  readonly required: boolean
  /** Apple takes it back. */
  readonly revocable: boolean
}

/** Why a license is passed over; stable. */
export type SkipReason =
  | 'not_revocable'
  | 'held_outside'
  | 'still_required'
  | 'already_returning'
  | 'not_assigned'

/** What is done. `asWell` tells what follows from it that one might not expect. */
export type Verdict =
  | { readonly act: 'take' }
  | { readonly act: 'take_and_withhold' }
  /** A target that waits: it waits no longer. */
  | { readonly act: 'withhold' }
  | { readonly act: 'adopt'; readonly asWell: 'comes_back' | null }
  | { readonly act: 'skip'; readonly reason: SkipReason }
  /** Not what was asked about. */
  | { readonly act: 'ignore' }

const ignore: Verdict = { act: 'ignore' }
const skip = (reason: SkipReason): Verdict => ({ act: 'skip', reason })

/** What becomes of a license with these facts. */
export function verdictOn(facts: LicenseFacts, asked: Intervention): Verdict {
  if (asked.kind === 'adopt') return adoption(facts, asked.unassigned)
  if (asked.kind === 'free' && (facts.ours || facts.state === 'none')) return ignore
  if (facts.state === 'none') return asked.required === 'withhold' ? { act: 'withhold' } : ignore
  return returning(facts, asked)
}

function adoption(facts: LicenseFacts, unassigned: UnassignedChoice): Verdict {
  if (facts.state !== 'held' || facts.ours) return ignore
  // Apple takes books from nobody: they simply become ours.
  const comesBack = !facts.required && facts.revocable
  if (!comesBack) return { act: 'adopt', asWell: null }
  return unassigned === 'take_back' ? { act: 'adopt', asWell: 'comes_back' } : skip('not_assigned')
}

function returning(facts: LicenseFacts, asked: Exclude<Intervention, { kind: 'adopt' }>): Verdict {
  if (!facts.revocable) return skip('not_revocable')
  if (facts.state === 'releasing') return skip('already_returning')
  if (!facts.ours && asked.kind === 'take_back' && !asked.includeOutside) return skip('held_outside')
  if (facts.required)
    return asked.required === 'withhold' ? { act: 'take_and_withhold' } : skip('still_required')
  // Nobody requires it any more: the next look at the asset ends it anyway.
  return facts.state === 'granting' ? skip('already_returning') : { act: 'take' }
}

/** A line of the table that the database joins with. */
export interface VerdictRow extends LicenseFacts {
  readonly verdict: Exclude<Verdict, { act: 'ignore' }>
}

/** The verdict for every combination of facts that is not ignored. */
export function verdicts(asked: Intervention): readonly VerdictRow[] {
  return allFacts.flatMap((facts) => {
    const verdict = verdictOn(facts, asked)
    return verdict.act === 'ignore' ? [] : [{ ...facts, verdict }]
  })
}

const both = [true, false] as const
const states = ['none', 'granting', 'held', 'releasing'] as const
const kinds = ['device', 'user'] as const

const allFacts: readonly LicenseFacts[] = states.flatMap((state) =>
  both.flatMap((ours) =>
    kinds.flatMap((holderKind) =>
      both.flatMap((required) => both.map((revocable) => ({ state, ours, holderKind, required, revocable }))),
    ),
  ),
)

/** Licenses with the same facts and verdict at one asset, counted. */
export interface VerdictCount {
  readonly verdict: VerdictRow['verdict']
  readonly count: number
}

/** What an intervention would do, added up. */
export interface InterventionNumbers {
  /** Licenses that are asked back from Apple, or adopted. */
  readonly licenses: number
  /** Of `licenses`: still required, so they are withheld from their devices. */
  readonly withheld: number
  /** Devices that wait, and wait no longer since they are withheld too. */
  readonly waitingWithheld: number
  /** Of `licenses`: adopted, and then taken back since no assignment requires them. */
  readonly comeBack: number
  readonly skipped: readonly { readonly reason: SkipReason; readonly count: number }[]
}

/** Adds up what was counted. */
export function interventionNumbers(counted: readonly VerdictCount[]): InterventionNumbers {
  const sum = (fits: (verdict: VerdictRow['verdict']) => boolean) =>
    counted.reduce((total, { verdict, count }) => total + (fits(verdict) ? count : 0), 0)
  return {
    licenses: sum(({ act }) => act === 'take' || act === 'take_and_withhold' || act === 'adopt'),
    withheld: sum(({ act }) => act === 'take_and_withhold'),
    waitingWithheld: sum(({ act }) => act === 'withhold'),
    comeBack: sum((verdict) => verdict.act === 'adopt' && verdict.asWell !== null),
    skipped: skipReasons
      .map((reason) => ({ reason, count: sum((each) => each.act === 'skip' && each.reason === reason) }))
      .filter(({ count }) => count > 0),
  }
}

/** In the order in which they are told. */
export const skipReasons: readonly SkipReason[] = [
  'still_required',
  'held_outside',
  'not_revocable',
  'already_returning',
  'not_assigned',
]
