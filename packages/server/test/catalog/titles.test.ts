import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '../../src/platform/db/database.ts'
import type { TestBrowser } from '../support/test-browser.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import { addName, addPlace, addPool, titlesFeature } from './titles-scene.ts'

let server: TestServer
let browser: TestBrowser
let db: Db
let utrecht: number
let berlin: number
let atlas: number

beforeAll(async () => {
  server = await startTestServer({ features: [titlesFeature] })
  browser = await server.signedIn()
  db = server.database.kysely
  utrecht = await addPlace(db, 'Utrecht', 'NL')
  berlin = await addPlace(db, 'Berlin', 'DE')
  const ghent = await addPlace(db, 'Ghent', 'BE')
  await addName(db, { country: 'NL', adamId: '1', name: 'Star Atlas' })
  await addName(db, { country: 'DE', adamId: '1', name: 'Sternatlas' })
  await addName(db, { country: 'NL', adamId: '2', name: 'Lumen Reader' })
  await addName(db, { country: 'NL', adamId: '4', name: 'Canal Boats' })
  atlas = await addPool(db, { place: utrecht, adamId: '1', total: 50, held: 20, outside: 5, waiting: 0 })
  await addPool(db, {
    place: utrecht,
    adamId: '1',
    pricing: 'PLUS',
    total: 10,
    held: 1,
    platforms: ['macOS'],
  })
  await addPool(db, { place: berlin, adamId: '1', total: 30, held: 30, waiting: 4 })
  await addPool(db, { place: ghent, adamId: '1', unlimited: true, held: 7 })
  await addPool(db, { place: utrecht, adamId: '2', unlimited: true, held: 3 })
  await addPool(db, { place: berlin, adamId: '2', unlimited: true })
  await addPool(db, { place: berlin, adamId: '3', total: 5, book: true, platforms: [] })
  await addPool(db, { place: utrecht, adamId: '4', total: 5, held: 5 })
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

interface TitleShown {
  readonly adamId: string
  readonly name: string
  readonly counts: Readonly<Record<string, number | null>>
}

interface PoolShown {
  readonly token: { readonly name: string }
  readonly pricingParam: string
  readonly country: string
  readonly counts: { readonly total: number | null }
}

interface TitlePage {
  readonly items: readonly TitleShown[]
  readonly nextCursor: string | null
}

interface TitleDetail extends TitleShown {
  readonly names: readonly object[]
  readonly poolCount: number
  readonly pools: { readonly items: readonly PoolShown[]; readonly nextCursor: string | null }
}

const titles = async (query = ''): Promise<TitlePage> =>
  JSON.parse((await browser.get(`/api/v1/titles${query}`)).text)
const title = async (path: string): Promise<TitleDetail> =>
  JSON.parse((await browser.get(`/api/v1/titles/${path}`)).text)
const idsOf = async (query: string): Promise<string[]> =>
  (await titles(query)).items.map(({ adamId }) => adamId)

test('C3 a title is shown once, with the sums over its pools; unlimited pools are left out of them (S7)', async () => {
  const { items } = await titles('?q=star')
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({
    adamId: '1',
    name: 'Star Atlas',
    platforms: ['iOS', 'iPadOS', 'macOS'],
    pools: 4,
    locations: 3,
    shortPools: 1,
    counts: {
      unlimitedPools: 1,
      total: 90,
      used: 51,
      usedUnlimited: 7,
      available: 39,
      heldOutside: 5,
      waiting: 4,
    },
  })
})

test('S7 a title of which every pool is unlimited has no total', async () => {
  const { items } = await titles('?q=lumen')
  expect(items[0]?.counts).toMatchObject({
    unlimitedPools: 2,
    total: null,
    available: null,
    usedUnlimited: 3,
  })
})

test('S7 no list and no CSV ever shows 2,147,483,647', async () => {
  const answers = [
    await browser.get('/api/v1/titles'),
    await browser.get('/api/v1/titles/1'),
    await browser.get('/api/v1/titles.csv'),
    await browser.get('/api/v1/assets'),
    await browser.get('/api/v1/assets.csv'),
  ]
  for (const { text } of answers) expect(text).not.toContain('2147483647')
  expect(answers[2]?.text).toContain('2,Lumen Reader,Paperwing,,app,iOS iPadOS,2,2,2,unlimited,0,3,unlimited')
})

test('C3 a title has its pools by the name of the content token, PLUS and STDQ apart, with the name of each country', async () => {
  const json = await title('1')
  expect(json.names).toEqual([
    { country: 'DE', name: 'Sternatlas' },
    { country: 'NL', name: 'Star Atlas' },
  ])
  const pools = json.pools.items.map(({ token, country, pricingParam, counts }) => [
    token.name,
    country,
    pricingParam,
    counts.total,
  ])
  expect(pools).toEqual([
    ['Berlin', 'DE', 'STDQ', 30],
    ['Ghent', 'BE', 'STDQ', null],
    ['Utrecht', 'NL', 'STDQ', 50],
    ['Utrecht', 'NL', 'PLUS', 10],
  ])
  expect(json.poolCount).toBe(4)
})

test('the pools of a title come in pages', async () => {
  const first = await title('1?limit=3')
  const second = await title(`1?limit=3&cursor=${first.pools.nextCursor}`)
  expect([...first.pools.items, ...second.pools.items]).toHaveLength(4)
  expect(second.pools.nextCursor).toBeNull()
})

test('a title that nobody owns is refused with its number', async () => {
  const { status, json } = await browser.get('/api/v1/titles/77')
  expect([status, json.code]).toEqual([404, 'title.unknown'])
  expect(json.detail).toContain('77')
})

test('a title is found by the name that another country gives it', async () => {
  expect(await idsOf('?q=sternat')).toEqual(['1'])
})

const filters: [string, string, string[]][] = [
  ['by name', '', ['3', '4', '2', '1']],
  ['the fewest available first, unlimited last', '?sort=available', ['4', '3', '1', '2']],
  ['the most used first', '?sort=used', ['1', '4', '2', '3']],
  ['the most waited for first', '?sort=waiting', ['1', '2', '3', '4']],
  ['of one location', '?show=all&tokenId=1', ['4', '2', '1']],
  ['books', '?kind=book', ['3']],
  ['for the Mac, by one of the pools', '?platform=macOS', ['1']],
  ['for the iPad, which Apple calls iOS', '?platform=iPadOS', ['4', '2', '1']],
  ['with devices waiting', '?show=waiting', ['1']],
  ['none left in one of the pools', '?show=shortage', ['4', '1']],
  ['not used in one of the pools', '?show=unused', ['3', '2']],
]
for (const [says, query, ids] of filters) {
  test(`the list of titles: ${says}`, async () => {
    expect(await idsOf(query)).toEqual(ids)
  })
}

for (const sort of ['name', 'available', 'used', 'waiting']) {
  test(`pages sorted by ${sort} show every title once, in the order of the whole`, async () => {
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: TitlePage = await titles(`?sort=${sort}&limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`)
      seen.push(...page.items.map(({ adamId }) => adamId))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(await idsOf(`?sort=${sort}`))
  })
}

test('a cursor of another order is refused', async () => {
  const { nextCursor } = await titles('?sort=used&limit=1')
  const { status, json } = await browser.get(`/api/v1/titles?sort=name&cursor=${nextCursor}`)
  expect([status, json.code]).toEqual([400, 'request.invalid'])
})

test('the sums follow every change of a pool, whoever makes it, and of the location', async () => {
  const counts = async () => (await titles('?q=canal')).items[0]?.counts
  await sql`UPDATE assets SET total = 9 WHERE adam_id = '4'`.execute(db)
  expect(await counts()).toMatchObject({ total: 9, available: 4 })
  await sql`UPDATE assets SET held = 4, reserved = 2, waiting = 1 WHERE adam_id = '4'`.execute(db)
  expect(await counts()).toMatchObject({ used: 6, granting: 2, waiting: 1, available: 3 })
  const amsterdam = await addPlace(db, 'Amsterdam', 'NL')
  await addPool(db, { place: amsterdam, adamId: '4', total: 1 })
  expect(await counts()).toMatchObject({ total: 10 })
  await sql`UPDATE locations SET country = 'DE' WHERE id = ${utrecht}`.execute(db)
  expect((await titles('?q=canal')).items[0]?.name).toBe('Canal Boats')
  await sql`UPDATE locations SET country = 'NL' WHERE id = ${utrecht}`.execute(db)
  await sql`DELETE FROM locations WHERE id = ${amsterdam}`.execute(db)
  expect(await counts()).toMatchObject({ total: 9 })
  await sql`UPDATE assets SET total = 5, held = 5, reserved = 0, waiting = 0 WHERE adam_id = '4'`.execute(db)
})

test('C2 the apps that fit a device, and the others with the reason', async () => {
  await sql`INSERT INTO devices (serial_number, platform, os_version, model, created_at, updated_at)
    VALUES ('PAD1', 'iPadOS', '16.7', 'iPad Air', now(), now())`.execute(db)
  await sql`UPDATE titles SET minimum_os = '17.0' WHERE adam_id = '4'`.execute(db)
  const mac = await addPool(db, { place: utrecht, adamId: '5', total: 1, platforms: ['macOS'] })
  const shown = async (show: string): Promise<unknown[]> => {
    const { text } = await browser.get(`/api/v1/devices/1/titles?show=${show}`)
    const page: { items: { adamId: string; unfit: { code: string; text: string } | null }[] } =
      JSON.parse(text)
    return page.items.map(({ adamId, unfit }) => [adamId, unfit?.code, unfit?.text])
  }
  expect(await shown('fitting')).toEqual([
    ['2', undefined, undefined],
    ['1', undefined, undefined],
  ])
  expect(await shown('unfit')).toEqual([
    ['5', 'wrong_platform', 'The app does not run on this kind of device.'],
    ['4', 'os_too_old', 'The app needs version 17.0 of the system; the device has 16.7.'],
  ])
  const { status, json } = await browser.get('/api/v1/devices/99/titles')
  expect([status, json.code]).toEqual([404, 'device.unknown'])
  await sql`DELETE FROM assets WHERE id = ${mac}`.execute(db)
})

test('two who change the same title at two locations do not wait for each other', async () => {
  await db.transaction().execute(async (one) => {
    await sql`UPDATE assets SET waiting = waiting + 1 WHERE id = ${atlas}`.execute(one)
    await db.transaction().execute(async (other) => {
      await sql`UPDATE assets SET waiting = waiting + 1 WHERE adam_id = '1' AND location_id = ${berlin}`.execute(
        other,
      )
    })
    expect((await titles('?q=star')).items[0]?.counts.waiting).toBe(5)
  })
  expect((await titles('?q=star')).items[0]?.counts.waiting).toBe(6)
  await sql`UPDATE assets SET waiting = 0 WHERE id = ${atlas}`.execute(db)
  await sql`UPDATE assets SET waiting = 4 WHERE adam_id = '1' AND location_id = ${berlin}`.execute(db)
})
