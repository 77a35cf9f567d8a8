import { describe, expect, test } from 'vitest'
import { exitCode } from '../src/exit-codes.ts'
import { apportion, page } from './support/fake-world.ts'
import { routes } from './support/routes.ts'
import { assetRow } from './support/rows.ts'

const daysLeft = { expected: 51, earliest: 42, latest: 67 }
const told = {
  state: 'runs_out',
  text: 'Runs out in about 51 days.',
  confidence: 'enough_history',
  historyDays: 90,
  changes: 180,
  usePerDay: 2,
  daysLeft,
  runsOutOn: '2027-04-21',
  free: 100,
  waiting: 0,
}
const named = {
  assetId: 11,
  name: 'Star Atlas',
  adamId: '9041000017',
  iconUrl: null,
  token: { id: 1, name: 'Main school' },
  asOf: '2027-03-01T11:00:00.000Z',
}
const nothing = { expected: null, earliest: null, latest: null }

describe('licenses forecast', () => {
  const cases: [string, object, RegExp][] = [
    ['the days with their range', {}, /Star Atlas +Main school +51 days +42 to 67 days +2 +100/],
    ['an end beyond a year', { daysLeft: { ...daysLeft, latest: null } }, /42 to over 365 days/],
    ['a shortage', { state: 'short_now', waiting: 3 }, /short now/],
    [
      'that little is known, instead of never',
      { state: 'never', confidence: 'little_history', daysLeft: nothing },
      /not known yet +little history/,
    ],
    ['no end', { state: 'never', daysLeft: nothing }, /no end/],
  ]
  for (const [title, change, shown] of cases) {
    test(`shows ${title}`, async () => {
      const line = { ...named, ...told, planned: 0, ...change }
      const { stdout } = await apportion(['licenses', 'forecast'], {
        serve: routes({ 'GET /api/v1/forecast': page(line) }),
      })
      expect(stdout).toMatch(shown)
    })
  }

  test('passes the days on, and refuses what is none', async () => {
    const serve = routes({ 'GET /api/v1/forecast': page() })
    const { sent, stdout } = await apportion(['licenses', 'forecast', '--within', '30'], { serve })
    expect(sent[0]?.path).toBe('/api/v1/forecast?within=30&limit=100')
    expect(stdout).toContain('Nothing runs out.')
    expect((await apportion(['licenses', 'forecast', '--within', 'soon'], { serve })).code).toBe(
      exitCode.usage,
    )
  })

  test('shows one app with what to buy, what is planned and what was left out', async () => {
    const forecast = {
      ...told,
      burst: { from: '2027-01-04', to: '2027-01-06', licenses: 300 },
      planned: [
        { at: '2027-03-10T08:00:00.000Z', licenses: 40, percent: 50, assignmentId: 1, groupName: 'Class 2B' },
      ],
      needs: [{ horizon: 90, expected: 80, cautious: 95 }],
      outlook: [],
    }
    const answer = { assetId: 11, asOf: named.asOf, owned: 300, used: 200, history: [], forecast }
    const { stdout } = await apportion(['licenses', 'forecast', 'atlas'], {
      serve: routes({ 'GET /api/v1/assets/11/forecast': answer, 'GET /api/v1/assets?': page(assetRow()) }),
    })
    expect(stdout).toContain('Runs out in about 51 days.')
    expect(stdout).toMatch(/90 days +80 +95/)
    expect(stdout).toContain('2027-03-10: about 40 licenses, when Class 2B goes to 50 %')
    expect(stdout).toContain('300 licenses from 2027-01-04 to 2027-01-06')
  })
})

describe('licenses shopping-list', () => {
  const line = {
    ...named,
    pricingParam: 'STDQ',
    country: 'NL',
    waiting: 12,
    free: 0,
    needed: 12,
    neededCautious: null,
    confidence: 'little_history',
    price: 2.5,
    priceText: '€ 2,50',
    cost: 30,
  }

  test('shows what to buy and what it costs', async () => {
    const { stdout, sent } = await apportion(
      ['licenses', 'shopping-list', '--horizon', '180', '--cautious'],
      {
        serve: routes({ 'GET /api/v1/shopping-list': page(line) }),
      },
    )
    expect(stdout).toMatch(/Main school +Star Atlas +12 +0 +12 +little history +€ 2,50 +30\.00/)
    expect(sent[0]?.path).toBe('/api/v1/shopping-list?horizon=180&cautious=true&limit=100')
  })

  test('passes the CSV of the server on', async () => {
    const csv = '\ufeffapp,adam_id\r\nZoë,1\r\n'
    const serve = routes({
      'GET /api/v1/shopping-list.csv': () => new Response(csv, { headers: { 'content-type': 'text/csv' } }),
    })
    expect((await apportion(['licenses', 'shopping-list', '--csv'], { serve })).stdout).toBe(csv)
  })
})
