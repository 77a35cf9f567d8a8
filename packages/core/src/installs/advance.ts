/**
 * The life of an installation (D4), as pure steps: what we want, what the device answers and what time does. Late success
 * always wins, and nothing that was said once is forgotten by a later silence.
 */
import { type DeviceRefusal, type Failure, failureOf, readRefusal } from './failures.ts'
import { type Advance, type Cause, type Install, type InstallState, mayBeOnDevice } from './install.ts'
import {
  inADay,
  inAWhile,
  mayPromptAgain,
  nextAttempt,
  nextPoll,
  reportsPolls,
  silenceEnds,
} from './schedule.ts'
import type { Wish } from './wish.ts'

/** Where an installation goes: what is not said stays. */
type Turn = Partial<Pick<Install, 'wanted' | 'attempts' | 'polls'>> & {
  readonly state: InstallState
  readonly cause: Cause
  readonly dueAt: Date | null
}

/** Another state, or the same one for another cause, begins now; otherwise its beginning stays. */
function turned(install: Install, turn: Turn, now: Date): Install {
  const isSame = install.state === turn.state && install.cause.code === turn.cause.code
  return { ...install, ...turn, since: isSame ? install.since : now }
}

/** An installation that is to begin. */
export function begun(now: Date): Install {
  return {
    wanted: 'installed',
    state: 'licensed',
    since: now,
    cause: { code: 'license_confirmed' },
    attempts: 0,
    polls: 0,
    dueAt: now,
  }
}

/** What a look at an installation goes by. */
interface Looked {
  readonly wish: Wish
  /** The device is under management and out of Setup Assistant. */
  readonly canBeTold: boolean
  /** It tells by itself how its apps stand: it is asked only when it has been silent for a day. */
  readonly reports?: boolean
}

/** What a look at the wish comes to. Null in, null out where there is nothing to begin. */
export function advanceByWish(present: Install | null, looked: Looked, now: Date): Advance | null {
  const advance = advanced(present, looked, now)
  // A moment that has come and brought nothing has passed, or it would be looked at for ever.
  if (advance === null || !isDue(advance.install, now)) return advance
  return { ...advance, install: { ...advance.install, dueAt: null } }
}

function advanced(present: Install | null, looked: Looked, now: Date): Advance | null {
  const { wish, canBeTold } = looked
  if (wish === 'install') return install(present ?? begun(now), looked, now)
  if (present === null) return null
  if (wish === 'remove') return remove(present, canBeTold, now)
  return leave(present, wish, now)
}

const isDue = ({ dueAt }: Install, now: Date): boolean => dueAt !== null && dueAt <= now

function install(present: Install, { canBeTold, reports = false }: Looked, now: Date): Advance {
  const fresh =
    present.wanted === 'installed' ? present : { ...present, wanted: 'installed' as const, attempts: 0 }
  const tell = (attempts: number): Advance => ({
    install: turned(
      fresh,
      {
        state: 'commanded',
        cause: { code: 'queued' },
        attempts,
        polls: 0,
        dueAt: new Date(now.getTime() + 86_400_000),
      },
      now,
    ),
    act: 'install',
  })
  switch (fresh.state) {
    case 'licensed':
    case 'removing':
    case 'released':
      return canBeTold ? tell(0) : waiting(fresh, now)
    case 'removed':
      // Whoever deleted a required app gets it again, at most daily.
      return canBeTold && (fresh.cause.code !== 'removed_by_person' || isDue(fresh, now))
        ? tell(0)
        : waiting(fresh, now)
    case 'refused':
    case 'failed':
    case 'cannot_install':
      if (!isDue(fresh, now) && fresh === present) return same(fresh)
      return canBeTold ? tell(fresh.attempts) : waiting(fresh, now)
    case 'commanded':
      return isDue(fresh, now) ? silentSince(fresh, now) : same(fresh)
    case 'prompting':
      if (!isDue(fresh, now)) return same(fresh)
      return (reports ? awaitReport(fresh, now) : null) ?? promptAgain(fresh, now)
    case 'installing':
      if (!isDue(fresh, now)) return same(fresh)
      return (reports ? awaitReport(fresh, now) : null) ?? askAgain(fresh, now)
    case 'installed':
      return same(fresh)
  }
}

