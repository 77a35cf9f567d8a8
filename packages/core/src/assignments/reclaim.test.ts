import { describe, expect, test } from 'vitest'
import {
  defaultReclaim,
  type KeptUntil,
  keepUntil,
  parseReclaim,
  type Reclaim,
  type ReclaimEvent,
  reclaimEvents,
  reclaimSentence,
} from './reclaim.ts'

const now: Reclaim = { kind: 'now' }
const keep: Reclaim = { kind: 'keep' }
const after = (days: number): Reclaim => ({ kind: 'after', days })

describe('L7 what happens where an assignment says nothing', () => {
  const rows: [ReclaimEvent, Reclaim['kind']][] = [
    ['unassigned', 'now'],
    ['uninstall', 'now'],
    ['device_left', 'now'],
    ['user_left', 'now'],
    ['app_removed', 'keep'],
  ]
  test.each(rows)('%s: %s', (event, kind) => expect(defaultReclaim[event].kind).toBe(kind))
  test('these are all the events', () => expect(rows.map(([event]) => event)).toEqual(reclaimEvents))
})

describe('L7 a stored policy', () => {
  test('that says nothing is the default', () => expect(parseReclaim({})).toEqual(defaultReclaim))
  test('keeps what it says and takes the rest from the default', () =>
    expect(parseReclaim({ device_left: { kind: 'after', days: 14 }, unassigned: { kind: 'keep' } })).toEqual({
      ...defaultReclaim,
      device_left: after(14),
      unassigned: keep,
    }))
  test('can say something for every event', () => {
    const policy = {
      unassigned: after(1),
      uninstall: keep,
      device_left: after(365),
      user_left: after(30),
      app_removed: now,
    }
    expect(parseReclaim(policy)).toEqual(policy)
  })

  const wrong: [unknown, string][] = [
    [null, 'not an object'],
    ['now', 'not an object'],
    [[], 'not an object'],
    [{ moved: { kind: 'now' } }, 'no reclaim event is named "moved"'],
    [{ unassigned: 'now' }, '"unassigned" cannot be "now"'],
    [{ unassigned: null }, '"unassigned" cannot be null'],
    [{ user_left: { kind: 'later' } }, '"user_left" cannot be {"kind":"later"}'],
    [{ user_left: { kind: 'after' } }, '"user_left" cannot be {"kind":"after"}'],
    [{ user_left: { kind: 'after', days: 0 } }, 'cannot be'],
    [{ user_left: { kind: 'after', days: 366 } }, 'cannot be'],
    [{ user_left: { kind: 'after', days: 1.5 } }, 'cannot be'],
    [{ user_left: { kind: 'after', days: '7' } }, 'cannot be'],
  ]
  test.each(wrong)('%j is refused, never guessed', (json, message) => {
    expect(() => parseReclaim(json)).toThrow(TypeError)
    expect(() => parseReclaim(json)).toThrow(message)
  })
})

describe('L7 until when a license is kept', () => {
  const since = new Date('2026-10-24T15:30:00Z')
  const rows: [string, Reclaim, KeptUntil][] = [
    ['not at all when freed now', now, 'now'],
    ['until somebody takes it back when kept', keep, 'forever'],
    ['for one day', after(1), new Date('2026-10-25T15:30:00Z')],
    ['for days that pass a change of clocks and a month', after(30), new Date('2026-11-23T15:30:00Z')],
  ]
  for (const event of reclaimEvents)
    test.each(rows)(`${event}: %s`, (_title, reclaim, until) =>
      expect(keepUntil({ ...defaultReclaim, [event]: reclaim }, event, since)).toEqual(until),
    )
})

describe('L7 the policy in words', () => {
  const rows: [ReclaimEvent, Reclaim, KeptUntil | null, string][] = [
    ['unassigned', now, 'now', 'No assignment asks for the app any more: the license is taken back at once.'],
    ['uninstall', now, null, 'An assignment removes the app: the license is taken back at once.'],
    [
      'device_left',
      after(14),
      new Date('2026-12-12T09:00:00Z'),
      'The device left management: the license is kept until 2026-12-12 and then taken back.',
    ],
    ['user_left', after(14), null, 'The person left: the license is taken back after 14 days.'],
    ['user_left', after(1), null, 'The person left: the license is taken back after 1 day.'],
    [
      'app_removed',
      keep,
      'forever',
      'The person removed the app: the license is kept until somebody takes it back.',
    ],
  ]
  test.each(rows)('%s, %j, until %s', (event, reclaim, until, sentence) =>
    expect(reclaimSentence(event, reclaim, until)).toBe(sentence),
  )
})
