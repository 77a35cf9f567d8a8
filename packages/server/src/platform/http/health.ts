/**
 * GET /health: whether this server can work now, for load balancers, service managers and people (M5).
 *
 * Answers within two seconds whatever hangs, needs no sign-in, and says nothing that helps an attacker.
 */
import { statfs } from 'node:fs/promises'
import type { Clock } from '../clock.ts'

/** Named counts. */
export type HealthDetails = Readonly<Record<string, Readonly<Record<string, number>>>>

export type HealthReport =
  | { readonly status: 'ok'; readonly database: 'ok'; readonly details?: HealthDetails }
  | { readonly status: 'unavailable'; readonly reason: string; readonly detail: string }

export interface Health {
  /** What GET /health says now. Never rejects, never takes longer than `answerWithin`. */
  check(): Promise<HealthReport>
  /** Until `working`, the answer is this reason, for example `starting`, `migrating`. */
  notYet(reason: string, detail: string): void
  /** From now on the answer depends on what `ping` finds. */
  working(): void
}

export interface HealthPorts {
  readonly clock: Clock
  /** Resolves when the database answers. */
  readonly ping: () => Promise<void>
  /** Bytes free where the database writes; null when that is not ours to see. */
  readonly freeBytes: () => Promise<number | null>
  /** Counts beside the verdict, which they never change. */
  readonly details?: () => Promise<HealthDetails>
}

/** Milliseconds after which a silent database counts as gone. */
export const answerWithin = 1500
/** Milliseconds during which an answer is given again, so that probes cost nothing. */
const sameAnswerFor = 500
/** PostgreSQL needs room for its log of changes; below this it may stop at any moment. */
export const leastFreeBytes = 64 * 1024 * 1024

export function createHealth(ports: HealthPorts): Health {
  let waiting: HealthReport | null = unavailable('starting', 'The server is starting.')
  let latest: { readonly at: number; readonly report: Promise<HealthReport> } | null = null
  return {
    check: () => {
      if (waiting !== null) return Promise.resolve(waiting)
      const now = ports.clock.now().getTime()
      if (latest === null || now - latest.at >= sameAnswerFor) latest = { at: now, report: examine(ports) }
      return latest.report
    },
    notYet: (reason, detail) => {
      waiting = unavailable(reason, detail)
    },
    working: () => {
      waiting = null
      latest = null
    },
  }
}

/** Free bytes on the disk that holds `folder`. */
export async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

async function examine(ports: HealthPorts): Promise<HealthReport> {
  const [database, disk] = await Promise.all([databaseReport(ports), diskReport(ports)])
  const verdict = disk ?? database
  if (verdict !== null) return verdict
  const details = ports.details === undefined ? null : await inTime(ports.clock, ports.details)
  const counted = details !== null && Object.keys(details).length > 0
  return { status: 'ok', database: 'ok', ...(counted ? { details } : {}) }
}

/** What may be left out when it takes long. */
const detailsWithin = 300

async function inTime(clock: Clock, count: () => Promise<HealthDetails>): Promise<HealthDetails | null> {
  const silence = new AbortController()
  const late = clock.sleep(detailsWithin, silence.signal).then(
    () => null,
    () => null,
  )
  try {
    return await Promise.race([count().catch(() => null), late])
  } finally {
    silence.abort()
  }
}

async function databaseReport({ ping, clock }: HealthPorts): Promise<HealthReport | null> {
  const silence = new AbortController()
  const gone = unavailable('database.unavailable', 'The database does not answer.')
  try {
    const answered = ping().then(
      () => null,
      () => gone,
    )
    const silent = clock.sleep(answerWithin, silence.signal).then(
      () => gone,
      () => gone,
    )
    return await Promise.race([answered, silent])
  } finally {
    silence.abort()
  }
}

async function diskReport({ freeBytes }: HealthPorts): Promise<HealthReport | null> {
  const free = await freeBytes().catch(() => null)
  if (free === null || free >= leastFreeBytes) return null
  const mebibytes = Math.floor(free / 1024 / 1024)
  return unavailable('disk.full', `Only ${mebibytes} MiB are free where the database is; free some space.`)
}

function unavailable(reason: string, detail: string): HealthReport {
  return { status: 'unavailable', reason, detail }
}
