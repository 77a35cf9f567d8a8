/**
 * Brings our picture of a location up to Apple's (S1, S2): who holds it, its assets and counts, its users, its
 * licenses, the names of new titles. Runs beside the other work of the location, since it may take minutes.
 */
import { parseAppleDate } from '@apportion/apple-wire/dates'
import { type SyncScope, scopeOf, sweepMinutes } from '@apportion/core/licenses/sync-scope'
import { sql } from 'kysely'
import type pg from 'pg'
import { noticeTitles } from '../../catalog/notice-titles.ts'
import { refreshTitles } from '../../catalog/refresh.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { Refusal } from '../../platform/errors.ts'
import type { NewId } from '../../platform/ids.ts'
import { LeaseLost } from '../../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../../platform/location-work.ts'
import { lookAgainAtLocation } from '../../platform/outbox.ts'
import type { SecretBox } from '../../platform/secrets.ts'
import type { AppleConnection, AppleConnections } from '../../tokens/apple.ts'
import { noteLocationFacts } from '../../tokens/store.ts'
import { askForDriftSync, askForSync, type SyncRunRow } from '../../tokens/sync-runs.ts'
import { asRefusal, noteVerdict } from '../../tokens/verdict.ts'
import { readAssets, type Walked } from './assets.ts'
import { type ReadLicenses, readLicenses } from './licenses.ts'
import { createProgress, endRun, type Progress, takeRun } from './progress.ts'
import { noteGaps, remaining, reread, suspects } from './reread.ts'
import { sweep } from './sweep.ts'
import { readUsers } from './users.ts'

export interface SyncPorts {
  readonly db: Db
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly newId: NewId
  readonly apple: AppleConnections
  /** For invitations, which rest sealed. */
  readonly secrets: Pick<SecretBox, 'seal'>
  readonly log: { warn(facts: object, message: string): void }
}

/** A sync or a sweep that reads from Apple. */
export interface Reading {
  readonly ports: SyncPorts
  readonly turn: LocationTurn
  readonly connection: AppleConnection
  readonly progress: Progress
}

/** After a walk that Apple's data moved under, or one that failed, the next one comes this soon. */
const soonMinutes = 15

/** The step that syncs what was asked for and what the schedule says, and sweeps in between. */
export function syncStep(ports: SyncPorts): LocationStep {
  return {
    name: 'sync',
    alone: false,
    due: (now) => sql`SELECT location_id FROM sync_runs WHERE state IN ('waiting', 'running')
      UNION SELECT id FROM locations WHERE next_sync_at <= ${now}
      UNION SELECT id FROM locations WHERE next_sweep_at <= ${now} AND assignments_version IS NOT NULL
        AND token_state = 'valid' AND token_expires_at > ${now}`,
    async run(turn) {
      const run = await openRun(ports, turn.lease.locationId)
      if (run === undefined) await sweep(ports, turn)
      else await sync(ports, turn, run)
    },
  }
}

async function sync(ports: SyncPorts, turn: LocationTurn, run: SyncRunRow): Promise<void> {
  const progress = createProgress(ports.db, run.id, () => performance.now())
  let connection: AppleConnection | undefined
  try {
    connection = await ports.apple.connect(turn.lease.locationId, 'read', turn.signal)
    const reading = { ports, turn, connection, progress }
    await readLocation(reading)
    const read = await readAll(reading, run)
    await progress.phase('titles')
    const unread = (await refreshTitles(ports, connection)) ?? (await noticeTitles(ports, connection))
    await finish(reading, run, read)
    if (unread !== null)
      ports.log.warn({ location: turn.lease.locationId, reason: unread }, 'titles could not be read')
  } catch (error) {
    if (turn.signal.aborted || error instanceof LeaseLost) throw error
    if (connection !== undefined) await noteVerdict(ports.db, connection.location, error)
    await fail(ports, { run, progress, error })
  }
}

/** The open run, made when only the schedule asks for one; undefined when none is due. */
async function openRun(ports: SyncPorts, locationId: number): Promise<SyncRunRow | undefined> {
  const at = ports.clock.now()
  // The next time is set before the work begins.
  const { numAffectedRows: scheduled = 0n } = await sql`UPDATE locations
    SET next_sync_at = ${at}::timestamptz + make_interval(mins => sync_every_minutes)
    WHERE id = ${locationId} AND next_sync_at <= ${at}`.execute(ports.db)
  const open = await takeRun(ports.db, locationId, at)
  if (open !== undefined || scheduled === 0n) return open
  const wish = { locationId, cause: 'schedule', id: ports.newId(), at } as const
  await inTransaction(ports.db, (tx) => askForSync(tx, wish))
  return takeRun(ports.db, locationId, at)
}

