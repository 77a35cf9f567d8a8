import { expect, test } from 'vitest'
import type { KnobChoices } from '../src/knobs.ts'
import { scene } from './support/scene.ts'
import { TITLES } from './support/store-titles.ts'

interface Answer {
  readonly resultCount: number
  readonly results: readonly Readonly<Record<string, unknown>>[]
  readonly errorMessage?: string
}

async function lookupScene(knobs: KnobChoices = {}) {
  const at = await scene(knobs)
  for (const title of TITLES) at.world.addTitle(title)
  const lookup = async (query: string) => {
    const response = await fetch(`${at.apple.origin}/lookup?${query}`)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('text/javascript')
    const body: Answer = isJson ? JSON.parse(text) : { resultCount: 0, results: [] }
    return { status: response.status, headers: response.headers, text, body }
  }
  const ids = async (query: string) => (await lookup(query)).body.results.map(({ trackId }) => trackId)
  return { ...at, lookup, ids }
}

test('C47 the public lookup needs no authentication and answers as text/javascript', async () => {
  await using at = await lookupScene()
  const { status, headers, body } = await at.lookup('id=101,999&country=NL')
  expect([status, headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
  expect(body.resultCount).toBe(1)
  expect(body.results[0]).toMatchObject({
    trackId: 101,
    trackName: 'Fractal',
    bundleId: 'com.example.fractal',
    version: '2.1',
    kind: 'software',
    price: 4.99,
    formattedPrice: expect.stringMatching(/€.*4,99/),
    currency: 'EUR',
    artworkUrl100: `${at.apple.origin}/icons/101/100x100bb.png`,
    supportedDevices: expect.any(Array),
  })
  const icon = await fetch(String(body.results[0]?.artworkUrl60))
  expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/png'])
})

test('C47 without entity an id gives its title whatever it is; with one, only titles of that kind', async () => {
  await using at = await lookupScene()
  expect(await at.ids('id=101,102,103')).toEqual([101, 102, 103])
  expect(await at.ids('id=101,102,103&entity=software')).toEqual([101])
  expect(await at.ids('id=101,102,103&entity=desktopSoftware')).toEqual([102])
  expect(await at.ids('id=101,102,103&entity=ebook')).toEqual([103])
  expect((await at.lookup('id=102')).body.results[0]).not.toHaveProperty('supportedDevices')
  expect((await at.lookup('id=103')).body.results[0]).not.toHaveProperty('bundleId')
})

test('C47 custom apps, delisted ones and those that the country does not sell are missing', async () => {
  await using at = await lookupScene()
  at.location.own({ adamId: '104', total: 1 })
  expect(await at.ids('id=101,104,105,106&country=US')).toEqual([101, 106])
  expect(await at.ids('id=101,104,105,106&country=NL')).toEqual([101, 105, 106])
  at.world.delist('106', ['NL'])
  expect(await at.ids('id=106&country=NL')).toEqual([])
  expect(await at.ids('id=106&country=US')).toEqual([106])
  at.world.delist('106')
  expect(await at.ids('id=106&country=US')).toEqual([])
  at.world.relist('106')
  expect(await at.ids('id=106&country=NL')).toEqual([106])
})

test('C47 a country without a store and an unknown entity are 400 with an errorMessage', async () => {
  await using at = await lookupScene()
  for (const query of ['id=101&country=XX', 'id=101&entity=songs']) {
    const { status, body } = await at.lookup(query)
    expect([query, status, body.errorMessage]).toEqual([query, 400, expect.stringContaining('Invalid value')])
  }
})

test('C47 one address that calls too often gets 429 with HTML and Retry-After 30, for up to a minute', async () => {
  await using at = await lookupScene({ publicLookupsPerMinute: 3, pacingClock: 'simulated' })
  for (let call = 0; call < 3; call++) expect((await at.lookup('id=101')).status).toBe(200)
  const { status, headers, text } = await at.lookup('id=101')
  expect([status, headers.get('content-type'), headers.get('retry-after')]).toEqual([429, 'text/html', '30'])
  expect(text).toMatch(/^<html>/)
  at.clock.advance(60_001)
  expect((await at.lookup('id=101')).status).toBe(200)
})

test('C47 an ordered fault is a page of HTML here', async () => {
  await using at = await lookupScene()
  at.world.faults.failNext({ fault: '500', match: '/lookup' })
  const { status, headers, text } = await at.lookup('id=101')
  expect([status, headers.get('content-type')]).toEqual([500, 'text/html'])
  expect(text).toMatch(/^<html>/)
})

test('C47 prices differ by storefront, in its currency', async () => {
  await using at = await lookupScene()
  at.world.setPrice('101', 'GB', 3.49)
  const price = async (country: string) => {
    const [row] = (await at.lookup(`id=101&country=${country}`)).body.results
    return [row?.price, row?.currency]
  }
  expect(await price('GB')).toEqual([3.49, 'GBP'])
  expect(await price('DK')).toEqual([4.99, 'DKK'])
  expect((await at.lookup('id=102')).body.results[0]).toMatchObject({ price: 0, formattedPrice: 'Free' })
})

test('Q20 ids beyond the knob are missing without a word, or the call is refused', async () => {
  await using at = await lookupScene({ metadataIds: { most: 1, beyond: 'missing' } })
  expect(await at.ids('id=101,102')).toEqual([101])
  at.world.setKnobs({ metadataIds: { most: 1, beyond: 'refused' } })
  expect((await at.lookup('id=101,102')).status).toBe(400)
})
