import { expect, test } from 'vitest'
import { type HeldFacts, type IdleReason, idleReason, idleVerdicts, unseenBefore } from './idle.ts'

const device: HeldFacts = {
  holderKind: 'device',
  ours: true,
  known: true,
  personLeft: false,
  unseen: false,
  kept: 'no',
}
const user: HeldFacts = { ...device, holderKind: 'user' }

const cases: [string, HeldFacts, IdleReason | null][] = [
  ['a device that is known and seen is in order', device, null],
  ['a person who is known and here is in order', user, null],
  ['a serial number that the directory does not have', { ...device, known: false }, 'serial_unknown'],
  ['a user id that is nobody’s here', { ...user, known: false }, 'user_unknown'],
  [
    'held outside by a device that nobody knows',
    { ...device, ours: false, known: false },
    'outside_and_unknown',
  ],
  ['held outside by a user whom nobody knows', { ...user, ours: false, known: false }, 'outside_and_unknown'],
  ['held outside by a device of ours is in order', { ...device, ours: false }, null],
  ['a device that was not seen for long', { ...device, unseen: true }, 'device_unseen'],
  ['the same held outside', { ...device, ours: false, unseen: true }, 'device_unseen'],
  ['the device of somebody who left', { ...device, personLeft: true }, 'user_left'],
  ['somebody who left', { ...user, personLeft: true }, 'user_left'],
  [
    'who left says more than that the device is unseen',
    { ...device, personLeft: true, unseen: true },
    'user_left',
  ],
  ['kept by policy', { ...device, kept: 'by_policy' }, 'not_assigned'],
  [
    'kept by policy on a device that is unseen',
    { ...device, kept: 'by_policy', unseen: true },
    'device_unseen',
  ],
  ['given back by an undo', { ...device, known: false, kept: 'undone' }, null],
]

test.each(cases)('%s', (_title, facts, reason) => {
  expect(idleReason(facts)).toBe(reason)
})

test('the table for the database has each combination that is idle, once', () => {
  for (const [, facts, reason] of cases) {
    const found = idleVerdicts.filter((line) =>
      Object.entries(facts).every(([key, fact]) =>
        Object.entries(line).some(([name, has]) => name === key && has === fact),
      ),
    )
    expect(found.map((line) => line.reason)).toEqual(reason === null ? [] : [reason])
  }
})

test('unseen is counted in whole days back from now', () => {
  expect(unseenBefore(new Date('2026-03-31T08:00:00Z'), 90).toISOString()).toBe('2025-12-31T08:00:00.000Z')
})
