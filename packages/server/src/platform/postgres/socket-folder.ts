/** Where the unix socket lies: beside the data where its path is short enough, else in the temporary folder. */
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Account, isReachable } from './account.ts'

/** The port is only part of the socket's name; PostgreSQL listens on no TCP port. */
export const socketPort = 5432

/** Remembers a folder under the temporary one. */
const memoryName = 'socket-folder'

/** Bytes in a socket's path on the system with the least room (macOS 103; Linux 107). */
const longestPath = 103

/** True when a socket in `folder` has a path that every supported system accepts. */
export function fitsSocket(folder: string): boolean {
  return Buffer.byteLength(join(folder, `.s.PGSQL.${socketPort}`)) <= longestPath
}

/**
 * A folder for the socket, enterable by `account` and its owner only. A folder under the temporary one has a
 * random name, which is remembered in `folder` so that the next start finds it.
 */
export function socketFolder(folder: string, account: Account | undefined): string {
  const beside = join(folder, 'socket')
  if (fitsSocket(beside) && isReachable(folder, account)) return own(beside, account)
  const memory = join(folder, memoryName)
  const remembered = readIfThere(memory)
  if (remembered !== undefined && isPrivate(remembered, account)) return remembered
  const made = mkdtempSync(join(roomyTemporaryFolder(account), 'apportion-'))
  writeFileSync(memory, made, { mode: 0o600 })
  return own(made, account)
}

/** Makes the folder again when a cleaner of temporary files took it. */
export function ensureSocketFolder(path: string, account: Account | undefined): void {
  if (!isPrivate(path, account)) own(path, account)
}

/** Removes the folder after an orderly end; after a crash it is found and used again. */
export function removeSocketFolder(folder: string, sockets: string): void {
  rmSync(sockets, { recursive: true, force: true })
  rmSync(join(folder, memoryName), { force: true })
}

function own(path: string, account: Account | undefined): string {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (account !== undefined) chownSync(path, account.uid, account.gid)
  return path
}

/** Ours alone: a folder that someone else put at the remembered place is not trusted. */
function isPrivate(path: string, account: Account | undefined): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  const owner = account?.uid ?? process.getuid?.()
  return found?.isDirectory() === true && found.uid === owner && (found.mode & 0o077) === 0
}

function roomyTemporaryFolder(account: Account | undefined): string {
  const usual = tmpdir()
  return fitsSocket(join(usual, 'apportion-xxxxxx')) && isReachable(usual, account) ? usual : '/tmp'
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
