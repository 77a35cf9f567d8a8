/** Asking a PostgreSQL whether it really works: only an answered `SELECT 1` counts. */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { errorCode, errorMessage } from '../db/failure.ts'
import { ownRole } from './cluster.ts'
import { socketPort } from './socket-folder.ts'

/** The outcome of one question. */
export type Answer =
  | { readonly kind: 'works' }
  /** It speaks, but is starting, recovering or stopping. */
  | { readonly kind: 'busy'; readonly reason: string }
  | { readonly kind: 'silent'; readonly reason: string }

/** Asks once; `silent` after two seconds. */
export async function ask(sockets: string): Promise<Answer> {
  const client = controlClient(sockets)
  try {
    await client.connect()
    await client.query('select 1')
    return { kind: 'works' }
  } catch (error) {
    const reason = errorMessage(error)
    return errorCode(error) === '57P03' ? { kind: 'busy', reason } : { kind: 'silent', reason }
  } finally {
    await client.end().catch(() => {})
  }
}

/** Asks until it works, it is silent for `patienceMs` in a row, or `stillThere` says that it ended. */
export async function askPatiently(
  sockets: string,
  patienceMs: number,
  stillThere: () => boolean,
): Promise<Answer> {
  let silentSince = performance.now()
  for (;;) {
    const answer = await ask(sockets)
    if (answer.kind === 'works' || !stillThere()) return answer
    if (answer.kind === 'busy') silentSince = performance.now()
    else if (performance.now() - silentSince > patienceMs) return answer
    await sleep(20)
  }
}

/** A single connection to the maintenance database, for the supervisor's own questions. */
export function controlClient(sockets: string, queryTimeoutMs = 2000): pg.Client {
  const client = new pg.Client({
    host: sockets,
    port: socketPort,
    user: ownRole,
    database: 'postgres',
    application_name: 'apportion supervisor',
    connectionTimeoutMillis: 2000,
    query_timeout: queryTimeoutMs,
  })
  // Heard so that a breaking connection does not end the process; whoever waits on it fails anyway.
  client.on('error', () => {})
  return client
}
