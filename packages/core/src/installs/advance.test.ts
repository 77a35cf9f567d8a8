import { describe, expect, test } from 'vitest'
import { advanceByJoining, advanceByLeaving, advanceByRelease, advanceByWish, begun } from './advance.ts'
import { advanceByAbsence, advanceByAnswer, advanceByRemoval, advanceBySight } from './advance-by-device.ts'
import { type Install, type InstallState, installStates } from './install.ts'
import { type BookDevice, bookWishOf, takesBooks, wishOf } from './wish.ts'

const start = new Date('2026-11-01T08:00:00Z')
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const day = 86_400

const at = (state: InstallState, over: Partial<Install> = {}): Install => ({
  ...begun(start),
  state,
  cause: { code: 'queued' },
  dueAt: null,
  ...over,
})
const told = { wish: 'install', canBeTold: true } as const
const refusal = { reason: null, errors: [] }
const yes = { accepted: true, word: 'Installing', refusal }

describe('what is meant for a title on a device', () => {
  const facts = { intent: 'required', asked: false, withheld: false, licensed: true } as const
  test.each([
    ['required and licensed: installed', facts, 'install'],
    ['required without a license: it waits', { ...facts, licensed: false }, 'wait_for_license'],
    ['required and withheld: left alone', { ...facts, withheld: true }, 'leave'],
    ['available and not asked for: left alone', { ...facts, intent: 'available' as const }, 'leave'],
    [
      'available and asked for: installed',
      { ...facts, intent: 'available' as const, asked: true },
      'install',
    ],
    [
      'uninstall: removed, licensed or not',
      { ...facts, intent: 'uninstall' as const, licensed: false },
      'remove',
    ],
    ['not reached by any assignment: left alone', { ...facts, intent: null }, 'leave'],
  ] as const)('%s', (_title, given, wish) => {
    expect(wishOf(given)).toBe(wish)
  })
})

describe('what is meant for a book on a device', () => {
  const facts = { intent: 'required', asked: false, withheld: false, licensed: true } as const

  test('it is the same as for an app where the device takes books', () => {
    expect(bookWishOf(facts, true)).toBe('install')
    expect(bookWishOf({ ...facts, licensed: false }, true)).toBe('wait_for_license')
  })

  test('nothing on a device that takes none', () => {
    expect(bookWishOf(facts, false)).toBe('leave')
  })

  test('never its removal', () => {
    expect(bookWishOf({ ...facts, intent: 'uninstall' }, true)).toBe('leave')
  })

  const pad: BookDevice = { platform: 'iPadOS', enrolment: 'byod', hasUser: true }
  test.each([
    ['an iPad of somebody’s', pad, true],
    ['an iPhone in a User Enrollment', { ...pad, platform: 'iOS', enrolment: 'user_enrolment' }, true],
    ['a Mac, which no list of books is known of', { ...pad, platform: 'macOS' }, false],
    ['a device of which the system is unknown', { ...pad, platform: null }, false],
    ['a kiosk', { ...pad, enrolment: 'kiosk' }, false],
    ['a Shared iPad', { ...pad, enrolment: 'shared_ipad' }, false],
    ['a device of nobody’s', { ...pad, hasUser: false }, false],
  ] as const)('%s takes books: %s', (_title, device, takes) => {
    expect(takesBooks(device)).toBe(takes)
  })
})

describe('a book on its way', () => {
  test.each([
    ['PromptingForLogin', 'prompting', 'asked_to_sign_in'],
    ['Queued', 'installing', 'accepted'],
    ['Installing', 'installing', 'downloading'],
    ['Installed', 'installed', 'verified'],
    ['Failed', 'failed', 'device_failed'],
  ] as const)('%s is shown as %s, %s', (word, state, code) => {
    expect(advanceBySight(at('installing', { polls: 1 }), word, start)).toMatchObject({
      state,
      cause: { code, word },
    })
  })

  test('a license that the store does not find yet is tried again in 30 seconds', () => {
    const answer = { ...yes, accepted: false, refusal: { reason: 'PurchaseNotFound', errors: [] } }
    expect(advanceByAnswer(at('commanded'), answer, start)).toMatchObject({
      state: 'failed',
      cause: { code: 'license_not_found', word: 'PurchaseNotFound' },
      dueAt: later(30),
    })
  })

  test('that its person deleted is noticed, with the word of books', () => {
    expect(advanceBySight(at('installed'), 'Uninstalled', start)).toMatchObject({
      state: 'removed',
      cause: { code: 'removed_by_person', word: 'Uninstalled' },
    })
  })
})

