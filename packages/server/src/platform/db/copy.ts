/**
 * Streams rows into a table with COPY, the fastest way in: the hot path of syncing millions of licenses.
 *
 * Memory stays flat: one chunk of text is built while the one before is on its way.
 */
import { once } from 'node:events'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { from } from 'pg-copy-streams'
import type { Db } from './database.ts'
import type { Schema } from './schema.ts'

/** What a column can be given; for others (jsonb, uuid, bytea as `\x…`) pass the text PostgreSQL reads. */
export type CopyValue = string | number | bigint | boolean | null | Date
/** A row of values, or whole lines already in COPY's text format, each ended by a newline. */
export type CopyRow = readonly CopyValue[] | string

/** Where the rows go. */
export interface CopyTarget {
  /** A table, or `schema.table`; temporary tables of the client's session too. */
  readonly table: string
  readonly columns: readonly string[]
}

/** Characters collected before a write: fewer writes, and each still small beside a page of Apple's. */
const chunkCharacters = 1 << 16

/**
 * Copies rows through `client` and gives how many arrived; all or none. Takes part in the client's transaction
 * when one is open. Exempt from the statement timeout, since the rows may come from a slow Apple.
 *
 * @throws RangeError for a value PostgreSQL's text cannot hold (NUL, an invalid Date)
 */
export async function copyInto(
  client: pg.ClientBase,
  target: CopyTarget,
  rows: AsyncIterable<CopyRow> | Iterable<CopyRow>,
): Promise<number> {
  await client.query('set statement_timeout = 0')
  const stream = client.query(from(copyStatement(target)))
  let refused: unknown
  stream.on('error', (error) => {
    refused = error
  })
  try {
    for await (const chunk of chunks(rows)) {
      if (refused !== undefined) throw refused
      if (!stream.write(chunk)) await once(stream, 'drain')
    }
    if (refused !== undefined) throw refused
    const finished = once(stream, 'finish')
    stream.end()
    await finished
  } catch (error) {
    if (refused === undefined) await abandon(stream, error)
    throw error
  }
  await client.query('reset statement_timeout')
  return stream.rowCount
}

/**
 * Lends one connection of the pool to `work`, as a bare client (for COPY and cursors) and as a `Db` bound to
 * that very connection, so that temporary tables and open transactions are seen by both.
 */
export async function withClient<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, db: Db) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken = true
  try {
    const result = await work(client, boundTo(client))
    broken = false
    return result
  } finally {
    // A connection that saw a failure may still be in a transaction or a COPY: it is not lent again.
    client.release(broken)
  }
}

/** One row in COPY's text format, with its newline. @throws RangeError */
export function copyLine(row: readonly CopyValue[]): string {
  let line = ''
  for (let i = 0; i < row.length; i++) {
    if (i > 0) line += '\t'
    line += copyField(row[i] ?? null)
  }
  return `${line}\n`
}

function copyField(value: CopyValue): string {
  if (value === null) return '\\N'
  if (typeof value === 'string') return special.test(value) ? escapeField(value) : value
  if (typeof value === 'boolean') return value ? 't' : 'f'
  return value instanceof Date ? value.toISOString() : String(value)
}

const special = /[\\\n\r\t\0]/

function escapeField(text: string): string {
  if (text.includes('\0')) {
    throw new RangeError(`PostgreSQL text cannot hold a NUL character: ${JSON.stringify(text)}`)
  }
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
}

function copyStatement({ table, columns }: CopyTarget): string {
  const name = table.split('.').map(pg.escapeIdentifier).join('.')
  return `copy ${name} (${columns.map(pg.escapeIdentifier).join(', ')}) from stdin`
}

type CopyStream = ReturnType<typeof from>

async function* chunks(rows: AsyncIterable<CopyRow> | Iterable<CopyRow>): AsyncIterable<string> {
  let chunk = ''
  for await (const row of rows) {
    chunk += typeof row === 'string' ? row : copyLine(row)
    if (chunk.length < chunkCharacters) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

/** Makes the server forget the rows of a COPY whose source failed, and waits until it did. */
async function abandon(stream: CopyStream, error: unknown): Promise<void> {
  const closed = new Promise((resolve) => stream.once('close', resolve))
  stream.destroy(error instanceof Error ? error : new Error(String(error)))
  await closed
}

/** A `Db` whose every query runs on this one connection. */
function boundTo(client: pg.PoolClient): Db {
  const lent = { query: client.query.bind(client), release() {} }
  const pool = { connect: async () => lent, end: async () => {}, options: {} }
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
}
