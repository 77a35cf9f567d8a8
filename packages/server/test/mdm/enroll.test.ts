import { createHash, randomUUID } from 'node:crypto'
import { readPlistDict } from '@apportion/apple-wire/plist'
import { bytesField, dictField, listField } from '@apportion/apple-wire/plist-fields'
import { authoritiesOf } from '@apportion/server/mdm/authorities'
import { currentAuthorities } from '@apportion/server/mdm/authority'
import { createEnrollServer, type EnrollPorts } from '@apportion/server/mdm/enroll-server'
import { languageFor } from '@apportion/server/mdm/enroll-texts'
import { enrollmentFeature } from '@apportion/server/mdm/enrollment-feature'
import { renewalProfile } from '@apportion/server/mdm/hand-out'
import { profileIdentifier } from '@apportion/server/mdm/profile'
import { createScepServer } from '@apportion/server/mdm/scep'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { createSecretBox } from '@apportion/server/platform/secrets'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addLocation } from '../support/license-scene.ts'
import type { TestBrowser } from '../support/test-browser.ts'
import { newTestKey } from '../support/test-identities.ts'
import { challengeIn, openSignedProfile, payloadOf } from '../support/test-profile.ts'
import { readScepReply, scepRequest } from '../support/test-scep.ts'
import { memoryLog, startTestServer, type TestServer } from '../support/test-server.ts'

const topic = 'com.apple.mgmt.External.11111111-2222-3333-4444-555555555555'
const dayMs = 86_400_000

