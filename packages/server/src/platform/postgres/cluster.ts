/** Making a data folder, and starting and ending the PostgreSQL that serves it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseFailure } from '../db/failure.ts'
import { type Account, isReachable } from './account.ts'
import type { PostgresBinaries } from './binaries.ts'
import { isRunning, seeProcess, signal } from './process.ts'
import { startFailure } from './start-failure.ts'

/** The one role and the one database of the embedded server. */
export const ownRole = 'apportion'

/** Everything a start needs. */
export interface Cluster {
  readonly binaries: PostgresBinaries
  readonly account: Account | undefined
  /** PostgreSQL's data folder. */
  readonly data: string
  /** Holds the socket; private to us and the account. */
  readonly sockets: string
  readonly settings: Readonly<Record<string, string>>
  /** What PostgreSQL has to say is appended here. */
  readonly logFile: string
}

/** A PostgreSQL that was seen running. */
export interface Postmaster {
  readonly pid: number
  readonly sockets: string
}

/** In the name of a data folder that is not complete. */
const partialMark = '.partial-'

const initdbOptions = ['--auth=trust', '--locale=C', '-E', 'UTF8', '--data-checksums', '--no-instructions']

/**
 * Makes the data folder when there is none: all of it or nothing, whenever the process ends. @throws DatabaseFailure
 */
export async function initialize(cluster: Cluster): Promise<void> {
  const { data, account, binaries } = cluster
  removePartialFolders(data)
  if (existsSync(data)) return checkVersion(cluster)
  // A name of its own each time: an `initdb` whose starter was killed may still be writing in another.
  const partial = `${data}${partialMark}${randomUUID()}`
  mkdirSync(partial, { recursive: true, mode: 0o700 })
  if (account !== undefined) chownSync(partial, account.uid, account.gid)
  const sync = cluster.settings.fsync === 'off' ? ['--no-sync'] : []
  const child = spawnAs(binaries.initdb, {
    cwd: partial,
    account,
    args: ['-D', pathFor(partial, account), '-U', ownRole, ...initdbOptions, ...sync],
    output: 'pipe',
  })
  const { code, output } = await outcome(child)
  if (code !== 0) {
    rmSync(partial, { recursive: true, force: true })
    throw startFailure(output, { folder: dirname(data), program: 'initdb' })
  }
  renameSync(partial, data)
}

/** Those of starts that were killed; one that is still written to is removed at a later start. */
function removePartialFolders(data: string): void {
  const parent = dirname(data)
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(`${basename(data)}${partialMark}`)) continue
    try {
      rmSync(join(parent, name), { recursive: true, force: true })
    } catch {
      // Refilled while it was emptied.
    }
  }
}

