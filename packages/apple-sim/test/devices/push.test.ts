import { generateKeyPairSync } from 'node:crypto'
import { bytesField, textField } from '@apportion/apple-wire/plist-fields'
import forge from 'node-forge'
import { describe, expect, test } from 'vitest'
import { deviceScene } from '../support/device-scene.ts'
import { TOPIC } from '../support/mdm-peer.ts'
import { type PushReply, pushClient } from '../support/push-client.ts'

const DAY = 24 * 3_600_000

/** A device, and a client of the push service that knows its token and magic as the server would. */
async function pushScene() {
  const at = await deviceScene()
  const device = await at.enrolled({ kind: 'corporate' })
  const credentials = at.devices.push.authority.newCredentials(TOPIC)
  const client = pushClient(at.devices.push, credentials)
  const latest = () => at.peer.checkIns.findLast(({ MessageType }) => MessageType === 'TokenUpdate') ?? {}
  const headers = { 'apns-push-type': 'mdm', 'apns-topic': TOPIC, 'apns-priority': '10' }
  const token = () => Buffer.from(bytesField(latest(), 'Token') ?? []).toString('hex')
  const magic = () => textField(latest(), 'PushMagic') ?? ''
  return {
    ...at,
    device,
    client,
    headers,
    token,
    magic,
    credentials,
    /** As the server pushes it; `more` changes headers. */
    push: (more: Record<string, string> = {}, body = JSON.stringify({ mdm: magic() })): Promise<PushReply> =>
      client.send({ token: token(), body, headers: { ...headers, ...more } }),
    /** How often the device has asked for commands. */
    async asked(): Promise<number> {
      await at.devices.settled()
      return at.peer.reports.filter(({ Status }) => Status === 'Idle').length
    },
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]()
      await at[Symbol.asyncDispose]()
    },
  }
}

describe('S8 a push', () => {
  test('with the right magic wakes the device, with another it does not', async () => {
    await using at = await pushScene()
    expect(await at.push()).toMatchObject({ status: 200, body: {} })
    expect(await at.asked()).toBe(1)
    expect((await at.push({}, JSON.stringify({ mdm: 'another' }))).status).toBe(200)
    expect(await at.asked()).toBe(1)
  })

  test('to a device that is offline arrives once it is back, the newest only', async () => {
    await using at = await pushScene()
    at.device.goOffline()
    const until = String(Math.floor(at.clock.now() / 1000) + 3600)
    await at.push({ 'apns-expiration': until })
    await at.push({ 'apns-expiration': until })
    expect(await at.asked()).toBe(0)
    at.device.goOnline()
    expect(await at.asked()).toBe(1)
    at.device.goOnline()
    expect(await at.asked()).toBe(1)
  })

  test('that is expired, or not to be stored, does not arrive later', async () => {
    await using at = await pushScene()
    at.device.goOffline()
    await at.push({ 'apns-expiration': '0' })
    await at.push()
    await at.push({ 'apns-expiration': String(Math.floor(at.clock.now() / 1000) + 60) })
    at.clock.advance(61_000)
    at.device.goOnline()
    expect(await at.asked()).toBe(0)
  })

  test('while the device is asking makes it ask once more', async () => {
    await using at = await pushScene()
    await Promise.all([at.push(), at.push(), at.push()])
    const asked = await at.asked()
    expect(asked).toBeGreaterThanOrEqual(1)
    expect(asked).toBeLessThanOrEqual(3)
  })
})

