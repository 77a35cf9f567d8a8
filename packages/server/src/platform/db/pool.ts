/**
 * A pool that rides out a restart of PostgreSQL: connecting is tried again while the server is away.
 *
 * Only connecting is repeated, never a statement, so nothing can happen twice.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { DatabaseFailure, errorCode, errorMessage } from './failure.ts'
import type { DatabaseLog } from './log.ts'
import { prepareMarked } from './prepared.ts'

/** The server is starting, stopping, full, or not there at the moment. */
const passing = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', '57P01', '57P02', '57P03', '53300'])
const passingMessages = ['Connection terminated', 'timeout expired', 'timeout exceeded']

/** True for a failure to connect that waiting can cure. */
export function isPassing(error: unknown): boolean {
  const code = errorCode(error)
  if (code !== undefined) return passing.has(code)
  const message = errorMessage(error)
  return passingMessages.some((part) => message.includes(part))
}

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void

/** `pg.Pool` whose `connect` (and so `query`) retries passing failures for `retryMs`. */
export class ResilientPool extends pg.Pool {
  readonly #retryMs: number

  constructor(config: pg.PoolConfig, { log, retryMs }: { log: DatabaseLog; retryMs: number }) {
    super(config)
    this.#retryMs = retryMs
    // An idle connection that breaks is dropped by the pool; unheard, the event would end the process.
    this.on('error', (error) =>
      log.warn({ reason: errorMessage(error) }, 'An idle database connection broke'),
    )
    this.on('connect', (client) => {
      // The same for a connection in use: its running query already fails with this error.
      client.on('error', () => {})
      prepareMarked(client)
    })
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: Connected): void
  override connect(callback?: Connected): Promise<pg.PoolClient> | undefined {
    const connecting = this.#connectPatiently()
    if (callback === undefined) return connecting
    connecting.then(
      (client) => callback(undefined, client, () => client.release()),
      (error: unknown) => callback(asError(error), undefined, () => {}),
    )
    return undefined
  }

  async #connectPatiently(): Promise<pg.PoolClient> {
    const giveUpAt = performance.now() + this.#retryMs
    for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 500)) {
      try {
        return await super.connect()
      } catch (error) {
        if (!isPassing(error) || this.ending) throw error
        if (performance.now() + pauseMs > giveUpAt) {
          const message = `The database cannot be reached: ${errorMessage(error)}`
          throw new DatabaseFailure('database.unavailable', message, { cause: error })
        }
        await sleep(pauseMs)
      }
    }
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
