/** Forecasts and the shopping list over HTTP (L10), on a real PostgreSQL. */
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type * as contract from '../../src/forecast/schema.ts'
import { addAsset, addGroup, addLocation, assign } from '../support/license-scene.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { startTestServer } from '../support/test-server.ts'
import { forecastFeature, makeForecasts, useDaily, writeLines } from './forecast-scene.ts'

const clock = new ManualClock('2026-03-01T12:00:00.000Z')
const server = await startTestServer({ features: [forecastFeature], clock })
const browser = await server.signedIn()
const db = server.database.kysely
afterAll(() => server[Symbol.asyncDispose]())

let locationId = 0
beforeEach(async () => {
  await sql`TRUNCATE locations, ledger, devices, assignments, groups CASCADE`.execute(db)
  locationId = await addPlace()
})

async function addPlace(): Promise<number> {
  const id = await addLocation(db)
  await sql`UPDATE locations SET exact_as_of = ${clock.now()}, name = 'Place ' || id WHERE id = ${id}`.execute(
    db,
  )
  return id
}

interface Owned {
  readonly total: number
  readonly held?: number
  readonly waiting?: number
  readonly place?: number
  /** Since when it is known, in days. */
  readonly known?: number
}

async function own({ total, held = 0, waiting = 0, place = locationId, known = 200 }: Owned) {
  const id = await addAsset(db, { locationId: place, total })
  const seen = new Date(clock.now().getTime() - known * 86_400_000)
  await sql`UPDATE assets SET held = ${held}, waiting = ${waiting}, first_seen_at = ${seen} WHERE id = ${id}`.execute(
    db,
  )
  return { id, clock }
}

async function plan(
  assetId: number,
  waves: readonly { readonly percent: number; readonly day: number }[],
  more = {},
) {
  const ahead = waves.map(({ percent, day }) => ({
    percent,
    at: new Date(clock.now().getTime() + day * 86_400_000).toISOString(),
  }))
  const {
    percent = 0,
    stopped = false,
    quota = null,
  } = more as { percent?: number; stopped?: boolean; quota?: number }
  await sql`UPDATE assignments SET rollout_percent = ${percent}, rollout_waves = ${JSON.stringify(ahead)}::jsonb,
    quota = ${quota}, rollout_stopped_at = CASE WHEN ${stopped} THEN now() END,
    rollout_stopped_why = CASE WHEN ${stopped} THEN 'failures' END WHERE asset_id = ${assetId}`.execute(db)
}

type Body<Name extends keyof typeof contract> = (typeof contract)[Name] extends {
  readonly response: { readonly 200: infer Shape extends z.ZodType }
}
  ? z.output<Shape>
  : never

const read = async (path: string) => JSON.parse((await browser.get(`/api/v1/${path}`)).text)
const forecastOf = async (id: number): Promise<Body<'getForecast'>> => await read(`assets/${id}/forecast`)
const listed = async (query = ''): Promise<Body<'listForecasts'>> => await read(`forecast?${query}`)
const toBuy = async (query = ''): Promise<Body<'listShoppingList'>> => await read(`shopping-list?${query}`)

