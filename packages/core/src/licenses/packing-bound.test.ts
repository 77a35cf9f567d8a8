import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type HolderGroup, packRequests, type RequestLimits } from './packing.ts'
import { leastRequests } from './packing-bound.ts'

const apple: RequestLimits = { maxAssets: 25, maxHolders: 1000 }

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i)

let serial = 0
const group = (assets: number[], holders: number): HolderGroup => ({
  assets,
  holders: numbers(0, holders).map(() => `D${serial++}`),
})

const base = numbers(1, 20)

const cases: [title: string, groups: HolderGroup[], least: number][] = [
  ['nothing missing', [], 0],
  ['20 apps for 10,000 devices, by places', [group(base, 10_000)], 10],
  ['50 apps for 100 devices, by places', [group(numbers(1, 50), 100)], 2],
  [
    'an app for 1,500 devices, another for other 1,500, by witnesses',
    [group([1], 1500), group([2], 1500)],
    4,
  ],
  [
    'a base of 20 and departments of 12, by both',
    numbers(1, 10).map((d) => group([...base, ...numbers(d * 100, 12)], 800)),
    18,
  ],
  [
    'three apps, each without one of three devices, by rank',
    [group([1, 2], 1), group([1, 3], 1), group([2, 3], 1)],
    3,
  ],
]

describe('the least number of requests (L4)', () => {
  for (const [title, groups, least] of cases) {
    test(`${title}: ${least}`, () => expect(leastRequests(groups, apple)).toBe(least))
  }

  for (const [title, groups] of cases) {
    test(`the packing reaches it for ${title}`, () => {
      expect(packRequests(groups, apple)).toHaveLength(leastRequests(groups, apple))
    })
  }
})

/** Up to four kinds of holders and four assets: small enough to try every packing. */
const tiny = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 4, maxLength: 4 }),
  )
  .map(([sets, counts]) =>
    sets.map((set, index) =>
      group(
        numbers(0, 4).filter((asset) => set & (1 << asset)),
        counts[index] ?? 1,
      ),
    ),
  )

const tinyLimits = fc.record({
  maxAssets: fc.integer({ min: 1, max: 3 }),
  maxHolders: fc.integer({ min: 1, max: 3 }),
})

/** The true least, by trying every block for the first pair that is left. Rows are bit sets of assets. */
function trueLeast(rows: readonly number[], limits: RequestLimits, budget: number): number {
  const first = rows.findIndex((row) => row !== 0)
  if (first < 0) return 0
  if (budget === 0) return Number.POSITIVE_INFINITY
  const asset = (rows[first] ?? 0) & -(rows[first] ?? 0)
  let least = Number.POSITIVE_INFINITY
  for (const assets of subsets(rows[first] ?? 0)) {
    if (!(assets & asset) || bits(assets) > limits.maxAssets) continue
    const able = rows.reduce((set, row, index) => ((row & assets) === assets ? set | (1 << index) : set), 0)
    for (const holders of subsets(able)) {
      if (!(holders & (1 << first)) || bits(holders) > limits.maxHolders) continue
      const left = rows.map((row, index) => (holders & (1 << index) ? row & ~assets : row))
      least = Math.min(least, 1 + trueLeast(left, limits, Math.min(budget, least - 1) - 1))
    }
  }
  return least
}

function subsets(set: number): number[] {
  const all: number[] = []
  for (let some = set; some > 0; some = (some - 1) & set) all.push(some)
  return all
}

const bits = (set: number): number => set.toString(2).replaceAll('0', '').length

describe('the bound', () => {
  test('is never above the true least, and the packing never below it', () => {
    fc.assert(
      fc.property(tiny, tinyLimits, (groups, limits) => {
        const packed = packRequests(groups, limits).length
        const rows = groups.flatMap(({ assets, holders }) =>
          holders.map(() => assets.reduce((set, asset) => set | (1 << asset), 0)),
        )
        const least = trueLeast(rows, limits, packed)
        expect(leastRequests(groups, limits)).toBeLessThanOrEqual(least)
        expect(packed).toBeGreaterThanOrEqual(least)
      }),
      { numRuns: 150 },
    )
  })

  test('is never above the packing of larger fleets', () => {
    const fleet = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), {
      maxLength: 12,
    })
    const counts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 12, maxLength: 12 })
    const limits = { maxAssets: 4, maxHolders: 6 }
    fc.assert(
      fc.property(fleet, counts, (sets, holders) => {
        const groups = sets.map((assets, index) =>
          group(
            assets.sort((a, b) => a - b),
            holders[index] ?? 1,
          ),
        )
        expect(leastRequests(groups, limits)).toBeLessThanOrEqual(packRequests(groups, limits).length)
      }),
      { numRuns: 300 },
    )
  })
})
