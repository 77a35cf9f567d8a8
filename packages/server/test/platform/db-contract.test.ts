/** What every store relies on, on each PostgreSQL that this machine has. */
import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from '@apportion/server/platform/db/copy'
import { type Database, openDatabase } from '@apportion/server/platform/db/database'
import { silentLog } from '@apportion/server/platform/db/log'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { sql } from 'kysely'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { availablePostgresServers, createTestDatabase, type TestDatabase } from '../support/test-database.ts'

const noPause = { sleep: async () => {} }

/** Columns of an audit entry that a test does not look at. */
const entry = (n: number) => ({
  at: new Date('2026-11-23T08:00:00Z'),
  actor_kind: 'system' as const,
  actor_id: null,
  actor_name: 'Apportion',
  action: 'test.done',
  subject_kind: 'test',
  subject_id: null,
  subject_name: null,
  details: {},
  previous_hash: Buffer.alloc(32, n),
  hash: Buffer.alloc(32, n + 1),
})

for (const server of availablePostgresServers()) {
  describe(`on the ${server} PostgreSQL`, () => {
    let database: TestDatabase

    beforeAll(async () => {
      database = await createTestDatabase({ server })
    })
    afterAll(() => database[Symbol.asyncDispose]())

    typesSuite(() => database)
    transactionSuite(() => database)
    schemaSuite(() => database)

    test('a ping is answered, and after the end of the server’s connections too', async () => {
      await database.ping()
      await endConnections(database)
      await expect.poll(() => database.ping().then(() => 'answered', String)).toBe('answered')
    })

    test('the pool drops connections that PostgreSQL ended and goes on', async () => {
      await Promise.all(Array.from({ length: 5 }, () => database.pool.query('select pg_sleep(0.01)')))
      await endConnections(database)
      await sleep(50)
      const answers = Array.from({ length: 5 }, () => database.pool.query('select 1'))
      expect(await Promise.all(answers)).toHaveLength(5)
    })

    test('a statement that takes too long is cancelled', async () => {
      await using hasty = await openDatabase(database.connection, { log: silentLog, statementTimeoutMs: 50 })
      await expect(hasty.pool.query('select pg_sleep(10)')).rejects.toMatchObject({ code: '57014' })
    })
  })
}

async function endConnections({ pool }: Database): Promise<void> {
  // The last one ends itself, so the query that asks fails.
  await pool
    .query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()')
    .catch(() => {})
}

function typesSuite(database: () => Database): void {
  const arrivals: readonly (readonly [string, string, unknown])[] = [
    ['a bigint is a number', '9007199254740991::bigint', 9007199254740991],
    ['a bigint that a number would round is a BigInt', '9007199254740993::bigint', 9007199254740993n],
    ['a count is a number', 'count(*)', 1],
    ['bigints in an array are numbers', 'array[1, null, 3]::bigint[]', [1, null, 3]],
    ['a day stays a day', "date '2026-02-28'", '2026-02-28'],
    ['days in an array stay days', "array[date '2026-02-28']", ['2026-02-28']],
    ['a time is a Date', "timestamptz '2026-02-28 12:00+01'", new Date('2026-02-28T11:00:00Z')],
    ['a decimal keeps its digits', '0.10::numeric', '0.10'],
    ['bytes are a Buffer', "'\\x00ff'::bytea", Buffer.from([0, 255])],
    ['JSON is parsed', '\'{"a": [1]}\'::jsonb', { a: [1] }],
  ]
  for (const [sentence, expression, expected] of arrivals) {
    test(sentence, async () => {
      const { rows } = await database().pool.query(`select ${expression} as value`)
      expect(rows[0]?.value).toEqual(expected)
    })
  }
}