/** Starts PostgreSQL in a session of its own, so that a Ctrl-C in our terminal is ours alone to handle. */
export function launch(cluster: Cluster): ChildProcess {
  const { data, account, sockets, settings } = cluster
  // The real folder stands on the command line even where `-D` cannot name it: `isPostmasterOf` looks for it.
  const all = { ...settings, unix_socket_directories: listItem(sockets), 'apportion.folder': data }
  const log = openSync(cluster.logFile, 'a', 0o600)
  try {
    return spawnAs(cluster.binaries.postgres, {
      cwd: data,
      account,
      args: ['-D', pathFor(data, account), ...Object.entries(all).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
      output: log,
    })
  } finally {
    closeSync(log)
  }
}

/** The PostgreSQL that serves this data folder according to its pid file, if that process really runs. */
export function runningPostmaster(data: string): Postmaster | undefined {
  const pidFile = readPidFile(data)
  if (pidFile === undefined) return undefined
  return isPostmasterOf(pidFile.pid, data) ? pidFile : undefined
}

/**
 * Removes a pid file whose process is gone, is a zombie, or is something else that got the number since:
 * PostgreSQL itself would refuse to start for the latter two.
 */
export function removeStalePidFile(data: string): void {
  const pidFile = readPidFile(data)
  if (pidFile === undefined) return
  const seen = seeProcess(pidFile.pid)
  const isPostgres = seen !== undefined && !seen.zombie && seen.commandLine.includes('postgres')
  if (!isPostgres) rmSync(join(data, 'postmaster.pid'), { force: true })
}

/**
 * Ends a PostgreSQL: clients are cut off and a checkpoint is written (SIGINT); one that does not end within
 * `patienceMs`, or one that is known not to `listen`, is ended at once and recovers at its next start.
 */
export async function stopPostmaster(
  pid: number,
  { listens = true, patienceMs = 20_000 } = {},
): Promise<void> {
  if (listens) {
    signal(pid, 'SIGINT')
    if (await ended(pid, patienceMs)) return
  }
  signal(pid, 'SIGQUIT')
  if (await ended(pid, 2000)) return
  signal(pid, 'SIGKILL')
  await ended(pid, 5000)
}

async function ended(pid: number, withinMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + withinMs
  while (isRunning(pid)) {
    if (performance.now() > giveUpAt) return false
    await sleep(10)
  }
  return true
}

function isPostmasterOf(pid: number, data: string): boolean {
  const seen = seeProcess(pid)
  return seen !== undefined && !seen.zombie && `${seen.commandLine} `.includes(`apportion.folder=${data} `)
}

/** Line 1 is the process, line 5 the socket's folder. */
function readPidFile(data: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    return Number.isInteger(pid) && pid > 1 ? { pid, sockets: lines[4]?.trim() ?? '' } : undefined
  } catch {
    return undefined
  }
}

/** Data of another major version cannot be opened; saying so beats PostgreSQL's refusal in its log. */
function checkVersion({ data, binaries }: Cluster): void {
  const versionFile = join(data, 'PG_VERSION')
  if (!existsSync(versionFile)) {
    const message = `${data} exists but holds no database (PG_VERSION is missing); restore it, or move it away to start anew.`
    throw new DatabaseFailure('database.start_failed', message, { facts: { folder: data } })
  }
  const version = readFileSync(versionFile, 'utf8').trim()
  const share = join(binaries.folder, 'share', 'postgresql', 'postgres.bki')
  const known = existsSync(share)
    ? /PostgreSQL (\d+)/.exec(readFileSync(share, 'utf8').slice(0, 100))?.[1]
    : undefined
  if (known === undefined || known === version) return
  const message =
    `The database in ${dirname(data)} was written by PostgreSQL ${version}; this version of Apportion brings ` +
    `PostgreSQL ${known}. Start the version that wrote it, export a backup there and import it here.`
  throw new DatabaseFailure('database.folder_version', message, { facts: { version, known } })
}

/**
 * How PostgreSQL is told its data folder. An account that cannot pass the folders above it (a project under
 * /root) still reaches it as its own working directory, which it was placed in before it gave up its rights.
 */
function pathFor(folder: string, account: Account | undefined): string {
  return isReachable(folder, account) || process.platform !== 'linux' ? folder : '/proc/self/cwd'
}

/** The setting is a list: a comma or a quote in the path must not end the item. */
const listItem = (path: string) => `"${path.replaceAll('"', '""')}"`

interface Spawning {
  readonly cwd: string
  readonly account: Account | undefined
  readonly args: readonly string[]
  readonly output: number | 'pipe'
}

function spawnAs(program: string, { cwd, account, args, output }: Spawning): ChildProcess {
  return spawn(program, args, {
    ...account,
    cwd,
    detached: true,
    // Nothing of ours reaches it: neither secrets nor PG* variables that would change what it does.
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    stdio: ['ignore', output, output],
  })
}

async function outcome(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = ''
  const collect = (part: Buffer) => {
    output += part.toString()
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  try {
    await once(child, 'close')
    return { code: child.exitCode, output }
  } catch (error) {
    return { code: null, output: String(error) }
  }
}
