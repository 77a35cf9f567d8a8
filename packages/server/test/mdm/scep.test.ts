import crypto, {
  constants,
  createHash,
  publicEncrypt,
  randomBytes,
  randomUUID,
  X509Certificate,
} from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { acceptIdentity } from '@apportion/server/mdm/identity'
import { challengeHash } from '@apportion/server/mdm/issue'
import { createScepServer, type ScepServer } from '@apportion/server/mdm/scep'
import type { Schema } from '@apportion/server/platform/db/schema'
import { createSecretBox } from '@apportion/server/platform/secrets'
import fc from 'fast-check'
import { Kysely, PostgresDialect } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ManualClock } from '../support/manual-clock.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'
import { authorityExtensions, newTestKey } from '../support/test-identities.ts'
import {
  binaryOf,
  certificateRequest,
  ellipticRequest,
  part,
  readScepReply,
  type ScepWishes,
  scepRequest,
} from '../support/test-scep.ts'
import { memoryLog } from '../support/test-server.ts'

describe('SCEP', () => {
  let database: TestDatabase
  let authority: X509Certificate
  let serve: ScepServer
  let development: ScepServer
  const clock = new ManualClock()
  const logged: string[] = []
  const key = newTestKey()
  beforeAll(async () => {
    database = await createTestDatabase()
    const secretBox = createSecretBox(Buffer.alloc(32, 1))
    const ports = { db: database.kysely, clock, secretBox, log: memoryLog(logged) }
    serve = createScepServer({ ...ports, development: false })
    development = createScepServer({ ...ports, development: true })
    const answer = await get('GetCACert')
    authority = new X509Certificate(Buffer.from(answer.body))
  })
  afterAll(() => database[Symbol.asyncDispose]())

  let callers = 0
  /** Each caller has an address of its own, so that nobody waits for another. */
  const someone = () => `192.0.2.${callers++}`
  const get = (operation: string, message = 'device-ca', server = serve) =>
    server({
      method: 'GET',
      query: new URLSearchParams({ operation, message }),
      body: Buffer.alloc(0),
      address: someone(),
    })
  const post = (message: Buffer, server = serve, address = someone()) =>
    server({
      method: 'POST',
      query: new URLSearchParams({ operation: 'PKIOperation' }),
      body: message,
      address,
    })

  /** Hands a profile out, through a link of its own. */
  async function pending({ minutes = 60, uses = 1 } = {}): Promise<{
    readonly id: string
    readonly challenge: string
  }> {
    const [id, link, challenge] = [randomUUID(), randomUUID(), randomBytes(24).toString('base64url')]
    await database.pool.query(
      `INSERT INTO enrollment_links (id, token_hash, ownership, most_uses, created_by, created_at, expires_at)
       VALUES ($1, $2, 'corporate', $3, 'Ada', now(), now())`,
      [link, challengeHash(link), uses],
    )
    await database.pool.query(
      `INSERT INTO pending_enrollments (id, ownership, challenge_hash, created_at, expires_at, link_id)
       VALUES ($1, 'corporate', $2, $3, $4, $5)`,
      [id, challengeHash(challenge), clock.now(), new Date(clock.now().getTime() + minutes * 60_000), link],
    )
    return { id, challenge }
  }
  const countIssued = async () =>
    Number((await database.pool.query('SELECT count(*) FROM identity_certificates')).rows[0].count)

  async function ask(wishes: ScepWishes, server = serve) {
    const request = scepRequest(authority, { key, ...wishes })
    const answer = await post(request.message, server)
    expect([answer.status, answer.contentType]).toEqual([200, 'application/x-pki-message'])
    return { request, reply: readScepReply(Buffer.from(answer.body), request.requester) }
  }

  test('says what it can do, one word a line, the old only in development', async () => {
    const [answer, old] = [await get('GetCACaps'), await get('GetCACaps', '', development)]
    expect([answer.status, answer.contentType]).toEqual([200, 'text/plain; charset=utf-8'])
    expect(String(answer.body).split('\n')).toEqual([
      'POSTPKIOperation',
      'SHA-256',
      'SHA-512',
      'AES',
      'DES3',
      'SCEPStandard',
    ])
    expect(String(old.body).split('\n')).toContain('SHA-1')
  })

  test('shows the certificate of the authority as DER', async () => {
    const answer = await get('GetCACert')
    expect([answer.status, answer.contentType]).toEqual([200, 'application/x-x509-ca-cert'])
    expect(new X509Certificate(Buffer.from(answer.body)).ca).toBe(true)
  })

  test('issues by POST: subject and extensions are the server’s choice, the chain is right', async () => {
    const { id, challenge } = await pending()
    const extensions = [
      ...authorityExtensions,
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'evil.example.org' }] },
    ]
    const { request, reply } = await ask({ challenge, extensions, subject: 'another device' })
    expect(reply).toMatchObject({ status: '0', failInfo: undefined, transactionId: request.transactionId })
    expect(reply.recipientNonce.equals(request.nonce)).toBe(true)
    expect(reply.senderNonce).toHaveLength(16)
    expect(reply.signer.fingerprint256).toBe(authority.fingerprint256)
    const { certificate } = reply
    if (certificate === undefined) throw new Error('Nothing was issued')
    const identity = acceptIdentity(certificate.raw, { authorities: [authority], now: clock.now() })
    expect(certificate.subject).toBe(`CN=${id}`)
    expect(certificate.subjectAltName).toBeUndefined()
    expect([certificate.ca, certificate.keyUsage]).toEqual([false, ['1.3.6.1.5.5.7.3.2']])
    expect(certificate.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/)
    const { rows } = await database.pool.query('SELECT * FROM identity_certificates WHERE pending_id = $1', [
      id,
    ])
    expect(rows).toMatchObject([
      { serial_number: identity.serialNumber, state: 'issued', enrollment_id: null },
    ])
    expect(identity.fingerprint.equals(rows[0].fingerprint)).toBe(true)
    expect(rows[0].not_after.getTime() - clock.now().getTime()).toBe(365 * 86_400_000)
    expect(rows[0].not_before.getTime() - clock.now().getTime()).toBe(-600_000)
  })

  const alphabets: [string, (text: string) => string][] = [
    ['standard Base64', (text) => text],
    ['Base64 for URLs', (text) => text.replaceAll('+', '-').replaceAll('/', '_')],
    ['Base64 with spaces where + was not escaped', (text) => text.replaceAll('+', ' ')],
  ]
  for (const [what, encode] of alphabets) {
    test(`issues by GET with ${what}`, async () => {
      const { challenge } = await pending()
      const request = scepRequest(authority, { key, challenge })
      const answer = await get('PKIOperation', encode(request.message.toString('base64')))
      expect(readScepReply(Buffer.from(answer.body), request.requester).status).toBe('0')
    })
  }

  const ways: [string, ScepWishes][] = [
    ['AES with 256 bits', { cipher: 'aes256-CBC' }],
    ['3DES', { cipher: 'des-EDE3-CBC' }],
    ['SHA-512', { digest: 'sha512' }],
    ['a transaction id of its own kind', { transactionId: 'ZGlmZmVyZW50+/=' }],
    ['a key of 4096 bits', { key: newTestKey(4096) }],
  ]
  for (const [what, wishes] of ways) {
    test(`issues to a client with ${what}`, async () => {
      const { request, reply } = await ask({ ...wishes, challenge: (await pending()).challenge })
      expect([reply.status, reply.transactionId]).toEqual(['0', request.transactionId])
      expect(reply.certificate?.publicKey.asymmetricKeyType).toBe('rsa')
    })
  }

  for (const [what, wishes] of [
    ['single DES', { cipher: 'desCBC' }],
    ['SHA-1', { digest: 'sha1' }],
  ] as const) {
    test(`issues to a client with ${what} in development only`, async () => {
      const { challenge } = await pending()
      expect((await ask({ ...wishes, challenge })).reply).toMatchObject({ status: '2', failInfo: '0' })
      expect((await ask({ ...wishes, challenge }, development)).reply.status).toBe('0')
    })
  }

  const smallKey = newTestKey(1024)
  const anotherKey = newTestKey()
  const refused: [string, (challenge: string) => ScepWishes | Promise<ScepWishes>, string][] = [
    ['a challenge that nobody was given', () => ({ challenge: 'guessed' }), '2'],
    ['no challenge', () => ({}), '2'],
    [
      'an expired challenge',
      async () => {
        const { challenge } = await pending({ minutes: 1 })
        await clock.advance(60_000)
        return { challenge }
      },
      '2',
    ],
    [
      'a used challenge',
      async (challenge) => {
        await ask({ challenge })
        return { challenge }
      },
      '2',
    ],
    [
      'a request that another key signed',
      (challenge) => ({
        request: certificateRequest({ ...key, publicKey: anotherKey.publicKey }, { challenge }),
      }),
      '2',
    ],
    ['a key of 1024 bits', (challenge) => ({ challenge, key: smallKey }), '0'],
    [
      'a key of 1024 bits in the request alone',
      (challenge) => ({ request: certificateRequest(smallKey, { challenge }) }),
      '2',
    ],
    ['a key of an elliptic curve', () => ({ request: ellipticRequest() }), '2'],
    ['what is no request at all', () => ({ request: Buffer.from('hello') }), '2'],
    ['another kind of message', (challenge) => ({ challenge, messageType: '17' }), '2'],
    [
      'an encrypted key of nonsense',
      (challenge) => ({
        challenge,
        change: (envelope) => {
          encryptedKey(envelope).value = randomBytes(384).toString('binary')
        },
      }),
      '2',
    ],
    [
      'an encrypted key that is too short',
      (challenge) => ({
        challenge,
        change: (envelope) => {
          encryptedKey(envelope).value = 'short'
        },
      }),
      '2',
    ],
    [
      'wrong padding of the content',
      (challenge) => ({ challenge, change: (envelope) => spoilContent(envelope) }),
      '2',
    ],
    [
      'a message for another authority',
      (challenge) => ({
        challenge,
        change: (envelope) => {
          part(envelope, 1, 0, 1, 0, 1, 1).value = 'another'
        },
      }),
      '2',
    ],
  ]
  for (const [what, make, failInfo] of refused) {
    test(`refuses ${what}, and issues nothing`, async () => {
      const { challenge } = await pending()
      const wishes = await make(challenge)
      const before = await countIssued()
      const { request, reply } = await ask(wishes)
      expect(reply).toMatchObject({
        status: '2',
        failInfo,
        certificate: undefined,
        transactionId: request.transactionId,
      })
      expect(reply.recipientNonce.equals(request.nonce)).toBe(true)
      expect(await countIssued()).toBe(before)
    })
  }

  const unreadable: [string, (challenge: string) => ScepWishes][] = [
    ['a challenge that nobody was given', () => ({ challenge: 'guessed' })],
    [
      'an encrypted key whose padding is wrong',
      (challenge) => ({
        challenge,
        change: (envelope) => {
          encryptedKey(envelope).value = randomBytes(binaryOf(encryptedKey(envelope)).length).toString(
            'binary',
          )
        },
      }),
    ],
    [
      'another key of the right length',
      (challenge) => ({ challenge, change: (envelope) => encryptAnotherKey(envelope, authority) }),
    ],
    ['wrong padding of the content', (challenge) => ({ challenge, change: spoilContent })],
    [
      'a ciphertext of nonsense',
      (challenge) => ({
        challenge,
        change: (envelope) => {
          contentHolder(envelope).value = randomBytes(512).toString('binary')
        },
      }),
    ],
    ['content that is no request', () => ({ request: Buffer.from('hello') })],
    [
      'a request that another key signed',
      (challenge) => ({
        request: certificateRequest({ ...key, publicKey: anotherKey.publicKey }, { challenge }),
      }),
    ],
  ]
  test('59 padding errors cannot be told from another refusal: the same reply, by the same work', async () => {
    const statements: string[] = []
    const counted = new Kysely<Schema>({
      dialect: new PostgresDialect({ pool: database.pool }),
      log: ({ query }) => void statements.push(query.sql),
    })
    const secretBox = createSecretBox(Buffer.alloc(32, 1))
    const server = createScepServer({
      db: counted,
      clock,
      secretBox,
      log: memoryLog([]),
      development: false,
    })
    // The first makes what all others share.
    await post(scepRequest(authority, { key, challenge: 'first' }).message, server)
    const seen = new Map<string, unknown>()
    for (const [what, make] of unreadable) {
      const { challenge } = await pending()
      const { message, requester } = scepRequest(authority, {
        key,
        transactionId: 'same',
        ...make(challenge),
      })
      statements.length = 0
      using work = countingCryptography()
      const answer = await post(message, server)
      const { status, failInfo } = readScepReply(Buffer.from(answer.body), requester)
      const reply = [answer.status, answer.contentType, answer.body.length, status, failInfo]
      seen.set(what, { reply, operations: { ...work.counts }, statements: [...statements] })
    }
    const [[, first] = []] = seen
    expect(first).toMatchObject({
      reply: [200, 'application/x-pki-message', expect.any(Number), '2', '2'],
      operations: { privateDecrypt: 1, verify: 2, sign: 1 },
      statements: expect.arrayContaining([expect.stringContaining('challenge_hash')]),
    })
    for (const [what, each] of seen) expect({ [what]: each }).toEqual({ [what]: first })
  })

  test('issues once when a challenge is used many times at once', async () => {
    const { id, challenge } = await pending()
    const replies = await Promise.all(Array.from({ length: 6 }, () => ask({ challenge })))
    expect(replies.map(({ reply }) => reply.status).toSorted()).toEqual(['0', '2', '2', '2', '2', '2'])
    const { rows } = await database.pool.query('SELECT 1 FROM identity_certificates WHERE pending_id = $1', [
      id,
    ])
    expect(rows).toHaveLength(1)
  })

  test('refuses a challenge of a link that was revoked or removed, and of an enrollment that has left', async () => {
    const [revoked, removed, left] = [await pending(), await pending(), await pending()]
    const linkOf = '(SELECT link_id FROM pending_enrollments WHERE id = $1)'
    await database.pool.query(`UPDATE enrollment_links SET revoked_at = now() WHERE id = ${linkOf}`, [
      revoked.id,
    ])
    await database.pool.query(`DELETE FROM enrollment_links WHERE id = ${linkOf}`, [removed.id])
    await database.pool.query(
      `WITH gone AS (INSERT INTO enrollments (channel, identifier, kind, ownership, state, authenticated_at, last_seen_at, left_at, left_cause)
         VALUES ('mdm', 'GONE', 'device', 'corporate', 'left', now(), now(), now(), 'checked_out') RETURNING id)
       UPDATE pending_enrollments SET link_id = NULL, enrollment_id = gone.id FROM gone WHERE pending_enrollments.id = $1`,
      [left.id],
    )
    for (const { challenge } of [revoked, removed, left])
      expect((await ask({ challenge })).reply.status).toBe('2')
  })

  test('issues as often as the link allows', async () => {
    const { id, challenge } = await pending({ uses: 2 })
    const { rows } = await database.pool.query('SELECT link_id FROM pending_enrollments WHERE id = $1', [id])
    const more = [await pending(), await pending()]
    await database.pool.query('UPDATE pending_enrollments SET link_id = $1 WHERE id = ANY($2)', [
      rows[0].link_id,
      more.map((each) => each.id),
    ])
    const replies = []
    for (const each of [challenge, ...more.map((other) => other.challenge)]) {
      replies.push((await ask({ challenge: each })).reply.status)
    }
    expect(replies).toEqual(['0', '0', '2'])
  })

  test('answers garbage with 400, whatever it is', async () => {
    for (const operation of ['', 'Nonsense', 'GetNextCACert']) expect((await get(operation)).status).toBe(400)
    expect((await get('PKIOperation', '***')).status).toBe(400)
    expect((await post(Buffer.alloc(0))).status).toBe(400)
    expect((await post(Buffer.alloc(70_000, 0x30))).status).toBe(400)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect((await post(Buffer.from(bytes))).status).toBe(400)
      }),
    )
  })

  test('never breaks and never issues for a message that was changed anywhere', async () => {
    const { challenge } = await pending()
    const { message } = scepRequest(authority, { key, challenge: `${challenge}x` })
    const before = await countIssued()
    await fc.assert(
      fc.asyncProperty(fc.nat(message.length - 1), fc.nat(255), async (at, to) => {
        const changed = Buffer.from(message)
        changed[at] = to
        expect([200, 400]).toContain((await post(changed)).status)
      }),
      { numRuns: 300 },
    )
    expect(await countIssued()).toBe(before)
  })

  test('gives an identity to who is behind the address of somebody that fails again and again', async () => {
    const address = '198.51.100.7'
    for (let failure = 0; failure < 200; failure++) {
      expect((await post(Buffer.from('garbage'), serve, address)).status).toBe(400)
    }
    const { message, requester } = scepRequest(authority, { key, challenge: (await pending()).challenge })
    const answer = await post(message, serve, address)
    expect(readScepReply(Buffer.from(answer.body), requester).status).toBe('0')
  })

  test('opens so many messages of one address in a minute, and tells what it can do all the same', async () => {
    const address = '198.51.100.8'
    for (let request = 0; request < 600; request++) await post(Buffer.from('garbage'), serve, address)
    const answer = await post(Buffer.from('garbage'), serve, address)
    expect([answer.status, answer.headers?.['retry-after']]).toEqual([429, '60'])
    const query = new URLSearchParams({ operation: 'GetCACaps' })
    expect((await serve({ method: 'GET', query, body: Buffer.alloc(0), address })).status).toBe(200)
    await clock.advance(60_000)
    expect((await post(Buffer.from('garbage'), serve, address)).status).toBe(400)
  })

  test('goes on with the authority that a device asked for before a change of authorities', async () => {
    await clock.advance(3230 * 86_400_000)
    const newer = new X509Certificate(Buffer.from((await get('GetCACert')).body))
    expect(newer.fingerprint256).not.toBe(authority.fingerprint256)
    const { reply } = await ask({ challenge: (await pending()).challenge })
    expect([reply.status, reply.signer.fingerprint256]).toEqual(['0', authority.fingerprint256])
  })

  test('logs each issue without the challenge', async () => {
    const { id, challenge } = await pending()
    await ask({ challenge })
    const lines = logged.filter((line) => line.includes(id))
    expect(lines.join('')).toContain('issued an identity')
    const hash = createHash('sha256').update(challenge).digest('hex')
    expect(logged.join('')).not.toContain(challenge)
    expect(logged.join('')).not.toContain(hash)
  })
})

