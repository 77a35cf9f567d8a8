import { inflateSync } from 'node:zlib'
import type { LookupItem, LookupResponse } from '@apportion/apple-wire/messages'
import { expect, test } from 'vitest'
import { scene } from './support/scene.ts'
import { TITLES } from './support/store-titles.ts'

async function storeScene() {
  const at = await scene()
  for (const title of TITLES) at.world.addTitle(title)
  const lookup = async (query: string, headers: Record<string, string> = {}) => {
    const url = `${at.apple.origin}/WebObjects/MZStorePlatform.woa/wa/lookup?${query}`
    const response = await fetch(url, { headers })
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, body: answerOf(await response.text(), isJson === true) }
  }
  return { ...at, lookup }
}

type Answer = Required<LookupResponse> & {
  readonly meta: { readonly storefront: { readonly cc: string } }
  readonly results: Readonly<Record<string, LookupItem>>
}

const answerOf = (text: string, isJson: boolean): Answer => JSON.parse(isJson ? text : '{}')

const GOOD = 'version=2&p=mdm-lockup&caller=MDM&platform=enterprisestore&cc=us&l=en'

test('C47 a list of ids gives what is known; the rest is silently missing; isAuthenticated is false', async () => {
  await using at = await storeScene()
  const { status, body } = await at.lookup(`${GOOD}&id=101,999,102,103`)
  expect(status).toBe(200)
  expect(Object.keys(body.results).sort()).toEqual(['101', '102', '103'])
  expect(body.isAuthenticated).toBe(false)
  expect(body.results['101']).toMatchObject({
    id: '101',
    name: 'Fractal',
    kind: 'iosSoftware',
    bundleId: 'com.example.fractal',
    artistName: 'Abacus',
    artwork: { url: `${at.apple.origin}/icons/101/{w}x{h}bb.{f}` },
    offers: [{ type: 'buy', price: 4.99, priceFormatted: '$4.99' }],
  })
  for (const name of ['bundleId', 'minimumOSVersion', 'deviceFamilies']) {
    expect(body.results['103']).not.toHaveProperty(name)
  }
  expect((await at.lookup(`${GOOD}&id=999`)).body.results).toEqual({})
})

test('C47 a custom app shows only with the cookie of a location that owns it', async () => {
  await using at = await storeScene()
  const found = async (cookie?: string) =>
    Object.keys((await at.lookup(`${GOOD}&id=104`, cookie === undefined ? {} : { cookie })).body.results)
  expect(await found()).toEqual([])
  expect(await found(`itvt=${at.token.file}`)).toEqual([])
  at.location.own({ adamId: '104', total: 1 })
  expect(await found(`other=1; itvt=${at.token.file}`)).toEqual(['104'])
  expect(await found('itvt=wrong')).toEqual([])
  at.token.revoke()
  expect(await found(`itvt=${at.token.file}`)).toEqual([])
})

test('C47 missing and wrong parameters are refused as the store does', async () => {
  await using at = await storeScene()
  expect((await at.lookup('id=101&p=mdm-lockup')).status).toBe(403)
  expect(await at.lookup('id=101&caller=MDM')).toEqual({ status: 400, body: { status: 7011 } })
  expect(await at.lookup('id=101&caller=MDM&p=lookup')).toEqual({ status: 400, body: { status: 7012 } })
})

test('C47 an unknown country answers as the US, and what is not sold in a country is missing', async () => {
  await using at = await storeScene()
  const { body } = await at.lookup('id=101,105&p=mdm-lockup&caller=MDM&cc=xx')
  expect(body.meta.storefront.cc).toBe('US')
  expect(Object.keys(body.results)).toEqual(['101'])
  const dutch = await at.lookup('id=101,105&p=mdm-lockup&caller=MDM&cc=nl&l=nl')
  expect(Object.keys(dutch.body.results)).toEqual(['101', '105'])
  expect(dutch.body.results['101']?.offers?.[0]?.priceFormatted).toMatch(/€.*4,99/)
})

test('C47 a delisted title shows only with the cookie of a location that owns it', async () => {
  await using at = await storeScene()
  const found = async (headers = {}) => Object.keys((await at.lookup(`${GOOD}&id=101`, headers)).body.results)
  at.location.own({ adamId: '101', total: 1 })
  at.world.delist('101', ['US'])
  expect(await found()).toEqual([])
  expect(await found({ cookie: `itvt=${at.token.file}` })).toEqual(['101'])
  at.world.relist('101')
  expect(await found()).toEqual(['101'])
})

test('Q20 ids of one lookup beyond the knob are missing without a word, or the call is refused', async () => {
  await using at = await storeScene()
  expect(Object.keys((await at.lookup(`${GOOD}&id=101,102,103`)).body.results)).toHaveLength(3)
  at.world.setKnobs({ metadataIds: { most: 2, beyond: 'missing' } })
  expect(Object.keys((await at.lookup(`${GOOD}&id=101,102,103`)).body.results)).toEqual(['101', '102'])
  at.world.setKnobs({ metadataIds: { most: 2, beyond: 'refused' } })
  expect((await at.lookup(`${GOOD}&id=101,102,103`)).status).toBe(400)
})

test('C47 a title for phones that runs on Macs too is described for Macs with the platform macappstore', async () => {
  await using at = await storeScene()
  const described = async (platform: string) => {
    const { results } = (await at.lookup(`p=mdm-lockup&caller=MDM&cc=us&id=101,106&platform=${platform}`))
      .body
    return [results['106'], results['101']].map((item) => [
      item?.kind,
      item?.minimumOSVersion,
      item?.offers?.[0]?.assets?.[0]?.flavor,
    ])
  }
  const phone = ['iosSoftware', '17.0', 'iosSoftware']
  expect(await described('enterprisestore')).toEqual([phone, phone])
  expect(await described('macappstore')).toEqual([['desktopApp', '14.0', 'macSoftware'], phone])
})

test('C47 ids are texts and artwork an object, or, as in one of the samples, a number and a list', async () => {
  await using at = await storeScene()
  const artwork = { url: `${at.apple.origin}/icons/101/{w}x{h}bb.{f}`, width: 1024, height: 1024 }
  const item = async () => (await at.lookup(`${GOOD}&id=101`)).body.results['101']
  expect(await item()).toMatchObject({ id: '101', artwork })
  at.world.setKnobs({ lookupShape: 'documented' })
  expect(await item()).toMatchObject({ id: 101, artwork: [artwork] })
})

test('an icon is a PNG of the size asked for, full of color; another title has another icon', async () => {
  await using at = await storeScene()
  const icon = async (path: string) => {
    const response = await fetch(`${at.apple.origin}/icons/${path}`)
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      bytes: Buffer.from(await response.arrayBuffer()),
    }
  }
  const { status, type, bytes } = await icon('101/64x64bb.png')
  expect([status, type]).toEqual([200, 'image/png'])
  expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG')
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([64, 64])
  const content = bytes.subarray(41, 41 + bytes.readUInt32BE(33))
  expect(new Set(inflateSync(content)).size).toBeGreaterThan(50)
  expect(bytes.equals((await icon('102/64x64bb.png')).bytes)).toBe(false)

  for (const path of [
    '101/{w}x{h}bb.{f}',
    '101/64x64bb.gif',
    '999/64x64bb.png',
    '101/9999x9999bb.png',
    '101/0x0bb.png',
  ]) {
    expect([path, (await icon(path)).status]).toEqual([path, 404])
  }
})
