/**
 * The embedded PostgreSQL: started on a folder of its own, watched, started again when it dies, and ended with us.
 *
 * After a crash of this process PostgreSQL keeps running; the next start finds it and goes on with it.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ConnectionParts } from '../db/database.ts'
import { DatabaseFailure, errorCode, errorMessage } from '../db/failure.ts'
import type { DatabaseLog } from '../db/log.ts'
import { postgresAccount } from './account.ts'
import { embeddedBinaries, usableBinaries } from './binaries.ts'
import { type Cluster, initialize, ownRole } from './cluster.ts'
import { lockFolder } from './folder-lock.ts'
import { capLogFile } from './log-file.ts'
import { durable, postgresSettings } from './settings.ts'
import { removeSocketFolder, socketFolder, socketPort } from './socket-folder.ts'
import { type PostgresState, type StateListener, Supervisor } from './supervisor.ts'

/** Where the data lives and who is told about it. */
export interface EmbeddedPostgresOptions {
  /** Made when missing; holds the data, the log, the lock. Nothing else should be kept in it. */
  readonly folder: string
  readonly log: DatabaseLog
  /** False makes a throw-away cluster: fast, and lost at a power failure. */
  readonly fsync?: boolean
}

/** A running embedded PostgreSQL; disposing ends it and waits until its data is safe. */
export interface EmbeddedPostgres extends AsyncDisposable {
  readonly connection: ConnectionParts
  /** PostgreSQL's own log, capped at 10 MB and one older file. */
  readonly logFile: string
  readonly state: PostgresState
  /** Hears each change of state; gives the function that ends the subscription. */
  onStateChange(listener: StateListener): () => void
  /** Resolves once PostgreSQL works, at once if it does; rejects with the reason when it was stopped. */
  ready(): Promise<void>
}

/**
 * Takes the folder, makes the database in it at the first start (about a second; later starts a tenth), and
 * resolves when it answers. Works as root, which PostgreSQL refuses: an account without rights runs it then.
 *
 * @throws DatabaseFailure `database.folder_in_use`, `database.folder_unwritable`, `database.disk_full`,
 *   `database.platform_unsupported`, `database.folder_version`, `database.start_failed`
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.folder)
  const lock = await takeFolder(folder)
  try {
    const cluster = await prepare(folder, options.fsync ?? true)
    const logCap = capLogFile(cluster.logFile)
    const supervisor = new Supervisor(cluster, options.log)
    await supervisor.start()
    return {
      connection: { host: supervisor.sockets, port: socketPort, user: ownRole, database: ownRole },
      logFile: cluster.logFile,
      get state() {
        return supervisor.state
      },
      onStateChange: (listener) => supervisor.onStateChange(listener),
      ready: () => supervisor.ready(),
      async [Symbol.asyncDispose]() {
        await supervisor.stop()
        removeSocketFolder(folder, supervisor.sockets)
        logCap[Symbol.dispose]()
        lock[Symbol.dispose]()
      },
    }
  } catch (error) {
    lock[Symbol.dispose]()
    throw fileFailure(error, folder)
  }
}

async function takeFolder(folder: string): Promise<Disposable> {
  try {
    // As root, the account that runs PostgreSQL must be able to pass; nobody else can list it.
    mkdirSync(folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
    return await lockFolder(folder)
  } catch (error) {
    throw fileFailure(error, folder)
  }
}

async function prepare(folder: string, fsync: boolean): Promise<Cluster> {
  const data = join(folder, 'postgres')
  const account = postgresAccount(data)
  const binaries = await usableBinaries(embeddedBinaries(), account, [folder, '/var/lib/apportion'])
  const cluster = {
    binaries,
    account,
    data,
    sockets: socketFolder(folder, account),
    settings: postgresSettings({ ...durable, fsync }),
    logFile: join(folder, 'postgres.log'),
  }
  await initialize(cluster)
  return cluster
}

/** A failing file operation, in the operator's words. */
function fileFailure(error: unknown, folder: string): unknown {
  const code = errorCode(error)
  if (error instanceof DatabaseFailure || code === undefined) return error
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const message = `The disk of ${folder} is full; free some space and start again.`
    return new DatabaseFailure('database.disk_full', message, { cause: error, facts: { folder } })
  }
  const message =
    `The folder ${folder} cannot be used for the database: ${errorMessage(error)}. ` +
    'Give it to the user who starts Apportion, or choose another one (APPORTION_DATA).'
  return new DatabaseFailure('database.folder_unwritable', message, { cause: error, facts: { folder } })
}
