import { createPrivateKey } from 'node:crypto'
import type { Feature } from '@apportion/server/feature'
import { enrollmentFeature } from '@apportion/server/mdm/enrollment-feature'
import { overviewRoutes } from '@apportion/server/overview/routes'
import { createSecretBox } from '@apportion/server/platform/secrets'
import forge from 'node-forge'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { TestBrowser } from '../support/test-browser.ts'
import {
  newTestAuthority,
  newTestCertificate,
  newTestKey,
  type TestCertificate,
  type TestKey,
} from '../support/test-identities.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'

const topic = 'com.apple.mgmt.External.11111111-2222-3333-4444-555555555555'
const another = 'com.apple.mgmt.External.99999999-2222-3333-4444-555555555555'
const dayMs = 86_400_000
const apple = newTestAuthority('Apple Application Integration 2 Certification Authority')
/** The overview without the pipeline that it stands in. */
const overviewAlone: Feature = {
  name: 'overview',
  open: ({ database, clock }) => ({
    routes: (app) => overviewRoutes(app, { db: database.kysely, clock, hasAddress: false }),
  }),
}
const [key, otherKey] = [newTestKey(), newTestKey()]

describe('The push certificate', () => {
  let running: TestServer
  let browser: TestBrowser
  const secretBox = createSecretBox(Buffer.alloc(32))
  const opened: TestServer[] = []
  beforeEach(async () => {
    running = await startTestServer({ features: [enrollmentFeature] })
    opened.push(running)
    browser = await running.signedIn()
  })
  afterAll(async () => {
    await Promise.all(opened.map((each) => each[Symbol.asyncDispose]()))
  })

  /** As Apple issues it: the topic is the user id of the subject. */
  const issue = (
    wishes: { topic?: string; key?: TestKey; from?: number; until?: number } = {},
  ): TestCertificate => {
    const now = running.clock.now().getTime()
    return newTestCertificate({
      issuer: apple,
      subject: 'APSP',
      names: [{ type: '0.9.2342.19200300.100.1.1', value: wishes.topic ?? topic }],
      key: wishes.key ?? key,
      from: new Date(now + (wishes.from ?? -1) * dayMs),
      until: new Date(now + (wishes.until ?? 365) * dayMs),
    })
  }
  const pemOf = ({ certificate }: TestCertificate) => forge.pki.certificateToPem(certificate)
  const keyPem = ({ privateKey }: TestKey) => forge.pki.privateKeyToPem(privateKey)
  const p12Of = (made: TestCertificate, password: string, algorithm: 'aes256' | '3des') => {
    const file = forge.pkcs12.toPkcs12Asn1(made.privateKey, [made.certificate, apple.certificate], password, {
      algorithm,
    })
    return Buffer.from(forge.asn1.toDer(file).getBytes(), 'binary').toString('base64')
  }
  const upload = (body: Record<string, unknown>) => browser.post('/api/v1/push-certificates', body)
  const pem = (made: TestCertificate, more: Record<string, unknown> = {}) =>
    upload({ format: 'pem', certificate: pemOf(made), privateKey: keyPem(made), ...more })
  const stored = async () =>
    (await running.database.pool.query('SELECT * FROM push_certificates ORDER BY uploaded_at DESC')).rows

  test('is asked for with a signing request whose key stays here, sealed', async () => {
    const made = await browser.post('/api/v1/push-signing-request', {})
    expect(made.status).toBe(201)
    expect(made.json.advice).toContain('identity.apple.com/pushcert')
    const request = forge.pki.certificationRequestFromPem(made.json.request ?? '')
    expect(request.verify()).toBe(true)
    const file = await browser.get('/api/v1/push-signing-request/file')
    expect([file.headers.get('content-type'), file.headers.get('content-disposition'), file.text]).toEqual([
      'application/x-pem-file',
      'attachment; filename="apportion-push.csr"',
      made.json.request,
    ])
    const { rows } = await running.database.pool.query('SELECT private_key FROM push_signing_requests')
    const opened = secretBox.open(rows[0].private_key, 'push-signing-request')
    expect(
      createPrivateKey({ key: opened, format: 'der', type: 'pkcs8' }).asymmetricKeyDetails?.modulusLength,
    ).toBe(2048)
    expect(made.text).not.toContain('PRIVATE')
  })

  test('that Apple gave for the signing request is taken with the key that stayed here', async () => {
    const made = await browser.post('/api/v1/push-signing-request', {})
    const request = forge.pki.certificationRequestFromPem(made.json.request ?? '')
    if (request.publicKey === null || !('n' in request.publicKey))
      throw new Error('The request has no RSA key')
    // Only the holder of the private key could sign with it; Apple signs the certificate with its own.
    const certificate = issue({ key: { ...key, publicKey: request.publicKey } })
    const answer = await upload({ format: 'pem', certificate: pemOf(certificate) })
    expect([answer.status, answer.json]).toMatchObject([
      200,
      { renewed: false, certificate: { topic, isCurrent: true, state: 'good', daysLeft: 365 } },
    ])
    const [row] = await stored()
    const held = createPrivateKey({
      key: secretBox.open(row.private_key, `push-key:${topic}`),
      format: 'der',
      type: 'pkcs8',
    })
    expect(held.export({ type: 'pkcs1', format: 'pem' }).toString()).not.toBe(keyPem(key))
    expect((await browser.get('/api/v1/push-signing-request')).json.code).toBe('push.request_unknown')
  })

  test('has one signing request at a time, which is replaced only when it is said', async () => {
    const first = await browser.post('/api/v1/push-signing-request', {})
    const again = await browser.post('/api/v1/push-signing-request', {})
    expect([again.status, again.json.code]).toEqual([409, 'push.request_open'])
    const replaced = await browser.post('/api/v1/push-signing-request', { replace: true })
    expect([replaced.status, replaced.json.request === first.json.request]).toEqual([201, false])
  })

  const accepted: [string, () => Record<string, unknown>][] = [
    [
      'PEM with its key beside',
      () => ({ format: 'pem', certificate: pemOf(issue()), privateKey: keyPem(key) }),
    ],
    [
      'PEM with its key in the same file',
      () => ({ format: 'pem', certificate: `${keyPem(key)}\n${pemOf(issue())}` }),
    ],
    [
      'PEM with a chain in front',
      () => ({ format: 'pem', certificate: pemOf(apple) + pemOf(issue()), privateKey: keyPem(key) }),
    ],
    [
      'PEM with a protected key',
      () => ({
        format: 'pem',
        certificate: pemOf(issue()),
        privateKey: forge.pki.encryptRsaPrivateKey(key.privateKey, 'secret', { algorithm: 'aes256' }),
        password: 'secret',
      }),
    ],
    ['PKCS #12', () => ({ format: 'pkcs12', file: p12Of(issue(), 'secret', 'aes256'), password: 'secret' })],
    [
      'PKCS #12 of an old keychain',
      () => ({ format: 'pkcs12', file: p12Of(issue(), 'secret', '3des'), password: 'secret' }),
    ],
  ]
  for (const [what, make] of accepted) {
    test(`is taken as ${what}; the key is sealed and never shown`, async () => {
      const answer = await upload(make())
      expect([answer.status, answer.json.certificate?.topic]).toEqual([200, topic])
      const [row] = await stored()
      const held = createPrivateKey({
        key: secretBox.open(row.private_key, `push-key:${topic}`),
        format: 'der',
        type: 'pkcs8',
      })
      const expected = createPrivateKey(keyPem(key))
      expect(held.equals(expected)).toBe(true)
      expect(row.certificate).toMatch(/^-----BEGIN CERTIFICATE-----/)
      const seen =
        answer.text + (await browser.get('/api/v1/push-certificates')).text + running.logged.join('')
      expect(seen).not.toContain('PRIVATE KEY')
      expect(seen).not.toContain('"secret"')
    })
  }

  const refused: [string, () => Record<string, unknown>, number, string][] = [
    ['what is no certificate', () => ({ format: 'pem', certificate: 'hello' }), 422, 'push.unreadable'],
    [
      'a damaged one',
      () => ({ format: 'pem', certificate: pemOf(issue()).replace(/[A-Za-z]{20}/, 'AAAA') }),
      422,
      'push.unreadable',
    ],
    ['a damaged PKCS #12 file', () => ({ format: 'pkcs12', file: 'AAAA' }), 422, 'push.unreadable'],
    [
      'a wrong password of a file',
      () => ({ format: 'pkcs12', file: p12Of(issue(), 'secret', '3des'), password: 'guess' }),
      422,
      'push.wrong_password',
    ],
    [
      'a protected key without password',
      () => ({
        format: 'pem',
        certificate: pemOf(issue()),
        privateKey: forge.pki.encryptRsaPrivateKey(key.privateKey, 'secret'),
      }),
      422,
      'push.wrong_password',
    ],
    [
      'one for apps',
      () => ({
        format: 'pem',
        certificate: pemOf(issue({ topic: 'com.example.app' })),
        privateKey: keyPem(key),
      }),
      422,
      'push.not_for_devices',
    ],
    [
      'one that has ended',
      () => ({
        format: 'pem',
        certificate: pemOf(issue({ from: -400, until: -1 })),
        privateKey: keyPem(key),
      }),
      422,
      'push.not_valid_now',
    ],
    [
      'one that is not valid yet',
      () => ({ format: 'pem', certificate: pemOf(issue({ from: 2 })), privateKey: keyPem(key) }),
      422,
      'push.not_valid_now',
    ],
    ['one without any key', () => ({ format: 'pem', certificate: pemOf(issue()) }), 422, 'push.no_key'],
    [
      'one with another’s key',
      () => ({ format: 'pem', certificate: pemOf(issue()), privateKey: keyPem(otherKey) }),
      422,
      'push.wrong_key',
    ],
  ]
  for (const [what, make, status, code] of refused) {
    test(`is refused: ${what} (${code})`, async () => {
      const answer = await upload(make())
      expect([answer.status, answer.json.code]).toEqual([status, code])
      expect(await stored()).toEqual([])
    })
  }

  test('for another signing request than the open one is refused', async () => {
    await browser.post('/api/v1/push-signing-request', {})
    expect((await upload({ format: 'pem', certificate: pemOf(issue()) })).json.code).toBe('push.wrong_key')
  })

  test('is renewed in place, with another key too, and what Apple refused of the old one is forgotten', async () => {
    await pem(issue({ until: 20 }))
    await running.database.pool.query(
      `UPDATE push_certificates SET refused_at = now(), refused_reason = 'BadCertificate'`,
    )
    expect((await browser.get('/api/v1/push-certificates')).json.items).toMatchObject([
      { state: 'refused', severity: 'critical' },
    ])
    const answer = await pem(issue({ key: otherKey }))
    expect(answer.json).toMatchObject({ renewed: true, certificate: { state: 'good', refusedAt: null } })
    expect(await stored()).toHaveLength(1)
  })

  test('of another topic is refused, unless it is said explicitly; the old one stays for its devices', async () => {
    await pem(issue())
    await running.database.pool.query(
      `INSERT INTO enrollments (channel, identifier, kind, ownership, state, topic, authenticated_at, enrolled_at, last_seen_at)
       VALUES ('mdm', 'A', 'device', 'corporate', 'enrolled', $1, now(), now(), now())`,
      [topic],
    )
    const refusal = await pem(issue({ topic: another }))
    expect(refusal.json).toMatchObject({
      code: 'push.another_topic',
      facts: { topic: another, currentTopic: topic, enrollments: 1 },
    })
    await running.clock.advance(1000)
    expect((await pem(issue({ topic: another }), { newTopic: true })).status).toBe(200)
    const listed = async () => (await browser.get('/api/v1/push-certificates')).json.items
    expect(await listed()).toMatchObject([
      { topic: another, isCurrent: true, enrollments: 0 },
      { topic, isCurrent: false, enrollments: 1 },
    ])
    await running.clock.advance(1000)
    expect((await pem(issue())).json).toMatchObject({
      renewed: true,
      certificate: { topic, isCurrent: false },
    })
    expect(await listed()).toMatchObject([
      { topic: another, isCurrent: true },
      { topic, isCurrent: false },
    ])
  })

  test('is warned of in time, in the list and in GET /health', async () => {
    const health = async () => {
      await running.clock.advance(1000)
      return (await running.browser().get('/health')).text
    }
    expect(await health()).not.toContain('pushCertificates')
    await pem(issue({ until: 20 }))
    expect((await browser.get('/api/v1/push-certificates')).json.items).toMatchObject([
      { state: 'expiring', severity: 'notice', daysLeft: 20 },
    ])
    expect(await health()).toContain('"pushCertificates":{"good":0,"expiring":1,"expired":0,"refused":0}')
    await running.clock.advance(20 * dayMs)
    browser = await running.signedIn()
    expect((await browser.get('/api/v1/push-certificates')).json.items).toMatchObject([
      { state: 'expired', severity: 'critical' },
    ])
  })

  test('that ends soon is on the overview, the more urgent the nearer the end', async () => {
    const attention = async () => (await overviewBrowser.get('/api/v1/overview')).json.attention
    await using whole = await startTestServer({ features: [enrollmentFeature, overviewAlone] })
    const overviewBrowser = await whole.signedIn()
    expect(await attention()).toEqual([])
    for (const [days, severity, code] of [
      [25, 'notice', 'push_certificate_expiring'],
      [10, 'warning', 'push_certificate_expiring'],
      [2, 'critical', 'push_certificate_expiring'],
    ] as const) {
      const made = issue({ until: days })
      const body = { format: 'pem', certificate: pemOf(made), privateKey: keyPem(made) }
      await overviewBrowser.post('/api/v1/push-certificates', body)
      expect(await attention()).toMatchObject([{ severity, code, count: days, name: topic }])
    }
  })

  test('is for administrators alone, and each change is in the audit log', async () => {
    await browser.post('/api/v1/push-signing-request', {})
    await pem(issue())
    await pem(issue())
    for (const path of [
      '/api/v1/push-certificates',
      '/api/v1/push-signing-request',
      '/api/v1/push-signing-request/file',
    ]) {
      expect((await running.browser().get(path)).status).toBe(401)
    }
    const { rows } = await running.database.pool.query(
      `SELECT action FROM audit_entries WHERE action LIKE 'push%' ORDER BY seq`,
    )
    expect(rows.map(({ action }) => action)).toEqual([
      'push_certificate.requested',
      'push_certificate.uploaded',
      'push_certificate.renewed',
    ])
  })
})
