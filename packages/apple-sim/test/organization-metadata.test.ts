import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import type { KnobChoices } from '../src/knobs.ts'
import { part, signed } from './support/developer-token.ts'
import { scene } from './support/scene.ts'
import { TITLES } from './support/store-titles.ts'

const TEAM = 'TEAM000001'

interface Resource {
  readonly id: string
  readonly type: string
  readonly href: string
  readonly attributes: Readonly<Record<string, unknown>>
}

interface Answer {
  readonly data?: readonly Resource[]
  readonly errors?: readonly { status: string; code: string; id: string; title: string; detail: string }[]
}

async function metadataScene(knobs: KnobChoices = {}) {
  const at = await scene(knobs)
  for (const title of TITLES) at.world.addTitle(title)
  const key = at.world.makeDeveloperKey(TEAM)
  const now = (): number => Math.floor(at.clock.now() / 1000)
  const jwt = (claims: object = {}, header: object = {}) =>
    signed(
      key.privateKey,
      { kid: key.keyId, ...header },
      { iss: TEAM, iat: now(), exp: now() + 60, ...claims },
    )
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${at.apple.origin}/v1/catalog/${path}`, {
      headers: { authorization: `Bearer ${jwt()}`, ...headers },
    })
    const body: Answer = JSON.parse(await response.text())
    return { status: response.status, body, ids: body.data?.map(({ id }) => id) }
  }
  const cookie = { cookie: `itvt=${at.token.file}` }
  return { ...at, key, now, jwt, ask, cookie }
}

test('C47 a developer token opens the public lists of the metadata API, which need no cookie', async () => {
  await using at = await metadataScene()
  expect((await at.ask('nl/apps?ids=101,999,103,105')).ids).toEqual(['101', '105'])
  expect((await at.ask('us/apps?ids=101,105')).ids).toEqual(['101'])
  expect((await at.ask('nl/books?ids=101,103')).ids).toEqual(['103'])
  const { body } = await at.ask('nl/apps/101')
  expect(body.data).toEqual([
    {
      id: '101',
      type: 'apps',
      href: '/v1/catalog/nl/apps/101',
      attributes: {
        name: 'Fractal',
        artistName: 'Abacus',
        artwork: { url: `${at.apple.origin}/icons/101/{w}x{h}bb.{f}`, width: 1024, height: 1024 },
        bundleId: 'com.example.fractal',
        deviceFamilies: ['iphone', 'ipad'],
        externalVersionId: 1001101,
        isB2BCustomApp: false,
        isIOSBinaryMacOSCompatible: true,
        isVppDeviceBasedLicensingEnabled: true,
        minimumOSVersion: '17.0',
        offers: [
          {
            type: 'buy',
            price: 4.99,
            priceFormatted: expect.stringMatching(/€.*4,99/),
            currencyCode: 'EUR',
            assets: [{ flavor: 'iosSoftware', size: 48_000_000 }],
          },
        ],
        url: 'https://apps.apple.com/nl/app/id101',
      },
    },
  ])
  const book = (await at.ask('nl/books/103')).body.data?.[0]
  expect(book?.type).toBe('books')
  for (const name of ['bundleId', 'deviceFamilies', 'minimumOSVersion', 'externalVersionId']) {
    expect(book?.attributes).not.toHaveProperty(name)
  }
})

test('C47 the lists with an sToken show what is custom or delisted to who owns it, and to nobody else', async () => {
  await using at = await metadataScene()
  const found = async () => (await at.ask('nl/stoken-authenticated-apps?ids=101,104,106', at.cookie)).ids
  expect(await found()).toEqual(['101', '106'])
  at.location.own({ adamId: '104', total: 1 })
  at.location.own({ adamId: '106', total: 1 })
  at.world.delist('106')
  expect(await found()).toEqual(['101', '104', '106'])
  expect((await at.ask('nl/apps?ids=101,104,106')).ids).toEqual(['101'])
  expect((await at.ask('nl/apps/104', at.cookie)).status).toBe(404)
})

test('C47 purchases are what the location owns: apps, books and subscriptions', async () => {
  await using at = await metadataScene()
  at.location.own({ adamId: '101', total: 1 })
  at.location.own({ adamId: '103', total: 1 })
  at.location.subscriptions.enable()
  at.location.subscriptions.buy({ adamId: 777, parentAdamId: 101, renewing: 1 })
  const query = 'ids[apps]=101,102&ids[books]=103&ids[in-apps]=777,778'
  const { body } = await at.ask(`nl/stoken-authenticated-purchases?${query}`, at.cookie)
  expect(body.data?.map(({ type, id }) => [type, id])).toEqual([
    ['apps', '101'],
    ['books', '103'],
    ['in-apps', '777'],
  ])
  expect(body.data?.[2]?.attributes).toMatchObject({ name: expect.stringContaining('Fractal') })
})

test('C47 more attributes come only when they are asked for, and by platform with additionalPlatforms', async () => {
  await using at = await metadataScene()
  const attributes = async (query: string) =>
    (await at.ask(`us/apps?ids=106&platform=iphone${query}`)).body.data?.[0]?.attributes
  const plain = await attributes('')
  expect(plain).not.toHaveProperty('latestVersionInfo')
  expect(plain).not.toHaveProperty('platformAttributes')
  const more = await attributes('&extend[apps]=latestVersionInfo,description')
  expect(more).toMatchObject({ latestVersionInfo: { versionDisplay: '1.0' }, description: {} })
  const platforms = await attributes('&additionalPlatforms=ipad,mac&extend[apps]=latestVersionInfo')
  expect(Object.keys(platforms?.platformAttributes ?? {})).toEqual(['ios', 'osx'])
  expect(platforms?.platformAttributes).toMatchObject({
    osx: { bundleId: 'com.example.everywhere', latestVersionInfo: { versionDisplay: '1.0' } },
  })
})

test('C47 every fault of a developer token is 401, told in the shape of this API', async () => {
  await using at = await metadataScene()
  const stranger = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const [head = '', , signature = ''] = at.jwt().split('.')
  const claims = { iss: TEAM, iat: at.now(), exp: at.now() + 60 }
  const table: [string, string, string][] = [
    ['no token', '', 'There is no JSON Web Token'],
    ['a content token', `Bearer ${at.token.file}`, 'There is no JSON Web Token'],
    ['garbage', 'Bearer a.b.c', 'There is no JSON Web Token'],
    ['no signature', `Bearer ${part({ alg: 'none', kid: at.key.keyId })}.${part(claims)}.x`, 'not ES256'],
    ['an unknown key', `Bearer ${at.jwt({}, { kid: 'OTHERKEY01' })}`, 'key id is unknown'],
    [
      'another private key',
      `Bearer ${signed(stranger.privateKey, { kid: at.key.keyId }, claims)}`,
      'signature is wrong',
    ],
    [
      'other claims under the signature',
      `Bearer ${head}.${part({ ...claims, exp: at.now() + 61 })}.${signature}`,
      'signature is wrong',
    ],
    ['another team', `Bearer ${at.jwt({ iss: 'TEAM000002' })}`, 'not the team'],
    ['no time of issue', `Bearer ${at.jwt({ iat: undefined })}`, 'missing or to come'],
    ['issued tomorrow', `Bearer ${at.jwt({ iat: at.now() + 86_400 })}`, 'missing or to come'],
    ['expired', `Bearer ${at.jwt({ exp: at.now() })}`, 'has expired'],
    ['valid for more than half a year', `Bearer ${at.jwt({ exp: at.now() + 15_777_001 })}`, 'for too long'],
    ['another origin', `Bearer ${at.jwt({ origin: ['https://mdm.example'] })}`, 'origin'],
  ]
  for (const [name, authorization, detail] of table) {
    const { status, body } = await at.ask('nl/apps?ids=101', { authorization })
    expect([name, status, body.errors]).toEqual([
      name,
      401,
      [
        {
          id: expect.any(String),
          title: 'Unauthorized',
          detail: expect.stringContaining(detail),
          status: '401',
          code: '40100',
        },
      ],
    ])
  }
  const longest = `Bearer ${at.jwt({ exp: at.now() + 15_777_000 })}`
  expect((await at.ask('nl/apps?ids=101', { authorization: longest })).status).toBe(200)
  const origin = 'https://mdm.example'
  const bound = { authorization: `Bearer ${at.jwt({ origin: [origin] })}`, origin }
  expect((await at.ask('nl/apps?ids=101', bound)).status).toBe(200)
})

test('C47 an sToken that is missing, wrong, revoked or expired, and empty ids, are 403 with code 40300', async () => {
  await using at = await metadataScene()
  const refused = async (path: string, headers: Record<string, string>) => {
    const { status, body } = await at.ask(path, headers)
    return [status, body.errors?.[0]?.code]
  }
  const list = 'nl/stoken-authenticated-apps?ids=101'
  expect(await refused(list, {})).toEqual([403, '40300'])
  expect(await refused(list, { cookie: 'itvt=wrong' })).toEqual([403, '40300'])
  for (const path of [
    'nl/stoken-authenticated-apps',
    'nl/stoken-authenticated-apps?ids=',
    'nl/stoken-authenticated-books?ids=null',
    'nl/stoken-authenticated-purchases?ids=101',
  ]) {
    expect([path, await refused(path, at.cookie)]).toEqual([path, [403, '40300']])
  }
  expect((await at.ask(list, at.cookie)).status).toBe(200)
  at.token.revoke()
  expect(await refused(list, at.cookie)).toEqual([403, '40300'])
})

test('C47 an unknown storefront or resource is 404, a public list without ids 400', async () => {
  await using at = await metadataScene()
  for (const path of ['xx/apps?ids=101', 'NL/apps?ids=101', 'nl/songs?ids=101', 'nl/apps/999']) {
    expect([path, (await at.ask(path)).status]).toEqual([path, 404])
  }
  expect((await at.ask('nl/apps')).status).toBe(400)
})

test('C47 one developer key is refused with 429 beyond the knob, and clears after a minute', async () => {
  await using at = await metadataScene({ organizationLookupsPerMinute: 2, pacingClock: 'simulated' })
  const statuses: number[] = []
  for (let call = 0; call < 3; call++) statuses.push((await at.ask('nl/apps?ids=101')).status)
  expect(statuses).toEqual([200, 200, 429])
  at.clock.advance(60_001)
  expect((await at.ask('nl/apps?ids=101')).status).toBe(200)
})

test('C47 an ordered fault is told in the shape of this API', async () => {
  await using at = await metadataScene()
  for (const [fault, status, title] of [
    ['500', 500, 'Internal Server Error'],
    ['429', 429, 'Too Many Requests'],
  ] as const) {
    at.world.faults.failNext({ fault, match: '/v1/catalog' })
    const reply = await at.ask('nl/apps?ids=101')
    expect([reply.status, reply.body.errors]).toMatchObject([status, [{ title, status: fault }]])
  }
})

test('Q20 ids beyond the knob are missing without a word, or the call is refused', async () => {
  await using at = await metadataScene({ metadataIds: { most: 2, beyond: 'missing' } })
  expect((await at.ask('nl/apps?ids=101,102,106')).ids).toEqual(['101', '102'])
  at.world.setKnobs({ metadataIds: { most: 2, beyond: 'refused' } })
  expect((await at.ask('nl/apps?ids=101,102,106')).status).toBe(400)
})
