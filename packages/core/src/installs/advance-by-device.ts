/**
 * What a device says of an installation (D4), as pure steps. Late success always wins, and nothing that was said once is
 * forgotten by a later silence.
 */
import { type DeviceRefusal, type Failure, failureOf, readRefusal } from './failures.ts'
import type { Advance, Cause, Install, InstallState } from './install.ts'
import { inADay, mayPromptAgain, nextAttempt, nextPoll } from './schedule.ts'
import { isSilent, same, type Turn, turned } from './turn.ts'

/** A device's answer to InstallApplication or InstallMedia. Accepted means that it will be done, not that it is. */
export interface InstallAnswer {
  readonly accepted: boolean
  /** Apple's `State`; null when it said none. */
  readonly word: string | null
  readonly refusal: DeviceRefusal
}

/** What the answer to the install command comes to. A reason to refuse counts whatever the status says. */
export function advanceByAnswer(present: Install, answer: InstallAnswer, now: Date): Install {
  if (present.wanted === 'removed' || present.state === 'installed') return present
  const { accepted, refusal, word } = answer
  if (accepted && refusal.reason === null) return seenAs(present, word ?? 'Installing', now)
  const failure = readRefusal(refusal)
  if (failure === 'installed') return seenAs(present, 'Managed', now)
  if (failure === 'running') return seenAs(present, 'Queued', now)
  return advanceByFailure(present, failure, { word: refusal.reason ?? word, errors: refusal.errors }, now)
}

/** It went wrong, as the device said. */
export function advanceByFailure(
  present: Install,
  failure: Failure,
  said: { readonly word: string | null; readonly errors: Cause['errors'] },
  now: Date,
): Install {
  // A word that lasts is said again in every list: that is no other attempt.
  const isSaid = present.state === failure.state && present.cause.code === failure.code
  if (isSaid && said.word !== null && present.cause.word === said.word) return present
  const attempts = present.attempts + 1
  const cause: Cause = {
    code: failure.code,
    ...(said.word === null ? {} : { word: said.word }),
    ...(said.errors === undefined || said.errors.length === 0 ? {} : { errors: said.errors }),
  }
  const isAskedTooOften = failure.state === 'refused' && !mayPromptAgain(attempts)
  const dueAt = isAskedTooOften ? null : nextAttempt(failure.retry, attempts, now)
  return turned(present, { state: failure.state, cause, attempts, dueAt }, now)
}

/** What is said for a moment at the beginning is past when it was asked so often. */
const momentaryPolls = 3

/** What each word of Apple's for a managed app or a book means; words that are not here change nothing but are shown. */
const words: ReadonlyMap<string, Pick<Turn, 'state'> & { readonly code: Cause['code'] }> = new Map([
  ['Managed', { state: 'installed', code: 'verified' }],
  // What Apple says of a book of the store instead.
  ['Installed', { state: 'installed', code: 'verified' }],
  ['PromptingForUpdate', { state: 'installed', code: 'verified' }],
  ['PromptingForUpdateLogin', { state: 'installed', code: 'verified' }],
  ['ValidatingUpdate', { state: 'installed', code: 'verified' }],
  ['Updating', { state: 'installed', code: 'verified' }],
  ['UpdateRejected', { state: 'installed', code: 'verified' }],
  ['Prompting', { state: 'prompting', code: 'asked_to_agree' }],
  ['PromptingForLogin', { state: 'prompting', code: 'asked_to_sign_in' }],
  ['PromptingForManagement', { state: 'prompting', code: 'asked_to_hand_over' }],
  ['Queued', { state: 'installing', code: 'accepted' }],
  ['Redeeming', { state: 'installing', code: 'accepted' }],
  ['ValidatingPurchase', { state: 'installing', code: 'accepted' }],
  ['Unknown', { state: 'installing', code: 'accepted' }],
  ['Installing', { state: 'installing', code: 'downloading' }],
] as const)

/** Words that say that it will not come; Apple says most of them once and forgets them. */
const endings: ReadonlyMap<string, Failure> = new Map([
  ['UserRejected', failureOf('rejected_by_person')],
  ['ManagementRejected', failureOf('takeover_rejected')],
  ['UserInstalledApp', failureOf('unmanaged_copy')],
  ['NeedsRedemption', failureOf('needs_redemption_code')],
  ['Failed', failureOf('device_failed')],
])

