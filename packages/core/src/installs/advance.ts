/**
 * The life of an installation (D4) by what we want and by what time does, as pure steps; what devices say of it is in
 * `advance-by-device`.
 */
import { type Advance, type Install, mayBeOnDevice } from './install.ts'
import { inADay, inAWhile, mayPromptAgain, nextPoll, reportsPolls, silenceEnds } from './schedule.ts'
import { isSilent, same, type Turn, turned } from './turn.ts'
import type { Wish } from './wish.ts'

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
        dueAt: inADay(now),
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
      if (fresh === present && isLookedAfter(fresh)) return lookAfter(fresh, now)
      return canBeTold ? tell(fresh.attempts) : waiting(fresh, now)
    case 'commanded':
      return isDue(fresh, now) ? silentSince(fresh, now) : same(fresh)
    case 'prompting':
      if (!isToAsk(fresh, now)) return same(fresh)
      return (reports ? awaitReport(fresh, now) : null) ?? promptAgain(fresh, now)
    case 'installing':
      if (!isToAsk(fresh, now)) return same(fresh)
      return (reports ? awaitReport(fresh, now) : null) ?? askAgain(fresh, now)
    case 'installed':
      return same(fresh)
  }
}

/** What is under way is asked after when that is due, and at once when nothing else would ever look at it. */
const isToAsk = (present: Install, now: Date): boolean => present.dueAt === null || isDue(present, now)

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

/** What was told and is still before the device or its person is not told again: only whether it came about is asked. */
const isLookedAfter = ({ cause: { code } }: Install): boolean =>
  code === 'silent' || code === 'prompt_ignored'

const lookAfter = (present: Install, now: Date): Advance => ({
  install: { ...present, dueAt: inADay(now) },
  act: 'ask',
})

/** A day of silence counts like all the questions that it spares; null when it is over. */
function awaitReport(present: Install, now: Date): Advance | null {
  if (present.polls >= reportsPolls) return null
  return same({ ...present, polls: reportsPolls, dueAt: inADay(now) })
}

function promptAgain(present: Install, now: Date): Advance {
  const asked = nextPoll(present.polls, now)
  if (asked !== null) return { install: { ...present, polls: present.polls + 1, dueAt: asked }, act: 'ask' }
  const attempts = present.attempts + 1
  if (mayPromptAgain(attempts) && inADay(present.since) <= now) {
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
  if (present.state === 'removed' || present.state === 'released' || isSilent(present)) return same(wanted)
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

/**
 * A device that stays silent keeps the license no longer: Apple disables the app 30 days after it is taken (invariant 9).
 * A command that it did not answer is still before it; one that it refused is told again; one that it took is asked after.
 */
function removalDue(present: Install, now: Date): Advance {
  if (!isDue(present, now)) return same(present)
  if (now >= silenceEnds(present))
    return same(turned(present, { state: 'failed', cause: { code: 'silent' }, dueAt: null }, now))
  if (present.cause.errors !== undefined)
    return { install: { ...present, cause: { code: 'removal_queued' }, dueAt: inADay(now) }, act: 'remove' }
  if (present.polls === 0) return same({ ...present, dueAt: inADay(now) })
  const dueAt = nextPoll(present.polls, now) ?? inADay(now)
  return { install: { ...present, polls: present.polls + 1, dueAt }, act: 'ask' }
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
    case 'prompting':
    case 'installing':
      // It was told, and may come: whether it did is worth knowing.
      return isToAsk(present, now) ? askAgain({ ...present, wanted }, now) : same({ ...present, wanted })
    case 'removing':
      return removalDue({ ...present, wanted }, now)
    default:
      return same({ ...present, wanted, dueAt: null })
  }
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
