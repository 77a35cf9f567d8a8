import lookup from '@apportion/apple-wire/fixtures/lookup.json' with { type: 'json' }
import { describe, expect, test } from 'vitest'
import { APPLE_LOOKUP_URL, lookupTitles, type TitleQuery } from '../src/metadata.ts'
import { artworkUrl, readTitle } from '../src/title.ts'
import { clientOf, createManualClock, json, type Script, scriptedFetch, TOKEN } from './scripted-apple.ts'

const query: TitleQuery = {
  ids: ['900001', '900002', '900003', '900009'],
  country: 'DE',
  platform: 'enterprisestore',
  language: 'en',
}

function lookupAt(script: Script, lookupUrl = APPLE_LOOKUP_URL) {
  const clock = createManualClock()
  const { fetch, asked } = scriptedFetch(script, clock)
  const look = (more: Partial<TitleQuery> = {}) =>
    lookupTitles(
      { lookupUrl, allowedHosts: ['uclient-api.itunes.apple.com'], fetch, clock },
      { ...query, ...more },
    )
  return { look, asked }
}

describe('the metadata lookup', () => {
  test('reads what the store tells of an app', async () => {
    const { titles, country, isOtherCountry } = await lookupAt(() => json(lookup)).look()
    expect({ country, isOtherCountry }).toEqual({ country: 'de', isOtherCountry: false })
    expect([...titles.keys()]).toEqual(['900001', '900002', '900003'])
    expect(titles.get('900001')).toEqual({
      adamId: '900001',
      name: 'Field Notes',
      kind: 'iosSoftware',
      bundleId: 'example.fieldnotes',
      publisher: 'Example Works',
      platforms: ['iOS'],
      deviceFamilies: ['iphone', 'ipad', 'ipod'],
      artworkTemplate: 'https://is1-ssl.mzstatic.com/image/thumb/sample/{w}x{h}bb.{f}',
      version: '4.2.1',
      minimumOsVersion: '17.0',
      price: 9.99,
      priceFormatted: '9,99 €',
      genres: ['Business', 'Productivity'],
      storeUrl: 'https://apps.apple.com/de/app/id900001',
      releaseDate: '2021-04-01',
      isCustomApp: false,
      deviceAssignable: true,
      description: 'Notes for people who work outdoors.',
    })
  })

  test('takes the largest of a list of icons, several platforms, and a number as id', async () => {
    const { titles } = await lookupAt(() => json(lookup)).look()
    expect(titles.get('900002')).toMatchObject({
      platforms: ['iOS', 'macOS', 'tvOS'],
      artworkTemplate: 'https://is1-ssl.mzstatic.com/image/thumb/routes/512x512bb.png',
      price: 0,
      isCustomApp: true,
    })
  })

  test('reads a book, which runs nowhere', async () => {
    const { titles } = await lookupAt(() => json(lookup)).look()
    expect(titles.get('900003')).toEqual({
      adamId: '900003',
      name: 'First Aid at Work',
      kind: 'epubBook',
      publisher: 'A. Writer',
      platforms: [],
      deviceFamilies: [],
      genres: ['Health'],
      isCustomApp: false,
    })
  })

  test('asks in the form that Apple understands, without the token unless given', async () => {
    const { look, asked } = lookupAt(() => json(lookup))
    await look()
    expect(asked[0]?.url.href).toBe(
      `${APPLE_LOOKUP_URL}?version=2&p=mdm-lockup&caller=MDM&platform=enterprisestore&cc=de&l=en&id=900001,900002,900003,900009`,
    )
    expect(asked[0]?.headers).not.toHaveProperty('cookie')
    expect(asked[0]?.headers).not.toHaveProperty('authorization')
    expect(asked[0]?.redirect).toBe('manual')
  })

  test('carries the token as a cookie and not as a bearer', async () => {
    const { look, asked } = lookupAt(() => json(lookup))
    await look({ token: TOKEN })
    expect(asked[0]?.headers.cookie).toBe(`itvt=${TOKEN}`)
    expect(asked[0]?.headers).not.toHaveProperty('authorization')
  })

  test('asks for fifty at a time, each once', async () => {
    const { look, asked } = lookupAt(() => json(lookup))
    const ids = Array.from({ length: 120 }, (_, at) => String(1000 + at))
    await look({ ids: [...ids, ...ids] })
    expect(asked.map(({ url }) => url.searchParams.get('id')?.split(',').length)).toEqual([50, 50, 20])
  })

  test('asks nothing for no ids', async () => {
    const { look, asked } = lookupAt(() => json(lookup))
    expect((await look({ ids: [] })).titles.size).toBe(0)
    expect(asked).toHaveLength(0)
  })

  test('tells when another storefront answered, and leaves its prices out', async () => {
    const { titles, country, isOtherCountry } = await lookupAt(() => json(lookup)).look({ country: 'KP' })
    expect({ country, isOtherCountry }).toEqual({ country: 'de', isOtherCountry: true })
    expect(titles.get('900001')).toMatchObject({ name: 'Field Notes', version: '4.2.1' })
    expect(titles.get('900001')).not.toHaveProperty('price')
    expect(titles.get('900001')).not.toHaveProperty('priceFormatted')
  })

  test('sends no cookie to another host, and follows no redirect', async () => {
    const elsewhere = lookupAt(() => json(lookup), 'https://collector.example/lookup')
    await expect(elsewhere.look({ token: TOKEN })).rejects.toMatchObject({ code: 'apple.host_not_allowed' })
    expect(elsewhere.asked).toHaveLength(0)
    const redirected = lookupAt(
      () => new Response(null, { status: 301, headers: { location: 'https://collector.example/' } }),
    )
    await expect(redirected.look({ token: TOKEN })).rejects.toMatchObject({ code: 'apple.redirected' })
    expect(redirected.asked).toHaveLength(1)
  })

  const answers: [string, unknown, number][] = [
    ['no results', { isAuthenticated: false }, 0],
    ['null results', { results: null }, 0],
    ['an item that is null', { results: { '900001': null } }, 0],
    ['an item without a name', { results: { '900001': { id: '900001' } } }, 0],
    ['an item that was not asked for', { results: { '42': { name: 'Other' } } }, 0],
    ['an item with nothing but a name', { results: { '900001': { name: 'Bare' } } }, 1],
  ]
  for (const [title, body, found] of answers) {
    test(`${title}: ${found} titles`, async () => {
      expect((await lookupAt(() => json(body)).look()).titles.size).toBe(found)
    })
  }

  test('refuses an id that is no number before asking', async () => {
    const { look, asked } = lookupAt(() => json(lookup))
    await expect(look({ ids: ['1', '2&cc=us'] })).rejects.toThrow(TypeError)
    expect(asked).toHaveLength(0)
  })

  test('tells of a refusal', async () => {
    const { look } = lookupAt(() => json({ status: 7011 }, { status: 400 }))
    await expect(look()).rejects.toMatchObject({ code: 'apple.http_error', httpStatus: 400 })
  })

  test('goes with the client’s token to the address of the service config', async () => {
    const { client, asked } = clientOf(() => json(lookup), {
      allowedHosts: ['vpp.itunes.apple.com', 'uclient-api.itunes.apple.com'],
    })
    expect((await client.lookupTitles(query)).titles.size).toBe(3)
    expect(asked[0]?.url.hostname).toBe('uclient-api.itunes.apple.com')
    expect(asked[0]?.headers.cookie).toBe(`itvt=${TOKEN}`)
  })
})

describe('an icon', () => {
  const templates: [string, string][] = [
    ['https://x.example/{w}x{h}bb.{f}', 'https://x.example/128x128bb.png'],
    ['https://x.example/{w}x{h}{c}.{f}', 'https://x.example/128x128bb.png'],
    ['https://x.example/512x512bb.png', 'https://x.example/512x512bb.png'],
  ]
  for (const [template, url] of templates) {
    test(`from ${template}`, () => expect(artworkUrl(template, 128)).toBe(url))
  }

  for (const url of ['javascript:alert(1)', 'data:image/png;base64,AAAA', 'icon.png', null]) {
    test(`at ${url} is none`, () => {
      const title = readTitle('1', { name: 'A', artwork: { url } }, { isFromOtherCountry: false })
      expect(title).not.toHaveProperty('artworkTemplate')
    })
  }
})
