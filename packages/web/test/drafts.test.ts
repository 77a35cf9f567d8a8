import { describe, expect, test } from 'vitest'
import { arrivalProgress } from '../src/console/features/assignments/arrival-progress.ts'
import {
  changeOf,
  type DraftLine,
  draftOf,
  isChanged,
  restored,
  wantedOf,
  withGroup,
  withoutGroup,
  withTerms,
} from '../src/console/features/assignments/draft.ts'
import { startingTerms, type Wish } from '../src/console/features/assignments/terms.ts'
import type { AssetCounts, Assignment, Plan } from '../src/shared/api/shapes.ts'

const pupils = { id: 7, name: 'Pupils', kind: 'device' } as const
const staff = { id: 8, name: 'Staff', kind: 'user' } as const
const terms = (wish: Wish) => startingTerms(wish, { deviceAssignable: true, title: { kind: 'app' } })

describe('a draft of assignments', () => {
  const saved: readonly DraftLine[] = [{ group: pupils, saved: terms('required'), wanted: terms('required') }]
  const cases: readonly [string, readonly DraftLine[], readonly string[], ReturnType<typeof wantedOf>][] = [
    ['that is untouched wants what is saved', saved, ['same'], [wants(7, 'required')]],
    [
      'with a group added wants both',
      withGroup(saved, staff, terms('uninstall')),
      ['same', 'added'],
      [wants(7, 'required'), wants(8, 'uninstall')],
    ],
    [
      'with another wish wants that',
      withTerms(saved, 7, { wish: 'exclude' }),
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
      withoutGroup(withGroup(saved, staff, terms('required')), 8),
      ['same'],
      [wants(7, 'required')],
    ],
    [
      'with a default spelled out is untouched',
      withTerms(saved, 7, { settings: { removable: true }, reclaim: { unassigned: { kind: 'now' } } }),
      ['same'],
      [
        {
          ...wants(7, 'required'),
          settings: { removable: true },
          reclaim: { unassigned: { kind: 'now' } },
        },
      ],
    ],
    [
      'with another priority wants that',
      withTerms(saved, 7, { priority: 50 }),
      ['changed'],
      [{ ...wants(7, 'required'), priority: 50 }],
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
    expect(draftOf(assignments).map(({ group, saved }) => [group.name, saved?.wish])).toEqual([
      ['Pupils', 'uninstall'],
      ['Staff', 'exclude'],
    ])
  })

  test('keeps what every saved assignment says, whichever line is edited', () => {
    const staged = {
      priority: 80,
      reserve: 3,
      quota: 9,
      pools: 'country',
      licenseType: 'user',
      settings: { removable: false, configuration: { url: 'https://example.org', on: [1, 2] } },
      reclaim: { user_left: { kind: 'after', days: 7 } },
    } as const
    const waves = [
      { percent: 10, at: null },
      { percent: 100, at: '2026-12-01T08:00:00Z' },
    ]
    const running = {
      percent: 10,
      nextAt: '2026-12-01T08:00:00Z',
      stoppedAt: '2026-11-24T08:00:00Z',
      stoppedWhy: 'stopped by Ada',
      stoppedCode: { code: 'by_hand' as const, by: 'Ada' },
    }
    const draft = draftOf([
      assignment({ id: 1, group: staff, mode: 'exclude', intent: null }),
      {
        ...assignment({ id: 2, group: pupils, mode: 'include', intent: 'available' }),
        ...structuredClone(staged),
        rollout: { waves, stopAtPercent: 5, ...running },
      },
    ])
    expect(isChanged(draft)).toBe(false)
    expect(wantedOf(withTerms(draft, 8, { wish: 'uninstall' }))).toEqual([
      { groupId: 7, mode: 'include', intent: 'available', ...staged, rollout: { waves, stopAtPercent: 5 } },
      wants(8, 'uninstall'),
    ])
  })

  test('begins with user licenses for a book and for what Apple does not give to devices', () => {
    const type = (deviceAssignable: boolean, kind: 'app' | 'book') =>
      startingTerms('required', { deviceAssignable, title: { kind } }).licenseType
    expect([type(true, 'app'), type(true, 'book'), type(false, 'app')]).toEqual(['device', 'user', 'user'])
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
  return {
    groupId,
    mode: 'include',
    intent,
    licenseType: 'device',
    priority: 0,
    reserve: null,
    quota: null,
    pools: 'own',
    settings: {},
    reclaim: {},
    rollout: null,
  } as const
}

function assignment(parts: Pick<Assignment, 'id' | 'group' | 'mode' | 'intent'>): Assignment {
  const rest = { assetId: 1, assetName: 'Tide Tables', tokenName: 'Harbor', licenseType: 'device' } as const
  const defaults = {
    priority: 0,
    reserve: null,
    quota: null,
    pools: 'own',
    settings: {},
    reclaim: {},
  } as const
  return {
    ...rest,
    ...defaults,
    rollout: null,
    createdAt: '2026-11-23T12:00:00Z',
    createdBy: 'Ada',
    ...parts,
  }
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

function plan(of: {
  grants: number
  releases: number
  usedBefore: number
  usedAfter: number
}): Plan['outcome'] {
  const part = (count: number) => ({ count, sample: [] })
  const byReason = { no_license_left: 0, quota_reached: 0, kept_for_others: 0 }
  const unfit = { wrong_platform: 0, wrong_family: 0, os_too_old: 0 }
  const refused = {
    device_is_anonymous: 0,
    kiosk_has_no_user: 0,
    shared_ipad_has_no_user: 0,
    no_user: 0,
    left_management: 0,
  }
  return {
    devicesReached: 20,
    peopleReached: 0,
    grants: part(of.grants),
    waits: { ...part(0), byReason },
    releases: part(of.releases),
    kept: part(0),
    cannot: { ...part(0), byReason: { ...unfit, ...refused } },
    withheld: 0,
    elsewhere: 0,
    uninstalls: 0,
    offered: 0,
    joining: 0,
    irrevocable: 0,
    prompts: [],
    keeps: { count: 0, outside: 0 },
    requests: 1,
    forecast: null,
    warnings: [],
    licenses: {
      unlimited: false,
      total: 20,
      usedBefore: of.usedBefore,
      usedAfter: of.usedAfter,
      availableBefore: 0,
      availableAfter: 0,
    },
  }
}
