import { describe, expect, test } from 'vitest'
import {
  type AssignmentRefusal,
  type AssignmentSaying,
  assignmentRefusal,
  assignmentRefusals,
  type EnrolmentKind,
  type LicenseRefusal,
  type LicenseType,
  licenseRefusal,
  licenseRefusals,
  refusalSentence,
} from './license-rule.ts'

describe('L3 which license works where', () => {
  const rows: [EnrolmentKind, 'a user' | 'nobody', LicenseType, LicenseRefusal | null][] = [
    ['user_enrolment', 'a user', 'device', 'device_is_anonymous'],
    ['user_enrolment', 'a user', 'user', null],
    ['user_enrolment', 'nobody', 'user', 'no_user'],
    ['shared_ipad', 'nobody', 'device', null],
    ['shared_ipad', 'nobody', 'user', 'shared_ipad_has_no_user'],
    ['shared_ipad', 'a user', 'user', 'shared_ipad_has_no_user'],
    ['kiosk', 'nobody', 'device', null],
    ['kiosk', 'nobody', 'user', 'kiosk_has_no_user'],
    ['kiosk', 'a user', 'user', 'kiosk_has_no_user'],
    ['byod', 'a user', 'device', null],
    ['byod', 'a user', 'user', null],
    ['byod', 'nobody', 'device', null],
    ['byod', 'nobody', 'user', 'no_user'],
    ['corporate_supervised', 'a user', 'user', null],
    ['corporate_supervised', 'nobody', 'device', null],
    ['corporate_supervised', 'nobody', 'user', 'no_user'],
    ['corporate_unsupervised', 'a user', 'user', null],
    ['corporate_unsupervised', 'nobody', 'device', null],
    ['corporate_unsupervised', 'nobody', 'user', 'no_user'],
  ]
  test.each(rows)('%s of %s with a %s license: %s', (enrolment, whose, license, refusal) =>
    expect(licenseRefusal({ enrolment, license, hasUser: whose === 'a user' })).toBe(refusal),
  )
})

describe('L3 a refusal says what to choose instead', () => {
  const advice: Record<LicenseRefusal, string> = {
    device_is_anonymous: 'use a user license',
    kiosk_has_no_user: 'use a device license',
    shared_ipad_has_no_user: 'use a device license',
    no_user: 'name its user, or use a device license',
    left_management: 'enroll it again',
  }
  test.each(licenseRefusals)('%s', (code) => {
    expect(refusalSentence(code)).toContain(advice[code])
    expect(refusalSentence(code)).toMatch(/^[A-Z][^.]+\.$/)
  })
})

const app = { isBook: false, deviceAssignable: true }
const userOnlyApp = { isBook: false, deviceAssignable: false }
const book = { isBook: true, deviceAssignable: false }

describe('A2 what an assignment may never say', () => {
  const saying = (said: Partial<AssignmentSaying>): AssignmentSaying => ({
    groupKind: 'user',
    mode: 'include',
    intent: 'required',
    license: 'device',
    asset: app,
    ...said,
  })
  const rows: [string, AssignmentSaying, AssignmentRefusal | null][] = [
    ['an app required of users', saying({}), null],
    ['an app required of users with user licenses', saying({ license: 'user' }), null],
    ['an app required of devices', saying({ groupKind: 'device' }), null],
    [
      'an app required of devices with their users’ licenses',
      saying({ groupKind: 'device', license: 'user' }),
      null,
    ],
    ['an app available to users', saying({ intent: 'available' }), null],
    [
      'an app available to devices',
      saying({ intent: 'available', groupKind: 'device' }),
      'available_needs_users',
    ],
    ['an app removed from devices', saying({ intent: 'uninstall', groupKind: 'device' }), null],
    ['an app for users only, with device licenses', saying({ asset: userOnlyApp }), 'not_device_assignable'],
    [
      'an app for users only, available with device licenses',
      saying({ asset: userOnlyApp, intent: 'available' }),
      'not_device_assignable',
    ],
    ['an app for users only, with user licenses', saying({ asset: userOnlyApp, license: 'user' }), null],
    [
      'an app for users only, removed: that takes no license',
      saying({ asset: userOnlyApp, intent: 'uninstall' }),
      null,
    ],
    ['a book required of users with user licenses', saying({ asset: book, license: 'user' }), null],
    ['a book available to users', saying({ asset: book, license: 'user', intent: 'available' }), null],
    ['a book with device licenses', saying({ asset: book }), 'book_needs_user_licenses'],
    ['a book to devices', saying({ asset: book, license: 'user', groupKind: 'device' }), 'book_needs_users'],
    [
      'a book available to devices',
      saying({ asset: book, license: 'user', groupKind: 'device', intent: 'available' }),
      'book_needs_users',
    ],
    [
      'a book removed',
      saying({ asset: book, license: 'user', intent: 'uninstall' }),
      'book_cannot_be_removed',
    ],
    [
      'devices kept out of a book',
      saying({ asset: book, groupKind: 'device', mode: 'exclude', intent: null }),
      null,
    ],
    [
      'users kept out of an app for users only',
      saying({ asset: userOnlyApp, mode: 'exclude', intent: null }),
      null,
    ],
  ]
  test.each(rows)('%s', (_title, said, refusal) => expect(assignmentRefusal(said)).toBe(refusal))

  test('each refusal is met above', () =>
    expect(new Set(rows.map(([, , refusal]) => refusal))).toEqual(new Set([null, ...assignmentRefusals])))
})
