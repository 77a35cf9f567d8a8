/**
 * Keeps one PostgreSQL running on a cluster: adopts what still runs, starts what does not, and does so again
 * each time it dies, with growing pauses.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { DatabaseFailure, errorMessage } from '../db/failure.ts'
import type { DatabaseLog } from '../db/log.ts'
import { bringUp, type Running } from './bring-up.ts'
import { type Cluster, ownRole, stopPostmaster } from './cluster.ts'
import { controlClient } from './probe.ts'

/** Health as the operator sees it. */
export type PostgresState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly pid: number; readonly adopted: boolean }
  | { readonly kind: 'down'; readonly failure: DatabaseFailure }
  | { readonly kind: 'stopped' }

export type StateListener = (state: PostgresState) => void

const firstPauseMs = 100
const longestPauseMs = 10_000
/** A PostgreSQL that ran for so long is trusted again: its next death is followed by no pause. */
const trustedAfterMs = 60_000
/** "Supervising this cluster" among PostgreSQL's advisory locks of the maintenance database. */
const supervisorLock = 4_170_002

/** One cluster's keeper; `start` once, `stop` once. */
export class Supervisor {
  #cluster: Cluster
  readonly #log: DatabaseLog
  readonly #listeners = new Set<StateListener>()
  readonly #stopping = new AbortController()
  #state: PostgresState = { kind: 'starting' }
  #running: Running | undefined
  #watch: pg.Client | undefined
  #lost: Promise<unknown> = Promise.resolve()
  #keeping: Promise<void> = Promise.resolve()

  constructor(cluster: Cluster, log: DatabaseLog) {
    this.#cluster = cluster
    this.#log = log
  }

  get state(): PostgresState {
    return this.#state
  }

  /** The folder of the socket; fixed once `start` resolved. */
  get sockets(): string {
    return this.#cluster.sockets
  }

  /** Resolves when PostgreSQL works for the first time; rejects when that fails. @throws DatabaseFailure */
  async start(): Promise<void> {
    await this.#bringUp()
    this.#keeping = this.#keepUp()
  }

  /** Ends PostgreSQL in an orderly way. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#keeping
    await this.#watch?.end().catch(() => {})
    if (this.#running !== undefined) await stopPostmaster(this.#running.pid)
    this.#change({ kind: 'stopped' })
  }

  onStateChange(listener: StateListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  ready(): Promise<void> {
    if (this.#state.kind === 'ready') return Promise.resolve()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const decide = (state: PostgresState) => {
      if (state.kind === 'ready') resolve()
      else if (state.kind === 'stopped')
        reject(new DatabaseFailure('database.unavailable', 'PostgreSQL was stopped'))
    }
    decide(this.#state)
    const forget = this.onStateChange(decide)
    return promise.finally(forget)
  }

  async #bringUp(): Promise<void> {
    const running = await bringUp(this.#cluster, this.#log, this.#stopping.signal)
    try {
      this.#watch = await this.#startWatch(running)
    } catch (error) {
      if (!running.adopted) await stopPostmaster(running.pid)
      throw error
    }
    this.#running = running
    // Whoever connects was told this folder: a PostgreSQL started later must listen there too.
    this.#cluster = { ...this.#cluster, sockets: running.sockets }
    this.#log.info({ pid: running.pid, adopted: running.adopted }, 'The embedded PostgreSQL works')
    this.#change({ kind: 'ready', pid: running.pid, adopted: running.adopted })
  }

  /** A connection that stays: it holds the right to supervise, and its end says that PostgreSQL went away. */
  async #startWatch({ sockets, adopted }: Running): Promise<pg.Client> {
    const client = controlClient(sockets, 60_000)
    await client.connect()
    this.#lost = new Promise((resolve) => client.once('end', resolve))
    try {
      await takeSupervision(client)
      // Only at our first start: later, whoever is connected is connected through us.
      if (this.#running === undefined && adopted) await endOrphans(client)
      await createOwnDatabase(client)
      return client
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
  }

  async #keepUp(): Promise<void> {
    const stopped = new Promise((resolve) => this.#stopping.signal.addEventListener('abort', resolve))
    let pauseMs = 0
    while (!this.#stopping.signal.aborted) {
      const upAt = performance.now()
      await Promise.race([this.#lost, stopped])
      if (this.#stopping.signal.aborted) return
      this.#fail(
        new DatabaseFailure('database.unavailable', 'The embedded PostgreSQL went away; starting it again'),
      )
      if (performance.now() - upAt > trustedAfterMs) pauseMs = 0
      pauseMs = await this.#bringUpAgain(pauseMs)
    }
  }

  /** Tries until it works or we stop; gives the pause that a next death should begin with. */
  async #bringUpAgain(firstPause: number): Promise<number> {
    const { signal } = this.#stopping
    for (
      let pauseMs = firstPause;
      ;
      pauseMs = Math.min(Math.max(pauseMs * 2, firstPauseMs), longestPauseMs)
    ) {
      await sleep(pauseMs, undefined, { signal }).catch(() => {})
      if (signal.aborted) return pauseMs
      try {
        await this.#bringUp()
        return Math.max(pauseMs, firstPauseMs)
      } catch (error) {
        if (!signal.aborted) this.#fail(asFailure(error))
      }
    }
  }

  #fail(failure: DatabaseFailure): void {
    this.#log.error({ code: failure.code, ...failure.facts }, failure.message)
    this.#change({ kind: 'down', failure })
  }

  #change(state: PostgresState): void {
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}

/** The lock of a process that was just killed is gone within moments; one that stays belongs to a living one. */
async function takeSupervision(client: pg.Client): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      supervisorLock,
    ])
    if (rows[0]?.taken === true) return
    await sleep(100)
  }
  const message = 'Another Apportion supervises this PostgreSQL; stop it first.'
  throw new DatabaseFailure('database.folder_in_use', message)
}

/** Ends what the process before us left running, so that no transaction or lock of the dead is waited for. */
async function endOrphans(client: pg.Client): Promise<void> {
  await client.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where pid <> pg_backend_pid() and backend_type = 'client backend' and application_name = 'apportion'`,
  )
}

async function createOwnDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [ownRole])
  if (rowCount === 0) await client.query(`create database ${ownRole}`)
}

function asFailure(error: unknown): DatabaseFailure {
  if (error instanceof DatabaseFailure) return error
  return new DatabaseFailure('database.start_failed', errorMessage(error), { cause: error })
}