describe('when the person joins', () => {
  const missed = at('failed', { cause: { code: 'license_not_found' }, attempts: 4, dueAt: later(day) })

  test('what failed for want of the license is tried at once', () => {
    const joined = advanceByJoining(missed, later(60), later(61))
    expect(advanceByWish(joined, told, later(61))?.act).toBe('install')
  })

  test.each([
    ['what failed since then waits for its moment', missed, later(-60)],
    ['nobody joined', missed, null],
    [
      'what failed for another reason waits too',
      at('failed', { cause: { code: 'store_disabled' } }),
      later(60),
    ],
    ['what is there stays as it is', at('installed'), later(60)],
  ] as const)('%s', (_title, install, joinedAt) => {
    expect(advanceByJoining(install, joinedAt, later(61))).toBe(install)
  })
})

describe('from the license to the app', () => {
  test('a device that can be told is told once', () => {
    const first = advanceByWish(null, told, start)
    expect(first).toMatchObject({ act: 'install', install: { state: 'commanded', wanted: 'installed' } })
    expect(advanceByWish(first?.install ?? null, told, later(1))).toMatchObject({ act: null })
  })

  test('a device that cannot be told yet waits, licensed', () => {
    const waits = advanceByWish(null, { ...told, canBeTold: false }, start)
    expect(waits).toMatchObject({ act: null, install: { state: 'licensed', dueAt: later(900) } })
    expect(advanceByWish(waits?.install ?? null, told, later(60))).toMatchObject({ act: 'install' })
  })

  test('accepted is not installed, and is asked for after 15 seconds', () => {
    const accepted = advanceByAnswer(at('commanded'), yes, start)
    expect(accepted).toMatchObject({ state: 'installing', polls: 1, dueAt: later(15) })
  })

  test.each([
    ['Prompting', 'prompting', 'asked_to_agree'],
    ['PromptingForLogin', 'prompting', 'asked_to_sign_in'],
    ['PromptingForManagement', 'prompting', 'asked_to_hand_over'],
    ['Queued', 'installing', 'accepted'],
    ['Installing', 'installing', 'downloading'],
    ['Managed', 'installed', 'verified'],
    ['UserRejected', 'refused', 'rejected_by_person'],
    ['ManagementRejected', 'refused', 'takeover_rejected'],
    ['Failed', 'failed', 'device_failed'],
    ['NeedsRedemption', 'failed', 'needs_redemption_code'],
  ] as const)('%s is shown as %s, %s', (word, state, code) => {
    expect(advanceBySight(at('installing', { polls: 1 }), word, start)).toMatchObject({
      state,
      cause: { code, word },
    })
  })

  test('a word that nobody knows is kept and changes nothing', () => {
    const seen = advanceBySight(at('installing'), 'Marinating', start)
    expect(seen).toMatchObject({ state: 'installing', cause: { word: 'Marinating' } })
  })

  test('a reason to refuse counts although the device says Acknowledged', () => {
    const answer = { ...yes, refusal: { reason: 'AppStoreDisabled', errors: [] } }
    expect(advanceByAnswer(at('commanded'), answer, start)).toMatchObject({
      state: 'failed',
      cause: { code: 'store_disabled' },
    })
  })

  test('success that comes late wins over every failure', () => {
    for (const state of ['failed', 'refused', 'cannot_install'] as const) {
      expect(advanceBySight(at(state, { attempts: 4 }), 'Managed', later(day))).toMatchObject({
        state: 'installed',
        attempts: 0,
        dueAt: null,
      })
    }
  })
})

