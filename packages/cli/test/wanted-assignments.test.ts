import { describe, expect, test } from 'vitest'
import type { WantedAssignment } from '../src/assignment-terms.ts'
import { type Assignment, type AssignmentChange, wantedAssignments } from '../src/wanted-assignments.ts'
import { assignmentRow } from './support/rows.ts'

/** An assignment that says everything that one can say. */
const rich = assignmentRow({
  group: { id: 1, name: 'Group 1', kind: 'user' },
  intent: 'available',
  licenseType: 'user',
  priority: 40,
  reserve: 3,
  quota: 12,
  pools: 'country',
  settings: { removable: false, automaticUpdates: 'off', configuration: { server: 'a' }, vpnId: 'v' },
  reclaim: { user_left: { kind: 'after', days: 14 }, app_removed: { kind: 'keep' } },
  rollout: {
    waves: [
      { percent: 10, at: null },
      { percent: 100, at: '2027-04-01T08:00:00.000Z' },
    ],
    stopAtPercent: 5,
    percent: 10,
    nextAt: '2027-04-01T08:00:00.000Z',
    stoppedAt: null,
    stoppedWhy: null,
    stoppedCode: null,
  },
})
const richKept: WantedAssignment = {
  groupId: 1,
  mode: 'include',
  intent: 'available',
  licenseType: 'user',
  priority: 40,
  reserve: 3,
  quota: 12,
  pools: 'country',
  settings: { removable: false, automaticUpdates: 'off', configuration: { server: 'a' }, vpnId: 'v' },
  reclaim: { user_left: { kind: 'after', days: 14 }, app_removed: { kind: 'keep' } },
  rollout: {
    waves: [
      { percent: 10, at: null },
      { percent: 100, at: '2027-04-01T08:00:00.000Z' },
    ],
    stopAtPercent: 5,
  },
}
const excluded: Assignment = assignmentRow({
  group: { id: 2, name: 'Group 2', kind: 'device' },
  mode: 'exclude',
  intent: null,
})
const excludedKept: WantedAssignment = {
  groupId: 2,
  mode: 'exclude',
  licenseType: 'device',
  priority: 0,
  reserve: null,
  quota: null,
  pools: 'own',
  settings: {},
  reclaim: {},
  rollout: null,
}

describe('of the assignments that are planned', () => {
  const nothing: AssignmentChange = { include: [], terms: {}, exclude: [], remove: [], only: false }
  const cases: [string, Partial<AssignmentChange>, WantedAssignment[]][] = [
    [
      'all stay as they are, with everything they say, when nothing is asked for',
      {},
      [richKept, excludedKept],
    ],
    [
      'a new group comes after those that are there, which stay as they are',
      { include: [3] },
      [richKept, excludedKept, { groupId: 3, mode: 'include', intent: 'required' }],
    ],
    [
      'a group named again without more is given the app as required, and keeps what else it says',
      { include: [1] },
      [{ ...richKept, intent: 'required' }, excludedKept],
    ],
    [
      'a group named again gets the new intent',
      { include: [1], terms: { intent: 'uninstall' } },
      [{ ...richKept, intent: 'uninstall' }, excludedKept],
    ],
    [
      'a group of which only something else is changed keeps its intent',
      { include: [1], terms: { priority: 7, quota: null, pools: 'most_free', licenseType: 'device' } },
      [{ ...richKept, priority: 7, quota: null, pools: 'most_free', licenseType: 'device' }, excludedKept],
    ],
    [
      'settings and the reclaim policy keep what is not named',
      {
        include: [1],
        terms: {
          settings: { removable: true, preventBackup: true },
          reclaim: { user_left: { kind: 'now' } },
        },
      },
      [
        {
          ...richKept,
          settings: { ...richKept.settings, removable: true, preventBackup: true },
          reclaim: { user_left: { kind: 'now' }, app_removed: { kind: 'keep' } },
        },
        excludedKept,
      ],
    ],
    [
      'other waves keep the share of failures that stops them',
      { include: [1], terms: { waves: [{ percent: 50, at: null }] } },
      [{ ...richKept, rollout: { waves: [{ percent: 50, at: null }], stopAtPercent: 5 } }, excludedKept],
    ],
    [
      'another share of failures keeps the waves',
      { include: [1], terms: { stopAtPercent: null } },
      [{ ...richKept, rollout: { waves: richKept.rollout?.waves ?? [], stopAtPercent: null } }, excludedKept],
    ],
    [
      'no waves are for everybody at once',
      { include: [1], terms: { waves: null } },
      [{ ...richKept, rollout: null }, excludedKept],
    ],
    [
      'a new group says what was asked for, and is required',
      { include: [3], terms: { priority: 7, reserve: 2 } },
      [richKept, excludedKept, { groupId: 3, mode: 'include', intent: 'required', priority: 7, reserve: 2 }],
    ],
    [
      'an excluded group can be included, as a new one',
      { include: [2] },
      [richKept, { groupId: 2, mode: 'include', intent: 'required' }],
    ],
    [
      'an included group can be excluded, and says nothing else then',
      { exclude: [1] },
      [{ groupId: 1, mode: 'exclude' }, excludedKept],
    ],
    ['a removed group goes', { remove: [2] }, [richKept]],
    [
      'only what was named stays',
      { only: true, include: [3] },
      [{ groupId: 3, mode: 'include', intent: 'required' }],
    ],
    ['nothing stays with only and nothing named', { only: true }, []],
  ]
  for (const [title, change, expected] of cases) {
    test(title, () =>
      expect(wantedAssignments([rich, excluded], { ...nothing, ...change })).toEqual(expected),
    )
  }

  test('a share of failures without a rollout says what to add', () => {
    const change = { ...nothing, include: [3], terms: { stopAtPercent: 5 } }
    expect(() => wantedAssignments([], change)).toThrow('add --waves')
  })
})
