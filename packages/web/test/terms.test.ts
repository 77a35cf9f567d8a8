import { describe, expect, test } from 'vitest'
import {
  readConfiguration,
  writeConfiguration,
} from '../src/console/features/assignments/configuration-text.ts'
import { withGroup, withTerms, withWish } from '../src/console/features/assignments/draft.ts'
import { refusalOf } from '../src/console/features/assignments/line-refusal.ts'
import { planDifference } from '../src/console/features/assignments/plan-changes.ts'
import {
  faultIn,
  fromField,
  presetWaves,
  toField,
  withNextWave,
} from '../src/console/features/assignments/rollout-draft.ts'
import { startingTerms } from '../src/console/features/assignments/terms.ts'

const now = new Date('2026-11-23T12:20:00Z')
const app = { deviceAssignable: true, title: { kind: 'app' } } as const
const book = { deviceAssignable: false, title: { kind: 'book' } } as const
const devices = { id: 7, name: 'Pupils', kind: 'device' } as const
const people = { id: 8, name: 'Staff', kind: 'user' } as const

describe('A6 a staged rollout that is being written', () => {
  test('begins at once, and goes on at full hours a week apart', () => {
    expect(presetWaves('weekly', now)).toEqual([
      { percent: 10, at: null },
      { percent: 25, at: '2026-11-30T13:00:00.000Z' },
      { percent: 50, at: '2026-12-07T13:00:00.000Z' },
      { percent: 100, at: '2026-12-14T13:00:00.000Z' },
    ])
  })

  test.each(['weekly', 'daily', 'pilot'] as const)('the usual way "%s" can be', (preset) => {
    expect(faultIn({ waves: presetWaves(preset, now), stopAtPercent: 10 })).toBeNull()
  })

  test('gets a further wave a week behind the last, twice as large', () => {
    expect(withNextWave([{ percent: 30, at: '2026-12-01T08:00:00Z' }], now)).toEqual([
      { percent: 30, at: '2026-12-01T08:00:00Z' },
      { percent: 60, at: '2026-12-08T08:00:00.000Z' },
    ])
    expect(withNextWave([{ percent: 80, at: null }], now).at(-1)?.percent).toBe(100)
  })

  test('is told which wave cannot be', () => {
    const waves = [
      { percent: 20, at: null },
      { percent: 10, at: '2026-12-01T08:00:00Z' },
    ]
    expect(faultIn({ waves, stopAtPercent: null })).toEqual({ code: 'not_greater', wave: 1 })
    expect(faultIn({ waves: [], stopAtPercent: null })?.code).toBe('percent')
    expect(faultIn(null)).toBeNull()
  })

  test('keeps its moments through the field for date and time, which is local', () => {
    expect(fromField(toField('2026-12-01T08:00:00.000Z'))).toBe('2026-12-01T08:00:00.000Z')
    expect([toField(null), fromField('')]).toEqual(['', null])
  })
})

describe('A3 an app configuration as it is written', () => {
  test.each([
    ['', { kind: 'none' }],
    ['{"pin": 3}', { kind: 'fine', value: { pin: 3 } }],
    ['[1]', { kind: 'no_object' }],
    ['"text"', { kind: 'no_object' }],
    ['{"a": 1,\n "b" 2}', { kind: 'no_json', line: 2, column: 6 }],
  ])('%j', (text, comesTo) => expect(readConfiguration(text)).toEqual(comesTo))

  test('is set out to be read', () => {
    expect(writeConfiguration({ pin: 3 })).toBe('{\n  "pin": 3\n}')
    expect([writeConfiguration(null), writeConfiguration(undefined)]).toEqual(['', ''])
  })
})

describe('A2 a line that may not be saved is told at once', () => {
  const line = (group: typeof devices | typeof people, wish: 'required' | 'available' | 'uninstall') => ({
    group,
    saved: null,
    wanted: startingTerms(wish, app),
  })
  test.each([
    ['an app required for devices', refusalOf(line(devices, 'required'), app), null],
    ['an app available for devices', refusalOf(line(devices, 'available'), app), 'available_needs_users'],
    ['an app available for people', refusalOf(line(people, 'available'), app), null],
    ['a book for devices', refusalOf(line(devices, 'required'), book), 'book_needs_users'],
    ['a book to be uninstalled', refusalOf(line(people, 'uninstall'), book), 'book_cannot_be_removed'],
    ['a line that is removed', refusalOf({ ...line(devices, 'available'), wanted: null }, app), null],
  ])('%s', (_, refusal, expected) => expect(refusal).toBe(expected))
})

test('A4 a wish for many apps keeps the terms of a group that is there, and begins those of one that is not', () => {
  const there = withTerms(withGroup([], devices, startingTerms('required', app)), 7, { priority: 60 })
  const [line] = withWish(there, devices, startingTerms('uninstall', app))
  expect([line?.wanted?.wish, line?.wanted?.priority]).toEqual(['uninstall', 60])
  expect(withWish(there, people, startingTerms('available', app)).at(1)?.wanted?.wish).toBe('available')
})

test('A4 a plan that moved says which counts are not what they were', () => {
  const part = (count: number) => ({ count, sample: [] })
  const noReasons = { no_license_left: 0, quota_reached: 0, kept_for_others: 0 }
  const unfit = { wrong_platform: 0, wrong_family: 0, os_too_old: 0 }
  const refused = {
    device_is_anonymous: 0,
    kiosk_has_no_user: 0,
    shared_ipad_has_no_user: 0,
    no_user: 0,
    left_management: 0,
  }
  const licenses = { unlimited: false, total: 20, availableBefore: 0, availableAfter: 0 }
  const outcome = (grants: number, devicesReached: number) => ({
    devicesReached,
    peopleReached: 0,
    grants: part(grants),
    waits: { ...part(0), byReason: noReasons },
    cannot: { ...part(0), byReason: { ...unfit, ...refused } },
    releases: part(0),
    kept: part(0),
    uninstalls: 0,
    licenses: { ...licenses, usedBefore: 5, usedAfter: 5 + grants },
  })
  expect(planDifference(outcome(18, 30), outcome(17, 29))).toEqual([
    { name: 'devices_reached', before: 30, now: 29 },
    { name: 'grants', before: 18, now: 17 },
  ])
  expect(planDifference(outcome(18, 30), outcome(18, 30))).toEqual([])
})
