import { createHash } from 'node:crypto'
import { connect as connectSocket } from 'node:net'
import { readPlistDict, writePlist } from '@apportion/apple-wire/plist'
import { openDeviceListener } from '@apportion/server/mdm/device-listener'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDeviceScene, type DeviceScene, type SceneDevice, topic } from '../support/device-scene.ts'
import {
  newTestAuthority,
  newTestCertificate,
  newTestKey,
  signedMessage,
  type TestCertificate,
} from '../support/test-identities.ts'
import { memoryLog } from '../support/test-server.ts'

const checkInType = 'application/x-apple-aspen-mdm-checkin'
const reportType = 'application/x-apple-aspen-mdm; charset=UTF-8'

interface SigningDevice extends SceneDevice {
  readonly certificate: TestCertificate
}

let scene: DeviceScene
let url: string
const stack = new AsyncDisposableStack()
const logged: string[] = []
const authority = newTestAuthority()
const key = newTestKey()

beforeAll(async () => {
  scene = stack.use(await createDeviceScene())
  await sql`INSERT INTO device_authorities (purpose, certificate, private_key, not_before, not_after)
    VALUES ('authority', ${authority.der}, '\\x00', '2026-01-01', '2028-01-01')`.execute(
    scene.database.kysely,
  )
  const open = await openDeviceListener({
    ...scene.ports,
    clock: scene.clock,
    log: memoryLog(logged),
    host: '127.0.0.1',
    config: { port: 0, certificateHeader: 'client-cert', allowSha1: true },
    trustProxy: ['127.0.0.1'],
    pages: (path) =>
      path === '/page'
        ? async ({ method, body, address }) => ({
            status: 200,
            contentType: 'text/plain',
            body: `${method} ${body.length} ${address}`,
          })
        : undefined,
  })
  stack.use(open)
  url = open.url
})
afterAll(() => stack.disposeAsync())
beforeEach(() => {
  logged.length = 0
})

async function newDevice(): Promise<SigningDevice> {
  const certificate = newTestCertificate({ issuer: authority, key })
  const fingerprint = await scene.issue({
    fingerprint: createHash('sha256').update(certificate.der).digest(),
  })
  return { ...(await scene.newDevice()), fingerprint, certificate }
}

async function enrolled(): Promise<SigningDevice> {
  const device = await newDevice()
  await scene.authenticate(device)
  await scene.tokenUpdate(device)
  return device
}

interface Sending {
  readonly path?: string
  readonly method?: string
  readonly type?: string | null
  readonly headers?: Record<string, string>
  /** Replaces the body after it was signed. */
  readonly sent?: Uint8Array<ArrayBuffer>
}

async function put(
  device: SigningDevice,
  message: string | Uint8Array,
  sending: Sending = {},
): Promise<Response> {
  const body = Buffer.from(message)
  const { path = '/mdm', method = 'PUT', type = reportType, headers = {}, sent = body } = sending
  return await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(type === null ? {} : { 'content-type': type }),
      'mdm-signature': signedMessage(body, device.certificate).toString('base64'),
      ...headers,
    },
    body: method === 'GET' ? null : new Uint8Array(sent),
  })
}

/** The head of a message of the device, whose body does not come. */
function headOf({ certificate }: SigningDevice, length: string, path = '/mdm'): string {
  const signature = signedMessage(Buffer.from('a body'), certificate).toString('base64')
  return `PUT ${path} HTTP/1.1\r\nhost: x\r\nmdm-signature: ${signature}\r\n${length}\r\n\r\n`
}

function idleOf(device: SceneDevice): string {
  return writePlist({ ...device.ids, Status: 'Idle' })
}

/** Everything in the tables of the channel, to be compared. */
async function everything(): Promise<unknown> {
  return await scene.rows(sql`SELECT
    (SELECT jsonb_agg(to_jsonb(e) ORDER BY id) FROM enrollments e) AS enrollments,
    (SELECT jsonb_agg(to_jsonb(c) ORDER BY seq) FROM commands c) AS commands,
    (SELECT jsonb_agg(to_jsonb(p) ORDER BY id) FROM pending_enrollments p) AS pending,
    (SELECT jsonb_agg(to_jsonb(i) ORDER BY serial_number) FROM identity_certificates i) AS certificates,
    (SELECT jsonb_agg(to_jsonb(d) ORDER BY id) FROM devices d) AS devices,
    (SELECT count(*) FROM audit_entries) AS audited`)
}

