import { expect, test } from 'vitest'
import { failureCodes } from './failures.ts'
import { type WhyFacts, whyNot } from './why.ts'

const at = new Date('2026-11-01T08:00:00Z')

/** Everything went well. */
const there: WhyFacts = {
  target: { intent: 'required', since: at, askedAt: null, withheldAt: null, refusedAt: null },
  missing: 'no_assignment',
  license: { state: 'held', since: at },
  personIsMissing: false,
  store: null,
  request: { state: 'done', at },
  enrollment: { enrolledAt: at, inSetup: false, pushLostAt: null },
  install: { state: 'installed', cause: { code: 'verified' }, since: at },
  command: { state: 'done', at },
}
const target = there.target ?? {
  intent: 'required' as const,
  since: at,
  askedAt: null,
  withheldAt: null,
  refusedAt: null,
}
const enrollment = { enrolledAt: at, inSetup: false, pushLostAt: null }
const nothingYet = { install: null, command: null } as const

test('an app that is there travelled every link', () => {
  const { links, advice } = whyNot(there)
  expect(links.map(({ link, state }) => `${link} ${state}`)).toEqual([
    'rule passed',
    'license passed',
    'request passed',
    'management passed',
    'command passed',
    'device passed',
  ])
  expect(advice).toBe('done')
})

test.each([
  ['nothing assigns it', { target: null }, 'rule', 'no_assignment', 'assign_it'],
  [
    'a group is excluded',
    { target: null, missing: 'is_excluded' as const },
    'rule',
    'is_excluded',
    'check_exclusion',
  ],
  [
    'its wave has not come',
    { target: null, missing: 'later_wave' as const },
    'rule',
    'later_wave',
    'nothing',
  ],
  [
    'it does not run there',
    { target: null, missing: 'does_not_fit' as const },
    'rule',
    'does_not_fit',
    'another_device',
  ],
  [
    'nobody asked for it',
    { target: { ...target, intent: 'available' as const } },
    'rule',
    'not_asked_for',
    'ask_for_it',
  ],
  [
    'it was taken back by hand',
    { target: { ...target, withheldAt: at } },
    'rule',
    'is_withheld',
    'give_again',
  ],
  ['no license is left', { license: null, ...nothingYet }, 'license', 'waits_for_license', 'buy_or_reclaim'],
  [
    'Apple refused the license',
    { license: null, target: { ...target, refusedAt: at } },
    'license',
    'license_refused',
    'see_refusal',
  ],
  [
    'its person has not joined',
    { license: { state: 'granting' as const, since: at }, personIsMissing: true },
    'license',
    'person_not_joined',
    'let_person_join',
  ],
  [
    'its person has a license and has not joined',
    { personIsMissing: true, ...nothingYet },
    'license',
    'person_not_joined',
    'let_person_join',
  ],
  [
    'its license is just being taken back',
    { license: { state: 'releasing' as const, since: at } },
    'license',
    'license_on_its_way_back',
    'nothing',
  ],
  [
    'the request is not sent yet',
    { license: { state: 'granting' as const, since: at }, request: null },
    'request',
    'request_recorded',
    'nothing',
  ],
  [
    'Apple has not answered',
    { license: { state: 'granting' as const, since: at }, request: { state: 'sent' as const, at } },
    'request',
    'request_sent',
    'nothing',
  ],
  [
    'the device is under nobody’s management',
    { enrollment: null, ...nothingYet },
    'management',
    'is_not_managed',
    'enroll_device',
  ],
  [
    'the device is in Setup Assistant',
    { enrollment: { ...enrollment, inSetup: true }, ...nothingYet },
    'management',
    'in_setup',
    'finish_setup',
  ],
  [
    'Apple cannot wake the device any more',
    { enrollment: { ...enrollment, pushLostAt: at } },
    'management',
    'push_lost',
    'enroll_again',
  ],
  [
    'the device has not fetched its command',
    {
      install: { state: 'commanded' as const, cause: { code: 'queued' as const }, since: at },
      command: { state: 'queued' as const, at },
    },
    'command',
    'command_queued',
    'let_device_connect',
  ],
  [
    'the device put it off',
    {
      install: { state: 'commanded' as const, cause: { code: 'queued' as const }, since: at },
      command: { state: 'not_now' as const, at },
    },
    'command',
    'command_put_off',
    'let_device_connect',
  ],
  [
    'its person is being asked',
    { install: { state: 'prompting' as const, cause: { code: 'asked_to_agree' as const }, since: at } },
    'device',
    'device_says',
    'let_person_agree',
  ],
  [
    'its person is to sign in',
    { install: { state: 'prompting' as const, cause: { code: 'asked_to_sign_in' as const }, since: at } },
    'device',
    'device_says',
    'let_person_sign_in',
  ],
  [
    'it is on its way',
    { install: { state: 'installing' as const, cause: { code: 'downloading' as const }, since: at } },
    'device',
    'device_says',
    'nothing',
  ],
  [
    'its person said no',
    { install: { state: 'refused' as const, cause: { code: 'rejected_by_person' as const }, since: at } },
    'device',
    'device_says',
    'let_person_agree',
  ],
] as const)('%s', (_title, change, link, code, advice) => {
  const why = whyNot({ ...there, ...change })
  expect(why.links.at(-1)).toMatchObject({ link, code })
  expect(why.advice).toBe(advice)
})

const failed = (code: 'license_not_found' | 'sign_in_required' | 'store_disabled') =>
  ({ state: 'failed', cause: { code }, since: at }) as const
const asked = { state: 'prompting', cause: { code: 'asked_to_sign_in' }, since: at } as const
const signedOut = { isActive: false, isOther: false, askedAt: at }
const another = { isActive: true, isOther: true, askedAt: at }

test.each([
  [
    'nobody is signed in',
    failed('license_not_found'),
    signedOut,
    'ends store_signed_out',
    'let_person_sign_in',
  ],
  ['the person is being asked to sign in', asked, signedOut, 'waits store_signed_out', 'let_person_sign_in'],
  [
    'another account is signed in',
    failed('license_not_found'),
    another,
    'ends store_other_account',
    'use_joined_account',
  ],
  [
    'the account has nothing to do with it',
    failed('store_disabled'),
    another,
    'ends device_says',
    'allow_store',
  ],
  [
    'the device did not tell',
    failed('license_not_found'),
    { isActive: null, isOther: false, askedAt: null },
    'ends device_says',
    'nothing',
  ],
  ['it is there', there.install, another, 'passed device_says', 'done'],
  ['the license is the device’s own', failed('license_not_found'), null, 'ends device_says', 'nothing'],
] as const)('a user license, and %s', (_title, install, store, says, advice) => {
  const why = whyNot({ ...there, install, store })
  const last = why.links.at(-1)
  expect(`${last?.state} ${last?.code}`).toBe(says)
  expect(why.advice).toBe(advice)
})

test.each(failureCodes)('a device that says %s ends the chain with something to do', (code) => {
  const why = whyNot({ ...there, install: { state: 'failed', cause: { code }, since: at } })
  expect(why.links.at(-1)).toMatchObject({ link: 'device', state: 'ends' })
  expect(why.advice).not.toBe('done')
})