const same = (present: Install): Advance => ({ install: present, act: null })

/** Nothing can be told now, or not yet: the device is looked at again when it may be out of Setup Assistant. */
function waiting(present: Install, now: Date): Advance {
  const isLater = present.dueAt !== null && present.dueAt > now
  return same({ ...present, dueAt: isLater ? present.dueAt : inAWhile(now) })
}

/** The device was told and answers nothing. The command stays in its queue, so late success is possible. */
function silentSince(present: Install, now: Date): Advance {
  if (now < silenceEnds(present)) return same({ ...present, dueAt: inADay(now) })
  return {
    install: turned(present, { state: 'failed', cause: { code: 'silent' }, dueAt: inADay(now) }, now),
    act: 'ask',
  }
}

/** A day of silence counts like all the questions that it spares; null when it is over. */
function awaitReport(present: Install, now: Date): Advance | null {
  if (present.polls >= reportsPolls) return null
  return same({ ...present, polls: reportsPolls, dueAt: inADay(now) })
}

function promptAgain(present: Install, now: Date): Advance {
  const asked = nextPoll(present.polls, now)
  if (asked !== null) return { install: { ...present, polls: present.polls + 1, dueAt: asked }, act: 'ask' }
  const attempts = present.attempts + 1
  if (mayPromptAgain(attempts) && now.getTime() - present.since.getTime() >= 86_400_000) {
    const again: Turn = {
      state: 'commanded',
      cause: { code: 'queued' },
      attempts,
      polls: 0,
      dueAt: inADay(now),
    }
    return { install: turned(present, again, now), act: 'install' }
  }
  if (mayPromptAgain(attempts)) return { install: { ...present, dueAt: inADay(present.since) }, act: 'ask' }
  const ignored: Turn = { state: 'failed', cause: { code: 'prompt_ignored' }, attempts, dueAt: inADay(now) }
  return { install: turned(present, ignored, now), act: 'ask' }
}

function askAgain(present: Install, now: Date): Advance {
  const next = nextPoll(present.polls, now)
  if (next !== null) return { install: { ...present, polls: present.polls + 1, dueAt: next }, act: 'ask' }
  const late: Turn = {
    state: 'failed',
    cause: { code: 'not_finished' },
    attempts: present.attempts + 1,
    dueAt: inADay(now),
  }
  return { install: turned(present, late, now), act: 'ask' }
}

function remove(present: Install, canBeTold: boolean, now: Date): Advance {
  const wanted = { ...present, wanted: 'removed' as const }
  if (present.state === 'removing') return removalDue(wanted, now)
  if (present.state === 'removed' || present.state === 'released') return same(wanted)
  if (!mayBeOnDevice(present.state) && present.state !== 'failed') {
    return same(turned(wanted, { state: 'removed', cause: { code: 'not_wanted' }, dueAt: null }, now))
  }
  if (!canBeTold) return waiting(wanted, now)
  const removing: Turn = {
    state: 'removing',
    cause: { code: 'removal_queued' },
    attempts: 0,
    polls: 0,
    dueAt: inADay(now),
  }
  return { install: turned(wanted, removing, now), act: 'remove' }
}

/** A device that stays silent keeps the license no longer: Apple disables the app 30 days after it is taken (invariant 9). */
function removalDue(present: Install, now: Date): Advance {
  if (!isDue(present, now)) return same(present)
  if (now < silenceEnds(present)) return { install: { ...present, dueAt: inADay(now) }, act: 'remove' }
  return same(turned(present, { state: 'failed', cause: { code: 'silent' }, dueAt: null }, now))
}