type Node = Parameters<NonNullable<ScepWishes['change']>>[0]

const encryptedKey = (envelope: Node) => part(envelope, 1, 0, 1, 0, 3)

function contentHolder(envelope: Node): Node {
  const content = part(envelope, 1, 0, 2, 2)
  return binaryOf(content) === '' ? part(content, 0) : content
}

/** Cuts a block off, so that what is left ends in no padding. */
function spoilContent(envelope: Node): void {
  const holder = contentHolder(envelope)
  holder.value = binaryOf(holder).slice(0, -16)
}

function encryptAnotherKey(envelope: Node, { publicKey }: X509Certificate): void {
  const padding = constants.RSA_PKCS1_PADDING
  const encrypted = publicEncrypt({ key: publicKey, padding }, randomBytes(16))
  encryptedKey(envelope).value = encrypted.toString('binary')
}

/** What Node is asked to compute, by name, until it is disposed. */
function countingCryptography(): Disposable & { readonly counts: Readonly<Record<string, number>> } {
  const counts: Record<string, number> = {}
  const undo = (['privateDecrypt', 'createDecipheriv', 'verify', 'sign'] as const).map((name) => {
    const real = crypto[name]
    counts[name] = 0
    Reflect.set(crypto, name, (...given: unknown[]) => {
      counts[name] = (counts[name] ?? 0) + 1
      return Reflect.apply(real, crypto, given)
    })
    return () => void Reflect.set(crypto, name, real)
  })
  syncBuiltinESMExports()
  return {
    counts,
    [Symbol.dispose]() {
      for (const each of undo) each()
      syncBuiltinESMExports()
    },
  }
}
