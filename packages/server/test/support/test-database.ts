/**
 * A migrated database of its own for a test file, on a real PostgreSQL.
 *
 * One throw-away cluster per test process and kind of server, started by the first who asks and removed when the
 * process ends, however it ends; each database is a copy of one migrated template.
 */
import { randomBytes } from 'node:crypto'
import {
  type Connection,
  type ConnectionParts,
  clientConfig,
  type Database,
  openDatabase,
} from '@apportion/server/platform/db/database'
import { silentLog } from '@apportion/server/platform/db/log'
import { migrate } from '@apportion/server/platform/db/migrate'
import pg from 'pg'
import { type PostgresServer, startThrowAwayCluster } from './test-database-cluster.ts'

export { availablePostgresServers, type PostgresServer } from './test-database-cluster.ts'

/** Which server, and whether the schema is wanted. */
export interface TestDatabaseOptions {
  /** Default: the embedded one. */
  readonly server?: PostgresServer
  /** False gives an empty database, for tests of migrations. */
  readonly migrated?: boolean
}

/** A database that is dropped when disposed. */
export interface TestDatabase extends Database {
  readonly connection: Connection
  /** The same as a `DATABASE_URL`, for code that takes only that. */
  readonly url: string
}

interface Server {
  /** Of a database on this server by name. */
  connectionTo(database: string): Connection
  /** Migrated, to be copied; undefined on a given server, where nothing of ours must stay behind. */
  readonly template: string | undefined
}

const servers = new Map<PostgresServer, Promise<Server>>()

/** Makes and opens a database; about 60 ms once the first of the process started its cluster (a second). */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const kind = options.server ?? 'embedded'
  const starting = servers.get(kind) ?? start(kind)
  servers.set(kind, starting)
  const server = await starting
  const name = randomName()
  const migrated = options.migrated ?? true
  const template = migrated ? (server.template ?? 'template0') : 'template0'
  await administer(server, `create database ${name} template ${template} strategy file_copy encoding 'UTF8'`)
  const connection = server.connectionTo(name)
  const database = await openDatabase(connection, { log: silentLog, maxConnections: 8 })
  if (migrated && server.template === undefined) await migrate(database.pool, { log: silentLog })
  return {
    ...database,
    connection,
    url: typeof connection === 'string' ? connection : asUrl(connection),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await administer(server, `drop database ${name} with (force)`)
    },
  }
}

async function start(kind: PostgresServer): Promise<Server> {
  if (kind === 'url') return { connectionTo: onGivenServer, template: undefined }
  const connectionTo = await onThrowAwayCluster(kind)
  const server = { connectionTo, template: 'apportion_template' }
  await administer(server, `create database ${server.template} template template0 encoding 'UTF8'`)
  await using database = await openDatabase(connectionTo(server.template), {
    log: silentLog,
    maxConnections: 2,
  })
  await migrate(database.pool, { log: silentLog })
  return server
}

async function onThrowAwayCluster(kind: 'embedded' | 'system'): Promise<Server['connectionTo']> {
  const parts = await startThrowAwayCluster(kind)
  return (database) => ({ ...parts, database })
}

function onGivenServer(database: string): Connection {
  const url = new URL(process.env.TEST_DATABASE_URL ?? '')
  url.pathname = `/${database}`
  return url.href
}

async function administer(server: Server, statement: string): Promise<void> {
  const client = new pg.Client(clientConfig(server.connectionTo('postgres')))
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const randomName = () => `test_${randomBytes(8).toString('hex')}`

function asUrl({ host, port, user, database }: ConnectionParts): string {
  const query = new URLSearchParams({ host, port: String(port ?? 5432) })
  return `postgresql://${user}@localhost/${database}?${query.toString()}`
}