describe('what fails', () => {
  const noLicense = {
    accepted: false,
    word: null,
    refusal: { reason: null, errors: [{ domain: 'MCMDMErrorDomain', code: 12064, text: '' }] },
  }

  test('a license that is not visible yet is tried after 30 s, 2 min, 10 min, and then daily', () => {
    let install = at('commanded')
    const waits: number[] = []
    let now = start
    for (let attempt = 0; attempt < 5; attempt += 1) {
      install = advanceByAnswer(install, noLicense, now)
      expect(install).toMatchObject({ state: 'failed', cause: { code: 'license_not_found' } })
      const due = install.dueAt ?? now
      waits.push((due.getTime() - now.getTime()) / 1000)
      expect(advanceByWish(install, told, new Date(due.getTime() - 1))?.act).toBeNull()
      now = due
      const again = advanceByWish(install, told, now)
      expect(again?.act).toBe('install')
      install = again?.install ?? install
    }
    expect(waits).toEqual([30, 120, 600, day, day])
  })

  test('what the device cannot have is not tried again by itself', () => {
    const answer = { accepted: false, word: null, refusal: { reason: 'NotSupported', errors: [] } }
    expect(advanceByAnswer(at('commanded'), answer, start)).toMatchObject({
      state: 'cannot_install',
      dueAt: null,
    })
  })

  test('what was refused stays refused although the next list leaves it out', () => {
    const refused = advanceBySight(at('prompting', { polls: 5 }), 'UserRejected', start)
    expect(advanceByAbsence(refused, later(60))).toBe(refused)
  })

  test('an installation that never ends is given up after 15 questions, and looked after daily', () => {
    let { install } = { install: advanceByAnswer(at('commanded'), yes, start) }
    let asked = 0
    let last = start
    for (let step = 0; step < 40 && install.state === 'installing'; step += 1) {
      last = install.dueAt ?? last
      const next = advanceByWish(install, told, last)
      if (next?.act === 'ask') asked += 1
      install = next?.install ?? install
    }
    expect(install).toMatchObject({ state: 'failed', cause: { code: 'not_finished' } })
    expect(asked).toBe(15)
    expect(advanceBySight(install, 'Managed', later(30 * day)).state).toBe('installed')
  })

  test('a device that answers nothing for 14 days counts as silent, and its late answer is believed', () => {
    let install = at('commanded', { dueAt: later(day) })
    for (let days = 1; days < 14; days += 1) {
      install = advanceByWish(install, told, later(days * day))?.install ?? install
      expect(install.state).toBe('commanded')
    }
    install = advanceByWish(install, told, later(14 * day))?.install ?? install
    expect(install).toMatchObject({ state: 'failed', cause: { code: 'silent' } })
    expect(advanceByAnswer(install, yes, later(20 * day)).state).toBe('installing')
  })

  test('a person is asked anew once a day at most, seven times in all', () => {
    let install = advanceBySight(at('installing'), 'Prompting', start)
    let commands = 0
    let latest = start
    for (let step = 0; step < 400 && install.state !== 'failed'; step += 1) {
      latest = install.dueAt ?? latest
      const next = advanceByWish(install, told, latest)
      if (next?.act === 'install') {
        commands += 1
        install = advanceByAnswer(next.install, { ...yes, word: 'Prompting' }, latest)
        install = { ...install, attempts: next.install.attempts }
      } else install = next?.install ?? install
    }
    expect(install.cause.code).toBe('prompt_ignored')
    expect(commands).toBe(6)
    expect(latest.getTime() - start.getTime()).toBeGreaterThanOrEqual(6 * day * 1000)
  })
})

