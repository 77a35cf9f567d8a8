/**
 * One owner per data folder: a lock file that says which process has it, believed only while that process lives.
 *
 * The lock survives crashes the right way: a dead owner's file is taken over at once where process numbers can
 * be compared, and after its heartbeat stopped where they cannot (another container on the same volume).
 */
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseFailure, errorCode } from '../db/failure.ts'
import { processSpace, seeProcess } from './process.ts'

/** What the lock file says about its owner. */
export interface Owner {
  readonly pid: number
  readonly startedAt: string
  /** Two numbers mean the same process only in the same space. */
  readonly space: string
  readonly host: string
}

const heartbeatMs = 3000
/** Four missed heartbeats: a machine under load misses one, a living one not four. */
const silentMs = 4 * heartbeatMs

/** What a look at the owner's lock gave. */
export interface OwnerSighting {
  readonly owner: Owner
  readonly silentForMs: number
  /** When the process with the owner's number started, if there is one in our space. */
  readonly processStartedAt: string | undefined
}

/** Whether the owner of a lock lives, is dead, or may still be alive where we cannot see it. */
export function judgeOwner(sighting: OwnerSighting, space: string): 'alive' | 'dead' | 'unsure' {
  const { owner, silentForMs, processStartedAt } = sighting
  if (owner.space === space) return processStartedAt === owner.startedAt ? 'alive' : 'dead'
  return silentForMs > silentMs ? 'dead' : 'unsure'
}

/** Takes the folder for this process until disposed. @throws DatabaseFailure `database.folder_in_use` */
export async function lockFolder(folder: string): Promise<Disposable> {
  const path = join(folder, 'owner.lock')
  const giveUpAt = Date.now() + silentMs + heartbeatMs
  while (!claim(folder, path)) {
    const sighting = see(path)
    if (sighting === undefined) continue
    const judged = judgeOwner(sighting, processSpace())
    if (judged === 'dead') takeOver(path, sighting.owner)
    else if (judged === 'alive' || Date.now() > giveUpAt) throw inUse(folder, sighting.owner)
    else await sleep(500)
  }
  return holding(path)
}

/** Writing aside and linking makes the file appear with its whole content or not at all. */
function claim(folder: string, path: string): boolean {
  const draft = join(folder, `owner.${randomUUID()}`)
  writeFileSync(draft, JSON.stringify(ourselves()), { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Removes a dead owner's file. Of several processes that judged it dead only the one that makes the second file
 * may remove it, and only if it still names the dead: else a newcomer's fresh lock could be removed.
 */
function takeOver(path: string, dead: Owner): void {
  const turn = `${path}.turn`
  try {
    writeFileSync(turn, '', { flag: 'wx', mode: 0o600 })
  } catch {
    // A process that died here, within microseconds of its turn, must not block everyone for good.
    if (ageMs(turn) > silentMs) rmSync(turn, { force: true })
    return
  }
  try {
    const now = see(path)
    if (now !== undefined && isSame(now.owner, dead)) rmSync(path, { force: true })
  } finally {
    rmSync(turn, { force: true })
  }
}

function holding(path: string): Disposable {
  const heartbeat = setInterval(() => {
    const now = new Date()
    try {
      utimesSync(path, now, now)
    } catch {
      // The folder is gone or read-only; PostgreSQL will say so in words that help.
    }
  }, heartbeatMs)
  heartbeat.unref()
  return {
    [Symbol.dispose]() {
      clearInterval(heartbeat)
      rmSync(path, { force: true })
    },
  }
}

function see(path: string): OwnerSighting | undefined {
  const owner = readOwner(path)
  if (owner === undefined) return undefined
  const seen = seeProcess(owner.pid)
  const processStartedAt = seen?.zombie === false ? seen.startedAt : undefined
  return { owner, silentForMs: ageMs(path), processStartedAt }
}

/** An unreadable file (a disk that was full) names an owner that lives nowhere. */
function readOwner(path: string): Owner | undefined {
  try {
    const text = readFileSync(path, 'utf8')
    const read: unknown = text === '' ? {} : JSON.parse(text)
    return {
      pid: 0,
      startedAt: '',
      space: processSpace(),
      host: '',
      ...(typeof read === 'object' ? read : {}),
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    return { pid: 0, startedAt: '', space: processSpace(), host: '' }
  }
}

function ourselves(): Owner {
  const startedAt = seeProcess(process.pid)?.startedAt ?? ''
  return { pid: process.pid, startedAt, space: processSpace(), host: hostname() }
}

function ageMs(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? 0 : Date.now() - found.mtimeMs
}

const isSame = (a: Owner, b: Owner) => a.pid === b.pid && a.startedAt === b.startedAt && a.space === b.space

function inUse(folder: string, owner: Owner): DatabaseFailure {
  const message =
    `The data folder ${folder} is in use by process ${owner.pid} on ${owner.host}. ` +
    'Stop that Apportion first, or give this one a folder of its own (APPORTION_DATA).'
  return new DatabaseFailure('database.folder_in_use', message, { facts: { folder, ...owner } })
}