describe('Enrollment', () => {
  let running: TestServer
  let browser: TestBrowser
  let ports: EnrollPorts
  let answerAt: ReturnType<typeof createEnrollServer>
  const logged: string[] = []
  const key = newTestKey()
  beforeAll(async () => {
    running = await startTestServer({
      features: [enrollmentFeature],
      environment: { APPORTION_DEVICE_PORT: '0', APPORTION_DEVICE_URL: 'https://mdm.example.org' },
    })
    const { devices } = running.config
    if (devices === null) throw new Error('No devices are managed')
    ports = {
      db: running.database.kysely,
      clock: running.clock,
      newId: () => randomUUID(),
      secretBox: createSecretBox(Buffer.alloc(32)),
      devices,
      log: memoryLog(logged),
    }
    answerAt = createEnrollServer(ports)
    await running.database.pool.query(
      `INSERT INTO users (user_name, name, email, active, created_at, updated_at)
       VALUES ('grace@example.org', 'Grace Hopper', NULL, true, now(), now()), ('left@example.org', 'Gone', NULL, false, now(), now())`,
    )
  })
  beforeEach(async () => {
    // Sessions end while the clock is moved by days.
    browser = await running.signedIn()
    await havePushCertificate(365)
  })
  afterAll(() => running[Symbol.asyncDispose]())

  async function havePushCertificate(days: number) {
    await running.database.pool.query('DELETE FROM push_certificates')
    await running.database.pool.query(
      `INSERT INTO push_certificates (topic, certificate, private_key, not_before, not_after, uploaded_at)
       VALUES ($1, 'PEM', '\\x00', $2, $3, $2)`,
      [topic, running.clock.now(), new Date(running.clock.now().getTime() + days * dayMs)],
    )
  }
  const inDays = (days: number) => new Date(running.clock.now().getTime() + days * dayMs).toISOString()
  const make = async (wishes: Record<string, unknown> = {}) => {
    const answer = await browser.post('/api/v1/enrollment-links', {
      ownership: 'corporate',
      expiresAt: inDays(7),
      ...wishes,
    })
    if (answer.status !== 201) throw new Error(answer.text)
    const { address, link } = answer.json
    return { address: String(address), path: new URL(String(address)).pathname, link }
  }

  let visitors = 0
  const visit = async (
    path: string,
    { language = 'en', address = `192.0.2.${visitors++}`, query = '' } = {},
  ) => {
    const server = answerAt(path)
    if (server === undefined) throw new Error(`Nothing is at ${path}`)
    return await server({
      method: 'GET',
      query: new URLSearchParams(query),
      body: Buffer.alloc(0),
      address,
      acceptLanguage: language,
    })
  }
  const profileAt = async (path: string) =>
    openSignedProfile(Buffer.from((await visit(`${path}/profile`)).body))

  /** Takes the profile's challenge to the SCEP server, as a device does. */
  async function enroll(challenge: string) {
    const scep = createScepServer({ ...ports, development: false })
    const [authority] = await authoritiesOf(ports.db, running.clock.now())
    if (authority === undefined) throw new Error('There is no authority')
    const { message, requester } = scepRequest(authority, { key, challenge })
    const query = new URLSearchParams({ operation: 'PKIOperation' })
    const answer = await scep({ method: 'POST', query, body: message, address: '192.0.2.1' })
    return readScepReply(Buffer.from(answer.body), requester)
  }

  test('a link is shown once and kept as a hash, with who made it', async () => {
    const { address, link } = await make({ ownership: 'personal', userName: 'GRACE@example.org' })
    expect(address).toMatch(/^https:\/\/mdm\.example\.org\/enroll\/[\w-]{43}$/)
    expect(link).toMatchObject({
      state: 'open',
      ownership: 'personal',
      mostUses: 1,
      uses: 0,
      createdBy: 'Ada Byron',
      serialNumber: null,
      user: { userName: 'grace@example.org', name: 'Grace Hopper' },
    })
    const secret = address.split('/').at(-1) ?? ''
    const { rows } = await running.database.pool.query(
      `SELECT (SELECT json_agg(l)::text FROM enrollment_links l) || (SELECT json_agg(a)::text FROM audit_entries a) AS stored`,
    )
    expect(rows[0].stored).not.toContain(secret)
    expect((await browser.get('/api/v1/enrollment-links')).text).not.toContain(secret)
    expect(running.logged.join('')).not.toContain(secret)
    expect(rows[0].stored).toContain('enrollment_link.created')
  })

  const refused: [string, Record<string, unknown>, number, string][] = [
    ['for a person who is unknown', { userName: 'nobody@example.org' }, 422, 'user.unknown'],
    ['for a person who has left', { userName: 'left@example.org' }, 422, 'user.unknown'],
    ['that has ended already', { expiresAt: '2020-01-01T00:00:00Z' }, 400, 'request.invalid'],
    ['that lasts for years', { expiresAt: '2040-01-01T00:00:00Z' }, 400, 'request.invalid'],
    ['for one device and two uses', { serialNumber: 'C02XYZ', uses: 2 }, 400, 'request.invalid'],
    ['for what is no serial number', { serialNumber: '<b>' }, 400, 'request.invalid'],
    ['for no use', { uses: 0 }, 400, 'request.invalid'],
  ]
  for (const [what, wishes, status, code] of refused) {
    test(`a link ${what} is refused`, async () => {
      const answer = await browser.post('/api/v1/enrollment-links', {
        ownership: 'corporate',
        expiresAt: inDays(7),
        ...wishes,
      })
      expect([answer.status, answer.json.code]).toEqual([status, code])
    })
  }

  test('a link needs a push certificate that is good', async () => {
    await running.database.pool.query('DELETE FROM push_certificates')
    const ask = () =>
      browser.post('/api/v1/enrollment-links', { ownership: 'corporate', expiresAt: inDays(7) })
    expect((await ask()).json).toMatchObject({ code: 'push.missing', status: 409 })
    await havePushCertificate(-1)
    expect((await ask()).json).toMatchObject({ code: 'push.expired', status: 409 })
  })

  test('nobody but an administrator makes, reads or revokes links', async () => {
    const stranger = running.browser()
    expect((await stranger.get('/api/v1/enrollment-links')).status).toBe(401)
    expect((await stranger.post('/api/v1/enrollment-links', {})).status).toBe(401)
  })

  test('links are listed newest first, page by page', async () => {
    const made = [await make(), await make(), await make()].map(({ link }) => link?.id)
    const first = (await browser.get('/api/v1/enrollment-links?limit=2')).json
    const second = (await browser.get(`/api/v1/enrollment-links?limit=2&cursor=${first.nextCursor}`)).json
    const ids = [...(first.items ?? []), ...(second.items ?? [])].map(({ id }) => id)
    expect(ids.slice(0, 3)).toEqual(made.toReversed())
  })

  test('the page says what the organization sees and does, in the language of the browser', async () => {
    const { path } = await make({ ownership: 'personal', serialNumber: 'C02XYZ' })
    const english = await visit(path)
    expect([english.status, english.contentType]).toEqual([200, 'text/html; charset=utf-8'])
    expect(english.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    const html = String(english.body)
    expect(html).toContain('<html lang="en">')
    expect(html).toContain('the apps that it installed itself, and no others')
    expect(html).toContain('serial number C02XYZ')
    expect(html).toContain(`href="${path}/profile"`)
    const style = /<style>(.*)<\/style>/s.exec(html)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(english.headers?.['content-security-policy']).toContain(`style-src 'sha256-${hash}'`)
    const dutch = String((await visit(path, { language: 'nl-NL,nl;q=0.9,en;q=0.8' })).body)
    expect(dutch).toContain('<html lang="nl">')
    expect(dutch).toContain('Wat je organisatie ziet')
  })

  test('names in the page are text and never markup', async () => {
    await addLocation(ports.db)
    await running.database.pool.query(
      `UPDATE locations SET organization_name = '<script>alert(1)</script> & "Sons"'`,
    )
    const { path } = await make()
    const html = String((await visit(path)).body)
    await running.database.pool.query('DELETE FROM locations')
    expect(html).not.toContain('<script')
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Sons&quot;')
  })

  test('the profile has the right type, is not kept anywhere, and has the keys that devices need', async () => {
    const { path } = await make()
    const answer = await visit(`${path}/profile`)
    expect([answer.status, answer.contentType]).toEqual([200, 'application/x-apple-aspen-config'])
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-disposition': 'attachment; filename="enroll.mobileconfig"',
    })
    const { profile } = openSignedProfile(Buffer.from(answer.body))
    expect(profile).toMatchObject({
      PayloadType: 'Configuration',
      PayloadVersion: 1,
      PayloadIdentifier: 'org.example.mdm.apportion',
    })
    const [authority] = await authoritiesOf(ports.db, running.clock.now())
    const root = payloadOf(profile, 'com.apple.security.root')
    expect(
      Buffer.from(bytesField(root, 'PayloadContent') ?? []).equals(authority?.raw ?? Buffer.alloc(1)),
    ).toBe(true)
    const scep = payloadOf(profile, 'com.apple.security.scep')
    expect(dictField(scep, 'PayloadContent')).toMatchObject({
      URL: 'https://mdm.example.org/scep',
      Keysize: 2048,
      'Key Type': 'RSA',
      'Key Usage': 5,
    })
    expect(payloadOf(profile, 'com.apple.mdm')).toMatchObject({
      IdentityCertificateUUID: scep.PayloadUUID,
      Topic: topic,
      ServerURL: 'https://mdm.example.org/mdm',
      CheckInURL: 'https://mdm.example.org/checkin',
      SignMessage: true,
      AccessRights: 6419,
      CheckOutWhenRemoved: true,
    })
  })

  test('each download has another challenge and other UUIDs, and what a device never changes is the same', async () => {
    const { path } = await make()
    const profiles = [await profileAt(path), await profileAt(path)].map(({ profile }) => profile)
    const uuids = profiles.flatMap((profile) => [
      profile.PayloadUUID,
      ...(listField(profile, 'PayloadContent') ?? []).map((each) => dictField({ each }, 'each')?.PayloadUUID),
    ])
    expect(new Set(uuids).size).toBe(8)
    expect(new Set(profiles.map(challengeIn)).size).toBe(2)
    const kept = profiles.map((profile) => {
      const { Topic, ServerURL, CheckInURL, PayloadIdentifier } = payloadOf(profile, 'com.apple.mdm')
      return { Topic, ServerURL, CheckInURL, PayloadIdentifier, top: profile.PayloadIdentifier }
    })
    expect(kept[0]).toEqual(kept[1])
  })

  test('the profile is signed by our signer, whose chain it carries', async () => {
    const { path } = await make()
    const { signer, chain } = await profileAt(path)
    const [authority] = await authoritiesOf(ports.db, running.clock.now())
    expect(chain.map(({ fingerprint256 }) => fingerprint256)).toEqual([authority?.fingerprint256])
    expect(authority !== undefined && signer.verify(authority.publicKey)).toBe(true)
  })

  test('a profile without signature is there in development alone', async () => {
    const { path } = await make()
    const signed = await visit(`${path}/profile`, { query: 'signed=no' })
    expect(openSignedProfile(Buffer.from(signed.body)).profile.PayloadType).toBe('Configuration')
    const inDevelopment = createEnrollServer({ ...ports, devices: { ...ports.devices, development: true } })
    const plain = await inDevelopment(`${path}/profile`)?.({
      method: 'GET',
      query: new URLSearchParams('signed=no'),
      body: Buffer.alloc(0),
      address: '192.0.2.9',
    })
    expect(readPlistDict(Buffer.from(plain?.body ?? '')).PayloadType).toBe('Configuration')
  })

  test('a link is used up by a device’s identity, not by loading its profile; its other profiles then get nothing', async () => {
    const { path } = await make()
    const [first, second] = [
      challengeIn((await profileAt(path)).profile),
      challengeIn((await profileAt(path)).profile),
    ]
    const replies = await Promise.all([enroll(first), enroll(second)])
    expect(replies.map(({ status }) => status).toSorted()).toEqual(['0', '2'])
    const page = await visit(path)
    expect([page.status, String(page.body).includes('This link was used already')]).toEqual([410, true])
    expect((await visit(`${path}/profile`)).status).toBe(410)
    expect((await browser.get('/api/v1/enrollment-links?limit=1')).json.items).toMatchObject([
      { state: 'used', uses: 1 },
    ])
  })

  test('what the link is for is kept with the profile', async () => {
    const { path, link } = await make({
      ownership: 'personal',
      userName: 'grace@example.org',
      serialNumber: 'c02xyz',
    })
    const reply = await enroll(challengeIn((await profileAt(path)).profile))
    const id = reply.certificate?.subject.replace('CN=', '')
    const { rows } = await running.database.pool.query('SELECT * FROM pending_enrollments WHERE id = $1', [
      id,
    ])
    expect(rows).toMatchObject([
      {
        link_id: link?.id,
        ownership: 'personal',
        user_id: link?.user?.id,
        serial_number: 'C02XYZ',
        enrollment_id: null,
      },
    ])
  })

  test('a revoked link gives nothing, and neither do the profiles that it gave', async () => {
    const { path, link } = await make({ uses: 5 })
    const challenge = challengeIn((await profileAt(path)).profile)
    expect((await browser.send('DELETE', `/api/v1/enrollment-links/${link?.id}`)).status).toBe(204)
    expect((await enroll(challenge)).status).toBe('2')
    const page = await visit(path, { language: 'nl' })
    expect([page.status, String(page.body).includes('Deze link is ingetrokken')]).toEqual([410, true])
    const again = await browser.send('DELETE', `/api/v1/enrollment-links/${link?.id}`)
    expect([again.status, again.json.code]).toEqual([404, 'enrollment_link.unknown'])
  })

  test('an expired link says so, and its profiles live an hour', async () => {
    const { path } = await make({ uses: 5 })
    const challenge = challengeIn((await profileAt(path)).profile)
    await running.clock.advance(3_600_000)
    expect((await enroll(challenge)).status).toBe('2')
    await running.clock.advance(7 * dayMs)
    await havePushCertificate(365)
    const page = await visit(path)
    expect([page.status, String(page.body).includes('This link has ended')]).toEqual([410, true])
  })

  test('an unknown link says so, however often, and keeps nobody behind that address from a right one', async () => {
    const path = `/enroll/${'A'.repeat(43)}`
    const address = '198.51.100.1'
    for (let guess = 0; guess < 100; guess++) expect((await visit(path, { address })).status).toBe(404)
    const { path: right } = await make()
    expect((await visit(right, { address })).status).toBe(200)
    expect(answerAt('/enroll/short')).toBeUndefined()
  })

  test('a link that one address asks for all the time has to wait, there alone', async () => {
    const [{ path }, { path: another }] = [await make(), await make()]
    const address = '198.51.100.2'
    for (let request = 0; request < 600; request++) await visit(path, { address })
    expect((await visit(path, { address })).status).toBe(429)
    expect((await visit(another, { address })).status).toBe(200)
    expect((await visit(path)).status).toBe(200)
  })

  test('a link gives only so many profiles that nobody uses', async () => {
    const { path } = await make()
    const statuses = []
    for (let download = 0; download < 22; download++) statuses.push((await visit(`${path}/profile`)).status)
    expect(statuses.slice(-2)).toEqual([200, 429])
  })

  test('without a push certificate the page tells the person whom to ask', async () => {
    const { path } = await make()
    await havePushCertificate(-1)
    for (const at of [path, `${path}/profile`]) {
      const answer = await visit(at)
      expect([answer.status, String(answer.body).includes('cannot be added')]).toEqual([503, true])
    }
  })

  test('who is enrolled gets a profile that replaces the first, by the same signer, for a new identity', async () => {
    const { path } = await make()
    const first = await profileAt(path)
    const { certificate } = await enroll(challengeIn(first.profile))
    const { rows } = await running.database.pool.query(
      `INSERT INTO enrollments (channel, identifier, kind, ownership, state, topic, authenticated_at, enrolled_at, last_seen_at)
       VALUES ('mdm', 'RENEWS', 'device', 'corporate', 'enrolled', $1, $2, $2, $2) RETURNING id`,
      [topic, running.clock.now()],
    )
    await running.database.pool.query(
      `UPDATE identity_certificates SET state = 'pinned', enrollment_id = $1 WHERE serial_number = $2`,
      [rows[0].id, certificate?.serialNumber.toLowerCase()],
    )
    const authorities = await currentAuthorities(ports)
    const renewalFor = (enrollmentId: number) =>
      inTransaction(ports.db, (tx) => renewalProfile(tx, ports, { enrollmentId, authorities }))
    const renewal = await renewalFor(rows[0].id)
    const next = openSignedProfile(renewal?.profile ?? Buffer.alloc(0))
    expect(next.signer.fingerprint256).toBe(first.signer.fingerprint256)
    expect(next.profile.PayloadIdentifier).toBe(first.profile.PayloadIdentifier)
    expect(next.profile.PayloadUUID).not.toBe(first.profile.PayloadUUID)
    const immutable = (profile: typeof next.profile) => {
      const { Topic, ServerURL, CheckInURL, AccessRights } = payloadOf(profile, 'com.apple.mdm')
      return { Topic, ServerURL, CheckInURL, AccessRights }
    }
    expect(immutable(next.profile)).toEqual(immutable(first.profile))
    const reply = await enroll(challengeIn(next.profile))
    expect(reply.certificate?.subject).toBe(`CN=${renewal?.pendingId}`)
    expect(await renewalFor(999_999)).toBeUndefined()
  })

  test('profiles that were handed out are logged without their secrets', async () => {
    const { path, link } = await make()
    const challenge = challengeIn((await profileAt(path)).profile)
    expect(
      logged.some((line) => line.includes(link?.id ?? '?') && line.includes('handed a profile out')),
    ).toBe(true)
    expect(logged.join('')).not.toContain(challenge)
    expect(logged.join('')).not.toContain(path.split('/').at(-1))
  })
})

describe('The language of the page', () => {
  const cases: [string | undefined, string][] = [
    [undefined, 'en'],
    ['', 'en'],
    ['nl', 'nl'],
    ['nl-BE', 'nl'],
    ['de-DE,de;q=0.9', 'en'],
    ['de,nl;q=0.5,en;q=0.4', 'nl'],
    ['en;q=0.4, nl;q=0.5', 'nl'],
    ['en-US,nl;q=0.9', 'en'],
    ['nl;q=0', 'en'],
    [`${'x,'.repeat(100_000)}nl`, 'en'],
  ]
  for (const [header, language] of cases) {
    test(`${header?.slice(0, 40) ?? 'without a wish'} is ${language}`, () => {
      expect(languageFor(header)).toBe(language)
    })
  }
})

describe('The identifier of the profile', () => {
  for (const [url, identifier] of [
    ['https://mdm.example.org', 'org.example.mdm.apportion'],
    ['http://127.0.0.1:8443', '1.0.0.127.apportion'],
    ['https://[::1]', '1.apportion'],
  ] as const) {
    test(`for ${url} is ${identifier}`, () => {
      expect(profileIdentifier(new URL(url))).toBe(identifier)
    })
  }
})
