import { expect, test } from 'vitest'
import {
  appleNumberOf,
  type ChainedError,
  failureCatalog,
  failureCodes,
  failureOf,
  intuneNumber,
  readRefusal,
} from './failures.ts'

const chain = (...codes: number[]): ChainedError[] =>
  codes.map((code) => ({ domain: 'MCMDMErrorDomain', code, text: '' }))

test.each([
  ['a license that the store does not know yet', null, [12064, 2605, 9610], 'license_not_found', 'soon'],
  ['the same, said by a reason alone', 'LicenseNotFound', [], 'license_not_found', 'soon'],
  ['a number beneath one that nobody knows', null, [4711, 9610], 'license_not_found', 'soon'],
  ['a person who said no', null, [12063], 'rejected_by_person', 'daily'],
  [
    'a copy of the person’s own that stays their own',
    'AppAlreadyInstalled',
    [12025],
    'takeover_rejected',
    'daily',
  ],
  ['a copy that may not be taken over', 'ManagementChangeNotSupported', [], 'unmanaged_copy', 'daily'],
  ['a store that is disabled', 'AppStoreDisabled', [12031], 'store_disabled', 'daily'],
  ['installing disabled', null, [12031], 'installs_disabled', 'daily'],
  ['a title that the store does not know', 'CouldNotVerifyAppID', [12023], 'unknown_to_store', 'soon'],
  ['a book for an app', 'NotAnApp', [12027], 'not_an_app', 'never'],
  ['a part of the system', null, [12065], 'system_app', 'never'],
  ['a command that the system does not know', null, [12021], 'not_supported', 'never'],
  ['a missing right', null, [12007], 'right_missing', 'never'],
  ['nobody signed in to the store', null, [12040], 'sign_in_required', 'daily'],
  ['a fault inside the device', null, [12010], 'device_fault', 'soon'],
  ['a failure without a word', null, [], 'device_failed', 'soon'],
  ['a number that nobody knows', null, [77777], 'other', 'soon'],
  ['a reason that nobody knows', 'MoonInTheWrongPhase', [], 'other', 'soon'],
] as const)('%s', (_title, reason, codes, code, retry) => {
  expect(readRefusal({ reason, errors: chain(...codes) })).toMatchObject({ code, retry })
})

test.each([
  ['AppStoreDisabled', [12031], 'locked_to_one_app'],
  [null, [12031], 'locked_to_one_app'],
  ['LicenseNotFound', [12064], 'license_not_found'],
] as const)('what a device locked to one app refuses by %s %j is %s', (reason, codes, code) => {
  expect(readRefusal({ reason, errors: chain(...codes), singleApp: true })).toMatchObject({ code })
})

test('no update to install means that the app is there', () => {
  expect(readRefusal({ reason: null, errors: chain(12048) })).toBe('installed')
})

test.each([
  ['AppAlreadyQueued', []],
  ['Other', [506]],
] as const)('an installation that runs already goes on (%s)', (reason, codes) => {
  expect(readRefusal({ reason, errors: chain(...codes) })).toBe('running')
})

test.each(failureCodes)('%s: a person is asked at most daily', (code) => {
  const { state, retry } = failureOf(code)
  if (state === 'refused') expect(retry).toBe('daily')
})

test.each([
  ['license_not_found', 12064, '0x87D13B95'],
  ['installs_disabled', 12031, '0x87D1560F'],
  ['locked_to_one_app', 12031, '0x87D13B98'],
  ['not_an_app', 12027, '0x87D1560B'],
  ['not_an_app', null, null],
] as const)('Intune’s number of %s with Apple’s %s is %s', (code, apple, intune) => {
  expect(intuneNumber(code, apple)).toBe(intune)
})

test('a number is in the catalog once, and Intune’s leads to the same failure', () => {
  const all = failureCatalog()
  const apple = all.flatMap(({ appleNumbers }) => appleNumbers)
  expect(new Set(apple).size).toBe(apple.length)
  expect(all.find(({ appleNumbers }) => appleNumbers.includes(12031))).toMatchObject({
    code: 'installs_disabled',
    intuneNumbers: ['0x87D1560F'],
  })
  expect(all.map(({ code }) => code)).toEqual(failureCodes)
})

test.each([
  ['a number made of Apple’s', 0x87d1313d, 2605],
  ['another', 0x87d15608, 12024],
  ['one of Intune’s own', 0x87d13b95, null],
  ['one that is nobody’s', 0x80070005, null],
])('%s is read back', (_title, intune, apple) => {
  expect(appleNumberOf(intune)).toBe(apple)
})
