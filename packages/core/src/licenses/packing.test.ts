import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type HolderGroup, type PackedRequest, packRequests, type RequestLimits } from './packing.ts'

const apple: RequestLimits = { maxAssets: 25, maxHolders: 1000 }

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i)

let serial = 0
const devices = (count: number): string[] => numbers(0, count).map(() => `D${serial++}`)

function requestsFor(...groups: [assets: number[], holders: number][]): number {
  return packRequests(
    groups.map(([assets, count]) => ({ assets, holders: devices(count) })),
    apple,
  ).length
}

const base = numbers(1, 12)

const cases: [title: string, groups: [number[], number][], requests: number][] = [
  ['nothing missing costs nothing', [], 0],
  ['a group without holders costs nothing', [[base, 0]], 0],
  ['a group that misses nothing costs nothing', [[[], 5]], 0],
  ['one device, one app: one request', [[[7], 1]], 1],
  ['1 app for 1,000 devices: one request', [[[7], 1000]], 1],
  ['1 app for 1,001 devices: two', [[[7], 1001]], 2],
  ['25 apps for 1,000 devices: one', [[numbers(1, 25), 1000]], 1],
  ['26 apps for 1,000 devices: two', [[numbers(1, 26), 1000]], 2],
  ['20 apps for 10,000 devices: ten', [[numbers(1, 20), 10_000]], 10],
  ['60 apps for 2,500 devices: nine', [[numbers(1, 60), 2500]], 9],
  [
    'two groups that share nothing: one each',
    [
      [[1], 10],
      [[2], 10],
    ],
    2,
  ],
  [
    'base apps travel with those of the department',
    [
      [[...base, 101], 400],
      [[...base, 102], 400],
      [[...base, 103], 400],
    ],
    3,
  ],
  [
    'base apps beyond the room of a request go together',
    [
      [[...numbers(1, 20), ...numbers(101, 12)], 500],
      [[...numbers(1, 20), ...numbers(201, 12)], 500],
    ],
    3,
  ],
  [
    'devices without a department get the base apps alone',
    [
      [[...base, 101], 400],
      [base, 700],
    ],
    2,
  ],
  [
    'a few devices that miss one app less do not break up the rest',
    [
      [base, 950],
      [base.slice(1), 5],
    ],
    2,
  ],
  [
    'one device with an app of its own takes its base apps along',
    [
      [base, 1000],
      [[...base, 99], 1],
    ],
    2,
  ],
]

describe('requests for licenses that are missing (L4)', () => {
  for (const [title, groups, requests] of cases) {
    test(title, () => expect(requestsFor(...groups)).toBe(requests))
  }

  test('20 apps, each without some devices of its own, cost far less than one request for each app and 1,000', () => {
    const excepted = numbers(1, 20).map((left): [number[], number] => [
      numbers(1, 20).filter((a) => a !== left),
      50,
    ])
    expect(requestsFor([numbers(1, 20), 9000], ...excepted)).toBeLessThanOrEqual(29)
  })

  test('the fullest request goes first', () => {
    const sizes = packRequests(
      [
        { assets: [1], holders: devices(3) },
        { assets: [2, 3], holders: devices(1200) },
      ],
      apple,
    ).map(({ assets, holders }) => assets.length * holders.length)
    expect(sizes).toEqual([2000, 400, 3])
  })

  test('limits below 1 and holders in two groups are mistakes of the caller', () => {
    expect(() => packRequests([], { maxAssets: 0, maxHolders: 1000 })).toThrow('maxAssets is 0')
    expect(() => packRequests([], { maxAssets: 25, maxHolders: 0.5 })).toThrow('maxHolders is 0.5')
    const twice = [
      { assets: [1], holders: ['A'] },
      { assets: [2], holders: ['A'] },
    ]
    expect(() => packRequests(twice, apple)).toThrow('holder A occurs in two groups')
  })
})

/** Fleets with a structure: each holder misses the assets of some bundles, and sometimes not all of them. */
const fleets = fc
  .array(
    fc.record({
      assets: fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { maxLength: 14 }),
      holders: fc.integer({ min: 1, max: 9 }),
    }),
    { maxLength: 14 },
  )
  .map((groups) => groupsOf(groups))

function groupsOf(groups: readonly { assets: number[]; holders: number }[]): HolderGroup[] {
  const bySet = new Map<string, HolderGroup & { holders: string[] }>()
  let next = 0
  for (const { assets, holders } of groups) {
    const sorted = assets.toSorted((a, b) => a - b)
    const group = bySet.get(sorted.join()) ?? { assets: sorted, holders: [] }
    bySet.set(sorted.join(), group)
    for (let i = 0; i < holders; i++) group.holders.push(`H${next++}`)
  }
  return [...bySet.values()]
}

const smallLimits = fc.record({
  maxAssets: fc.integer({ min: 1, max: 5 }),
  maxHolders: fc.integer({ min: 1, max: 12 }),
})

const pairsOf = (blocks: readonly (PackedRequest | HolderGroup)[]): string[] =>
  blocks.flatMap(({ assets, holders }) =>
    holders.flatMap((holder) => assets.map((asset) => `${holder} ${asset}`)),
  )

describe('every packing', () => {
  test('covers each missing pair exactly once and nothing else', () => {
    fc.assert(
      fc.property(fleets, smallLimits, (groups, limits) => {
        expect(pairsOf(packRequests(groups, limits)).sort()).toEqual(pairsOf(groups).sort())
      }),
      { numRuns: 400 },
    )
  })

  test('keeps to the limits and sends no empty request', () => {
    fc.assert(
      fc.property(fleets, smallLimits, (groups, limits) => {
        for (const { assets, holders } of packRequests(groups, limits)) {
          expect(assets.length).toBeGreaterThan(0)
          expect(assets.length).toBeLessThanOrEqual(limits.maxAssets)
          expect(holders.length).toBeGreaterThan(0)
          expect(holders.length).toBeLessThanOrEqual(limits.maxHolders)
        }
      }),
      { numRuns: 400 },
    )
  })

  test('is the same every time', () => {
    fc.assert(
      fc.property(fleets, smallLimits, (groups, limits) => {
        expect(packRequests(groups, limits)).toEqual(packRequests(structuredClone(groups), limits))
      }),
    )
  })

  test('never costs more than asset by asset', () => {
    fc.assert(
      fc.property(fleets, smallLimits, (groups, limits) => {
        const holdersOf = new Map<number, number>()
        for (const { assets, holders } of groups) {
          for (const asset of assets) holdersOf.set(asset, (holdersOf.get(asset) ?? 0) + holders.length)
        }
        const alone = [...holdersOf.values()].reduce((sum, n) => sum + Math.ceil(n / limits.maxHolders), 0)
        expect(packRequests(groups, limits).length).toBeLessThanOrEqual(alone)
      }),
    )
  })
})
