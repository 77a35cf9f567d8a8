import { createPushClient, type PushClient, PushUnreachable } from '@apportion/server/mdm/apns'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../support/manual-clock.ts'
import { type PushPeer, startPushPeer } from '../support/push-peer.ts'

let stack: AsyncDisposableStack
let peer: PushPeer
let client: PushClient
let clock: ManualClock
const warned: object[] = []

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  clock = new ManualClock()
  warned.length = 0
  peer = stack.use(await startPushPeer(3))
  client = stack.use(newClient())
})
afterEach(() => stack.disposeAsync())

function newClient(url = peer.url): PushClient {
  const { certificate, privateKey } = peer.client
  const log = { warn: (facts: object) => void warned.push(facts) }
  return createPushClient({ url, certificate, privateKey, authorities: peer.authorities, clock, log })
}

const topic = 'com.apple.mgmt.External.1'
const push = (token = Buffer.from([0, 1, 254, 255])) => ({
  token,
  magic: 'the magic',
  topic,
  expiresAt: new Date('2026-03-08T08:00:00Z'),
})

test('a push has the token in lower case, Apple’s headers, a body of one key, and our certificate', async () => {
  expect(await client.push(push())).toMatchObject({ status: 200 })
  const [heard] = peer.heard
  expect(heard?.headers).toMatchObject({
    ':method': 'POST',
    ':path': '/3/device/0001feff',
    'apns-topic': topic,
    'apns-push-type': 'mdm',
    'apns-priority': '10',
    'apns-expiration': String(Date.parse('2026-03-08T08:00:00Z') / 1000),
  })
  expect(heard?.body).toBe('{"mdm":"the magic"}')
  expect(heard?.from).toBe('push client')
})

test('a magic with quotes and other letters is JSON', async () => {
  const magic = '"}\\ é \u2028 🍏'
  await client.push({ ...push(), magic })
  expect(JSON.parse(peer.heard[0]?.body ?? '')).toEqual({ mdm: magic })
})

test('an answer tells the reason, and since when a token is dead', async () => {
  const timestamp = Date.parse('2026-02-28T12:00:00Z')
  peer.answerWith(() => ({ status: 410, body: { reason: 'Unregistered', timestamp } }))
  expect(await client.push(push())).toEqual({
    status: 410,
    reason: 'Unregistered',
    timestamp: new Date(timestamp),
  })
  peer.answerWith(() => ({ status: 500, body: { reason: '<script>', timestamp: 'soon' } }))
  expect(await client.push(push())).toEqual({ status: 500, reason: undefined, timestamp: undefined })
})

test('many pushes share one connection, and no more are under way than the peer takes', async () => {
  peer.answerWith(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return { status: 200 }
  })
  await Promise.all(Array.from({ length: 20 }, () => client.push(push())))
  expect(peer.heard).toHaveLength(20)
  expect(peer.sessions).toHaveLength(1)
  expect(peer.mostAtOnce).toBeLessThanOrEqual(3)
})

describe('a connection', () => {
  test('that the peer ends with GOAWAY is made again; the reason is written down', async () => {
    await client.push(push())
    peer.sessions[0]?.goaway(0, 0, Buffer.from('{"reason":"Shutdown"}'))
    await expect.poll(() => warned).toContainEqual({ code: 0, reason: 'Shutdown' })
    expect(await client.push(push())).toMatchObject({ status: 200 })
    expect(peer.sessions).toHaveLength(2)
  })

  test('that ends before the answer is made again, once', async () => {
    let times = 0
    peer.answerWith(() => (++times === 1 ? undefined : { status: 200 }))
    expect(await client.push(push())).toMatchObject({ status: 200 })
    peer.answerWith(() => undefined)
    await expect(client.push(push())).rejects.toThrow(PushUnreachable)
    expect(peer.heard).toHaveLength(4)
  })

  test('that was idle too long for the peer is made again', async () => {
    peer.answerWith(() => ({ status: 400, body: { reason: 'IdleTimeout' } }))
    expect(await client.push(push())).toMatchObject({ reason: 'IdleTimeout' })
    peer.answerWith(() => ({ status: 200 }))
    await client.push(push())
    expect(peer.sessions).toHaveLength(2)
  })

  test('that is idle for an hour is tried, and not before', async () => {
    await client.push(push())
    await clock.advance(3_500_000)
    await client.push(push())
    await clock.advance(3_500_000)
    expect(peer.pings).toBe(0)
    await clock.advance(200_000)
    await expect.poll(() => peer.pings).toBe(1)
  })

  test('to nobody is unreachable', async () => {
    await using lost = newClient(new URL('https://localhost:1'))
    await expect(lost.push(push())).rejects.toThrow(PushUnreachable)
  })

  test('to a peer whose certificate is from no authority of ours is unreachable', async () => {
    const { certificate, privateKey } = peer.client
    const log = { warn: () => {} }
    await using lost = createPushClient({ url: peer.url, certificate, privateKey, clock, log })
    await expect(lost.push(push())).rejects.toThrow(PushUnreachable)
    expect(peer.heard).toEqual([])
  })
})