describe('nobody is told the same twice', () => {
  /** What is told to a device that answers nothing, over so many days of being looked at when it is due. */
  function actsOver(days: number, begins: Install, wish: 'install' | 'remove'): readonly (string | null)[] {
    const acts: (string | null)[] = []
    let install = begins
    for (let each = 1; each <= days; each += 1) {
      const next = advanceByWish(install, { wish, canBeTold: true }, later(each * day))
      acts.push(next?.act ?? null)
      install = next?.install ?? install
    }
    return acts
  }

  test('a device that is silent for a month has one install command before it', () => {
    const acts = actsOver(30, at('commanded', { dueAt: later(day) }), 'install')
    expect(acts.filter((act) => act === 'install')).toEqual([])
    expect(acts.slice(14)).toEqual(Array.from({ length: 16 }, () => 'ask'))
  })

  test('nor is a removal told again that it has not answered', () => {
    const acts = actsOver(30, at('removing', { wanted: 'removed', dueAt: later(day) }), 'remove')
    expect(acts.filter((act) => act !== null)).toEqual([])
  })

  test('a removal that it took is asked after; one that it refused is told again', () => {
    const removing = at('removing', { wanted: 'removed', cause: { code: 'removal_queued' } })
    const taken = advanceByRemoval(removing, { accepted: true, errors: [] }, start).install
    expect(advanceByWish(taken, { wish: 'remove', canBeTold: true }, later(16))?.act).toBe('ask')
    const errors = [{ domain: 'MCMDMErrorDomain', code: 12036, text: '' }]
    const refused = advanceByRemoval(removing, { accepted: false, errors }, start).install
    expect(advanceByWish(refused, { wish: 'remove', canBeTold: true }, later(31))?.act).toBe('remove')
  })

  test('a removal that a device carries out after its silence is believed', () => {
    const silent = at('failed', { wanted: 'removed', cause: { code: 'silent' } })
    const told = advanceByRemoval(silent, { accepted: true, errors: [] }, later(20 * day))
    expect(told.act).toBe('ask')
    expect(advanceByAbsence(told.install, later(20 * day + 5))).toMatchObject({
      state: 'removed',
      cause: { code: 'gone' },
    })
  })

  test('a person who declined seven times is not asked again by itself', () => {
    let install = at('prompting')
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      install = advanceBySight({ ...install, state: 'prompting' }, 'UserRejected', later(attempt * day))
      expect(install.dueAt === null).toBe(attempt === 7)
    }
  })

  test('a question that was left alone seven times is only looked after', () => {
    const ignored = at('failed', { cause: { code: 'prompt_ignored' }, attempts: 7, dueAt: later(day) })
    const next = advanceByWish(ignored, told, later(day))
    expect(next).toMatchObject({ act: 'ask', install: { state: 'failed', dueAt: later(2 * day) } })
    expect(advanceBySight(ignored, 'Managed', later(day)).state).toBe('installed')
  })

  test.each([
    ['a download', 'not_finished', 'Queued', 'Prompting', 'prompting'],
    ['a question', 'prompt_ignored', 'Prompting', 'Installing', 'installing'],
  ] as const)(
    '%s that lasted too long is no news while it goes on; what comes of it is',
    (_title, code, same, other, state) => {
      const failed = at('failed', { cause: { code }, attempts: 7, dueAt: later(day) })
      expect(advanceBySight(failed, same, later(60))).toBe(failed)
      expect(advanceBySight(failed, other, later(60)).state).toBe(state)
      expect(advanceBySight(failed, 'Managed', later(60)).state).toBe('installed')
    },
  )

  test('a download that lasted too long is told again after a day, and goes on if the device says that it does', () => {
    const failed = at('failed', { cause: { code: 'not_finished' }, attempts: 1, dueAt: later(day) })
    const again = advanceByWish(failed, told, later(day))
    expect(again).toMatchObject({ act: 'install', install: { state: 'commanded', attempts: 1 } })
    const refusal = {
      reason: 'AppAlreadyQueued',
      errors: [{ domain: 'MCMDMErrorDomain', code: 12010, text: '' }],
    }
    const answer = { accepted: false, word: 'Failed', refusal }
    expect(advanceByAnswer(again?.install ?? failed, answer, later(day + 5)).state).toBe('installing')
  })
})