/** Nobody wants it any more, or its license went: what was not told yet is not told; what is there stays. */
function leave(present: Install, wish: 'leave' | 'wait_for_license', now: Date): Advance {
  const code = wish === 'leave' ? 'not_wanted' : 'license_lost'
  const wanted = wish === 'leave' ? ('nothing' as const) : present.wanted
  switch (present.state) {
    case 'commanded':
    case 'licensed':
      return {
        install: turned({ ...present, wanted }, { state: 'removed', cause: { code }, dueAt: null }, now),
        act: 'withdraw',
      }
    case 'refused':
    case 'failed':
    case 'cannot_install':
      return same(turned({ ...present, wanted }, { state: 'removed', cause: { code }, dueAt: null }, now))
    case 'removed':
      return same(wish === 'leave' ? { ...present, wanted, dueAt: null } : { ...present, dueAt: null })
    default:
      return same({ ...present, wanted, dueAt: present.state === 'installed' ? null : present.dueAt })
  }
}

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
  const attempts = present.attempts + 1
  const cause: Cause = {
    code: failure.code,
    ...(said.word === null ? {} : { word: said.word }),
    ...(said.errors === undefined || said.errors.length === 0 ? {} : { errors: said.errors }),
  }
  const turn: Turn = {
    state: failure.state,
    cause,
    attempts,
    dueAt: nextAttempt(failure.retry, attempts, now),
  }
  return turned(present, turn, now)
}

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
  if (present.state === 'installed') return present
  const isFirst = present.state !== state
  const dueAt = isFirst ? nextPoll(0, now) : (present.dueAt ?? nextPoll(present.polls, now))
  return turned(present, { state, cause: { code, word }, polls: isFirst ? 1 : present.polls, dueAt }, now)
}

/** While it is being installed a device says so for a moment; only of an app that was there it means what it says. */
function uninstalledByPerson(present: Install, word: string, now: Date): Install {
  if (present.state !== 'installed') return present
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
  if (present.state === 'removing')
    return turned(present, { state: 'removed', cause: { code: 'gone' }, dueAt: null }, now)
  if (present.state === 'installed')
    return turned(
      present,
      { state: 'removed', cause: { code: 'removed_by_person' }, dueAt: inADay(now) },
      now,
    )
  // Apple forgets the states that it told once: only a state in progress can vanish unnoticed.
  if (present.state !== 'installing' && present.state !== 'prompting') return present
  return present.polls < 3
    ? present
    : advanceByFailure(present, failureOf('device_failed'), { word: null, errors: [] }, now)
}

/** A device's answer to RemoveApplication. */
export function advanceByRemoval(
  present: Install,
  answer: { readonly accepted: boolean; readonly errors: DeviceRefusal['errors'] },
  now: Date,
): Advance {
  if (present.state !== 'removing') return same(present)
  if (answer.accepted) return { install: { ...present, dueAt: nextPoll(0, now) }, act: 'ask' }
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

/** The person has joined: what failed before for want of an account or its license is tried now, whatever its next moment. */
export function advanceByJoining(present: Install, joinedAt: Date | null, now: Date): Install {
  const { code } = present.cause
  const failedForIt =
    present.state === 'failed' && (code === 'license_not_found' || code === 'sign_in_required')
  return failedForIt && joinedAt !== null && present.since < joinedAt ? { ...present, dueAt: now } : present
}

/** Its license is back with the pool. */
export function advanceByRelease(present: Install, now: Date): Install {
  if (present.state !== 'removed' || present.wanted === 'installed') return present
  return turned(present, { state: 'released', cause: { code: 'license_back' }, dueAt: null }, now)
}

/** The device left management: nothing can be told or heard any more. */
export function advanceByLeaving(present: Install, now: Date): Install {
  if (present.state === 'removed' || present.state === 'released') return present
  return turned(present, { state: 'removed', cause: { code: 'management_ended' }, dueAt: null }, now)
}
