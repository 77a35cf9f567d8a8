/**
 * The connection to PostgreSQL that every store uses, on the embedded server or on one of the operator's.
 *
 * The pool outlives a restart of PostgreSQL: broken idle connections are dropped, new ones are tried again
 * for some seconds before a caller sees a failure.
 */
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { DatabaseFailure, errorMessage } from './failure.ts'
import type { DatabaseLog } from './log.ts'
import { ResilientPool } from './pool.ts'
import type { Schema } from './schema.ts'
import { columnParsers } from './types.ts'

/** Queries outside a transaction; a store function that writes takes `Tx` instead. */
export type Db = Kysely<Schema>
/** Queries inside a transaction that the operation opened with `inTransaction`. */
export type Tx = Transaction<Schema>

/** Where PostgreSQL is: what `pg` needs to connect, or a `DATABASE_URL` (`postgresql://…`). */
export type Connection = string | ConnectionParts

/** An address in parts; `host` is a host name or the folder of a unix socket. */
export interface ConnectionParts {
  readonly host: string
  readonly port?: number
  readonly user: string
  readonly database: string
  readonly password?: string
}

/** How the pool behaves; times in milliseconds. */
export interface DatabaseOptions {
  readonly log: DatabaseLog
  /** Connections at most; 20 leaves room for two server processes on the embedded server's 60. */
  readonly maxConnections?: number
  /** A statement is cancelled after this; COPY through `copyInto` is exempt. Ten minutes. */
  readonly statementTimeoutMs?: number
  /** How long a connection is tried again before the caller fails with `database.unavailable`. */
  readonly connectRetryMs?: number
}

/** An open database; disposing closes every connection. */
export interface Database extends AsyncDisposable {
  readonly kysely: Db
  readonly pool: pg.Pool
  /** Resolves when PostgreSQL answers within two seconds, on a connection of its own; else `database.unavailable`. */
  ping(): Promise<void>
}

const oldestSupported = 150_000

/** Opens the pool and checks that the server is PostgreSQL 15 or later with UTF-8. @throws DatabaseFailure */
export async function openDatabase(connection: Connection, options: DatabaseOptions): Promise<Database> {
  const config = poolConfig(connection, options)
  const pool = new ResilientPool(config, { log: options.log, retryMs: options.connectRetryMs ?? 15_000 })
  const probe = new pg.Pool({ ...config, max: 1, connectionTimeoutMillis: 2000, query_timeout: 2000 })
  probe.on('error', () => {})
  try {
    await checkServer(pool)
  } catch (error) {
    await Promise.all([pool.end(), probe.end()])
    throw error
  }
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  return {
    kysely,
    pool,
    ping: () => ping(probe),
    async [Symbol.asyncDispose]() {
      await Promise.all([kysely.destroy(), probe.end()])
      // Kysely ends the pool only if it ever used it.
      if (!pool.ending) await pool.end()
    },
  }
}

/** What `pg` is told about a connection; used by the pool and by single clients such as listeners. */
export function clientConfig(connection: Connection): pg.ClientConfig {
  const address = typeof connection === 'string' ? { connectionString: checkUrl(connection) } : connection
  return { ...address, application_name: 'apportion', keepAlive: true, types: columnParsers }
}

function poolConfig(connection: Connection, options: DatabaseOptions): pg.PoolConfig {
  const timeout = options.statementTimeoutMs ?? 600_000
  return {
    ...clientConfig(connection),
    max: options.maxConnections ?? 20,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: timeout,
    idle_in_transaction_session_timeout: timeout,
  }
}

function checkUrl(url: string): string {
  const expected = 'set it to postgresql://user:password@host:5432/database'
  if (!URL.canParse(url))
    throw new DatabaseFailure('database.url_invalid', `DATABASE_URL is no URL; ${expected}`)
  const { protocol } = new URL(url)
  if (protocol !== 'postgresql:' && protocol !== 'postgres:') {
    const message = `DATABASE_URL starts with "${protocol}", which is not PostgreSQL; ${expected}`
    throw new DatabaseFailure('database.url_invalid', message, { facts: { protocol } })
  }
  return url
}

async function checkServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ version: string; number: string; encoding: string }>(
    `select current_setting('server_version') as version, current_setting('server_version_num') as number,
            current_setting('server_encoding') as encoding`,
  )
  const [server] = rows
  if (server === undefined) throw new DatabaseFailure('database.unavailable', 'The database gave no answer')
  if (Number(server.number) < oldestSupported) {
    throw new DatabaseFailure(
      'database.version_unsupported',
      `The database is PostgreSQL ${server.version}; Apportion needs 15 or later. Upgrade it, or unset DATABASE_URL to use the embedded one.`,
      { facts: { version: server.version } },
    )
  }
  if (server.encoding !== 'UTF8') {
    throw new DatabaseFailure(
      'database.encoding_unsupported',
      `The database's encoding is ${server.encoding}; create it with ENCODING 'UTF8'.`,
      { facts: { encoding: server.encoding } },
    )
  }
}

async function ping(probe: pg.Pool): Promise<void> {
  try {
    await probe.query('select 1')
  } catch (error) {
    const message = `The database does not answer: ${errorMessage(error)}`
    throw new DatabaseFailure('database.unavailable', message, { cause: error })
  }
}