describe('the forecast of one asset', () => {
  test('tells when steady use ends, with its days, and what is to be bought', async () => {
    const asset = await own({ total: 300, held: 200 })
    await useDaily(db, asset, { days: 90, granted: 2 })
    const found = await forecastOf(asset.id)
    expect(found).toMatchObject({
      owned: 300,
      used: 200,
      forecast: {
        state: 'runs_out',
        text: 'Runs out in about 51 days.',
        confidence: 'enough_history',
        usePerDay: 2,
        daysLeft: { expected: 51, earliest: 51, latest: 51 },
        runsOutOn: '2026-04-21',
        free: 100,
      },
    })
    expect(found.forecast?.needs).toContainEqual({ horizon: 90, expected: 80, cautious: 80 })
    expect(found.history).toHaveLength(91)
    expect(found.history.slice(0, 2)).toEqual([
      { day: '2025-12-01', granted: 2, released: 0, used: 22 },
      { day: '2025-12-02', granted: 2, released: 0, used: 24 },
    ])
    expect(found.history.at(-1)).toEqual({ day: '2026-03-01', granted: 0, released: 0, used: 200 })
    expect(found.forecast?.outlook[0]).toEqual({ day: '2026-03-02', expected: 202, low: 202, high: 202 })
    expect(found.forecast?.outlook).toHaveLength(90)
  })

  test('takes what others gave and took for use too', async () => {
    const asset = await own({ total: 50 })
    for (let ago = 1; ago <= 30; ago += 1) {
      await writeLines(db, asset, { ago, change: 'found', count: 3 })
      await writeLines(db, asset, { ago, change: 'vanished', count: 1 })
    }
    expect((await forecastOf(asset.id)).forecast?.usePerDay).toBeCloseTo(60 / 90, 2)
  })

  test('leaves out today, which is not over', async () => {
    const asset = await own({ total: 50 })
    await useDaily(db, asset, { days: 90, granted: 1 })
    await writeLines(db, asset, { ago: 0, change: 'granted', count: 40 })
    expect((await forecastOf(asset.id)).forecast?.usePerDay).toBe(1)
  })

  test('counts only complete days since the asset is known, and says that they are few', async () => {
    const asset = await own({ total: 100, known: 6 })
    await useDaily(db, asset, { days: 5, granted: 4 })
    expect((await forecastOf(asset.id)).forecast).toMatchObject({
      confidence: 'little_history',
      historyDays: 5,
      changes: 20,
      usePerDay: 4,
      daysLeft: { expected: 26, earliest: null, latest: null },
    })
  })

  test('knows those who wait by the day on which they began', async () => {
    const asset = await own({ total: 0, waiting: 20 })
    const groupId = await addGroup(db, { name: 'Carts', count: 20, prefix: 'CART' })
    await sql`INSERT INTO targets (location_id, asset_id, device_id, intent, assignment_id, entered_at, waits)
      SELECT ${locationId}, ${asset.id}, device_id, 'required', 1,
        ${clock.now()}::timestamptz - make_interval(days => (1 + device_id % 20)::int), true
      FROM group_devices WHERE group_id = ${groupId}`.execute(db)
    expect((await forecastOf(asset.id)).forecast).toMatchObject({
      state: 'short_now',
      text: 'Short now: 20 wait and 0 are free.',
      changes: 20,
      usePerDay: 0.22,
    })
  })

  test('knows what the waves of a rollout will ask for', async () => {
    const asset = await own({ total: 150 })
    const groupId = await addGroup(db, { name: 'Pupils', count: 200, prefix: 'PUP' })
    await assign(db, { assetId: asset.id, groupId })
    await plan(asset.id, [
      { percent: 50, day: 10 },
      { percent: 100, day: 20 },
    ])
    const { forecast } = await forecastOf(asset.id)
    expect(forecast?.planned.map((wave) => wave.licenses)).toEqual([100, 100])
    expect(forecast).toMatchObject({ state: 'runs_out', daysLeft: { expected: 20 } })
    expect(forecast?.needs[0]).toMatchObject({ horizon: 30, expected: 50 })
  })

  const withoutWaves: [string, { stopped?: boolean; percent?: number }][] = [
    ['a rollout that was stopped', { stopped: true }],
    ['a rollout that is complete', { percent: 100 }],
  ]
  test.each(withoutWaves)('%s asks for nothing', async (_, more) => {
    const asset = await own({ total: 150 })
    await assign(db, {
      assetId: asset.id,
      groupId: await addGroup(db, { name: 'Pupils', count: 200, prefix: 'PUP' }),
    })
    await plan(asset.id, [{ percent: 100, day: 10 }], more)
    expect((await forecastOf(asset.id)).forecast?.planned).toEqual([])
  })

  test('who is served already and what is past the quota is not asked for', async () => {
    const asset = await own({ total: 150 })
    const groupId = await addGroup(db, { name: 'Pupils', count: 200, prefix: 'PUP' })
    await assign(db, { assetId: asset.id, groupId })
    await sql`INSERT INTO targets (location_id, asset_id, device_id, intent, assignment_id, entered_at)
      SELECT ${locationId}, ${asset.id}, d.device_id, 'required', s.id, now() FROM assignments s
      JOIN LATERAL (SELECT device_id FROM group_devices WHERE group_id = s.group_id LIMIT 40) AS d ON true`.execute(
      db,
    )
    await plan(asset.id, [{ percent: 100, day: 10 }], { percent: 20, quota: 120 })
    expect((await forecastOf(asset.id)).forecast?.planned[0]?.licenses).toBe(80)
  })

  test('an unlimited asset and one that Apple no longer lists have none', async () => {
    const unlimited = await addAsset(db, { locationId, total: 0, unlimited: true })
    const gone = await own({ total: 5 })
    await sql`UPDATE assets SET gone_at = now() WHERE id = ${gone.id}`.execute(db)
    expect(await forecastOf(unlimited)).toMatchObject({ owned: null, forecast: null })
    expect(await forecastOf(gone.id)).toMatchObject({ forecast: null })
  })

  test('an asset that does not exist is refused', async () => {
    const answer = await browser.get('/api/v1/assets/999999/forecast')
    expect([answer.status, answer.json.code]).toEqual([404, 'asset.unknown'])
  })
})

