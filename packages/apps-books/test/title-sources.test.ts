import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { inspect } from 'node:util'
import lookup from '@apportion/apple-wire/fixtures/lookup.json' with { type: 'json' }
import organizationApps from '@apportion/apple-wire/fixtures/organization-apps.json' with { type: 'json' }
import organizationBooks from '@apportion/apple-wire/fixtures/organization-books.json' with { type: 'json' }
import refusedToken from '@apportion/apple-wire/fixtures/organization-refused-token.json' with {
  type: 'json',
}
import publicLookup from '@apportion/apple-wire/fixtures/public-lookup.json' with { type: 'json' }
import { describe, expect, test } from 'vitest'
import { contentLookupSource } from '../src/content-source.ts'
import { createDeveloperTokens, readDeveloperKey } from '../src/developer-token.ts'
import { APPLE_LOOKUP_URL } from '../src/metadata.ts'
import {
  BUSINESS_CATALOG_URL,
  EDUCATION_CATALOG_URL,
  organizationCatalogUrl,
  organizationSource,
} from '../src/organization-source.ts'
import { createPublicPace, PUBLIC_LOOKUP_URL, publicLookupSource } from '../src/public-source.ts'
import { titlesFrom } from '../src/title-sources.ts'
import { createManualClock, failureOf, json, type Script, scriptedFetch, TOKEN } from './scripted-apple.ts'

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const key = readDeveloperKey({ pem, keyId: 'SAMPLEKEY1', teamId: 'SAMPLETEAM' })
const wanted = { ids: ['900001', '900007', '900003', '900009'], country: 'DE' }

/** The three services, each answered by the same script, which tells them apart by their hosts. */
function services(script: Script, { catalogUrl = BUSINESS_CATALOG_URL, lookupUrl = PUBLIC_LOOKUP_URL } = {}) {
  const clock = createManualClock()
  const { fetch, asked } = scriptedFetch(script, clock)
  const hosts = ['api.ent.apple.com', 'api.edu.apple.com', 'uclient-api.itunes.apple.com', 'itunes.apple.com']
  const wire = { fetch, clock, random: () => 0.5, allowedHosts: hosts }
  return {
    asked,
    clock,
    organization: organizationSource({
      ...wire,
      catalogUrl,
      developerToken: createDeveloperTokens(key, clock),
      token: TOKEN,
      language: 'en',
    }),
    content: contentLookupSource({
      ...wire,
      lookupUrl: async () => APPLE_LOOKUP_URL,
      query: { platform: 'enterprisestore', language: 'en', token: TOKEN },
    }),
    everybody: publicLookupSource({ ...wire, lookupUrl }),
  }
}

const answers: Script = ({ url }) => {
  if (url.hostname === 'uclient-api.itunes.apple.com') return json(lookup)
  if (url.hostname === 'itunes.apple.com') return json(publicLookup)
  return json(url.pathname.endsWith('books') ? organizationBooks : organizationApps)
}

