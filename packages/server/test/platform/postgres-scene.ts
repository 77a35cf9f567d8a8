/** What the tests of the embedded PostgreSQL share: folders of several kinds, and owners in other processes. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ConnectionParts } from '@apportion/server/platform/db/database'
import { silentLog } from '@apportion/server/platform/db/log'
import { type Account, isReachable } from '@apportion/server/platform/postgres/account'
import { startEmbeddedPostgres } from '@apportion/server/platform/postgres/embedded'

export const nobody: Account = { uid: 65534, gid: 65534 }
export const weAreRoot = process.getuid?.() === 0

/** A folder that is removed with everything in it. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'apportion-scene-'))
  chmodSync(path, 0o711)
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 10 }) }
}

/** The same, with a database in it that a run before made and ended: half a second saved where that is no subject. */
export async function usedFolder(): Promise<Disposable & { readonly path: string }> {
  const folder = temporaryFolder()
  await fill(folder.path)
  return folder
}

/** Puts a database that a run before made into a folder. */
export async function fill(folder: string): Promise<void> {
  model ??= makeModel()
  // `cp` keeps owners, which the file functions of Node do not.
  execFileSync('cp', ['-a', join((await model).path, 'postgres'), folder])
}

let model: Promise<Disposable & { readonly path: string }> | undefined

async function makeModel(): Promise<Disposable & { readonly path: string }> {
  const folder = temporaryFolder()
  const postgres = await startEmbeddedPostgres({ folder: folder.path, log: silentLog, fsync: false })
  await postgres[Symbol.asyncDispose]()
  return folder
}

/** To be called after the last test that used a used folder. */
export async function forgetModel(): Promise<void> {
  const made = await model
  made?.[Symbol.dispose]()
  model = undefined
}

/** A new folder in `parent` that belongs to the account. */
export function folderOf(parent: string, account: Account | undefined): string {
  const path = join(parent, 'of the account')
  mkdirSync(path, { mode: 0o700 })
  if (account !== undefined) chownSync(path, account.uid, account.gid)
  return path
}

/** The users a server can be started as from here: ourselves, and as root an ordinary one beside. */
export function possibleStarters(): readonly (readonly [string, Account | undefined])[] {
  const ourselves = [weAreRoot ? 'root' : 'an ordinary user', undefined] as const
  const canStart = weAreRoot && isReachable(process.execPath, nobody) && isReachable(ownerProgram, nobody)
  return canStart ? [ourselves, ['an ordinary user', nobody]] : [ourselves]
}

const ownerProgram = fileURLToPath(new URL('.', import.meta.url))

/** What the other process said about its PostgreSQL. */
export interface OwnerReport {
  readonly kind: 'ready' | 'failed'
  readonly pid?: number
  readonly adopted?: boolean
  readonly connection: ConnectionParts
  readonly code?: string
  readonly message?: string
}

/** Starts an owner in a process of its own. */
export function launchOwner(folder: string, account?: Account) {
  return spawn(process.execPath, [join(ownerProgram, 'postgres-owner.ts'), folder], {
    ...account,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** The same, and waits for what it reports. */
export async function startOwner(
  folder: string,
  account?: Account,
): Promise<{ readonly process: ChildProcess; readonly report: OwnerReport }> {
  const child = launchOwner(folder, account)
  for await (const line of createInterface(child.stdout)) return { process: child, report: JSON.parse(line) }
  throw new Error('the owner ended without a report')
}

/** Sends a signal and waits for the process's end. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}