describe('the list of forecasts', () => {
  test('is soonest first, on pages, by location, and within so many days', async () => {
    const other = await addPlace()
    const late = await own({ total: 300, held: 100 })
    const soon = await own({ total: 20, held: 0, place: other })
    const short = await own({ total: 5, held: 5, waiting: 3 })
    const still = await own({ total: 5 })
    for (const asset of [late, soon]) await useDaily(db, asset, { days: 90, granted: 1 })
    expect(await makeForecasts(db, clock)).toBe(2)

    const ids = async (query: string) => (await listed(query)).items.map((row) => row.assetId)
    const first = await listed('limit=2')
    expect(first.items.map((row) => row.assetId)).toEqual([short.id, soon.id])
    expect(await ids(`limit=2&cursor=${first.nextCursor}`)).toEqual([late.id, still.id])
    expect(await ids('within=30')).toEqual([short.id, soon.id])
    expect(await ids(`tokenId=${other}`)).toEqual([soon.id])
    expect(first.items[1]).toMatchObject({
      text: 'Runs out in about 21 days.',
      runsOutOn: '2026-03-22',
      planned: 0,
    })
    expect((await read('overview')).runningOut).toEqual({ within: 30, assets: 2 })
  })

  test('is made anew at the next look when counts changed, else each day', async () => {
    const asset = await own({ total: 20, held: 0 })
    await useDaily(db, asset, { days: 90, granted: 1 })
    await makeForecasts(db, clock)
    await sql`UPDATE assets SET held = 10 WHERE id = ${asset.id}`.execute(db)
    expect(await makeForecasts(db, clock)).toBe(0)
    const later = new ManualClock(new Date(clock.now().getTime() + 15 * 60_000))
    await makeForecasts(db, later)
    expect((await listed()).items[0]).toMatchObject({ free: 10, daysLeft: { expected: 11 } })
    const untouched = await listed()
    await makeForecasts(db, new ManualClock(new Date(clock.now().getTime() + 2 * 3_600_000)))
    expect(await listed()).toEqual(untouched)
    await makeForecasts(db, new ManualClock(new Date(clock.now().getTime() + 86_400_000)))
    expect((await listed()).items[0]?.asOf).toBe('2026-03-02T12:00:00.000Z')
  })

  test('drops days of more than a year ago', async () => {
    const asset = await own({ total: 20, known: 500 })
    for (const ago of [401, 400]) await writeLines(db, asset, { ago, change: 'granted', count: 1 })
    await makeForecasts(db, clock)
    expect((await sql`SELECT FROM license_days`.execute(db)).rows).toHaveLength(1)
  })

  test('loses an asset that became unlimited, and waits for the first sync of a location', async () => {
    const asset = await own({ total: 20 })
    await makeForecasts(db, clock)
    expect((await listed()).items).toHaveLength(1)
    await sql`UPDATE assets SET unlimited = true WHERE id = ${asset.id}`.execute(db)
    await makeForecasts(db, new ManualClock(new Date(clock.now().getTime() + 15 * 60_000)))
    expect((await listed()).items).toEqual([])
    await sql`UPDATE locations SET exact_as_of = NULL, forecast_at = '2000-01-01'`.execute(db)
    expect(await makeForecasts(db, clock)).toBe(0)
  })
})

