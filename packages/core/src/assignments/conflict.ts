/**
 * What holds for one app on one device when several groups say different things (A2).
 *
 * The published matrices of 2017 and 2025 list pairs of intents; this is the rule that gives every row of both. What
 * they leave open is decided in docs/decisions/conflict-cases.md.
 */

/** Whether an intent came through a group of users or through a group of devices. */
export type Side = 'user' | 'device'

/**
 * The intents of the published matrices. `available_without_enrollment` is available to people with or without an
 * enrolled device; `not_applicable` is the former way to take a group out, which exclusions replaced.
 */
export type PublishedIntent =
  | 'required'
  | 'available'
  | 'uninstall'
  | 'available_without_enrollment'
  | 'not_applicable'

/** One group's intent, and from which side it reaches the device. */
export interface SidedIntent {
  readonly side: Side
  readonly intent: PublishedIntent
}

/**
 * What is done without anybody asking. `remove_unless_chosen`: the app is removed unless the person has chosen it
 * where it is offered; then it is installed and the removal is ignored.
 */
export type Action = 'install' | 'remove' | 'remove_unless_chosen' | 'none'

/** To whom the app is offered beside that: to nobody, on enrolled devices, or with or without enrolment. */
export type Offer = 'none' | 'enrolled' | 'anywhere'

/** What the intents come to. `remove_unless_chosen` never stands without an offer. */
export interface ResolvedIntent {
  readonly action: Action
  readonly offer: Offer
}

/**
 * Resolves all intents that reach one device, for one app. Their order and repetitions do not matter; no intents at
 * all give no action and no offer. Exclusions are taken out before.
 */
export function resolveIntents(intents: readonly SidedIntent[]): ResolvedIntent {
  if (intents.some(({ intent }) => intent === 'required'))
    return { action: 'install', offer: offerBesideRequired(intents) }
  const user = withinSide(intents, 'user')
  const device = withinSide(intents, 'device')
  const offer = offerOfBoth(user, device)
  const removes = user === 'uninstall' || device === 'uninstall'
  if (!removes) return { action: 'none', offer }
  return { action: offer === 'none' ? 'remove' : 'remove_unless_chosen', offer }
}

/** What is available stays on offer beside required, except without enrolment where a user's group requires it. */
function offerBesideRequired(intents: readonly SidedIntent[]): Offer {
  if (intents.some(({ intent }) => intent === 'available')) return 'enrolled'
  const userRequires = intents.some(({ side, intent }) => side === 'user' && intent === 'required')
  const anywhere = intents.some(({ intent }) => intent === 'available_without_enrollment')
  return anywhere && !userRequires ? 'anywhere' : 'none'
}

/** What one side alone says when nothing is required: uninstall, an offer, or nothing. */
type SideOutcome = 'uninstall' | Offer

function withinSide(intents: readonly SidedIntent[], side: Side): SideOutcome {
  const said = new Set(intents.filter((each) => each.side === side).map(({ intent }) => intent))
  if (said.has('uninstall')) return 'uninstall'
  if (said.has('not_applicable')) return 'none'
  if (said.has('available')) return 'enrolled'
  return said.has('available_without_enrollment') ? 'anywhere' : 'none'
}

/** Available absorbs available without enrolment, within a side and across the two. */
function offerOfBoth(user: SideOutcome, device: SideOutcome): Offer {
  if (user === 'enrolled' || device === 'enrolled') return 'enrolled'
  return user === 'anywhere' || device === 'anywhere' ? 'anywhere' : 'none'
}