function transactionSuite(database: () => Database): void {
  test('a transaction whose work throws leaves nothing', async () => {
    const work = inTransaction(database().kysely, async (tx) => {
      await tx.insertInto('settings').values({ key: 'rolled.back', value: '1' }).execute()
      throw new Error('changed my mind')
    })
    await expect(work).rejects.toThrow('changed my mind')
    expect(await setting(database(), 'rolled.back')).toBeUndefined()
  })

  test('transactions that lose a race run again until each has had its turn', async () => {
    const db = database().kysely
    await db.insertInto('settings').values({ key: 'counter', value: '0' }).execute()
    let runs = 0
    const allHaveRead = Promise.withResolvers<void>()
    const increment = () =>
      inTransaction(
        db,
        async (tx) => {
          runs++
          await sql`select from settings where key = 'counter'`.execute(tx)
          if (runs === 6) allHaveRead.resolve()
          await allHaveRead.promise
          await sql`update settings set value = to_jsonb(value::int + 1) where key = 'counter'`.execute(tx)
        },
        { isolation: 'repeatable read', attempts: 50, sleep: (ms) => sleep(ms / 100) },
      )
    await Promise.all(Array.from({ length: 6 }, increment))
    expect(await setting(database(), 'counter')).toBe(6)
    expect(runs).toBeGreaterThan(6)
  })

  test('two transactions that wait for each other both get through', async () => {
    const db = database().kysely
    await sql`create table doors (name text primary key, opened int not null default 0)`.execute(db)
    await sql`insert into doors values ('left'), ('right')`.execute(db)
    const arrived = Promise.withResolvers<void>()
    let first = true
    const pass = (names: readonly string[]) =>
      inTransaction(
        db,
        async (tx) => {
          await sql`update doors set opened = opened + 1 where name = ${names[0]}`.execute(tx)
          if (first) {
            first = false
            await arrived.promise
          } else arrived.resolve()
          await sql`update doors set opened = opened + 1 where name = ${names[1]}`.execute(tx)
        },
        noPause,
      )
    await Promise.all([pass(['left', 'right']), pass(['right', 'left'])])
    const { rows } = await database().pool.query('select opened from doors')
    expect(rows).toEqual([{ opened: 2 }, { opened: 2 }])
  })

  test('a race that is lost every time is given up after the attempts', async () => {
    let runs = 0
    const lost = Object.assign(new Error('could not serialize access'), { code: '40001' })
    const work = inTransaction(
      database().kysely,
      async () => {
        runs++
        throw lost
      },
      { ...noPause, attempts: 3 },
    )
    await expect(work).rejects.toBe(lost)
    expect(runs).toBe(3)
  })

  test('a lent connection shows its temporary tables to its own Db', async () => {
    const found = await withClient(database().pool, async (client, db) => {
      await client.query('create temporary table guests as select 7 as n')
      return inTransaction(
        db,
        async (tx) => (await sql<{ n: number }>`select n from guests`.execute(tx)).rows,
      )
    })
    expect(found).toEqual([{ n: 7 }])
  })

  test('a lent connection that saw a failure is not lent again', async () => {
    let failed: pg.PoolClient | undefined
    const work = withClient(database().pool, async (client) => {
      failed = client
      await client.query('begin')
      throw new Error('in the middle')
    })
    await expect(work).rejects.toThrow('in the middle')
    await withClient(database().pool, async (client) => {
      expect(client).not.toBe(failed)
      expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    })
  })
}

function schemaSuite(database: () => Database): void {
  const refused: readonly (readonly [string, string])[] = [
    ['UPDATE', "update audit_entries set actor_name = 'someone'"],
    ['DELETE', 'delete from audit_entries'],
    ['TRUNCATE', 'truncate audit_entries'],
    ['UPDATE of nothing', 'update audit_entries set at = now() where false'],
  ]
  for (const [what, statement] of refused) {
    test(`the audit log refuses ${what}`, async () => {
      await expect(database().pool.query(statement)).rejects.toMatchObject({
        code: '23001',
        message: expect.stringContaining('table audit_entries is append-only'),
      })
    })
  }

  test('the chain of audit entries cannot fork', async () => {
    const db = database().kysely
    await db.insertInto('audit_entries').values(entry(1)).execute()
    const fork = { ...entry(1), hash: Buffer.alloc(32, 9) }
    await expect(db.insertInto('audit_entries').values(fork).execute()).rejects.toMatchObject({
      code: '23505',
    })
  })

  test('addresses that differ only in case are one administrator', async () => {
    const db = database().kysely
    const ada = {
      id: '0190a1b2-0000-7000-8000-000000000001',
      name: 'Ada',
      password_hash: null,
      disabled_at: null,
    }
    await db
      .insertInto('administrators')
      .values({ ...ada, email: 'ada@example.org' })
      .execute()
    const again = { ...ada, id: '0190a1b2-0000-7000-8000-000000000002', email: 'ADA@example.org' }
    await expect(db.insertInto('administrators').values(again).execute()).rejects.toMatchObject({
      code: '23505',
    })
  })

  test('the outbox keeps one row for each topic, location and key, without a location too, and tells listeners', async () => {
    const { kysely, pool } = database()
    const heard: string[] = []
    await withClient(pool, async (client) => {
      client.on('notification', ({ payload }) => heard.push(payload ?? ''))
      await client.query('listen outbox')
      const row = { topic: 'assets.changed', location_id: null, key: '408709785', payload: {} }
      for (const location_id of [null, null, 1, 1, 2]) {
        await kysely
          .insertInto('outbox')
          .values({ ...row, location_id })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      }
      await expect.poll(() => heard).toEqual(['assets.changed', 'assets.changed', 'assets.changed'])
      client.removeAllListeners('notification')
      await client.query('unlisten outbox')
    })
    const { rows } = await pool.query('select location_id from outbox order by location_id')
    expect(rows).toEqual([{ location_id: 1 }, { location_id: 2 }, { location_id: null }])
  })
}

async function setting({ kysely }: Database, key: string): Promise<unknown> {
  const row = await kysely.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value
}