describe('the shopping list', () => {
  async function scene() {
    const other = await addPlace()
    const here = await own({ total: 100, held: 90 })
    const more = await own({ total: 100, held: 100, waiting: 40 })
    const there = await own({ total: 10, held: 10, waiting: 7, place: other })
    const enough = await own({ total: 1000 })
    for (const asset of [here, enough]) await useDaily(db, asset, { days: 90, granted: 1 })
    await sql`INSERT INTO titles (country, adam_id, kind, name, price, price_text, looked_up_at, found_at)
      SELECT 'NL', adam_id, 'app', CASE WHEN id = ${here.id} THEN '=Evil' ELSE 'App' END, 2.99, '€ 2,99', now(), now()
      FROM assets WHERE id IN (${here.id}, ${more.id})`.execute(db)
    await makeForecasts(db, clock)
    return { here, more, there, other }
  }
  const of = (page: Body<'listShoppingList'>) =>
    page.items.map((row) => [row.assetId, row.needed, row.neededCautious])

  test('is by location, most needed first, with what it costs', async () => {
    const { here, more, there, other } = await scene()
    const page = await toBuy()
    expect(of(page)).toEqual([
      [here.id, 80, 80],
      [more.id, 40, null],
      [there.id, 7, null],
    ])
    expect(page.items[0]).toMatchObject({
      price: 2.99,
      priceText: '€ 2,99',
      cost: 239.2,
      free: 10,
      waiting: 0,
    })
    expect(page.items[2]).toMatchObject({ price: null, cost: null, confidence: 'little_history' })
    expect(of(await toBuy('horizon=30'))).toEqual([
      [more.id, 40, null],
      [here.id, 20, 20],
      [there.id, 7, null],
    ])
    expect(of(await toBuy(`tokenId=${other}`))).toEqual([[there.id, 7, null]])
  })

  test('comes on pages, for the cautious too', async () => {
    await scene()
    const seen: unknown[] = []
    for (let cursor = ''; ; ) {
      const page = await toBuy(`cautious=true&limit=1${cursor}`)
      seen.push(...of(page))
      if (page.nextCursor === null) break
      cursor = `&cursor=${page.nextCursor}`
    }
    expect(seen).toEqual(of(await toBuy('cautious=true')))
    expect(seen).toHaveLength(3)
  })

  test('is a CSV that no spreadsheet takes for a formula', async () => {
    await scene()
    const { text } = await browser.get('/api/v1/shopping-list.csv')
    const [header, first] = text.split('\n')
    expect(header).toBe(
      'app,adam_id,pricing,location,country,waiting,free,needed,needed_cautious,history,price,price_text,cost,as_of',
    )
    expect(first).toMatch(
      /^'=Evil,\d+,STDQ,Place \d+,NL,0,10,80,80,enough_history,2\.99,"€ 2,99",239\.2,2026-03-01T12/,
    )
    expect(text.trim().split('\n')).toHaveLength(4)
  })

  test('refuses a horizon that is not worked out', async () => {
    expect((await browser.get('/api/v1/shopping-list?horizon=45')).status).toBe(400)
  })
})