/** Reads who holds the location and what Apple calls it; the connection notices a takeover by itself. */
async function readLocation({ ports, connection }: Reading): Promise<void> {
  const config = await connection.client.clientConfig()
  const { location } = connection
  await noteLocationFacts(ports.db, location.id, {
    locationName: config.locationName ?? location.location_name,
    storePlatform: config.defaultPlatform ?? location.store_platform,
    expiresAt:
      config.tokenExpirationDate === undefined ? null : (parseAppleDate(config.tokenExpirationDate) ?? null),
  })
}

interface ReadAll {
  readonly assets: Walked
  readonly users: Walked
  readonly licenses: ReadLicenses
  readonly lists: 'certain' | 'doubtful' | 'everything'
}

async function readAll(reading: Reading, run: SyncRunRow): Promise<ReadAll> {
  const { ports, turn, connection } = reading
  const { locationId } = turn.lease
  const assets = await readAssets(reading)
  // Whatever signal was lost: twice a day every assigned asset is looked at again.
  await inTransaction(ports.db, (tx) => lookAgainAtLocation(tx, locationId))
  const users = await readUsers(reading)
  const suspected = await suspects(ports.db, locationId, ['now', 'sync'])
  const licenses = await readLicenses(reading, wantedScope(ports, connection, run))
  if (licenses.scope === 'everything' && licenses.exact) {
    await noteGaps(reading)
    return { assets, users, licenses, lists: 'certain' }
  }
  const lists = await reread(reading, remaining(suspected, licenses.found))
  return { assets, users, licenses, lists }
}

function wantedScope(ports: SyncPorts, { location }: AppleConnection, run: SyncRunRow): SyncScope {
  return scopeOf({
    version: location.assignments_version,
    comparedAt: location.compared_at,
    wantsEverything: run.wants_everything || run.cause === 'first',
    now: ports.clock.now(),
  })
}

/** Keeps the versions from which changes are asked for the next time, and since when the picture is exact (S6). */
async function finish(
  { ports, turn, progress }: Reading,
  run: SyncRunRow,
  { assets, users, licenses, lists }: ReadAll,
): Promise<void> {
  const { locationId } = turn.lease
  const exact = assets.exact && users.exact && licenses.exact && lists === 'certain'
  const at = ports.clock.now()
  await inTransaction(ports.db, async (tx) => {
    await sql`UPDATE locations SET assets_version = ${assets.exact ? assets.version : null},
        users_version = ${users.version}, assignments_version = ${licenses.version},
        users_doubted = users_doubted AND ${!users.exact},
        -- A sweep that something asked for meanwhile is not put off.
        next_sweep_at = CASE WHEN next_sweep_at BETWEEN ${run.started_at ?? at} AND ${at} THEN next_sweep_at
          ELSE ${at}::timestamptz + make_interval(mins => ${sweepMinutes}) END, swept_at = ${at},
        sweep_problem_code = NULL, sweep_problem_detail = NULL,
        exact_as_of = CASE WHEN ${exact} THEN ${run.started_at ?? at}::timestamptz ELSE exact_as_of END
      WHERE id = ${locationId}`.execute(tx)
    if (lists === 'everything' && licenses.scope === 'changes')
      await askForDriftSync(tx, locationId, at, true)
    else if (!exact) await syncSoon(tx, locationId, at)
    await endRun(tx, run.id, {
      at,
      counts: progress.counts,
      scope: licenses.scope,
      problem: null,
    })
  })
}

interface Failing {
  readonly run: SyncRunRow
  readonly progress: Progress
  readonly error: unknown
}

/** A sync that failed keeps what it read; its reason is shown. What may pass is tried again soon. */
async function fail(ports: SyncPorts, { run, progress, error }: Failing): Promise<void> {
  const at = ports.clock.now()
  const refusal = asRefusal(error)
  const problem =
    refusal instanceof Refusal
      ? { code: refusal.code, detail: refusal.message }
      : {
          code: 'internal',
          detail: 'The sync stopped because of a defect or the database; the log has the details.',
        }
  const { counts } = progress
  const ended = { at, counts, scope: run.scope, problem }
  await endRun(ports.db, run.id, ended)
  if (!problem.code.startsWith('token.')) await syncSoon(ports.db, run.location_id, at)
  if (!(refusal instanceof Refusal)) throw error
}

async function syncSoon(db: Db | Tx, locationId: number, at: Date): Promise<void> {
  const soon = new Date(at.getTime() + soonMinutes * 60_000)
  await sql`UPDATE locations SET next_sync_at = least(next_sync_at, ${soon}::timestamptz) WHERE id = ${locationId}`.execute(
    db,
  )
}
