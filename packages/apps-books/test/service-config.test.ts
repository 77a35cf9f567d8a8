import clientConfig from '@apportion/apple-wire/fixtures/client-config.json' with { type: 'json' }
import serviceConfig from '@apportion/apple-wire/fixtures/service-config.json' with { type: 'json' }
import { describe, expect, test } from 'vitest'
import { AppsBooksError } from '../src/errors.ts'
import { createServiceConfigCache, DEFAULT_LIMITS, endpointUrl, limitsOf } from '../src/service-config.ts'
import { clientOf, createManualClock, json } from './scripted-apple.ts'

describe('the service config', () => {
  test('is asked for without the token', async () => {
    const { client, configAsked } = clientOf(() => json(clientConfig))
    expect(await client.serviceConfig()).toEqual(serviceConfig)
    expect(configAsked[0]?.headers).not.toHaveProperty('authorization')
    expect(configAsked[0]?.redirect).toBe('manual')
  })

  test('is asked for again after five minutes', async () => {
    const { client, clock, configAsked } = clientOf(() => json(clientConfig))
    await client.clientConfig()
    await clock.sleep(5 * 60_000 - 1)
    await client.clientConfig()
    expect(configAsked).toHaveLength(1)
    await clock.sleep(1)
    await client.clientConfig()
    expect(configAsked).toHaveLength(2)
  })

  test('is asked for once by many clients that share a cache', async () => {
    const serviceConfigCache = createServiceConfigCache({ clock: createManualClock() })
    const clients = [1, 2, 3].map(() => clientOf(() => json(clientConfig), { serviceConfigCache }))
    await Promise.all(clients.map(({ client }) => client.clientConfig()))
    expect(clients.flatMap(({ configAsked }) => configAsked)).toHaveLength(1)
  })
})

describe('the shared cache', () => {
  test('forgets a failure, and tells it to all who waited for it', async () => {
    const cache = createServiceConfigCache({ clock: createManualClock() })
    const failure = new AppsBooksError('apple.unreachable', 'no way')
    const first = cache.get('u', () => Promise.reject(failure))
    const second = cache.get('u', async () => ({}))
    await expect(first).rejects.toBe(failure)
    await expect(second).rejects.toBe(failure)
    expect(await cache.get('u', async () => ({ limits: {} }))).toEqual({ limits: {} })
  })

  test('loads again for whoever waited on a client that was stopped', async () => {
    const cache = createServiceConfigCache({ clock: createManualClock() })
    const first = cache.get('u', () => Promise.reject(new DOMException('stopped', 'AbortError')))
    const second = cache.get('u', async () => ({ limits: {} }))
    await expect(first).rejects.toThrow('stopped')
    expect(await second).toEqual({ limits: {} })
  })
})

describe('limits', () => {
  test('are Apple’s where Apple names them', () => {
    expect(limitsOf({ limits: { maxAssets: 10, maxRequestPerSecond: 20 } })).toEqual({
      ...DEFAULT_LIMITS,
      maxAssets: 10,
      maxRequestPerSecond: 20,
    })
  })

  for (const value of [0, -1, 1.5, Number.NaN, '25', null]) {
    test(`that are ${JSON.stringify(value)} count as missing`, () => {
      expect(limitsOf(JSON.parse(JSON.stringify({ limits: { maxAssets: value } })))).toEqual(DEFAULT_LIMITS)
    })
  }

  test('are given by the client', async () => {
    const { client } = clientOf(() => json({}))
    expect(await client.limits()).toEqual(DEFAULT_LIMITS)
  })
})

test('an address that the service config leaves out is beside the service config', () => {
  const own = 'https://sim.example/mdm/v2/service/config'
  expect(endpointUrl({}, 'getAssets', own)).toBe('https://sim.example/mdm/v2/assets')
  expect(endpointUrl({ urls: { getAssets: 'https://x.example/a' } }, 'getAssets', own)).toBe(
    'https://x.example/a',
  )
})
