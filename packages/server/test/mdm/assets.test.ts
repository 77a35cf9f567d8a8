/** Files of declarations over HTTP (D6): only for the device whose declaration names them, as the declaration says. */
import { createHash } from 'node:crypto'
import { readPlistDict } from '@apportion/apple-wire/plist'
import { openDeviceListener } from '@apportion/server/mdm/device-listener'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { declarative, declaringAs, settle } from '../support/declared-device.ts'
import { createDeliveryScene, type DeliveryScene, type ManagedDevice } from '../support/delivery-scene.ts'
import {
  newTestAuthority,
  newTestCertificate,
  newTestKey,
  signedMessage,
  type TestCertificate,
} from '../support/test-identities.ts'
import { memoryLog } from '../support/test-server.ts'

const configuration = { server: 'https://reader.example', port: 8443, tags: ['a', 'b'], empty: null }

interface Reference {
  readonly DataURL: string
  readonly ContentType: string
  readonly Size: number
  readonly 'Hash-SHA-256': string
}

const authority = newTestAuthority()
const key = newTestKey()

let world: DeliveryScene
let device: ManagedDevice & { readonly certificate: TestCertificate }
let url: string
let identifier: string
let stack: AsyncDisposableStack
const logged: string[] = []
beforeEach(async () => {
  stack = new AsyncDisposableStack()
  world = stack.use(await createDeliveryScene())
  const db = world.scene.database.kysely
  await sql`INSERT INTO device_authorities (purpose, certificate, private_key, not_before, not_after)
    VALUES ('authority', ${authority.der}, '\\x00', '2026-01-01', '2028-01-01')`.execute(db)
  const open = stack.use(
    await openDeviceListener({
      ...world.scene.ports,
      clock: world.scene.clock,
      log: memoryLog(logged),
      host: '127.0.0.1',
      config: { port: 0, certificateHeader: 'client-cert', allowSha1: false },
      trustProxy: ['127.0.0.1'],
      pages: () => undefined,
    }),
  )
  url = open.url
  device = await enrolled()
  const [asset] = await world.scene.rows<{ adam_id: string }>(sql`SELECT adam_id FROM assets`)
  identifier = `configuration.${asset?.adam_id ?? ''}`
  await declarative(world)
  await world.mean('required')
  await settle(world, { configuration })
  await world.apple()
  await world.deliver()
})
afterEach(() => stack.disposeAsync())

/** A device with iOS 18.6 whose certificate is known here. */
async function enrolled(): Promise<typeof device> {
  const db = world.scene.database.kysely
  const managed = await world.enroll()
  const certificate = newTestCertificate({ issuer: authority, key })
  const fingerprint = createHash('sha256').update(certificate.der).digest()
  await sql`UPDATE identity_certificates SET fingerprint = ${fingerprint}
    WHERE fingerprint = ${managed.device.fingerprint}`.execute(db)
  await sql`UPDATE devices SET os_version = '18.6' WHERE id = ${managed.id}`.execute(db)
  return { ...managed, device: { ...managed.device, fingerprint }, certificate }
}

async function reference(): Promise<Reference> {
  const { Payload } = await declaringAs(world, device).read<{
    readonly Payload: { readonly Reference: Reference; readonly Authentication: object }
  }>(`declaration/asset/${identifier}`)
  expect(Payload.Authentication).toEqual({ Type: 'MDM' })
  return Payload.Reference
}

const signature = (by: TestCertificate, body = '') =>
  ({ 'mdm-signature': signedMessage(Buffer.from(body), by).toString('base64') }) as const

const get = (headers: Record<string, string>, { name = identifier, method = 'GET' } = {}) =>
  fetch(`${url}/assets/${name}`, { method, headers })

describe('66 the address of an asset', () => {
  test('gives a device the file of its declaration, with its type, its size and its hash', async () => {
    const { DataURL, ContentType, Size, 'Hash-SHA-256': hash } = await reference()
    expect(DataURL).toBe(`https://devices.example/assets/${identifier}`)
    const reply = await get(signature(device.certificate))
    const file = Buffer.from(await reply.arrayBuffer())
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, ContentType])
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect([file.length, createHash('sha256').update(file).digest('hex')]).toEqual([Size, hash])
    const { empty: _null, ...said } = configuration
    expect(readPlistDict(file)).toEqual(said)
  })

  test('knows a device by the certificate that a trusted proxy passes on too', async () => {
    const reply = await get({ 'client-cert': `:${device.certificate.der.toString('base64')}:` })
    expect(reply.status).toBe(200)
  })

  test.each<[why: string, status: number, headers: () => Record<string, string>]>([
    ['no proof at all', 400, () => ({})],
    ['a signature over something else', 400, () => signature(device.certificate, 'x')],
    [
      'the signature of somebody else’s authority',
      400,
      () => signature(newTestCertificate({ issuer: newTestAuthority(), key })),
    ],
    [
      'a certificate that was issued and is not known',
      400,
      () => signature(newTestCertificate({ issuer: authority, key })),
    ],
  ])('is closed to %s: %i', async (_why, status, headers) => {
    const reply = await get(headers())
    expect([reply.status, await reply.text()]).toEqual([status, ''])
  })

  test('gives another device nothing, though it is under management', async () => {
    const other = await enrolled()
    await sql`UPDATE enrollments SET declarations_asked_at = now()`.execute(world.scene.database.kysely)
    expect((await get(signature(other.certificate))).status).toBe(404)
    expect((await get(signature(device.certificate))).status).toBe(200)
  })

  test('gives what is declared, under its own name, and nothing else', async () => {
    const [, adamId = ''] = identifier.split('.')
    for (const name of ['', `app.${adamId}`, 'status-subscriptions', `${identifier}/`, `x/../${adamId}`]) {
      expect((await get(signature(device.certificate), { name })).status).toBe(404)
    }
    await world.mean('uninstall')
    await world.deliver()
    expect((await get(signature(device.certificate))).status).toBe(404)
  })

  test('is closed to a device that left, which is told no more than that', async () => {
    await world.scene.checkIn(device.device, { MessageType: 'CheckOut' })
    const reply = await get(signature(device.certificate))
    expect([reply.status, await reply.text()]).toEqual([403, ''])
  })

  test('takes GET and HEAD alone', async () => {
    for (const method of ['PUT', 'POST', 'DELETE']) {
      const reply = await get(signature(device.certificate), { method })
      expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    }
    expect((await get(signature(device.certificate), { method: 'HEAD' })).status).toBe(200)
  })

  test('never stands in a log with what the file says', async () => {
    await get(signature(device.certificate))
    await get({})
    expect(logged.join()).not.toContain('reader.example')
  })
})