describe('a device', () => {
  test('enrolls, is told what waits, and then nothing, over HTTP', async () => {
    const device = await newDevice()
    const authenticate = writePlist({
      ...device.ids,
      MessageType: 'Authenticate',
      Topic: topic,
      SerialNumber: device.serialNumber,
    })
    expect((await put(device, authenticate, { path: '/checkin', type: checkInType })).status).toBe(200)
    const token = writePlist({
      ...device.ids,
      MessageType: 'TokenUpdate',
      Topic: topic,
      Token: Buffer.alloc(32),
      PushMagic: 'm',
    })
    // Where both addresses are one, the type tells, whatever parameters it has.
    expect((await put(device, token, { type: `${checkInType}; charset=UTF-8` })).status).toBe(200)
    const told = await put(device, idleOf(device))
    expect(told.headers.get('content-type')).toBe('application/xml; charset=UTF-8')
    const { CommandUUID, Command } = readPlistDict(Buffer.from(await told.arrayBuffer()))
    expect(Command).toMatchObject({ RequestType: 'DeviceInformation' })
    const done = writePlist({ ...device.ids, Status: 'Acknowledged', CommandUUID: CommandUUID ?? '' })
    const end = await put(device, done)
    expect([end.status, end.headers.get('content-length'), await end.text()]).toEqual([200, '0', ''])
  })

  test('that names no type of its message at all has sent a report', async () => {
    const device = await enrolled()
    expect((await put(device, idleOf(device), { type: null })).status).toBe(200)
  })

  test('is not a device by GET or POST', async () => {
    const device = await enrolled()
    for (const [method, path] of [
      ['GET', '/mdm'],
      ['POST', '/mdm'],
      ['GET', '/checkin'],
      ['POST', '/checkin'],
    ] as const) {
      const reply = await put(device, idleOf(device), { method, path })
      expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'PUT'])
    }
  })

  test('may be known by the certificate that a trusted proxy passes on', async () => {
    const device = await enrolled()
    const body = idleOf(device)
    const headers = { 'client-cert': `:${device.certificate.der.toString('base64')}:` }
    expect((await fetch(`${url}/mdm`, { method: 'PUT', body, headers })).status).toBe(200)
  })

  test('is not known by a certificate that a stranger passes on', async () => {
    const device = await enrolled()
    await using open = await openDeviceListener({
      ...scene.ports,
      clock: scene.clock,
      log: memoryLog([]),
      host: '127.0.0.1',
      config: { port: 0, certificateHeader: 'client-cert', allowSha1: true },
      trustProxy: ['192.0.2.1'],
      pages: () => undefined,
    })
    const headers = { 'client-cert': `:${device.certificate.der.toString('base64')}:` }
    const reply = await fetch(`${open.url}/mdm`, { method: 'PUT', body: idleOf(device), headers })
    expect(reply.status).toBe(400)
  })

  test('may sign with SHA-1, unless the setting refuses it', async () => {
    const device = await enrolled()
    await using strict = await openDeviceListener({
      ...scene.ports,
      clock: scene.clock,
      log: memoryLog(logged),
      host: '127.0.0.1',
      config: { port: 0, certificateHeader: null, allowSha1: false },
      trustProxy: false,
      pages: () => undefined,
    })
    const body = Buffer.from(idleOf(device))
    const statusOf = async (to: string, digest: 'sha1' | 'sha256') => {
      const signature = signedMessage(body, device.certificate, { digest }).toString('base64')
      const headers = { 'mdm-signature': signature }
      return (await fetch(`${to}/mdm`, { method: 'PUT', body, headers })).status
    }
    expect([await statusOf(url, 'sha1'), await statusOf(strict.url, 'sha256')]).toEqual([200, 200])
    expect(await statusOf(strict.url, 'sha1')).toBe(400)
    expect(logged.join('')).toContain('signature.digest_algorithm')
  })

  test('that an administrator removed is told so, by any message; another one never is', async () => {
    const device = await enrolled()
    await scene.rows(sql`UPDATE enrollments SET state = 'left', left_at = now(), left_cause = 'removed_by_administrator'
      WHERE id = (SELECT enrollment_id FROM identity_certificates WHERE fingerprint = ${device.fingerprint})`)
    const reply = await put(device, idleOf(device))
    expect([reply.status, reply.headers.get('content-type'), await reply.json()]).toEqual([
      403,
      'application/json',
      { code: 'com.apple.unrecognized.device' },
    ])
  })
})