describe('the API for organizations', () => {
  test('is asked for apps, then for books among the rest, with both secrets where they belong', async () => {
    const { organization, asked } = services(answers)
    const titles = await organization.titles(wanted)
    expect([...titles.keys()]).toEqual(['900001', '900007', '900003'])
    expect(asked.map(({ url }) => url.href)).toEqual([
      `${BUSINESS_CATALOG_URL}/catalog/de/stoken-authenticated-apps?ids=900001,900007,900003,900009&platform=iphone&additionalPlatforms=ipad,mac&extend[apps]=latestVersionInfo&l=en`,
      `${BUSINESS_CATALOG_URL}/catalog/de/stoken-authenticated-books?ids=900003,900009&l=en`,
    ])
    for (const { headers, redirect } of asked) {
      expect(headers.cookie).toBe(`itvt=${TOKEN}`)
      expect(headers.authorization).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/)
      expect(redirect).toBe('manual')
    }
  })

  test('tells of an app, of Mac software whose details stand with its platform, and of a book', async () => {
    const titles = await services(answers).organization.titles(wanted)
    expect(titles.get('900001')).toMatchObject({
      name: 'Field Notes',
      kind: 'iosSoftware',
      bundleId: 'example.fieldnotes',
      platforms: ['iOS'],
      version: '4.2.1',
      minimumOsVersion: '17.0',
      price: 9.99,
      deviceAssignable: true,
    })
    expect(titles.get('900007')).toEqual({
      adamId: '900007',
      name: 'Workshop Desk',
      deviceFamilies: ['mac'],
      kind: 'desktopApp',
      bundleId: 'example.workshopdesk',
      platforms: ['macOS'],
      version: '2.0',
      minimumOsVersion: '15.0',
      artworkTemplate: 'https://is1-ssl.mzstatic.com/image/thumb/desk/{w}x{h}bb.{f}',
      genres: [],
      isCustomApp: true,
    })
    expect(titles.get('900003')).toMatchObject({ kind: 'epubBook', platforms: [], publisher: 'A. Writer' })
  })

  test('is asked for fifty at a time', async () => {
    const { organization, asked } = services(() => json({}))
    const ids = Array.from({ length: 120 }, (_, at) => String(1000 + at))
    await organization.titles({ ids, country: 'NL' })
    expect(asked.map(({ url }) => url.searchParams.get('ids')?.split(',').length)).toEqual([
      50, 50, 20, 50, 50, 20,
    ])
  })

  test('has a root for schools and one for everybody else', () => {
    expect(organizationCatalogUrl('volumestore')).toBe(EDUCATION_CATALOG_URL)
    expect(organizationCatalogUrl('enterprisestore')).toBe(BUSINESS_CATALOG_URL)
  })

  const refusals: [status: number, body: unknown, says: RegExp][] = [
    [401, {}, /developer key/],
    [403, refusedToken, /content token/],
  ]
  for (const [status, body, says] of refusals) {
    test(`${status} says what to look at, is not repeated, and gives no secret away`, async () => {
      const { organization, asked } = services(() => json(body, { status }))
      const failure = await failureOf(organization.titles(wanted))
      expect(failure).toMatchObject({
        code: 'apple.http_error',
        httpStatus: status,
        message: expect.stringMatching(says),
      })
      expect(asked).toHaveLength(1)
      const told = inspect(failure, { depth: 9, showHidden: true })
      expect(told).not.toContain(TOKEN)
      expect(told).not.toContain(asked[0]?.headers.authorization?.slice(7))
    })
  }

  test('a redirect and another host get neither secret', async () => {
    const location = 'https://collector.example/'
    const redirected = services(() => new Response(null, { status: 302, headers: { location } }))
    await expect(redirected.organization.titles(wanted)).rejects.toMatchObject({ code: 'apple.redirected' })
    expect(redirected.asked).toHaveLength(1)
    const elsewhere = services(answers, { catalogUrl: 'https://collector.example/v1' })
    await expect(elsewhere.organization.titles(wanted)).rejects.toMatchObject({
      code: 'apple.host_not_allowed',
    })
    expect(elsewhere.asked).toHaveLength(0)
  })

  test('waits as long as a 429 asks', async () => {
    let first = true
    const { organization, asked } = services((one) => {
      if (!first) return answers(one)
      first = false
      return new Response('', { status: 429, headers: { 'retry-after': '7' } })
    })
    await organization.titles(wanted)
    expect((asked[1]?.at ?? 0) - (asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(7000)
  })
})

describe('a developer token', () => {
  const claimsOf = (token: string): unknown[] =>
    token
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')))

  test('is signed with ES256, names key and team, and ends after ten minutes', () => {
    const clock = createManualClock()
    const token = createDeveloperTokens(key, clock)()
    const iat = clock.now().getTime() / 1000
    expect(claimsOf(token)).toEqual([
      { alg: 'ES256', kid: 'SAMPLEKEY1' },
      { iss: 'SAMPLETEAM', iat, exp: iat + 600 },
    ])
    const [header, claims, signature = ''] = token.split('.')
    const publicKey = {
      key: createPublicKey(pair.publicKey.export({ type: 'spki', format: 'pem' })),
      dsaEncoding: 'ieee-p1363',
    } as const
    expect(
      verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url')),
    ).toBe(true)
  })

  const later: [seconds: number, same: boolean][] = [
    [0, true],
    [539, true],
    [540, false],
    [900, false],
    [-3600, false],
  ]
  for (const [seconds, same] of later) {
    test(`${seconds} seconds later it is ${same ? 'the same' : 'made anew'}`, () => {
      let now = new Date('2030-01-01T00:00:00Z')
      const tokens = createDeveloperTokens(key, { ...createManualClock(), now: () => now })
      const first = tokens()
      now = new Date(now.getTime() + seconds * 1000)
      expect(tokens() === first).toBe(same)
    })
  }

  const otherCurve = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
  const bad: [title: string, fields: Partial<Parameters<typeof readDeveloperKey>[0]>, says: string][] = [
    ['text that is no key', { pem: 'secret-that-is-no-key' }, 'P-256'],
    ['a key of another curve', { pem: otherCurve.toString() }, 'P-256'],
    ['a public key', { pem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString() }, 'P-256'],
    ['a key id that is too short', { keyId: 'ABC' }, 'key id'],
    ['a team id with other characters', { teamId: 'SAMPLE-TEA' }, 'team id'],
  ]
  for (const [title, fields, says] of bad) {
    test(`cannot be made with ${title}, which is not repeated`, async () => {
      const failure = await failureOf(
        Promise.resolve().then(() =>
          readDeveloperKey({ pem, keyId: 'SAMPLEKEY1', teamId: 'SAMPLETEAM', ...fields }),
        ),
      )
      expect(failure).toBeInstanceOf(TypeError)
      expect(String(failure)).toContain(says)
      expect(inspect(failure)).not.toContain('secret-that-is-no-key')
    })
  }
})

describe('the public lookup', () => {
  test('gets the ids and the country, and nothing of the organization', async () => {
    const { everybody, asked } = services(answers)
    const titles = await everybody.titles(wanted)
    expect([...titles.keys()]).toEqual(['900001', '900007', '900003'])
    expect(asked.map(({ url }) => url.href)).toEqual([
      `${PUBLIC_LOOKUP_URL}?country=DE&id=900001,900007,900003,900009`,
    ])
    expect(Object.keys(asked[0]?.headers ?? {}).toSorted()).toEqual(['accept', 'user-agent'])
  })

  test('tells of an app with its platforms, of Mac software, and of a book', async () => {
    const titles = await services(answers).everybody.titles(wanted)
    expect(titles.get('900001')).toEqual({
      adamId: '900001',
      name: 'Field Notes',
      deviceFamilies: ['iphone', 'ipad'],
      kind: 'iosSoftware',
      bundleId: 'example.fieldnotes',
      publisher: 'Example Works',
      platforms: ['iOS', 'tvOS'],
      artworkTemplate: 'https://is1-ssl.mzstatic.com/image/thumb/sample/512x512bb.jpg',
      version: '4.2.1',
      minimumOsVersion: '17.0',
      price: 9.99,
      priceFormatted: '9,99 €',
      genres: ['Business', 'Productivity'],
      storeUrl: 'https://apps.apple.com/de/app/id900001',
      releaseDate: '2021-04-01',
      isCustomApp: false,
    })
    expect(titles.get('900007')).toMatchObject({
      kind: 'desktopApp',
      platforms: ['macOS'],
      genres: ['Utilities'],
    })
    expect(titles.get('900003')).toMatchObject({ kind: 'epubBook', platforms: [], publisher: 'A. Writer' })
  })

  test('is asked for a hundred at a time, three seconds apart', async () => {
    const { everybody, asked } = services(() => json({ results: [] }))
    await everybody.titles({ ids: Array.from({ length: 250 }, (_, at) => String(1000 + at)), country: 'NL' })
    expect(asked.map(({ url }) => url.searchParams.get('id')?.split(',').length)).toEqual([100, 100, 50])
    expect(asked.map(({ at }) => at - (asked[0]?.at ?? 0))).toEqual([0, 3000, 6000])
  })

  test('a page with 429 holds every source of the same pace back as long as it asks', async () => {
    const clock = createManualClock()
    let refused = false
    const { fetch, asked } = scriptedFetch(() => {
      if (refused) return json(publicLookup)
      refused = true
      return new Response('<html>', { status: 429, headers: { 'retry-after': '30' } })
    }, clock)
    const pace = createPublicPace({ clock, maxWaitMs: 60_000 })
    const wire = { fetch, clock, random: () => 0.5, allowedHosts: ['itunes.apple.com'], pace }
    const [one, other] = [1, 2].map(() => publicLookupSource({ ...wire, lookupUrl: PUBLIC_LOOKUP_URL }))
    await Promise.all([one?.titles(wanted), other?.titles(wanted)])
    expect(asked).toHaveLength(3)
    for (const { at } of asked.slice(1)) expect(at - (asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(30_000)
  })

  test('a clock that is set back holds no call back for longer than three seconds', async () => {
    const manual = createManualClock()
    let back = 0
    const clock = { ...manual, now: () => new Date(manual.now().getTime() - back) }
    const pace = createPublicPace({ clock, maxWaitMs: 60_000 })
    await pace.take()
    back = 3_600_000
    await pace.take()
    expect(manual.slept).toEqual([3000])
  })

  test('a country without a store is a failure, not an empty store', async () => {
    const { everybody } = services(() => json({ errorMessage: 'Invalid value' }, { status: 400 }))
    await expect(everybody.titles(wanted)).rejects.toMatchObject({
      code: 'apple.http_error',
      httpStatus: 400,
    })
  })

  const odd: [title: string, body: unknown, found: number][] = [
    ['no results', {}, 0],
    ['results that are none', { results: 'none' }, 0],
    ['a result without an id', { results: [{ trackName: 'A' }] }, 0],
    ['a result without a name', { results: [{ trackId: 900001 }] }, 0],
    ['a result that was not asked for', { results: [{ trackId: 42, trackName: 'A' }] }, 0],
    ['a result with nothing but a name', { results: [{ trackId: 900001, trackName: 'A' }] }, 1],
  ]
  for (const [title, body, found] of odd) {
    test(`${title}: ${found} titles`, async () => {
      expect((await services(() => json(body)).everybody.titles(wanted)).size).toBe(found)
    })
  }
})

describe('the chain', () => {
  test('asks each service for what those before did not tell, and says where each title came from', async () => {
    const { organization, content, everybody, asked } = services((one) => {
      if (one.url.hostname === 'api.ent.apple.com') {
        return json(one.url.pathname.endsWith('apps') ? { data: organizationApps.data.slice(0, 1) } : {})
      }
      return answers(one)
    })
    const ids = ['900001', '900002', '900007', '900009']
    const answer = await titlesFrom([organization, content, everybody], { ids, country: 'DE' })
    expect([...answer.titles].map(([id, { source, title }]) => [id, source, title.name])).toEqual([
      ['900001', 'organization-api', 'Field Notes'],
      ['900002', 'content-lookup', lookup.results['900002'].name],
      ['900007', 'public-lookup', 'Workshop Desk'],
    ])
    expect(answer).toMatchObject({ unknown: ['900009'], unanswered: [], failures: [] })
    expect(asked.map(({ url }) => url.searchParams.get('ids') ?? url.searchParams.get('id'))).toEqual([
      '900001,900002,900007,900009',
      '900002,900007,900009',
      '900002,900007,900009',
      '900007,900009',
    ])
  })

  test('stops when everything is known', async () => {
    const { organization, content, asked } = services(answers)
    await titlesFrom([organization, content], { ids: ['900001'], country: 'DE' })
    expect(asked.map(({ url }) => url.hostname)).toEqual(['api.ent.apple.com'])
  })

  test('goes on past a service that fails; what nobody told of is then not unknown but unanswered', async () => {
    const { organization, content } = services((one) =>
      one.url.hostname === 'api.ent.apple.com' ? json({}, { status: 401 }) : answers(one),
    )
    const answer = await titlesFrom([organization, content], { ids: ['900001', '900009'], country: 'DE' })
    expect(answer.titles.get('900001')?.source).toBe('content-lookup')
    expect(answer).toMatchObject({
      unknown: [],
      unanswered: ['900009'],
      failures: [{ source: 'organization-api', error: { httpStatus: 401 } }],
    })
  })

  test('tells all failures when no service answers', async () => {
    const { organization, content, everybody } = services(() => json({}, { status: 403 }))
    const answer = await titlesFrom([organization, content, everybody], wanted)
    expect(answer.titles.size).toBe(0)
    expect(answer.unanswered).toEqual(wanted.ids)
    expect(answer.failures.map(({ source }) => source)).toEqual([
      'organization-api',
      'content-lookup',
      'public-lookup',
    ])
  })

  test('refuses an id that is no number before asking', async () => {
    const { content, asked } = services(answers)
    await expect(titlesFrom([content], { ids: ['1', '2&cc=us'], country: 'DE' })).rejects.toThrow(TypeError)
    expect(asked).toHaveLength(0)
  })
})
