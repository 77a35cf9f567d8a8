import {
  type CopyRow,
  type CopyValue,
  copyInto,
  copyLine,
  withClient,
} from '@apportion/server/platform/db/copy'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { availablePostgresServers, createTestDatabase, type TestDatabase } from '../support/test-database.ts'

const lines: readonly (readonly [string, readonly CopyValue[], string])[] = [
  ['values are separated by tabs', ['a', 1, true], 'a\t1\tt\n'],
  ['null is not the empty text', [null, ''], '\\N\t\n'],
  ['a text that looks like null stays a text', ['\\N'], '\\\\N\n'],
  ['separators and backslashes are escaped', ['a\tb\nc\rd\\'], 'a\\tb\\nc\\rd\\\\\n'],
  ['the end mark is only text', ['\\.'], '\\\\.\n'],
  ['a time is written in UTC', [new Date('2026-11-23T08:00:00.125Z')], '2026-11-23T08:00:00.125Z\n'],
  ['a BigInt keeps its digits', [9007199254740993n], '9007199254740993\n'],
]

for (const [sentence, row, expected] of lines) {
  test(sentence, () => {
    expect(copyLine(row)).toBe(expected)
  })
}

const impossible: readonly (readonly [string, CopyValue, string])[] = [
  ['a NUL character', 'a\0b', 'PostgreSQL text cannot hold a NUL character: "a\\u0000b"'],
  ['a Date that is none', new Date('never'), 'Invalid time value'],
]

for (const [what, value, message] of impossible) {
  test(`${what} is refused`, () => {
    expect(() => copyLine([value])).toThrow(new RangeError(message))
  })
}

/** Texts made of the characters that COPY, SQL and UTF-8 treat in ways of their own. */
const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\\',
      '\n',
      '\r',
      '\t',
      '\b',
      '\f',
      '\v',
      "'",
      '"',
      ',',
      'N',
      '.',
      '\x01',
      '\x7f',
      '\u{1f600}',
      '\u2028',
      '\ufeff',
      'é',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).filter((unit) => !unit.includes('\0')),
  ),
})

const rowOfAll = fc.tuple(
  fc.option(nasty),
  fc.option(fc.maxSafeInteger()),
  fc.option(fc.boolean()),
  fc.option(
    fc.date({
      noInvalidDate: true,
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
    }),
  ),
  fc.option(fc.double({ noNaN: true })),
)

const target = { table: 'odd "names', columns: ['a text', 'n', 'b', 't', 'd'] }

for (const server of availablePostgresServers()) {
  describe(`on the ${server} PostgreSQL`, () => {
    let database: TestDatabase

    beforeAll(async () => {
      database = await createTestDatabase({ server, migrated: false })
      await database.pool.query(
        'create table "odd ""names" (i serial, "a text" text, n bigint, b boolean, t timestamptz, d float8)',
      )
    })
    afterAll(() => database[Symbol.asyncDispose]())

    const copy = (rows: AsyncIterable<CopyRow> | Iterable<CopyRow>) =>
      withClient(database.pool, (client) => copyInto(client, target, rows))

    async function stored(): Promise<unknown[][]> {
      const { rows } = await database.pool.query({
        text: 'select "a text", n, b, t, d from "odd ""names" order by i',
        rowMode: 'array',
      })
      await database.pool.query('truncate "odd ""names"')
      return rows
    }

    test('every row arrives as it was given', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(rowOfAll, { maxLength: 50 }), async (rows) => {
          expect(await copy(rows)).toBe(rows.length)
          // PostgreSQL knows only one zero for a JavaScript number's two when it passes through text.
          expect(await stored()).toEqual(rows.map((row) => row.map((value) => (value === 0 ? 0 : value))))
        }),
        { numRuns: 100 },
      )
    })

    test('a large copy arrives whole, whatever the size of the pieces', async () => {
      async function* rows() {
        for (let n = 0; n < 30_000; n++)
          yield n % 2 === 0 ? ['x'.repeat(n % 500), n, true, null, 1] : `\\N\t${n}\tf\t\\N\t1\n`
      }
      expect(await copy(rows())).toBe(30_000)
      const { rows: sums } = await database.pool.query(
        'select sum(n)::bigint as n, count("a text") as texts from "odd ""names"',
      )
      expect(sums).toEqual([{ n: (29_999 * 30_000) / 2, texts: 15_000 }])
      await stored()
    })

    test('when the source fails, nothing is stored and its failure is told', async () => {
      async function* rows(): AsyncGenerator<CopyRow> {
        yield ['first', 1, null, null, null]
        throw new Error('Apple went away')
      }
      await expect(copy(rows())).rejects.toThrow('Apple went away')
      expect(await stored()).toEqual([])
    })

    test('when the server refuses a row, its reason is told and the source is closed', async () => {
      let closed = false
      async function* rows(): AsyncGenerator<CopyRow> {
        try {
          for (;;) yield ['x'.repeat(1000), 'not a number', null, null, null]
        } finally {
          closed = true
        }
      }
      await expect(copy(rows())).rejects.toThrow('invalid input syntax for type bigint: "not a number"')
      expect(closed).toBe(true)
    })

    test('a table that does not exist is told, also with much to send', async () => {
      const rows = Array.from({ length: 10_000 }, () => ['x'.repeat(100)])
      const work = withClient(database.pool, (client) =>
        copyInto(client, { table: 'nowhere', columns: ['a'] }, rows),
      )
      await expect(work).rejects.toThrow('relation "nowhere" does not exist')
    })

    test('a connection that ends during a copy fails it', async () => {
      const work = withClient(database.pool, async (client) => {
        const { rows: found } = await client.query('select pg_backend_pid() as pid')
        async function* rows(): AsyncGenerator<CopyRow> {
          yield ['before', 1, null, null, null]
          await database.pool.query('select pg_terminate_backend($1, 1000)', [found[0]?.pid])
          for (let n = 0; n < 2000; n++) yield ['x'.repeat(1000), n, null, null, null]
        }
        return copyInto(client, target, rows())
      })
      await expect(work).rejects.toThrow(/terminat/i)
      expect(await stored()).toEqual([])
    })

    test('a copy inside a transaction is rolled back with it, and the timeout is as before', async () => {
      await withClient(database.pool, async (client) => {
        const before = await client.query('show statement_timeout')
        await client.query('begin')
        await copyInto(client, target, [['gone', 1, null, null, null]])
        await client.query('rollback')
        expect((await client.query('show statement_timeout')).rows).toEqual(before.rows)
      })
      expect(await stored()).toEqual([])
    })
  })
}
