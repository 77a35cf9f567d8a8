import serviceConfig from '@apportion/apple-wire/fixtures/service-config.json' with { type: 'json' }
import { describe, expect, test } from 'vitest'
import { createAppsBooksClient } from '../src/client.ts'
import { APPLE_HOSTS, allowedUrl } from '../src/hosts.ts'
import { createServiceConfigCache } from '../src/service-config.ts'
import { failureOf, json, TOKEN } from './scripted-apple.ts'

const list = [
  'vpp.itunes.apple.com',
  '*.apple.example',
  'sim.example:8443',
  '127.0.0.1:4711',
  'localhost:4711',
  '[::1]:4711',
]

const addresses: [address: string, allowed: boolean, allowedWithLoopback?: boolean][] = [
  ['https://vpp.itunes.apple.com/mdm/v2/assets', true],
  ['https://VPP.iTunes.Apple.com/mdm/v2/assets', true],
  ['https://vpp.itunes.apple.com:443/mdm/v2/assets', true],
  ['https://vpp.itunes.apple.com:8443/mdm/v2/assets', false],
  ['https://vpp.itunes.apple.com./mdm/v2/assets', false],
  ['http://vpp.itunes.apple.com/mdm/v2/assets', false],
  ['https://vpp.itunes.apple.com@evil.example/', false],
  ['https://user@vpp.itunes.apple.com/', false],
  ['https://vpp.itunes.apple.com.evil.example/', false],
  ['https://evilvpp.itunes.apple.com/', false],
  ['https://a.apple.example/', true],
  ['https://a.b.apple.example/', true],
  ['https://apple.example/', false],
  ['https://.apple.example/', false],
  ['https://pineapple.example/', false],
  ['https://sim.example:8443/', true],
  ['https://sim.example/', false],
  ['http://127.0.0.1:4711/', false, true],
  ['http://localhost:4711/', false, true],
  ['http://[::1]:4711/', false, true],
  ['http://127.0.0.1:4712/', false],
  ['http://sim.example:8443/', false],
  ['ftp://vpp.itunes.apple.com/', false],
  ['file:///etc/passwd', false],
  ['/mdm/v2/assets', false],
  ['', false],
]

function isAllowed(address: string, allowPlainHttpLoopback: boolean): boolean {
  try {
    return allowedUrl(address, { allowedHosts: list, allowPlainHttpLoopback }) instanceof URL
  } catch (error) {
    expect(error).toMatchObject({ code: 'apple.host_not_allowed' })
    return false
  }
}

describe('an address is held against the allowed hosts', () => {
  for (const [address, allowed, withLoopback = allowed] of addresses) {
    test(`"${address}": ${allowed ? 'allowed' : withLoopback ? 'allowed on this machine' : 'refused'}`, () => {
      expect(isAllowed(address, false)).toBe(allowed)
      expect(isAllowed(address, true)).toBe(withLoopback)
    })
  }
})

describe('nothing is sent to another host', () => {
  const holders = { assets: [{ adamId: '1' }], serialNumbers: ['A'] }
  const evil = 'https://collector.example/mdm/v2'

  function clientWith(
    urls: Record<string, string>,
    serviceConfigUrl = 'https://vpp.itunes.apple.com/mdm/v2/service/config',
  ) {
    const sent: string[] = []
    const fetch: typeof globalThis.fetch = async (input) => {
      sent.push(input instanceof Request ? input.url : String(input instanceof URL ? input.href : input))
      return json({ ...serviceConfig, urls })
    }
    const client = createAppsBooksClient({ serviceConfigUrl, token: TOKEN, allowedHosts: APPLE_HOSTS, fetch })
    return { client, sent }
  }

  const everything = Object.fromEntries(Object.keys(serviceConfig.urls).map((key) => [key, `${evil}/${key}`]))
  const calls: [string, (client: ReturnType<typeof clientWith>['client']) => Promise<unknown>][] = [
    ['clientConfig', (client) => client.clientConfig()],
    ['setClientConfig', (client) => client.setClientConfig({})],
    ['assets', (client) => client.assets().pages[Symbol.asyncIterator]().next()],
    ['assignments', (client) => client.assignments().pages[Symbol.asyncIterator]().next()],
    ['users', (client) => client.users().pages[Symbol.asyncIterator]().next()],
    ['associate', (client) => client.associate(holders)],
    ['disassociate', (client) => client.disassociate(holders)],
    ['revoke', (client) => client.revoke({ serialNumbers: ['A'] })],
    ['status', (client) => client.status('e')],
    [
      'lookupTitles',
      (client) =>
        client.lookupTitles({ ids: ['1'], country: 'DE', platform: 'enterprisestore', language: 'en' }),
    ],
  ]
  for (const [name, call] of calls) {
    test(`${name}, when the service config names one`, async () => {
      const { client, sent } = clientWith(everything)
      await expect(call(client)).rejects.toMatchObject({ code: 'apple.host_not_allowed' })
      expect(sent).toEqual(['https://vpp.itunes.apple.com/mdm/v2/service/config'])
    })
  }

  test('nor the question for the service config itself', async () => {
    const { client, sent } = clientWith({}, `${evil}/service/config`)
    await expect(client.clientConfig()).rejects.toMatchObject({ code: 'apple.host_not_allowed' })
    expect(sent).toEqual([])
  })

  test('not even when another client filled the shared cache', async () => {
    const cache = createServiceConfigCache()
    const url = 'https://vpp.itunes.apple.com/mdm/v2/service/config'
    await cache.get(url, async () => ({ urls: { clientConfig: `${evil}/client/config` } }))
    const fetch: typeof globalThis.fetch = () => Promise.reject(new Error('something was sent'))
    const client = createAppsBooksClient({
      serviceConfigUrl: url,
      token: TOKEN,
      allowedHosts: APPLE_HOSTS,
      fetch,
      serviceConfigCache: cache,
    })
    expect(await failureOf(client.clientConfig())).toMatchObject({ code: 'apple.host_not_allowed' })
  })
})