describe('taking away', () => {
  const remove = { wish: 'remove', canBeTold: true } as const

  test('an installed app is removed, and gone only when the device says so', () => {
    const asked = advanceByWish(at('installed'), remove, start)
    expect(asked).toMatchObject({ act: 'remove', install: { state: 'removing', wanted: 'removed' } })
    const told = advanceByRemoval(asked?.install ?? at('removing'), { accepted: true, errors: [] }, later(5))
    expect(told).toMatchObject({ act: 'ask', install: { state: 'removing' } })
    const gone = advanceByAbsence(told.install, later(30))
    expect(gone).toMatchObject({ state: 'removed', cause: { code: 'gone' } })
    expect(advanceByRelease(gone, later(60))).toMatchObject({ state: 'released' })
  })

  test.each([12029, 12038])('that it was not managed (%i) means that it is gone', (code) => {
    const errors = [{ domain: 'MCMDMErrorDomain', code, text: '' }]
    const removing = at('removing', { wanted: 'removed' })
    expect(advanceByRemoval(removing, { accepted: false, errors }, start).install.state).toBe('removed')
  })

  test('a device that stays silent for 14 days keeps the license no longer', () => {
    let install = at('removing', { wanted: 'removed', dueAt: later(day) })
    for (let days = 1; days <= 14; days += 1)
      install = advanceByWish(install, remove, later(days * day))?.install ?? install
    expect(install).toMatchObject({ state: 'failed', cause: { code: 'silent' }, dueAt: null })
  })

  test('what was not told yet is withdrawn when nobody wants it any more', () => {
    const left = advanceByWish(at('commanded'), { wish: 'leave', canBeTold: true }, start)
    expect(left).toMatchObject({ act: 'withdraw', install: { state: 'removed', wanted: 'nothing' } })
  })

  test('what is not told yet is withdrawn when its license went, and told again with a new one', () => {
    const lost = advanceByWish(at('commanded'), { wish: 'wait_for_license', canBeTold: true }, start)
    expect(lost).toMatchObject({
      act: 'withdraw',
      install: { wanted: 'installed', cause: { code: 'license_lost' } },
    })
    expect(advanceByWish(lost?.install ?? null, told, later(9))?.act).toBe('install')
  })

  test('an app that is there stays when nobody wants it any more', () => {
    const left = advanceByWish(at('installed'), { wish: 'leave', canBeTold: true }, start)
    expect(left).toMatchObject({ act: null, install: { state: 'installed', wanted: 'nothing' } })
  })

  test('a required app that its person deleted comes back after a day', () => {
    const deleted = advanceBySight(at('installed'), 'ManagedButUninstalled', start)
    expect(deleted).toMatchObject({ state: 'removed', cause: { code: 'removed_by_person' } })
    expect(advanceByWish(deleted, told, later(60))?.act).toBeNull()
    expect(advanceByWish(deleted, told, later(day))?.act).toBe('install')
  })

  test('while it is being installed, “uninstalled” is only a moment', () => {
    const installing = at('installing', { polls: 1 })
    expect(advanceBySight(installing, 'ManagedButUninstalled', start)).toBe(installing)
  })

  test('said of a download again and again, its person stopped it; it comes back after a day', () => {
    const stopped = advanceBySight(at('installing', { polls: 3 }), 'ManagedButUninstalled', start)
    expect(stopped).toMatchObject({ state: 'removed', cause: { code: 'removed_by_person' } })
    expect(advanceByWish(stopped, told, later(day))?.act).toBe('install')
  })

  test('a device that leaves management has nothing that is managed', () => {
    for (const state of installStates) {
      const left = advanceByLeaving(at(state), start)
      expect(left.state).toBe(state === 'released' ? 'released' : 'removed')
    }
  })
})

test.each(installStates)('whatever is looked at when it is due is due later, or no more (%s)', (state) => {
  for (const wish of ['install', 'wait_for_license', 'remove', 'leave'] as const) {
    for (const canBeTold of [true, false]) {
      for (const code of ['queued', 'removed_by_person', 'verified'] as const) {
        const due = at(state, { dueAt: start, cause: { code } })
        const next = advanceByWish(due, { wish, canBeTold }, start)?.install.dueAt ?? null
        if (next !== null) expect(next.getTime()).toBeGreaterThan(start.getTime())
      }
    }
  }
})

test('nothing to begin comes to nothing', () => {
  for (const wish of ['leave', 'remove', 'wait_for_license'] as const)
    expect(advanceByWish(null, { wish, canBeTold: true }, start)).toBeNull()
})
