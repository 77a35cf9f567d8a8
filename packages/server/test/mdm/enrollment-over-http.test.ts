import { randomBytes, randomUUID, X509Certificate } from 'node:crypto'
import { type PlistDict, readPlistDict, writePlist } from '@apportion/apple-wire/plist'
import { bytesField, dictField, textField } from '@apportion/apple-wire/plist-fields'
import type { OpenDeviceListener } from '@apportion/server/mdm/device-listener'
import { enrollmentFeature } from '@apportion/server/mdm/enrollment-feature'
import { mdmFeature } from '@apportion/server/mdm/feature'
import { mdmChannel } from '@apportion/server/mdm/queue'
import { type RenewPorts, renewDueIdentities } from '@apportion/server/mdm/renew-identities'
import { openDatabase } from '@apportion/server/platform/db/database'
import { silentLog } from '@apportion/server/platform/db/log'
import { createSecretBox } from '@apportion/server/platform/secrets'
import forge from 'node-forge'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  newTestAuthority,
  newTestCertificate,
  newTestKey,
  signedMessage,
  type TestCertificate,
} from '../support/test-identities.ts'
import { challengeIn, openSignedProfile } from '../support/test-profile.ts'
import { readScepReply, scepRequest } from '../support/test-scep.ts'
import { memoryLog, startTestServer, type TestServer } from '../support/test-server.ts'

const topic = 'com.apple.mgmt.External.11111111-2222-3333-4444-555555555555'
const dayMs = 86_400_000

