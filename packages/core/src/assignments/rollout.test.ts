import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isIn,
  maximumWaves,
  type RolloutResults,
  type RolloutStop,
  readStop,
  rolloutNow,
  shouldStop,
  stopSentence,
  type Wave,
  waveFault,
  wavesProblem,
  writeStop,
} from './rollout.ts'

const day = (n: number): Date => new Date(Date.UTC(2026, 10, n, 8))
const wave = (percent: number, at: Date | null = null): Wave => ({ percent, at })
const three = [wave(5), wave(25, day(10)), wave(100, day(20))]

describe('A6 waves that can be', () => {
  const rows: [string, readonly Wave[]][] = [
    ['none: everybody at once', []],
    ['a first one now and others later', three],
    ['all of them later', [wave(10, day(3)), wave(100, day(4))]],
    ['a last one below 100: the rest is decided later', [wave(10), wave(50, day(4))]],
    ['as many as allowed', Array.from({ length: maximumWaves }, (_, n) => wave(n + 1, day(n + 1)))],
  ]
  test.each(rows)('%s', (_title, waves) => expect(wavesProblem(waves)).toBeNull())
})

describe('A6 waves that cannot be, and what to do', () => {
  const rows: [string, readonly Wave[], string][] = [
    ['nobody', [wave(0)], 'Wave 1 has 0 percent: use a whole number from 1 to 100.'],
    ['more than everybody', [wave(101)], 'Wave 1 has 101 percent: use a whole number from 1 to 100.'],
    ['part of a percent', [wave(2.5)], 'Wave 1 has 2.5 percent: use a whole number from 1 to 100.'],
    [
      'a second that is not greater',
      [wave(10), wave(10, day(2))],
      'Wave 2 has 10 percent, not more than the 10 before it: each wave is greater than the last.',
    ],
    [
      'a second without a date',
      [wave(10), wave(20)],
      'Wave 2 has no date: only the first wave can begin at once.',
    ],
    [
      'a second that begins no later',
      [wave(10, day(3)), wave(20, day(3))],
      'Wave 2 begins 2026-11-03T08:00:00.000Z, not after the wave before it (2026-11-03T08:00:00.000Z): use a later date.',
    ],
    ['a date that is none', [wave(10, new Date('soon'))], 'Wave 1 has no valid date.'],
    [
      'one too many',
      Array.from({ length: 21 }, (_, n) => wave(n + 1, day(n + 1))),
      'A rollout has at most 20 waves, not 21: leave some out.',
    ],
  ]
  test.each(rows)('%s', (_title, waves, problem) => expect(wavesProblem(waves)).toBe(problem))
})

test('A6 a program is told which wave is wrong, and how', () => {
  expect(waveFault([wave(10), wave(50, day(2)), wave(20, day(3))])).toEqual({ code: 'not_greater', wave: 2 })
  expect(waveFault(three)).toBeNull()
})

describe('A6 the share in force', () => {
  const rows: [string, readonly Wave[], Date, { percent: number; nextAt: Date | null }][] = [
    ['everybody without waves', [], day(1), { percent: 100, nextAt: null }],
    ['the first wave at once', three, day(1), { percent: 5, nextAt: day(10) }],
    ['the second from its moment on', three, day(10), { percent: 25, nextAt: day(20) }],
    ['the last, and no further one', three, day(25), { percent: 100, nextAt: null }],
    ['nobody before the first', [wave(10, day(3))], day(2), { percent: 0, nextAt: day(3) }],
    ['waves passed while the server was off count', three, day(21), { percent: 100, nextAt: null }],
  ]
  test.each(rows)('%s', (_title, waves, now, state) => expect(rolloutNow(waves, now)).toEqual(state))
})

describe('A6 who is in', () => {
  const rows: [number, number, boolean][] = [
    [0, 1, true],
    [99, 1, true],
    [100, 1, false],
    [2499, 25, true],
    [2500, 25, false],
    [9999, 100, true],
    [0, 0, false],
  ]
  test.each(rows)('place %i at %i percent: %s', (place, percent, is) => expect(isIn(place, percent)).toBe(is))

  test('whoever is in stays in when the share grows', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9999 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 100 }),
        (place, one, other) => {
          const [small, great] = [Math.min(one, other), Math.max(one, other)]
          if (isIn(place, small)) expect(isIn(place, great)).toBe(true)
        },
      ),
    ))
  test('a percent of all places is in for each percent', () => {
    const places = Array.from({ length: 10_000 }, (_, place) => place)
    for (const percent of [0, 1, 33, 100])
      expect(places.filter((place) => isIn(place, percent))).toHaveLength(percent * 100)
  })
})

describe('A6 stopping on failures', () => {
  const rows: [string, RolloutResults, boolean][] = [
    ['one device that failed alone does not stop it', { failed: 1, tried: 1, stopAtPercent: 10 }, false],
    ['nor four of four', { failed: 4, tried: 4, stopAtPercent: 10 }, false],
    ['all of the first five do', { failed: 5, tried: 5, stopAtPercent: 100 }, true],
    ['less than the limit does not', { failed: 9, tried: 100, stopAtPercent: 10 }, false],
    ['the limit itself does', { failed: 10, tried: 100, stopAtPercent: 10 }, true],
    ['more than the limit does', { failed: 11, tried: 100, stopAtPercent: 10 }, true],
    ['without a limit nothing does', { failed: 100, tried: 100, stopAtPercent: null }, false],
    ['no failure does not', { failed: 0, tried: 100, stopAtPercent: 1 }, false],
    ['nothing tried does not', { failed: 0, tried: 0, stopAtPercent: 1 }, false],
  ]
  test.each(rows)('%s', (_title, results, stops) => expect(shouldStop(results)).toBe(stops))
})

describe('A6 why a rollout stopped', () => {
  const rows: [string, RolloutStop, string, string][] = [
    [
      'too many failed',
      { code: 'failures', failed: 3, tried: 10, percent: 20 },
      'failures 3 10 20',
      '3 of 10 failed, and it stops at 20 %',
    ],
    [
      'somebody stopped it',
      { code: 'by_hand', by: 'Ada Byron' },
      'by_hand Ada Byron',
      'stopped by Ada Byron',
    ],
    ['any other text', { code: 'other', text: 'stopped by 1 2 3' }, 'stopped by 1 2 3', 'stopped by 1 2 3'],
    ['failures without counts', { code: 'other', text: 'failures' }, 'failures', 'failures'],
  ]
  test.each(rows)('%s', (_title, stop, stored, sentence) => {
    expect(writeStop(stop)).toBe(stored)
    expect(readStop(stored)).toEqual(stop)
    expect(stopSentence(stop)).toBe(sentence)
  })

  test('whatever somebody is called is read again', () =>
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (by) => {
        expect(readStop(writeStop({ code: 'by_hand', by }))).toEqual({ code: 'by_hand', by })
      }),
    ))
})
