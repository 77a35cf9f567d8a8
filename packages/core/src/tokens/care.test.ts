import { describe, expect, test } from 'vitest'
import { type CareFacts, care, type NotificationFacts, probeAt } from './care.ts'

const now = new Date('2026-11-23T12:00:00Z')
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const on: NotificationFacts = {
  base: 'https://apps.example',
  registeredBase: 'https://apps.example',
  registeredAt: hoursAgo(100),
  off: null,
  heardAt: hoursAgo(1),
  unheardOperations: 0,
}
const facts: CareFacts = {
  locationId: 0,
  use: 'write',
  asked: false,
  expired: false,
  answeredAt: hoursAgo(1),
  notifications: on,
}

describe('T3 a token is proved once a day', () => {
  const cases: [string, Partial<CareFacts>, boolean][] = [
    ['one that Apple answered an hour ago is not asked', {}, false],
    ['one that Apple answered 20 hours ago is asked', { answeredAt: hoursAgo(20) }, true],
    ['one that Apple never answered is asked', { answeredAt: null }, true],
    [
      'one that is managed elsewhere is asked, to notice that it was let go',
      { use: 'read', answeredAt: hoursAgo(25) },
      true,
    ],
    [
      'one that Apple refused is asked, since it may be accepted again',
      { use: 'none', answeredAt: hoursAgo(25) },
      true,
    ],
    ['one that somebody asked to look at is asked', { asked: true }, true],
    ['one past its date is not asked', { expired: true, answeredAt: hoursAgo(50) }, false],
  ]
  for (const [title, changes, probe] of cases) {
    test(title, () => expect(care({ ...facts, ...changes }, now).probe).toBe(probe))
  }

  test('locations are not all asked at one moment, and all within 24 hours of their last answer', () => {
    const at = hoursAgo(0)
    const moments = Array.from({ length: 3000 }, (_, id) => probeAt(at, id + 1).getTime() - at.getTime())
    expect(Math.min(...moments)).toBeGreaterThanOrEqual(20 * 3_600_000)
    expect(Math.max(...moments)).toBeLessThanOrEqual(24 * 3_600_000)
    const inMinute = new Map<number, number>()
    for (const moment of moments) {
      const minute = Math.floor(moment / 60_000)
      inMinute.set(minute, (inMinute.get(minute) ?? 0) + 1)
    }
    expect(Math.max(...inMinute.values())).toBeLessThan(60)
  })
})

describe('T4 an address for notifications is registered again by itself', () => {
  const cases: [string, Partial<NotificationFacts>, string | null][] = [
    ['not while notifications arrive', {}, null],
    ['not after one operation that was heard of in vain', { unheardOperations: 1 }, null],
    ['after two, with nothing else heard', { unheardOperations: 2 }, 'silent'],
    [
      'not within an hour of the last registration',
      { unheardOperations: 2, registeredAt: hoursAgo(0.9) },
      null,
    ],
    [
      'when the public address has changed, at once',
      { registeredBase: 'https://old.example', registeredAt: hoursAgo(0.1) },
      'address_changed',
    ],
    [
      'when there is a public address for the first time',
      { registeredBase: null, registeredAt: null },
      'address_changed',
    ],
    ['when there is none any more', { base: null }, 'address_removed'],
    ['not when there never was one', { base: null, registeredBase: null, registeredAt: null }, null],
    ['an hour after Apple could not reach it', { off: 'unreachable', registeredAt: hoursAgo(1) }, 'retry'],
    [
      'an hour after its test was not heard',
      { off: 'unheard', heardAt: null, registeredAt: hoursAgo(1) },
      'retry',
    ],
  ]
  for (const [title, changes, cause] of cases) {
    test(title, () =>
      expect(care({ ...facts, notifications: { ...on, ...changes } }, now).register).toBe(cause),
    )
  }

  test('never at a location that is not ours', () => {
    const notifications = { ...on, registeredBase: 'https://old.example' }
    expect(care({ ...facts, use: 'read', notifications }, now).register).toBeNull()
  })

  test('what was not heard at first and is heard later is on again, without a registration', () => {
    const notifications: NotificationFacts = {
      ...on,
      off: 'unheard',
      registeredAt: hoursAgo(5),
      heardAt: hoursAgo(1),
    }
    expect(care({ ...facts, notifications }, now)).toEqual({ probe: false, register: null, heard: true })
  })
})