describe('the push service refuses', () => {
  const table: [why: string, headers: Record<string, string>, status: number, reason: string][] = [
    ['another type of push', { 'apns-push-type': 'alert' }, 400, 'InvalidPushType'],
    ['another topic', { 'apns-topic': `${TOPIC}0` }, 400, 'BadTopic'],
    ['another priority', { 'apns-priority': '5' }, 400, 'BadPriority'],
    ['an expiration that is none', { 'apns-expiration': 'tomorrow' }, 400, 'BadExpirationDate'],
    ['an id that is none', { 'apns-id': '1' }, 400, 'BadMessageId'],
    ['another method', { ':method': 'PUT' }, 405, 'MethodNotAllowed'],
    ['another path', { ':path': '/4/device/00' }, 404, 'BadPath'],
    ['a path without a token', { ':path': '/3/device/' }, 400, 'MissingDeviceToken'],
  ]
  for (const [why, headers, status, reason] of table) {
    test(why, async () => {
      await using at = await pushScene()
      expect(await at.push(headers)).toMatchObject({ status, body: { reason } })
      expect(await at.asked()).toBe(0)
    })
  }

  test('a push without a topic or a type', async () => {
    await using at = await pushScene()
    const [token, body] = [at.token(), JSON.stringify({ mdm: at.magic() })]
    const { 'apns-topic': topic, 'apns-push-type': type } = at.headers
    const without = async (headers: Record<string, string>) =>
      (await at.client.send({ token, body, headers })).body
    expect(await without({ 'apns-push-type': type })).toEqual({ status: 400, reason: 'MissingTopic' })
    expect(await without({ 'apns-topic': topic })).toEqual({ status: 400, reason: 'InvalidPushType' })
  })

  const bodies: [why: string, body: string, status: number, reason: string][] = [
    ['no body', '', 400, 'PayloadEmpty'],
    ['a key beside mdm', '{"mdm":"m","aps":{}}', 400, 'BadPayload'],
    ['another key', '{"aps":{}}', 400, 'BadPayload'],
    ['a magic that is no text', '{"mdm":1}', 400, 'BadPayload'],
    ['what is no JSON', '{"mdm":', 400, 'BadPayload'],
    ['a body past 4096 bytes', JSON.stringify({ mdm: 'x'.repeat(5000) }), 413, 'PayloadTooLarge'],
  ]
  for (const [why, body, status, reason] of bodies) {
    test(why, async () => {
      await using at = await pushScene()
      expect(await at.push({}, body)).toMatchObject({ status, body: { reason } })
    })
  }

  test('a token that is not lower-case hexadecimal, or that nobody has', async () => {
    await using at = await pushScene()
    const body = JSON.stringify({ mdm: at.magic() })
    for (const token of [at.token().toUpperCase(), 'xyz', 'abc', '00'.repeat(32)]) {
      const reply = await at.client.send({ token, body, headers: at.headers })
      expect(reply).toMatchObject({ status: 400, body: { reason: 'BadDeviceToken' } })
    }
  })

  test('a certificate of another topic than that of the device', async () => {
    await using at = await pushScene()
    const other = at.devices.push.authority.newCredentials()
    await using client = pushClient(at.devices.push, other)
    const push = {
      token: at.token(),
      body: '{"mdm":"m"}',
      headers: { ...at.headers, 'apns-topic': other.topic },
    }
    expect((await client.send(push)).body).toMatchObject({ reason: 'DeviceTokenNotForTopic' })
  })

  test('a client without a certificate, with one of somebody else, or with one that has ended', async () => {
    await using at = await pushScene()
    const push = { token: at.token(), body: '{"mdm":"m"}', headers: at.headers }
    await using nobody = pushClient(at.devices.push)
    expect(await nobody.send(push)).toMatchObject({ status: 403, body: { reason: 'Forbidden' } })
    const { certificate, key } = at.peer.stranger
    await using stranger = pushClient(at.devices.push, {
      certificate: forge.pki.certificateToPem(certificate),
      privateKey: forge.pki.privateKeyToPem(key),
    })
    expect(await stranger.send(push)).toMatchObject({ status: 403, body: { reason: 'BadCertificate' } })
    at.clock.advance(366 * DAY)
    expect(await at.push()).toMatchObject({ status: 403, body: { reason: 'BadCertificate' } })
  })
})

test('S24 a new token is told to the server; the old one answers 410 with the moment', async () => {
  await using at = await pushScene()
  const [old, body] = [at.token(), JSON.stringify({ mdm: at.magic() })]
  at.clock.advance(1000)
  at.device.rotateToken()
  await at.devices.settled()
  expect(at.token()).not.toBe(old)
  const reply = await at.client.send({ token: old, body, headers: at.headers })
  expect(reply).toMatchObject({ status: 410, body: { reason: 'Unregistered', timestamp: at.clock.now() } })
  expect(await at.push()).toMatchObject({ status: 200 })
  expect(await at.asked()).toBe(1)
})

test('a device that left answers 410', async () => {
  await using at = await pushScene()
  at.device.leave()
  expect(await at.push()).toMatchObject({ status: 410, body: { reason: 'Unregistered' } })
})

test('faults on demand: so often, for everybody or one token, and then no more', async () => {
  await using at = await pushScene()
  at.devices.push.failNext({ status: 429, reason: 'TooManyRequests', times: 2 })
  at.devices.push.failNext({ status: 503, reason: 'ServiceUnavailable', token: '00' })
  at.devices.push.failNext({ status: 410, reason: 'ExpiredToken', token: at.token() })
  const replies = [await at.push(), await at.push(), await at.push(), await at.push()]
  expect(replies.map(({ status }) => status)).toEqual([429, 429, 410, 200])
  expect(replies[2]?.body.timestamp).toBe(at.clock.now())
  expect(at.devices.push.records.map(({ status }) => status)).toEqual([429, 429, 410, 200])
})

test('the service sends clients away with a reason', async () => {
  await using at = await pushScene()
  await at.push()
  at.devices.push.sendAway()
  expect(JSON.parse(await at.client.away)).toEqual({ reason: 'Shutdown' })
})

test('the portal certifies a signing request for a new topic, or renews a topic', async () => {
  await using at = await pushScene()
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const csr = forge.pki.createCertificationRequest()
  csr.publicKey = forge.pki.publicKeyFromPem(publicKey.export({ type: 'spki', format: 'pem' }).toString())
  csr.setSubject([{ name: 'commonName', value: 'Harbor' }])
  csr.sign(forge.pki.privateKeyFromPem(key), forge.md.sha256.create())
  const request = forge.pki.certificationRequestToPem(csr)
  const certificate = at.devices.push.authority.certify({ request, topic: TOPIC })
  await using client = pushClient(at.devices.push, { certificate, privateKey: key })
  const body = JSON.stringify({ mdm: at.magic() })
  expect((await client.send({ token: at.token(), body, headers: at.headers })).status).toBe(200)
  expect(() => at.devices.push.authority.certify({ request: 'none' })).toThrow(TypeError)
})

test('an id is repeated, or made up', async () => {
  await using at = await pushScene()
  const id = '3F0B1C5E-8C0D-4E0C-9C59-5C0C7A1F0B11'
  expect((await at.push({ 'apns-id': id })).id).toBe(id)
  expect((await at.push()).id).toMatch(/^[0-9A-F]{8}-/)
})
