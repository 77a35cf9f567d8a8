import { expect, test } from 'vitest'
import { fitsLimits, namedPairs } from '../../src/licenses/refused-request.ts'

const request = { asset_ids: [1, 2], holder_kind: 'device', holders: ['A', 'B', 'C'] } as const
const keys = [
  { id: 1, adamId: '900001', pricingParam: 'STDQ' },
  { id: 2, adamId: '900001', pricingParam: 'PLUS' },
]

test.each([
  ['nothing: all are meant', undefined, [1, 2], ['A', 'B', 'C']],
  [
    'an asset by both of its names',
    { assets: [{ adamId: '900001', pricingParam: 'PLUS' }] },
    [2],
    ['A', 'B', 'C'],
  ],
  ['an adamId alone: every pricing of it', { assets: [{ adamId: '900001' }] }, [1, 2], ['A', 'B', 'C']],
  ['serial numbers', { serialNumbers: ['B'] }, [1, 2], ['B']],
  [
    'an asset and serial numbers',
    { assets: [{ adamId: '900001', pricingParam: 'STDQ' }], serialNumbers: ['A', 'C'] },
    [1],
    ['A', 'C'],
  ],
  ['what was not asked for: all are meant', { serialNumbers: ['X'] }, [1, 2], ['A', 'B', 'C']],
])('Apple names %s', (_title, info, assetIds, holders) => {
  expect(namedPairs(request, info, keys)).toEqual({ assetIds, holders })
})

test.each([
  ['within the limits', { maxAssets: 2, maxSerialNumbers: 3, maxClientUserIds: 1 }, true],
  ['too many assets', { maxAssets: 1, maxSerialNumbers: 3, maxClientUserIds: 9 }, false],
  ['too many serial numbers', { maxAssets: 2, maxSerialNumbers: 2, maxClientUserIds: 9 }, false],
])('a request %s', (_title, limits, fits) => {
  expect(fitsLimits(request, limits)).toBe(fits)
})
