import assetsPage0 from '@apportion/apple-wire/fixtures/assets-page-0.json' with { type: 'json' }
import assetsPage1 from '@apportion/apple-wire/fixtures/assets-page-1.json' with { type: 'json' }
import unlimitedPage from '@apportion/apple-wire/fixtures/assets-unlimited.json' with { type: 'json' }
import assignmentsPage from '@apportion/apple-wire/fixtures/assignments.json' with { type: 'json' }
import clientConfig from '@apportion/apple-wire/fixtures/client-config.json' with { type: 'json' }
import event from '@apportion/apple-wire/fixtures/event.json' with { type: 'json' }
import statusFailed from '@apportion/apple-wire/fixtures/status-failed.json' with { type: 'json' }
import usersPage from '@apportion/apple-wire/fixtures/users.json' with { type: 'json' }
import type { Envelope } from '@apportion/apple-wire/messages'
import { describe, expect, test } from 'vitest'
import { allOf, clientOf, json, TOKEN } from './scripted-apple.ts'

describe('a question', () => {
  test('carries the whole token as bearer, and follows no redirect', async () => {
    const { client, asked } = clientOf(() => json(clientConfig))
    expect(await client.clientConfig()).toEqual(clientConfig)
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({ method: 'GET', redirect: 'manual' })
    expect(asked[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, accept: 'application/json' })
  })

  test('for the status of an event names the event', async () => {
    const { client, asked } = clientOf(() => json(statusFailed))
    expect(await client.status(event.eventId)).toEqual(statusFailed)
    expect(asked[0]?.url.href).toBe(`https://vpp.itunes.apple.com/mdm/v2/status?eventId=${event.eventId}`)
  })
})

describe('a walk', () => {
  test('over assets delivers every page and sums up', async () => {
    const { client, asked } = clientOf(({ url }) =>
      json(url.searchParams.get('pageIndex') === '0' ? assetsPage0 : assetsPage1),
    )
    const walk = client.assets({ productType: 'App', unlimited: false })
    expect(await allOf(walk.pages)).toEqual([...assetsPage0.assets, ...assetsPage1.assets])
    expect(walk.summary).toEqual({
      complete: true,
      firstVersionId: assetsPage0.versionId,
      moved: false,
      pages: 2,
      records: 4,
    })
    expect(asked.map(({ url }) => url.search)).toEqual([
      '?productType=App&unlimited=false&pageIndex=0',
      '?productType=App&unlimited=false&pageIndex=1',
    ])
  })

  test('over assignments, users and unlimited assets reads their lists', async () => {
    const pages: Record<string, unknown> = {
      '/mdm/v2/assignments': assignmentsPage,
      '/mdm/v2/users': usersPage,
      '/mdm/v2/assets': unlimitedPage,
    }
    const { client, asked } = clientOf(({ url }) => json(pages[url.pathname]))
    expect(await allOf(client.assignments({ includeUserState: true }).pages)).toEqual(
      assignmentsPage.assignments,
    )
    expect(await allOf(client.users({ activeOnly: true }).pages)).toEqual(usersPage.users)
    expect(await allOf(client.unlimitedAssets().pages)).toEqual(unlimitedPage.unlimitedAssets)
    expect(asked.map(({ url }) => url.search)).toEqual([
      '?includeUserState=true&pageIndex=0',
      '?activeOnly=true&pageIndex=0',
      '?unlimited=true&pageIndex=0',
    ])
  })
})

describe('a command', () => {
  const holders = { assets: [{ adamId: '900001' }], serialNumbers: ['SAMPLE0001'] }
  const config = { notificationUrl: 'https://mobility.example/hooks/1', notificationAuthToken: 'sample' }

  const commands: [
    string,
    string,
    (client: ReturnType<typeof clientOf>['client']) => Promise<unknown>,
    unknown,
  ][] = [
    ['associate', '/mdm/v2/assets/associate', (client) => client.associate(holders), holders],
    ['disassociate', '/mdm/v2/assets/disassociate', (client) => client.disassociate(holders), holders],
    [
      'revoke',
      '/mdm/v2/assets/revoke',
      (client) => client.revoke({ serialNumbers: ['A'] }),
      { serialNumbers: ['A'] },
    ],
    ['setClientConfig', '/mdm/v2/client/config', (client) => client.setClientConfig(config), config],
  ]
  for (const [name, path, send, body] of commands) {
    test(`${name} posts its body as JSON to ${path}`, async () => {
      const { client, asked } = clientOf(() => json({ ...clientConfig, ...event }))
      expect(await send(client)).toMatchObject({ uId: event.uId })
      expect(asked).toHaveLength(1)
      expect(asked[0]).toMatchObject({ method: 'POST', body })
      expect(asked[0]?.url.pathname).toBe(path)
      expect(asked[0]?.headers['content-type']).toBe('application/json')
    })
  }

  test('gives the event', async () => {
    const { client } = clientOf(() => json(event))
    expect(await client.associate(holders)).toEqual(event)
  })
})

describe('what answers tell of the unit', () => {
  test('is told before the call returns, for failures too', async () => {
    const told: (Envelope | 'returned')[] = []
    const { client } = clientOf(
      ({ url }) => {
        if (url.pathname.endsWith('/status')) return json({ errorNumber: 9708, uId: '7' }, { status: 400 })
        return json(clientConfig)
      },
      { onEnvelope: (envelope) => void told.push(envelope) },
    )
    await client.clientConfig()
    told.push('returned')
    await expect(client.status('gone')).rejects.toMatchObject({ errorNumber: 9708 })
    expect(told).toEqual([
      {
        uId: clientConfig.uId,
        tokenExpirationDate: clientConfig.tokenExpirationDate,
        mdmInfo: clientConfig.mdmInfo,
      },
      'returned',
      { uId: '7' },
    ])
  })

  test('stops the call when the listener objects', async () => {
    const takeover = new Error('managed by another service')
    const { client } = clientOf(() => json(clientConfig), { onEnvelope: () => Promise.reject(takeover) })
    await expect(client.clientConfig()).rejects.toBe(takeover)
  })
})

test('a token that cannot stand in a header is refused without being repeated', () => {
  const broken = 'c2VjcmV0\nbGluZQ=='
  expect(() => clientOf(() => json({}), { token: broken })).toThrow(TypeError)
  expect(() => clientOf(() => json({}), { token: broken })).not.toThrow(/c2VjcmV0/)
})
