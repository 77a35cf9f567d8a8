import { expect, test } from 'vitest'
import { chartShape } from '../src/console/features/forecast/chart-scale.ts'
import { forecastSearch } from '../src/console/features/forecast/search.ts'

const day = '2026-11-01'
const past = (...used: number[]) => used.map((each) => ({ day, granted: 0, released: 0, used: each }))
const asset = { assetId: 1, asOf: '2026-11-01T12:00:00.000Z', owned: 200, used: 100, forecast: null }
const forecast = {
  state: 'runs_out',
  text: '',
  confidence: 'enough_history',
  historyDays: 2,
  changes: 20,
  usePerDay: 50,
  daysLeft: { expected: 2, earliest: 1, latest: 2 },
  runsOutOn: day,
  free: 100,
  waiting: 0,
  burst: null,
  planned: [],
  needs: [],
} as const

test('past and future share one scale, with today between them and what is owned as a line', () => {
  const outlook = [
    { day, expected: 150, low: 120, high: 200 },
    { day, expected: 200, low: 140, high: 300 },
  ]
  const shape = chartShape({
    ...asset,
    history: past(0, 50, 100),
    forecast: { ...forecast, planned: [], needs: [], outlook },
  })
  expect(shape.today).toBe(50)
  expect(shape.ticks.map(({ licenses }) => licenses)).toEqual([0, 100, 200, 300, 400])
  expect(shape.owned).toBe(50)
  expect(shape.used).toBe('M0 100L25 87.5L50 75')
  expect(shape.expected).toBe('M50 75L75 62.5L100 50')
  expect(shape.band).toBe('M50 75L75 50L100 25L100 65L75 70Z')
})

test('with little history there is no range to draw', () => {
  const outlook = [{ day, expected: 150, low: null, high: null }]
  const shape = chartShape({
    ...asset,
    history: past(100),
    forecast: { ...forecast, planned: [], needs: [], outlook },
  })
  expect([shape.band, shape.today]).toEqual(['', 0])
})

test('an asset of which nothing was ever owned or used has a chart too', () => {
  const shape = chartShape({ ...asset, owned: 0, used: 0, history: past(0) })
  expect(shape.ticks.map(({ licenses }) => licenses)).toEqual([0, 1, 2])
})

test('an address of the forecast keeps what it understands', () => {
  expect(forecastSearch({ view: 'buy', horizon: '180', cautious: 'yes', tokenId: '3', within: '7' })).toEqual(
    {
      view: 'buy',
      horizon: 180,
      cautious: 'yes',
      tokenId: 3,
    },
  )
})
