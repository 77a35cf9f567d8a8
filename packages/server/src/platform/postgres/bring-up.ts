/** Gets a working PostgreSQL onto a cluster: the one that still runs where it answers, a new one otherwise. */
import type { ChildProcess } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseFailure } from '../db/failure.ts'
import type { DatabaseLog } from '../db/log.ts'
import {
  type Cluster,
  launch,
  type Postmaster,
  removeStalePidFile,
  runningPostmaster,
  stopPostmaster,
} from './cluster.ts'
import { askPatiently } from './probe.ts'
import { isRunning } from './process.ts'
import { ensureSocketFolder, socketPort } from './socket-folder.ts'
import { isPassingStartFailure, startFailure } from './start-failure.ts'

/** A PostgreSQL that answered a query. */
export interface Running extends Postmaster {
  /** It was started by a process before us that is gone. */
  readonly adopted: boolean
}

/** How long remains of a killed PostgreSQL (its children, a zombie) may take to go. */
const remainsMs = 5000
/** A new PostgreSQL that says nothing at all for so long is broken; one that recovers says that it does. */
const muteMs = 60_000

/** @throws DatabaseFailure; nothing that this call started is left running then */
export async function bringUp(cluster: Cluster, log: DatabaseLog, stop: AbortSignal): Promise<Running> {
  const found = runningPostmaster(cluster.data)
  if (found !== undefined) {
    const answer = await askPatiently(found.sockets, remainsMs, () => isRunning(found.pid) && !stop.aborted)
    if (answer.kind === 'works') return { ...found, adopted: true }
    log.warn({ pid: found.pid, ...answer }, 'A PostgreSQL of before does not answer; starting a new one')
    await stopPostmaster(found.pid, { listens: false })
  }
  const giveUpAt = performance.now() + remainsMs
  for (;;) {
    try {
      return await startNew(cluster, stop)
    } catch (error) {
      const passing = error instanceof DatabaseFailure && isPassingStartFailure(error)
      if (!passing || performance.now() > giveUpAt || stop.aborted) throw error
      await sleep(100)
    }
  }
}

async function startNew(cluster: Cluster, stop: AbortSignal): Promise<Running> {
  removeStalePidFile(cluster.data)
  ensureSocketFolder(cluster.sockets, cluster.account)
  // No PostgreSQL runs on this cluster, and the folder is ours alone: what lies here is left over.
  for (const end of ['', '.lock']) {
    rmSync(join(cluster.sockets, `.s.PGSQL.${socketPort}${end}`), { force: true })
  }
  const logged = readLog(cluster.logFile).length
  const child = launch(cluster)
  const alive = watchChild(child)
  const answer = await askPatiently(cluster.sockets, muteMs, () => alive() && !stop.aborted)
  if (answer.kind === 'works' && child.pid !== undefined) {
    child.unref()
    return { pid: child.pid, sockets: cluster.sockets, adopted: false }
  }
  if (child.pid !== undefined) await stopPostmaster(child.pid)
  const said = readLog(cluster.logFile).subarray(logged).toString()
  throw startFailure(said === '' ? (answer.kind === 'works' ? '' : answer.reason) : said, {
    folder: cluster.data,
    program: 'postgres',
  })
}

function watchChild(child: ChildProcess): () => boolean {
  let alive = true
  const ended = () => {
    alive = false
  }
  child.once('error', ended)
  child.once('exit', ended)
  return () => alive
}

function readLog(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}
