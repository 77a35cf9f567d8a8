import { describe, expect, test } from 'vitest'
import { arrivalProgress } from '../src/console/features/assignments/arrival-progress.ts'
import {
  changeOf,
  type DraftLine,
  draftOf,
  isChanged,
  restored,
  wantedOf,
  withoutGroup,
  withWish,
} from '../src/console/features/assignments/draft.ts'
import type { AssetCounts, Assignment, Plan } from '../src/shared/api/shapes.ts'

const pupils = { id: 7, name: 'Pupils', kind: 'device' } as const
const staff = { id: 8, name: 'Staff', kind: 'user' } as const

describe('a draft of assignments', () => {
  const saved: readonly DraftLine[] = [{ group: pupils, saved: 'required', wanted: 'required' }]
  const cases: readonly [string, readonly DraftLine[], readonly string[], ReturnType<typeof wantedOf>][] = [
    ['that is untouched wants what is saved', saved, ['same'], [wants(7, 'required')]],
    [
      'with a group added wants both',
      withWish(saved, staff, 'uninstall'),
      ['same', 'added'],
      [wants(7, 'required'), wants(8, 'uninstall')],
    ],
    [
      'with another wish wants that',
      withWish(saved, pupils, 'exclude'),
      ['changed'],
      [{ groupId: 7, mode: 'exclude' }],
    ],
    [
      'with a group removed keeps its line, and wants nothing for it',
      withoutGroup(saved, 7),
      ['removed'],
      [],
    ],
    [
      'forgets a new group that is removed again',
      withoutGroup(withWish(saved, staff, 'required'), 8),
      ['same'],
      [wants(7, 'required')],
    ],
    ['takes back a removal', restored(withoutGroup(saved, 7), 7), ['same'], [wants(7, 'required')]],
  ]

  test.each(cases)('%s', (_, draft, changes, wanted) => {
    expect(draft.map(changeOf)).toEqual(changes)
    expect(wantedOf(draft)).toEqual(wanted)
    expect(isChanged(draft)).toBe(changes.some((change) => change !== 'same'))
  })

  test('begins with what is saved, by name', () => {
    const assignments = [
      assignment({ id: 1, group: staff, mode: 'exclude', intent: null }),
      assignment({ id: 2, group: pupils, mode: 'include', intent: 'uninstall' }),
    ]
    expect(draftOf(assignments).map(({ group, saved: wish }) => [group.name, wish])).toEqual([
      ['Pupils', 'uninstall'],
      ['Staff', 'exclude'],
    ])
  })
})

describe('how far the licenses of a plan have come', () => {
  const give = plan({ grants: 10, releases: 0, usedBefore: 5, usedAfter: 15 })
  const takeBack = plan({ grants: 0, releases: 10, usedBefore: 15, usedAfter: 5 })
  test.each([
    ['nothing has begun', give, { used: 5, granting: 0 }, { done: 0, total: 10, finished: false }],
    ['all are asked for', give, { used: 15, granting: 10 }, { done: 0, total: 10, finished: false }],
    ['some are confirmed', give, { used: 15, granting: 4 }, { done: 6, total: 10, finished: false }],
    ['all are confirmed', give, { used: 15, granting: 0 }, { done: 10, total: 10, finished: true }],
    ['some came back', takeBack, { used: 9, granting: 0 }, { done: 6, total: 10, finished: false }],
    ['all came back', takeBack, { used: 5, granting: 0 }, { done: 10, total: 10, finished: true }],
    [
      'nothing was to change',
      plan({ grants: 0, releases: 0, usedBefore: 5, usedAfter: 5 }),
      { used: 5, granting: 0 },
      { done: 0, total: 0, finished: true },
    ],
  ])('%s', (_, saved, now, progress) => {
    expect(arrivalProgress(saved, { ...counts, ...now })).toEqual(progress)
  })
})

function wants(groupId: number, intent: 'required' | 'uninstall') {
  return { groupId, mode: 'include', intent } as const
}

function assignment(parts: Pick<Assignment, 'id' | 'group' | 'mode' | 'intent'>): Assignment {
  const rest = { assetId: 1, assetName: 'Tide Tables', tokenName: 'Harbor', licenseType: 'device' } as const
  return { ...rest, createdAt: '2026-11-23T12:00:00Z', createdBy: 'Ada', ...parts }
}

const counts: AssetCounts = {
  unlimited: false,
  total: 20,
  used: 0,
  available: 20,
  retired: 0,
  granting: 0,
  heldOutside: 0,
  waiting: 0,
  withheld: 0,
}

function plan(of: { grants: number; releases: number; usedBefore: number; usedAfter: number }): Plan {
  const part = (count: number) => ({ count, sample: [] })
  const at = '2026-11-23T12:00:00Z'
  return {
    id: '0197a0b0-0000-7000-8000-000000000001',
    assetId: 1,
    wanted: [],
    createdAt: at,
    expiresAt: at,
    outcome: {
      devicesReached: 20,
      grants: part(of.grants),
      waits: part(0),
      releases: part(of.releases),
      cannot: { ...part(0), byReason: { wrong_platform: 0, wrong_family: 0, os_too_old: 0 } },
      withheld: 0,
      keeps: { count: 0, outside: 0 },
      requests: 1,
      warnings: [],
      licenses: {
        unlimited: false,
        total: 20,
        usedBefore: of.usedBefore,
        usedAfter: of.usedAfter,
        availableBefore: 0,
        availableAfter: 0,
      },
    },
  }
}
