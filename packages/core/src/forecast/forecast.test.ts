import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ForecastFacts, forecast, horizons, outlook } from './forecast.ts'
import type { DayOfUse } from './history.ts'
import { forecastSentence } from './sentence.ts'

const still: DayOfUse = { granted: 0, released: 0, began: 0 }
const days = (count: number, day: Partial<DayOfUse> = {}): DayOfUse[] =>
  Array.from({ length: count }, () => ({ ...still, ...day }))
/** Alternating, so that the days differ. */
const uneven = (count: number, most: number): DayOfUse[] =>
  Array.from({ length: count }, (_, day) => ({ ...still, granted: day % 2 === 0 ? most : 0 }))
const facts = (some: Partial<ForecastFacts>): ForecastFacts => ({
  history: days(90),
  free: 100,
  waiting: 0,
  planned: [],
  ...some,
})

const cases: readonly [string, Partial<ForecastFacts>, string][] = [
  ['steady use ends on the day it must', { history: days(90, { granted: 2 }) }, 'Runs out in about 51 days.'],
  [
    'uneven use ends within a range',
    { history: uneven(90, 4) },
    'Runs out in about 52 days, most likely between 42 and 67 days.',
  ],
  [
    'nothing used tells nothing, and says so',
    {},
    'Not known yet. Little history: 0 changes in 90 days, so no range is given.',
  ],
  [
    'what comes back as fast as it goes never ends',
    { history: days(90, { granted: 3, released: 3 }) },
    'Never runs out at this pace.',
  ],
  [
    'slow use lasts more than a year',
    { history: days(90, { granted: 1 }), free: 1000 },
    'Lasts more than a year at this pace.',
  ],
  [
    'more who wait than are free is a shortage now',
    { history: days(90, { granted: 1 }), free: 3, waiting: 12 },
    'Short now: 12 wait and 3 are free.',
  ],
  [
    'one who waits for none',
    { history: days(90, { granted: 1 }), free: 0, waiting: 1 },
    'Short now: 1 waits and 0 are free.',
  ],
  [
    'none left and nobody waiting ends with the next who comes',
    { history: days(90, { granted: 1 }), free: 0 },
    'Runs out in about 1 day.',
  ],
  [
    'a planned wave ends it on its day',
    { history: days(90, { granted: 1, released: 1 }), planned: [{ day: 20, licenses: 101 }] },
    'Runs out in about 20 days.',
  ],
  [
    'a wave that fits does not',
    { history: days(90, { granted: 1, released: 1 }), planned: [{ day: 20, licenses: 100 }] },
    'Never runs out at this pace.',
  ],
  [
    'thirteen days are little history',
    { history: days(13, { granted: 5 }) },
    'Runs out in about 21 days. Little history: 65 changes in 13 days, so no range is given.',
  ],
  ['fourteen days are enough', { history: days(14, { granted: 5 }) }, 'Runs out in about 21 days.'],
  [
    'nine changes are little history',
    { history: [...days(81), ...days(9, { granted: 1 })], free: 500 },
    'Lasts more than a year at this pace. Little history: 9 changes in 90 days, so no range is given.',
  ],
  [
    'no complete day yet tells nothing of the pace',
    { history: [], free: 5 },
    'Not known yet. Little history: 0 changes in 0 days, so no range is given.',
  ],
  [
    'a rollout that happened once is not expected again',
    { history: [...days(40, { granted: 2 }), ...days(3, { granted: 1700 }), ...days(40, { granted: 2 })] },
    'Runs out in about 51 days.',
  ],
  [
    'what waits since it ran dry is use that goes on',
    { history: days(90, { began: 2 }), free: 0, waiting: 180 },
    'Short now: 180 wait and 0 are free.',
  ],
]

test.each(cases)('%s', (_, some, sentence) => {
  const known = facts(some)
  expect(forecastSentence(forecast(known), known)).toBe(sentence)
})

describe('how many to buy', () => {
  const needed = (some: Partial<ForecastFacts>, horizon = 90) =>
    forecast(facts(some)).needs.find((need) => need.horizon === horizon)

  test('for steady use, what ninety days take more than is free', () => {
    expect(needed({ history: days(90, { granted: 2 }) })).toEqual({ horizon: 90, expected: 80, cautious: 80 })
  })
  test('for uneven use, more when one is cautious', () => {
    const need = needed({ history: uneven(90, 4) })
    expect(need?.expected).toBeGreaterThan(60)
    expect(need?.cautious).toBeGreaterThan(need?.expected ?? 0)
  })
  test('for those who wait and what is planned, also without a history; a cautious number would be made up', () => {
    const some = { history: [], free: 4, waiting: 10, planned: [{ day: 40, licenses: 20 }] }
    expect(needed(some, 30)).toEqual({ horizon: 30, expected: 6, cautious: null })
    expect(needed(some, 60)).toEqual({ horizon: 60, expected: 26, cautious: null })
  })
  test('for a dry asset, who waits and as many as keep coming', () => {
    expect(needed({ history: days(90, { began: 2 }), free: 0, waiting: 180 })?.expected).toBe(360)
  })
  test('nothing while enough is free', () => {
    expect(needed({ history: days(90, { granted: 1 }), free: 1000 })).toEqual({
      horizon: 90,
      expected: 0,
      cautious: 0,
    })
  })
})