/** Words that say that the person deleted it; the second is of books. */
const uninstalled: ReadonlySet<string> = new Set(['ManagedButUninstalled', 'Uninstalled'])

/** What a line of ManagedApplicationList or ManagedMediaList comes to. */
export function advanceBySight(present: Install, word: string, now: Date): Install {
  if (uninstalled.has(word) && (present.state === 'removing' || isSilent(present)))
    return advanceByAbsence(present, now)
  if (present.wanted === 'removed' || present.state === 'removing') return present
  if (uninstalled.has(word)) return uninstalledByPerson(present, word, now)
  return seenAs(present, word, now)
}

function seenAs(present: Install, word: string, now: Date): Install {
  const ending = endings.get(word)
  if (ending !== undefined) {
    // An app that was there is not undone by a word about a later attempt.
    return present.state === 'installed'
      ? present
      : advanceByFailure(present, ending, { word, errors: [] }, now)
  }
  const meant = words.get(word)
  if (meant === undefined) return { ...present, cause: { ...present.cause, word } }
  const { state, code } = meant
  if (state === 'installed') {
    return turned(present, { state, cause: { code, word }, attempts: 0, polls: 0, dueAt: null }, now)
  }
  if (present.state === 'installed' || isAwaitedNoMore(present, state)) return present
  const isFirst = present.state !== state
  const dueAt = isFirst ? nextPoll(0, now) : (present.dueAt ?? nextPoll(present.polls, now))
  return turned(present, { state, cause: { code, word }, polls: isFirst ? 1 : present.polls, dueAt }, now)
}

/** It was given up because it went on for too long; that it still goes on is no news. */
function isAwaitedNoMore({ state, cause: { code } }: Install, said: InstallState): boolean {
  if (state !== 'failed') return false
  return code === 'not_finished' ? said === 'installing' : code === 'prompt_ignored' && said === 'prompting'
}

/**
 * While it is being installed a device says so for a moment; said again later, its person stopped the download. Otherwise
 * only of an app that was there it means what it says.
 */
function uninstalledByPerson(present: Install, word: string, now: Date): Install {
  const isStopped = present.state === 'installing' && present.polls >= momentaryPolls
  if (present.state !== 'installed' && !isStopped) return present
  return turned(
    present,
    {
      state: 'removed',
      cause: { code: 'removed_by_person', word },
      dueAt: inADay(now),
    },
    now,
  )
}

/** The app stands in no list that should have it. */
export function advanceByAbsence(present: Install, now: Date): Install {
  if (present.state === 'removing' || isSilent(present))
    return turned(present, { state: 'removed', cause: { code: 'gone' }, dueAt: null }, now)
  if (present.state === 'installed')
    return turned(
      present,
      { state: 'removed', cause: { code: 'removed_by_person' }, dueAt: inADay(now) },
      now,
    )
  // Apple forgets the states that it told once: only a state in progress can vanish unnoticed.
  if (present.state !== 'installing' && present.state !== 'prompting') return present
  return present.polls < momentaryPolls
    ? present
    : advanceByFailure(present, failureOf('device_failed'), { word: null, errors: [] }, now)
}

/** A device's answer to RemoveApplication. */
export function advanceByRemoval(
  present: Install,
  answer: { readonly accepted: boolean; readonly errors: DeviceRefusal['errors'] },
  now: Date,
): Advance {
  if (present.state !== 'removing' && !isSilent(present)) return same(present)
  if (answer.accepted) return { install: { ...present, polls: 1, dueAt: nextPoll(0, now) }, act: 'ask' }
  const numbers = new Set(answer.errors.map(({ code }) => code))
  const isGone = numbers.has(12029) || numbers.has(12038)
  if (isGone) {
    const gone: Turn = {
      state: 'removed',
      cause: { code: 'was_not_managed', errors: answer.errors },
      dueAt: null,
    }
    return same(turned(present, gone, now))
  }
  const attempts = present.attempts + 1
  const cause: Cause = { code: 'removal_queued', errors: answer.errors }
  return same({ ...present, attempts, cause, dueAt: nextAttempt('soon', attempts, now) })
}
