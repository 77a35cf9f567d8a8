import { once } from 'node:events'
import { createServer } from 'node:https'
import { expect, test } from 'vitest'
import type { KnobChoices } from '../src/knobs.ts'
import { selfSignedCertificate } from './support/certificate.ts'
import { registration, scene, serials } from './support/scene.ts'
import { webhookReceiver } from './support/webhook-receiver.ts'

const APP = '900001'

async function subscribedScene(knobs: KnobChoices) {
  const at = await scene(knobs)
  const webhook = await webhookReceiver()
  at.location.own({ adamId: APP, total: 1 })
  const types = ['ASSET_MANAGEMENT', 'USER_MANAGEMENT', 'UNLIMITED_ASSET']
  await at.post('/client/config', { ...registration(webhook.url), notificationTypes: types })
  return {
    ...at,
    webhook,
    heard: (type: string): unknown[] => webhook.ofType(type).map(({ notification }) => notification),
    async [Symbol.asyncDispose]() {
      await at.apple.close()
      await webhook[Symbol.asyncDispose]()
    },
  }
}

test('Q13 a title that becomes unlimited, and limited again, is told with the payload of the knob or not at all', async () => {
  const asset = { adamId: APP, pricingParam: 'STDQ' }
  for (const [unlimitedNotification, payload] of [
    ['asset', asset],
    ['assets', { assets: [asset] }],
    ['empty', {}],
    ['none', undefined],
  ] as const) {
    await using at = await subscribedScene({ unlimitedNotification })
    at.location.setUnlimited(APP, true)
    at.location.setUnlimited(APP, false)
    await at.world.settle()
    expect(at.heard('UNLIMITED_ASSET')).toEqual(payload ? [payload, payload] : [])
  }
})

test('Q15 the error of a notification is a number and a text, or names what failed, or stands in a list', async () => {
  const error = { errorNumber: 9709, errorMessage: expect.any(String) }
  const errorInfo = { assets: [{ adamId: APP, pricingParam: 'STDQ' }], serialNumbers: ['D2', 'D3'] }
  for (const [knobs, fields] of [
    [{}, { error }],
    [{ notificationErrorInfo: true }, { error: { ...error, errorInfo } }],
    [{ notificationErrors: 'failures' }, { failures: [error] }],
  ] as const) {
    await using at = await subscribedScene(knobs)
    await at.carryOut('/assets/associate', { assets: [{ adamId: APP }], serialNumbers: serials(3) })
    const failure = at.heard('ASSET_MANAGEMENT').find((each) => JSON.stringify(each).includes('FAILURE'))
    expect(failure).toEqual({
      assignments: ['D2', 'D3'].map((serialNumber) => ({ adamId: APP, pricingParam: 'STDQ', serialNumber })),
      eventId: expect.any(String),
      type: 'ASSOCIATE',
      result: 'FAILURE',
      ...fields,
    })
  }
})

test('Q15 the users of a failed USER_MANAGEMENT are their ids, what was sent, or nobody', async () => {
  const user = { clientUserId: 'u1', email: 'u1@meridian.example' }
  for (const [failedUsers, users] of [
    ['id', [{ clientUserId: 'u1' }]],
    ['as-sent', [user]],
    ['none', []],
  ] as const) {
    await using at = await subscribedScene({ failedUsers, notificationErrorInfo: true })
    at.location.addUser({ clientUserId: 'u1' })
    await at.carryOut('/users/create', { users: [user] })
    expect(at.heard('USER_MANAGEMENT')).toMatchObject([
      {
        type: 'CREATE',
        result: 'FAILURE',
        users,
        error: { errorNumber: 9716, errorInfo: { clientUserIds: ['u1'] } },
      },
    ])
  }
})

/** A webhook with HTTPS that tells whom it heard and by which version of TLS. */
async function secureReceiver() {
  const { cert, key } = selfSignedCertificate()
  const heard: string[] = []
  const server = createServer({ cert, key, maxVersion: 'TLSv1.2' }, (request, response) => {
    heard.push(request.socket.remoteAddress ?? '')
    request.resume()
    response.writeHead(204).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    cert,
    heard,
    url: `https://127.0.0.1:${port}/hooks/a`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('Q17 a webhook needs a certificate that is trusted, and the TLS version of the knob', async () => {
  await using webhook = await secureReceiver()
  for (const [knobs, errorNumber] of [
    [{}, 9728],
    [{ notificationCa: webhook.cert }, undefined],
    [{ notificationCa: webhook.cert, notificationTls: 'TLSv1.3' }, 9728],
  ] as const) {
    await using at = await scene({ allowPlainHttpNotifications: false, ...knobs })
    const { body } = await at.post('/client/config', registration(webhook.url))
    expect([knobs, body.errorNumber]).toEqual([knobs, errorNumber])
  }
  expect(webhook.heard).toHaveLength(1)
})

test('Q17 notifications come from the address of the knob', async () => {
  await using webhook = await secureReceiver()
  await using at = await scene({ notificationCa: webhook.cert, notificationSource: '127.0.0.1' })
  await at.post('/client/config', registration(webhook.url))
  // An address that this machine does not have: nothing can be sent from it.
  at.world.setKnobs({ notificationSource: '192.0.2.1' })
  const refused = await at.post('/client/config', registration(webhook.url))
  expect(refused.body.errorNumber).toBe(9728)
  expect(webhook.heard).toEqual(['127.0.0.1'])
})

test('Q17 a webhook that is slower than the patience of the knob counts as unreachable', async () => {
  await using at = await scene({ notificationTimeoutMs: 50 })
  await using webhook = await webhookReceiver()
  webhook.answerNext('silence')
  expect((await at.post('/client/config', registration(webhook.url))).body.errorNumber).toBe(9728)
  expect((await at.post('/client/config', registration(webhook.url))).body.errorNumber).toBeUndefined()
})