test('a burst is told with its days and licenses', () => {
  const history = [...days(40, { granted: 2 }), ...days(3, { granted: 1700 }), ...days(40, { granted: 2 })]
  expect(forecast(facts({ history })).burst).toEqual({ first: 40, last: 42, licenses: 5100 })
})
test('a clearance that happened once does not promise more', () => {
  const history = [...days(60, { granted: 2 }), ...days(1, { released: 900 }), ...days(29, { granted: 2 })]
  expect(forecast(facts({ history })).usePerDay).toBe(2)
})
test('what comes again each month is no burst', () => {
  const month = [...days(29), ...days(1, { granted: 60 })]
  const seen = forecast(facts({ history: [...month, ...month, ...month] }))
  expect([seen.burst, seen.usePerDay]).toEqual([null, 2])
})

describe('whatever the facts', () => {
  // Days that are too small to be taken for a burst, which changes what counts.
  const day = fc.record({ granted: fc.nat(9), released: fc.nat(9), began: fc.nat(1) })
  const anyFacts = fc.record({
    history: fc.array(day, { maxLength: 90 }),
    free: fc.nat(300),
    waiting: fc.nat(50),
    planned: fc.array(fc.record({ day: fc.nat(400), licenses: fc.nat(100) }), { maxLength: 3 }),
  })
  const runs = { numRuns: 25 }
  const never = 9999
  const ends = (some: ForecastFacts) => {
    const { expected, earliest, latest } = forecast(some).daysLeft
    return [earliest ?? never, expected ?? never, latest ?? never]
  }
  const isNoSooner = (later: readonly number[], sooner: readonly number[]): boolean =>
    later.every((end, place) => end >= (sooner[place] ?? 0))

  test('more licenses never end sooner', () => {
    fc.assert(
      fc.property(anyFacts, fc.nat(200), (some, more) =>
        isNoSooner(ends({ ...some, free: some.free + more }), ends(some)),
      ),
      runs,
    )
  })
  test('more who wait, a further wave and more use on a day never make it last longer', () => {
    fc.assert(
      fc.property(anyFacts, fc.nat(60), fc.nat(89), (some, more, at) => {
        const busier = some.history.map((each, index) =>
          index === at % Math.max(1, some.history.length) ? { ...each, granted: each.granted + 1 } : each,
        )
        const now = ends(some)
        const confidence = forecast(some).confidence
        expect(isNoSooner(now, ends({ ...some, waiting: some.waiting + more }))).toBe(true)
        expect(
          isNoSooner(now, ends({ ...some, planned: [...some.planned, { day: at, licenses: more }] })),
        ).toBe(true)
        // A day more of use may be what makes the history enough for a range.
        const then = { ...some, history: busier }
        if (forecast(then).confidence === confidence) expect(isNoSooner(now, ends(then))).toBe(true)
      }),
      runs,
    )
  })
  test('the range holds the expectation', () => {
    fc.assert(
      fc.property(anyFacts, (some) => {
        const { confidence, needs } = forecast(some)
        const [earliest = 0, expected = 0, latest = 0] = ends(some)
        if (confidence === 'enough_history') {
          expect(earliest <= expected && expected <= latest).toBe(true)
          expect(needs.every((need) => need.expected <= (need.cautious ?? -1))).toBe(true)
        }
        for (const { expected: middle, low, high } of outlook(some, 90)) {
          expect((low ?? middle) <= middle && middle <= (high ?? middle)).toBe(true)
        }
      }),
      runs,
    )
  })
  test('what is to be bought for a horizon lasts past it by the same courses', () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...horizons), (some, horizon) => {
        const need = forecast(some).needs.find((each) => each.horizon === horizon)
        if (need === undefined) throw new Error('A horizon is missing')
        expect(ends({ ...some, free: some.free + need.expected })[1]).toBeGreaterThan(horizon)
        if (need.cautious !== null) {
          expect(ends({ ...some, free: some.free + need.cautious })[0]).toBeGreaterThan(horizon)
        }
      }),
      runs,
    )
  })
  test('a longer horizon never needs fewer', () => {
    fc.assert(
      fc.property(anyFacts, (some) => {
        const needs = forecast(some).needs.map((need) => need.expected)
        expect(needs).toEqual(needs.toSorted((a, b) => a - b))
      }),
      runs,
    )
  })
  test('the same facts give the same forecast', () => {
    fc.assert(
      fc.property(anyFacts, (some) => {
        expect(forecast(some)).toEqual(forecast(structuredClone(some)))
      }),
      runs,
    )
  })
})
