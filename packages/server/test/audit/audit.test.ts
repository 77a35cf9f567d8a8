import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditFeature } from '../../src/audit/feature.ts'
import { type AuditRecord, record } from '../../src/audit/record.ts'
import { verifyAuditChain } from '../../src/audit/verify.ts'
import type { Db } from '../../src/platform/db/database.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import type { AnswerBody } from '../support/test-browser.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'

const sync: AuditRecord = {
  actor: { kind: 'system', name: 'sync' },
  action: 'token.synced',
  subject: { kind: 'token', id: 7, name: 'Amsterdam' },
}
const append = (db: Db, changes: Partial<AuditRecord> = {}) =>
  inTransaction(db, (tx) => record(tx, { ...sync, ...changes }))

describe('The chain of the audit log (M4)', () => {
  test('an empty log is whole', async () => {
    await using database = await createTestDatabase()
    expect(await verifyAuditChain(database.kysely)).toEqual({
      entries: 0,
      brokenAt: null,
      head: '0'.repeat(64),
    })
  })

  test('entries written side by side form one chain', async () => {
    await using database = await createTestDatabase()
    await Promise.all(Array.from({ length: 40 }, (_, i) => append(database.kysely, { details: { i } })))
    expect(await verifyAuditChain(database.kysely)).toMatchObject({ entries: 40, brokenAt: null })
  })

  test('more entries than one batch are checked', async () => {
    await using database = await createTestDatabase()
    await inTransaction(database.kysely, async (tx) => {
      for (let i = 0; i < 1001; i++) await record(tx, sync)
    })
    expect(await verifyAuditChain(database.kysely)).toMatchObject({ entries: 1001, brokenAt: null })
  })

  test('an entry of a transaction that fails never was', async () => {
    await using database = await createTestDatabase()
    const failing = inTransaction(database.kysely, async (tx) => {
      await record(tx, sync)
      throw new Error('something else failed')
    })
    await expect(failing).rejects.toThrow('something else failed')
    await append(database.kysely)
    expect(await verifyAuditChain(database.kysely)).toMatchObject({ entries: 1, brokenAt: null })
  })

  const details: [string, Record<string, unknown>][] = [
    ['nested values in any order of keys', { z: 1, a: { y: [1, { d: 1, c: null }], b: 'x' } }],
    ['numbers that JSON writes in other ways', { a: 1.0, b: 1e21, c: -0, d: 0.1, e: 2 ** 53 }],
    ['text that PostgreSQL refuses', { 'a\0b': 'x\0y', lone: '\ud800' }],
    ['what JSON leaves out', { gone: undefined, at: new Date(0), list: [undefined] }],
    ['the name of a prototype', JSON.parse('{"__proto__": 1, "constructor": 2}')],
  ]
  for (const [what, value] of details) {
    test(`${what} come back with the same hash`, async () => {
      await using database = await createTestDatabase()
      await append(database.kysely, { details: value })
      expect(await verifyAuditChain(database.kysely)).toMatchObject({ entries: 1, brokenAt: null })
    })
  }

  const tampering: [string, string][] = [
    ['a changed actor', "update audit_entries set actor_name = 'nobody' where seq = 3"],
    ['a changed detail', `update audit_entries set details = '{"n": 999}' where seq = 3`],
    ['a changed time', "update audit_entries set at = at + interval '1 second' where seq = 3"],
    ['a removed entry', 'delete from audit_entries where seq = 2'],
    ['a removed first entries', 'delete from audit_entries where seq <= 2'],
  ]
  for (const [what, statement] of tampering) {
    test(`${what} is found at entry 3`, async () => {
      await using database = await createTestDatabase()
      for (let n = 1; n <= 5; n++) await append(database.kysely, { details: { n } })
      await expect(database.pool.query(statement)).rejects.toThrow('append-only')
      await database.pool.query('alter table audit_entries disable trigger all')
      await database.pool.query(statement)
      expect(await verifyAuditChain(database.kysely)).toMatchObject({ brokenAt: 3 })
    })
  }
})

describe('GET /api/v1/audit', () => {
  let running: TestServer
  let database: TestDatabase
  beforeAll(async () => {
    running = await startTestServer({ features: [auditFeature] })
    database = running.database
    await running.signedIn()
    for (let id = 1; id <= 7; id++)
      await append(database.kysely, { subject: { kind: 'token', id, name: `T${id}` } })
    await append(database.kysely, {
      subject: { kind: 'device_group', id: 'a:b' },
      action: 'device_group.created',
    })
  })
  afterAll(() => running[Symbol.asyncDispose]())

  const read = async (query: string) => (await (await running.signedIn()).get(`/api/v1/audit${query}`)).json
  const subjectsOf = ({ items = [] }: AnswerBody) => items.map(({ subject }) => subject?.name)

  test('gives pages newest first, without gaps or repeats', async () => {
    const first = await read('?subject=token&limit=3')
    const second = await read(`?subject=token&limit=3&cursor=${first.nextCursor}`)
    const third = await read(`?subject=token&limit=3&cursor=${second.nextCursor}`)
    expect([first, second, third].map(subjectsOf)).toEqual([['T7', 'T6', 'T5'], ['T4', 'T3', 'T2'], ['T1']])
    expect(third.nextCursor).toBeNull()
  })

  test('gives one subject, whose id may hold a colon', async () => {
    expect((await read('?subject=token:4')).items).toHaveLength(1)
    expect((await read('?subject=device_group:a:b')).items?.[0]).toMatchObject({
      action: 'device_group.created',
      actor: { kind: 'system', id: null, name: 'sync' },
      subject: { kind: 'device_group', id: 'a:b', name: null },
    })
  })

  test('shows who signed in, without secrets', async () => {
    const page = await read('?subject=administrator&limit=500')
    const actions = page.items?.map(({ action }) => action)
    expect(actions).toContain('administrator.created')
    expect(actions).toContain('session.started')
    expect(JSON.stringify(page)).not.toMatch(/argon2|password/)
  })

  const wrong = ['?cursor=x', '?cursor=-1', '?limit=0', '?limit=501', '?subject=Token', "?subject=';drop"]
  for (const query of wrong) {
    test(`refuses ${query}`, async () => {
      expect((await read(query)).code).toBe('request.invalid')
    })
  }

  test('needs sign-in', async () => {
    expect((await running.browser().get('/api/v1/audit')).status).toBe(401)
  })

  test('what the server itself wrote is whole, and anybody signed in can check it', async () => {
    const browser = await running.signedIn()
    const { text } = await browser.get('/api/v1/audit/chain')
    expect(JSON.parse(text)).toEqual(await verifyAuditChain(database.kysely))
    expect(JSON.parse(text)).toMatchObject({ brokenAt: null, head: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect((await running.browser().get('/api/v1/audit/chain')).status).toBe(401)
  })
})
