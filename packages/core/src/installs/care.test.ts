import { describe, expect, test } from 'vitest'
import { defaultSettings } from '../assignments/settings.ts'
import {
  isTimeZone,
  nextOpening,
  settingsDiffer,
  timeZoneNamed,
  toldSettings,
  type UpdateFacts,
  updateStep,
} from './care.ts'

const at = (text: string) => new Date(text)
const night = { from: '22:00', until: '05:00', zone: 'Europe/Amsterdam' }

describe('D5 the hours of updates, in local time', () => {
  test.each([
    ['within them', '2026-01-10T22:30:00Z', null],
    ['after midnight', '2026-01-11T03:59:00Z', null],
    ['just over', '2026-01-11T04:00:00Z', '2026-01-11T21:00:00.000Z'],
    ['at noon', '2026-01-11T11:00:00Z', '2026-01-11T21:00:00.000Z'],
    ['in summer, an hour earlier in UTC', '2026-07-11T11:00:00Z', '2026-07-11T20:00:00.000Z'],
  ] as const)('%s', (_title, now, opens) => {
    expect(nextOpening(night, at(now))?.toISOString() ?? null).toBe(opens)
  })

  test('the same hour twice means the whole day', () => {
    expect(nextOpening({ ...night, until: '22:00' }, at('2026-01-11T11:00:00Z'))).toBeNull()
  })

  test('only names of time zones are time zones', () => {
    expect([isTimeZone('Europe/Amsterdam'), isTimeZone('Europe/Atlantis'), isTimeZone('')]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('a time zone has one name, however it is written', () => {
    expect(timeZoneNamed('europe/AMSTERDAM')).toBe('Europe/Amsterdam')
  })
})

describe('D5 whether an app is updated by itself', () => {
  const now = at('2026-01-10T12:00:00Z')
  const facts: UpdateFacts = {
    update: { state: 'available', since: now },
    setting: 'token',
    byToken: true,
    singleApp: false,
    hours: null,
  }
  test.each([
    ['the token says so', facts, 'update'],
    ['the token does not', { ...facts, byToken: false }, undefined],
    [
      'the assignment says so, whatever the token does',
      { ...facts, byToken: false, setting: 'on' as const },
      'update',
    ],
    ['the assignment says no', { ...facts, setting: 'off' as const }, undefined],
    ['the device shows one app only', { ...facts, singleApp: true }, undefined],
    ['there is no update', { ...facts, update: null }, undefined],
    [
      'the device was told already',
      { ...facts, update: { state: 'commanded' as const, since: now } },
      undefined,
    ],
    ['it is not the hour', { ...facts, hours: night }, 'wait'],
  ] as const)('%s', (_title, given, act) => {
    expect(updateStep(given, now)?.act).toBe(act)
  })
})

describe('A3 settings of an app that is installed', () => {
  const wanted = toldSettings({ ...defaultSettings, configuration: { server: 'a', port: 1 } })
  test('the order of keys does not matter', () => {
    expect(settingsDiffer({ ...wanted, configuration: { port: 1, server: 'a' } }, wanted)).toBe(false)
  })
  test('another value does', () => {
    expect(settingsDiffer({ ...wanted, removable: false }, wanted)).toBe(true)
  })
  test('what the device has is unknown: nothing is told', () => {
    expect(settingsDiffer(null, wanted)).toBe(false)
  })
})
