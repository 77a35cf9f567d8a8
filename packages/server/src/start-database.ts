/** Opens the database at the start: the embedded one, or the operator's, for which it waits. */
import type { Clock } from './platform/clock.ts'
import { type Connection, type Database, openDatabase } from './platform/db/database.ts'
import { DatabaseFailure, errorCode, errorMessage } from './platform/db/failure.ts'
import { StartFailure } from './platform/errors.ts'
import type { Health } from './platform/http/health.ts'
import type { Log } from './platform/log.ts'
import { startEmbeddedPostgres } from './platform/postgres/embedded.ts'

export interface DatabasePorts {
  /** For the embedded PostgreSQL. */
  readonly folder: string
  /** The operator's PostgreSQL; null for the embedded one. */
  readonly url: string | null
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  readonly health: Health
  /** Takes what has to be closed at the end. */
  readonly parts: AsyncDisposableStack
}

export interface ConnectedDatabase {
  readonly database: Database
  readonly connection: Connection
}

/** Milliseconds between two tries to reach the operator's PostgreSQL. */
const retryEvery = 2000

/**
 * Throws DatabaseFailure when the folder, the version or the address cannot be used, and StartFailure
 * `database.refused` when the operator's PostgreSQL does not let us in.
 */
export async function connectDatabase(ports: DatabasePorts): Promise<ConnectedDatabase> {
  const connection = ports.url ?? (await startEmbedded(ports))
  const database = await openPatiently(ports, connection)
  ports.parts.use(database)
  return { database, connection }
}

async function startEmbedded({ folder, log, parts }: DatabasePorts): Promise<Connection> {
  const postgres = await startEmbeddedPostgres({ folder, log: log.child({ part: 'postgres' }) })
  parts.use(postgres)
  return postgres.connection
}

/** A server of the operator's may start after us: it is waited for, and /health says so. */
async function openPatiently(ports: DatabasePorts, connection: Connection): Promise<Database> {
  const { clock, log, signal, health } = ports
  for (;;) {
    signal.throwIfAborted()
    try {
      return await openDatabase(connection, {
        log: log.child({ part: 'database' }),
        connectRetryMs: retryEvery,
      })
    } catch (error) {
      if (!mayPass(error)) throw startFailure(error)
      const reason = errorMessage(error)
      log.warn({ reason }, 'The database cannot be reached; trying again until it answers')
      health.notYet('database.unavailable', 'The database cannot be reached; the server waits for it.')
      await clock.sleep(retryEvery, signal)
    }
  }
}

const passingCodes = [
  'database.unavailable',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]

function mayPass(error: unknown): boolean {
  const code = errorCode(error)
  return code !== undefined && passingCodes.includes(code)
}

function startFailure(error: unknown): unknown {
  if (error instanceof DatabaseFailure) return error
  const advice = 'Check the user, the password and the database name in DATABASE_URL.'
  return new StartFailure(
    'database.refused',
    `The database refused the connection: ${errorMessage(error)}. ${advice}`,
    {
      cause: error,
    },
  )
}
