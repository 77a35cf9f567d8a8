import { expect, test } from 'vitest'
import { type LookupProblem, lookupReason } from './import-reasons.ts'

const reasons: [LookupProblem, string][] = [
  ['duplicate', '"X" is on line 7 already; remove one of the two rows'],
  ['user_unknown', 'There is no user "X"; import users first or correct the name'],
  ['device_unknown', 'There is no device "X"; import devices first or correct the serial number'],
  ['group_unknown', 'There is no group "X"; create it or import groups first'],
  ['group_of_users', '"X" is a group of users; name a group of devices'],
  ['group_of_devices', '"X" is a group of devices; name a group of users'],
  ['group_built_in', '"X" is built in and has its members by itself; leave it out'],
  ['kind_missing', 'The group "X" is new; say in the column kind whether it is of device or user'],
  ['kind_differs', 'The group exists with another kind than "X", which cannot change; correct it'],
  ['kind_differs_in_file', 'The kind is "X" here and another on line 7; make them the same'],
  [
    'description_differs_in_file',
    'The description differs from the one on line 7; make them the same or leave this one empty',
  ],
]

test.each(reasons)('%s names the value and says what to do', (problem, reason) => {
  expect(lookupReason(problem, { value: 'X', line: 7 })).toBe(reason)
})