describe('a message', () => {
  const hostile: [string, string][] = [
    [
      'with an entity of its own',
      '<!DOCTYPE plist [<!ENTITY a "b">]><plist version="1.0"><dict><key>Status</key><string>&a;</string></dict></plist>',
    ],
    [
      'with containers 10,000 deep',
      `<plist version="1.0">${'<array>'.repeat(10_000)}${'</array>'.repeat(10_000)}</plist>`,
    ],
    [
      'with a key twice',
      '<plist version="1.0"><dict><key>Status</key><string>Idle</string><key>Status</key><string>Idle</string></dict></plist>',
    ],
    ['that is no property list', 'hello'],
    ['that is empty', ''],
    ['that is a list', '<plist version="1.0"><array/></plist>'],
    [
      'with a status of its own',
      '<plist version="1.0"><dict><key>UDID</key><string>A</string><key>Status</key><string>Sunspots</string></dict></plist>',
    ],
  ]
  test.each(hostile)('%s is refused although the signature is good', async (_title, body) => {
    const device = await enrolled()
    const before = await everything()
    expect((await put(device, body)).status).toBe(400)
    expect((await put(device, body, { path: '/checkin' })).status).toBe(400)
    expect(await everything()).toEqual(before)
  })

  test('changed by one byte on its way is refused', async () => {
    const device = await enrolled()
    const body = Buffer.from(idleOf(device))
    const sent = new Uint8Array(body)
    sent[sent.length - 2] = 32
    expect((await put(device, body, { sent })).status).toBe(400)
    expect(logged.join('')).toContain('signature.body_changed')
  })

  test('with two signatures is refused', async () => {
    const device = await enrolled()
    const signature = signedMessage(Buffer.from(idleOf(device)), device.certificate).toString('base64')
    const text = `PUT /mdm HTTP/1.1\r\nhost: x\r\nmdm-signature: ${signature}\r\nmdm-signature: ${signature}\r\ncontent-length: 0\r\n\r\n`
    expect(await raw(text)).toMatch(/^HTTP\/1.1 400 /)
  })

  test('that is larger than its kind may be is refused before it is read', async () => {
    const device = await enrolled()
    const large = Buffer.alloc(1024 * 1024 + 1, 32)
    expect((await put(device, large, { path: '/checkin' })).status).toBe(413)
    expect((await put(device, large, { path: '/mdm' })).status).toBe(400)
    expect(await raw(headOf(device, `content-length: ${16 * 1024 * 1024 + 1}`))).toMatch(/^HTTP\/1.1 413 /)
  })

  test('without an announced length is read no further than it may be', async () => {
    const device = await enrolled()
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
    const head = headOf(device, 'transfer-encoding: chunked', '/checkin')
    expect(await raw(head + chunk.repeat(17))).toMatch(/^HTTP\/1.1 413 /)
  })

  test('of a stranger, or of who has the certificate without its key, is refused before its body is read', async () => {
    const device = await enrolled()
    const stranger = newTestCertificate({ issuer: newTestAuthority(), key })
    const other = newTestCertificate({ issuer: authority })
    const thief = { ...other, certificate: device.certificate.certificate, der: device.certificate.der }
    const reasons = ['certificate.untrusted', 'signature.wrong']
    for (const [index, certificate] of [stranger, thief].entries()) {
      logged.length = 0
      expect(await raw(headOf({ ...device, certificate }, 'content-length: 1000'))).toMatch(/^HTTP\/1.1 400 /)
      expect(logged.join('')).toContain(reasons[index])
    }
  })

  test('that is large is not read of who may not speak: not enrolled, unknown, left or removed', async () => {
    const [left, removed] = [await enrolled(), await enrolled()]
    for (const [{ fingerprint }, cause] of [
      [left, 'checked_out'],
      [removed, 'removed_by_administrator'],
    ] as const) {
      await scene.rows(sql`UPDATE enrollments SET state = 'left', left_at = now(), left_cause = ${cause}
        WHERE id = (SELECT enrollment_id FROM identity_certificates WHERE fingerprint = ${fingerprint})`)
    }
    const unknown = { ...left, certificate: newTestCertificate({ issuer: authority, key }) }
    const cases: [SigningDevice, RegExp][] = [
      [await newDevice(), /^HTTP\/1.1 403 [^{]*$/],
      [unknown, /^HTTP\/1.1 400 [^{]*$/],
      [left, /^HTTP\/1.1 403 [^{]*$/],
      [removed, /^HTTP\/1.1 403 [\s\S]*com.apple.unrecognized.device/],
    ]
    for (const [device, answer] of cases) {
      for (const length of ['content-length: 65537', 'transfer-encoding: chunked']) {
        expect(await raw(headOf(device, length))).toMatch(answer)
      }
    }
  })

  test('that is large is read of who is enrolled', async () => {
    const device = await enrolled()
    const large = `${idleOf(device)}${' '.repeat(100_000)}`
    expect((await put(device, large)).status).toBe(200)
  })

  test('without any proof is refused before its body is read', async () => {
    const head = 'PUT /mdm HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n'
    expect(await raw(head)).toMatch(/^HTTP\/1.1 400 /)
  })

  test('with a head of a megabyte is refused', async () => {
    expect(
      await raw(`PUT /mdm HTTP/1.1\r\nhost: x\r\nmdm-signature: ${'A'.repeat(1024 * 1024)}\r\n\r\n`),
    ).toMatch(/^HTTP\/1.1 431 /)
  })

  test('while the database is away is answered 503, and 500 where something is wrong with us', async () => {
    const device = await newDevice()
    await using broken = await openBroken(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))
    await using wrong = await openBroken(new Error('a defect'))
    const send = (to: string) => {
      const body = Buffer.from(idleOf(device))
      const headers = { 'mdm-signature': signedMessage(body, device.certificate).toString('base64') }
      return fetch(`${to}/mdm`, { method: 'PUT', body, headers })
    }
    expect((await send(broken.url)).status).toBe(503)
    expect((await send(wrong.url)).status).toBe(500)
  })
})

describe('one certificate', () => {
  /** The answers to the same message again and again. */
  async function repeat(times: number, headers: Record<string, string>, body: string) {
    const statuses = new Map<number, number>()
    for (let sent = 0; sent < times; sent++) {
      const { status } = await fetch(`${url}/mdm`, { method: 'PUT', headers, body })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    return Object.fromEntries(statuses)
  }
  const signatureOf = (device: SigningDevice, body: string, withoutAttributes = false) => ({
    'mdm-signature': signedMessage(Buffer.from(body), device.certificate, { withoutAttributes }).toString(
      'base64',
    ),
  })

  test('may ask 600 times a minute; beyond that it is told to wait, and others are not', async () => {
    const [greedy, other] = [await enrolled(), await enrolled()]
    const body = idleOf(greedy)
    const headers = signatureOf(greedy, body)
    expect(await repeat(601, headers, body)).toEqual({ 200: 600, 429: 1 })
    const reply = await fetch(`${url}/mdm`, { method: 'PUT', headers, body })
    expect([reply.status, reply.headers.get('retry-after'), await reply.text()]).toEqual([429, '60', ''])
    expect((await put(other, idleOf(other))).status).toBe(200)
    await scene.clock.advance(60_000)
    expect((await put(greedy, body)).status).toBe(200)
  })

  test('is not held up by who has it without its key', async () => {
    const device = await enrolled()
    const { privateKey } = newTestKey()
    const wrong = signatureOf({ ...device, certificate: { ...device.certificate, privateKey } }, 'x')
    const bare = signatureOf(device, 'another body', true)
    expect(await repeat(601, wrong, 'x')).toEqual({ 400: 601 })
    expect(await repeat(601, bare, 'x')).toEqual({ 400: 601 })
    expect((await put(device, idleOf(device))).status).toBe(200)
  })
})

/** A listener whose database answers every query with this failure. */
async function openBroken(failure: Error): Promise<{ readonly url: string } & AsyncDisposable> {
  const kysely = scene.database.kysely.withPlugin({
    transformQuery: () => {
      throw failure
    },
    transformResult: async ({ result }) => result,
  })
  return await openDeviceListener({
    ...scene.ports,
    db: kysely,
    clock: scene.clock,
    log: memoryLog([]),
    host: '127.0.0.1',
    config: { port: 0, certificateHeader: null, allowSha1: true },
    trustProxy: false,
    pages: () => undefined,
  })
}

test('other addresses are served as they are given, to the caller that the proxy names', async () => {
  const get = await fetch(`${url}/page?x=1`, { headers: { 'x-forwarded-for': '192.0.2.7' } })
  expect(await get.text()).toBe('GET 0 192.0.2.7')
  const head = await fetch(`${url}/page`, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '15', ''])
  expect(await (await fetch(`${url}/page`, { method: 'POST', body: 'abc' })).text()).toBe('POST 3 127.0.0.1')
  expect((await fetch(`${url}/page`, { method: 'DELETE' })).status).toBe(405)
  expect((await fetch(`${url}/api/v1/devices`)).status).toBe(404)
  expect((await fetch(`${url}/`)).status).toBe(404)
})

test('whatever bytes arrive, no device is told to leave, nothing changes, and the server goes on', async () => {
  const device = await enrolled()
  const victim = { ids: { UDID: 'THE-VICTIM' } }
  await scene.authenticate({ ...(await newDevice()), ...victim })
  const statuses = new Set<number>()
  const before = await everything()
  const texts = [
    'Authenticate',
    'TokenUpdate',
    'CheckOut',
    'Idle',
    'Acknowledged',
    'NotNow',
    'Error',
    topic,
    '',
    'x',
  ]
  const value = fc.oneof(
    fc.constantFrom(...texts),
    fc.string(),
    fc.boolean(),
    fc.integer(),
    fc.uint8Array({ maxLength: 8 }),
    fc.constant({}),
  )
  const anything = fc.dictionary(
    fc.constantFrom('ErrorChain', 'QueryResponses', 'Topic', 'UserID', 'Token'),
    value,
  )
  const likely = fc.record(
    {
      MessageType: fc.constantFrom(...texts),
      Status: fc.constantFrom(...texts),
      UDID: fc.constantFrom('A', victim.ids.UDID, '../', ''),
      EnrollmentID: fc.constantFrom('B', ''),
      CommandUUID: fc.oneof(fc.uuid(), fc.string()),
    },
    { requiredKeys: [] },
  )
  const dict = fc.tuple(anything, likely).map(([some, more]) => ({ ...some, ...more }))
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    dict.map((fields) => Buffer.from(writePlist(fields))),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.concat([Buffer.from('bplist00'), bytes])),
    fc.string().map((text) => Buffer.from(`<plist version="1.0"><dict>${text}</dict></plist>`)),
  )
  const sending = fc.record({
    body,
    path: fc.constantFrom('/mdm', '/checkin'),
    type: fc.constantFrom(null, checkInType, reportType, 'text/html'),
    proof: fc.oneof(fc.constant('good'), fc.constant('none'), fc.base64String()),
  })
  await fc.assert(
    fc.asyncProperty(sending, async ({ body: bytes, path, type, proof }) => {
      const message = Buffer.from(bytes)
      const signature =
        proof === 'good' ? signedMessage(message, device.certificate).toString('base64') : proof
      const headers = {
        ...(type === null ? {} : { 'content-type': type }),
        ...(proof === 'none' ? {} : { 'mdm-signature': signature }),
      }
      const reply = await fetch(`${url}${path}`, { method: 'PUT', headers, body: message })
      statuses.add(reply.status)
      expect([400, 403, 413]).toContain(reply.status)
      expect(await reply.text()).toBe('')
    }),
    { numRuns: 400 },
  )
  // Some were read as messages: in the name of a device that is not the sender's.
  expect(statuses).toContain(403)
  expect(await everything()).toEqual(before)
  expect((await put(device, idleOf(device))).status).toBe(200)
})

test('broken requests and slow ones end alone', async () => {
  const device = await enrolled()
  expect(await raw('PUT /mdm HTTP/9.9\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
  expect(await raw('\u0000\u0001\u0002\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
  const cut = connectSocket(Number(new URL(url).port), '127.0.0.1')
  cut.write('PUT /mdm HTTP/1.1\r\nhost: x\r\nmdm-signature: AAAA\r\ncontent-length: 100\r\n\r\nhalf')
  await new Promise((resolve) => setImmediate(resolve))
  cut.destroy()
  expect((await put(device, idleOf(device))).status).toBe(200)
})

/** Sends bytes as they are and gives what comes back until the connection ends. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectSocket(Number(new URL(url).port), '127.0.0.1')
    let received = ''
    socket.on('data', (data: Buffer) => {
      received += data.toString('latin1')
      if (received.includes('\r\n\r\n')) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(received))
    socket.write(text, 'latin1')
  })
}