describe('A device over HTTP, from the link to the renewal of its identity', () => {
  let running: TestServer
  let ports: RenewPorts
  let url = ''
  const logged: string[] = []
  const udid = '00008110-000A1B2C3D4E801E'
  const key = newTestKey()
  let identity: TestCertificate

  beforeAll(async () => {
    const opened: OpenDeviceListener[] = []
    running = await startTestServer({
      features: [enrollmentFeature, mdmFeature({ observe: (listener) => opened.push(listener) })],
      environment: {
        APPORTION_DEVICE_PORT: '0',
        APPORTION_DEVICE_URL: 'https://mdm.example.org',
        APPORTION_PUSH_URL: 'https://127.0.0.1:9',
      },
    })
    url = opened[0]?.url ?? ''
    const { devices } = running.config
    if (devices === null) throw new Error('No devices are managed')
    ports = {
      db: running.database.kysely,
      clock: running.clock,
      log: memoryLog(logged),
      newId: randomUUID,
      secretBox: createSecretBox(Buffer.alloc(32)),
      devices,
      channel: mdmChannel,
    }
    const now = running.clock.now().getTime()
    const push = newTestCertificate({
      issuer: newTestAuthority('Apple'),
      names: [{ type: '0.9.2342.19200300.100.1.1', value: topic }],
      from: new Date(now - dayMs),
      until: new Date(now + 365 * dayMs),
    })
    const browser = await running.signedIn()
    const body = {
      format: 'pem',
      certificate: forge.pki.certificateToPem(push.certificate),
      privateKey: forge.pki.privateKeyToPem(push.privateKey),
    }
    expect((await browser.post('/api/v1/push-certificates', body)).status).toBe(200)
  })
  afterAll(() => running[Symbol.asyncDispose]())

  /** Gets an identity for the challenge of a profile, as SCEP clients do. */
  async function identityFor(profile: PlistDict): Promise<TestCertificate> {
    const shown = await fetch(`${url}/scep?operation=GetCACert&message=device-authority`)
    const authority = new X509Certificate(Buffer.from(await shown.arrayBuffer()))
    const { message, requester } = scepRequest(authority, { key, challenge: challengeIn(profile) })
    const answer = await fetch(`${url}/scep?operation=PKIOperation`, {
      method: 'POST',
      body: new Uint8Array(message),
    })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-pki-message'])
    const { certificate } = readScepReply(Buffer.from(await answer.arrayBuffer()), requester)
    if (certificate === undefined) throw new Error('No identity was issued')
    return { ...key, certificate: forge.pki.certificateFromPem(certificate.toString()), der: certificate.raw }
  }

  async function send(path: '/mdm' | '/checkin', message: PlistDict, by = identity) {
    const body = Buffer.from(writePlist({ UDID: udid, ...message }))
    const type =
      path === '/mdm'
        ? 'application/x-apple-aspen-mdm; charset=UTF-8'
        : 'application/x-apple-aspen-mdm-checkin'
    const signature = signedMessage(body, by, { signingTime: running.clock.now() }).toString('base64')
    const headers = { 'content-type': type, 'mdm-signature': signature }
    const answer = await fetch(`${url}${path}`, { method: 'PUT', headers, body: new Uint8Array(body) })
    return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) }
  }
  const authenticate = (by = identity) =>
    send(
      '/checkin',
      { MessageType: 'Authenticate', Topic: topic, SerialNumber: 'C02EXAMPLE', OSVersion: '18.1' },
      by,
    )
  const tokenUpdate = (by = identity) =>
    send(
      '/checkin',
      { MessageType: 'TokenUpdate', Topic: topic, Token: randomBytes(32), PushMagic: 'magic' },
      by,
    )

  /** Answers commands until there is none; gives the one of this type. */
  async function commandOf(type: string): Promise<PlistDict | undefined> {
    let found: PlistDict | undefined
    let answer = await send('/mdm', { Status: 'Idle' })
    while (answer.body.length > 0) {
      const told = readPlistDict(answer.body)
      const command = dictField(told, 'Command')
      if (command !== undefined && textField(command, 'RequestType') === type) found = command
      answer = await send('/mdm', {
        Status: 'Acknowledged',
        CommandUUID: textField(told, 'CommandUUID') ?? '',
      })
    }
    return found
  }

  test('the link leads to a page, the page to a profile, the profile to an identity, and that into management', async () => {
    const browser = await running.signedIn()
    const expiresAt = new Date(running.clock.now().getTime() + dayMs).toISOString()
    const { address = '' } = (
      await browser.post('/api/v1/enrollment-links', {
        ownership: 'corporate',
        serialNumber: 'c02example',
        expiresAt,
      })
    ).json
    const { pathname } = new URL(address)
    const page = await (await fetch(`${url}${pathname}`, { headers: { 'accept-language': 'nl' } })).text()
    const href = /href="([^"]+)"/.exec(page)?.[1] ?? ''
    const download = await fetch(`${url}${href}`)
    expect([download.headers.get('content-type'), download.headers.get('cache-control')]).toEqual([
      'application/x-apple-aspen-config',
      'no-store',
    ])
    const { profile } = openSignedProfile(Buffer.from(await download.arrayBuffer()))
    identity = await identityFor(profile)
    expect((await tokenUpdate()).status).toBe(403)
    expect((await authenticate()).status).toBe(200)
    expect((await tokenUpdate()).status).toBe(200)
    const { rows } = await running.database.pool.query(
      `SELECT e.state, d.serial_number FROM enrollments e JOIN devices d ON d.id = e.device_id`,
    )
    expect(rows).toEqual([{ state: 'enrolled', serial_number: 'C02EXAMPLE' }])
    expect((await fetch(`${url}${pathname}`)).status).toBe(410)
  })

  test('a failure on the way to a profile is logged without the secret of the link', async () => {
    const secret = 'S'.repeat(43)
    await running.database.pool.query('ALTER TABLE enrollment_links RENAME TO elsewhere')
    const statuses = [
      await fetch(`${url}/enroll/${secret}`),
      await fetch(`${url}/enroll/${secret}/profile`),
    ].map(({ status }) => status)
    await running.database.pool.query('ALTER TABLE elsewhere RENAME TO enrollment_links')
    expect(statuses).toEqual([500, 500])
    expect(running.logged.join('')).toContain('/enroll/[redacted]')
    expect(running.logged.join('')).not.toContain(secret)
  })

  test('no renewal is sent while the identity is good for long', async () => {
    expect(await renewDueIdentities(ports)).toBe(0)
  })

  test('before its end the device gets a profile for a new identity, once, and is then known by that alone', async () => {
    const soon = new Date(running.clock.now().getTime() + 29 * dayMs)
    await running.database.pool.query('UPDATE identity_certificates SET not_after = $1', [soon])
    expect(await Promise.all([renewDueIdentities(ports), renewDueIdentities(ports)])).toEqual(
      expect.arrayContaining([1, 0]),
    )
    const command = await commandOf('InstallProfile')
    const { profile } = openSignedProfile(bytesField(command ?? {}, 'Payload') ?? Buffer.alloc(0))
    const former = identity
    const renewed = await identityFor(profile)
    expect((await authenticate(renewed)).status).toBe(200)
    expect((await tokenUpdate(renewed)).status).toBe(200)
    expect((await send('/mdm', { Status: 'Idle' }, former)).status).not.toBe(200)
    identity = renewed
    expect((await send('/mdm', { Status: 'Idle' })).status).toBe(200)
    const { rows } = await running.database.pool.query(
      `SELECT state, count(*)::int FROM enrollments GROUP BY state`,
    )
    expect(rows).toEqual([{ state: 'enrolled', count: 1 }])
    expect(await renewDueIdentities(ports)).toBe(0)
  })

  test('a device that did not take its renewal in time is sent another, in place of the first', async () => {
    const soon = new Date(running.clock.now().getTime() + 29 * dayMs)
    await running.database.pool.query(
      `UPDATE identity_certificates SET not_after = $1 WHERE state = 'pinned'`,
      [soon],
    )
    await running.database.pool.query(`UPDATE pending_enrollments SET expires_at = $1`, [running.clock.now()])
    expect(await renewDueIdentities(ports)).toBe(1)
    await running.database.pool.query(
      `UPDATE pending_enrollments SET expires_at = $1 WHERE issued_at IS NULL`,
      [running.clock.now()],
    )
    expect(await renewDueIdentities(ports)).toBe(1)
    const { rows } = await running.database.pool.query(
      `SELECT state FROM commands WHERE purpose = 'renewal' ORDER BY seq`,
    )
    expect(rows.map(({ state }) => state)).toEqual(['done', 'void', 'queued'])
  })

  test('an identity that has ended is not renewed: its device cannot ask any more, and would be first for ever', async () => {
    const now = running.clock.now()
    await running.database.pool.query(
      `UPDATE identity_certificates SET not_after = $1 WHERE state = 'pinned'`,
      [now],
    )
    await running.database.pool.query(`UPDATE pending_enrollments SET expires_at = $1`, [now])
    expect(await renewDueIdentities(ports)).toBe(0)
  })

  test('renewing needs one connection to the database at a time, so that it never waits for itself', async () => {
    const soon = new Date(running.clock.now().getTime() + dayMs)
    await running.database.pool.query(
      `UPDATE identity_certificates SET not_after = $1 WHERE state = 'pinned'`,
      [soon],
    )
    await running.database.pool.query(`UPDATE pending_enrollments SET expires_at = $1`, [running.clock.now()])
    await using narrow = await openDatabase(running.database.connection, {
      log: silentLog,
      maxConnections: 1,
    })
    expect(await renewDueIdentities({ ...ports, db: narrow.kysely })).toBe(1)
  })

  test('profiles that nobody used are forgotten a day after their end', async () => {
    const long = new Date(running.clock.now().getTime() - 2 * dayMs)
    await running.database.pool.query(`UPDATE pending_enrollments SET expires_at = $1`, [long])
    await running.database.pool.query(`UPDATE identity_certificates SET not_after = '2099-01-01'`)
    await renewDueIdentities(ports)
    const { rows } = await running.database.pool.query(
      'SELECT count(*)::int FROM pending_enrollments WHERE issued_at IS NULL',
    )
    expect(rows).toEqual([{ count: 0 }])
  })
})
