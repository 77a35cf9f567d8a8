/**
 * Brings our picture of a location up to Apple's (S1, S2): who holds it, its assets and counts, its users, its
 * licenses, the names of new titles. Runs beside the other work of the location, since it may take minutes.
 */
import { parseAppleDate } from '@apportion/apple-wire/dates'
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
import type { AppleConnection, AppleConnections } from '../../tokens/apple.ts'
import { noteLocationFacts } from '../../tokens/store.ts'
import { askForSync, type SyncRunRow } from '../../tokens/sync-runs.ts'
import { asRefusal, noteVerdict } from '../../tokens/verdict.ts'
import { syncAssets, type Walked } from './assets.ts'
import { syncLicenses } from './licenses.ts'
import { createProgress, endRun, type Progress, takeRun } from './progress.ts'
import { syncUsers } from './users.ts'

export interface SyncPorts {
  readonly db: Db
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly newId: NewId
  readonly apple: AppleConnections
  readonly log: { warn(facts: object, message: string): void }
}

/** One sync under way. */
export interface Syncing {
  readonly ports: SyncPorts
  readonly turn: LocationTurn
  readonly connection: AppleConnection
  readonly progress: Progress
}

/** After a walk that Apple's data moved under, or one that failed, the next one comes this soon. */
const soonMinutes = 15

/** The step that syncs: what was asked for, and what the schedule says. */
export function syncStep(ports: SyncPorts): LocationStep {
  return {
    name: 'sync',
    alone: false,
    due: (now) => sql`SELECT location_id FROM sync_runs WHERE state IN ('waiting', 'running')
      UNION SELECT id FROM locations WHERE next_sync_at <= ${now}`,
    run: (turn) => sync(ports, turn),
  }
}

async function sync(ports: SyncPorts, turn: LocationTurn): Promise<void> {
  const run = await openRun(ports, turn.lease.locationId)
  const progress = createProgress(ports.db, run.id, () => performance.now())
  let connection: AppleConnection | undefined
  try {
    connection = await ports.apple.connect(turn.lease.locationId, 'read', turn.signal)
    const syncing = { ports, turn, connection, progress }
    await readLocation(syncing)
    const assets = await syncAssets(syncing)
    const users = await syncUsers(syncing)
    const licenses = await syncLicenses(syncing)
    await progress.phase('titles')
    const missing = (await refreshTitles(ports, connection)) ?? (await noticeTitles(ports, connection))
    await finish(syncing, run, { assets, users, licenses })
    if (missing !== null)
      ports.log.warn({ location: turn.lease.locationId, reason: missing }, 'titles could not be read')
  } catch (error) {
    if (turn.signal.aborted || error instanceof LeaseLost) throw error
    if (connection !== undefined) await noteVerdict(ports.db, connection.location, error)
    await fail(ports, { run, progress, error })
  }
}

/** The open run, made when only the schedule asks for one. The next time is set before the work begins. */
async function openRun(ports: SyncPorts, locationId: number): Promise<SyncRunRow> {
  const at = ports.clock.now()
  await sql`UPDATE locations SET next_sync_at = ${at}::timestamptz + make_interval(mins => sync_every_minutes)
    WHERE id = ${locationId} AND next_sync_at <= ${at}`.execute(ports.db)
  const open = await takeRun(ports.db, locationId, at)
  if (open !== undefined) return open
  const wish = { locationId, cause: 'schedule', id: ports.newId(), at } as const
  await inTransaction(ports.db, (tx) => askForSync(tx, wish))
  const asked = await takeRun(ports.db, locationId, at)
  if (asked === undefined) throw new Error(`The sync run of location ${locationId} is gone`)
  return asked
}

/** Reads who holds the location and what Apple calls it; the connection notices a takeover by itself. */
async function readLocation({ ports, connection }: Syncing): Promise<void> {
  const config = await connection.client.clientConfig()
  const { location } = connection
  await noteLocationFacts(ports.db, location.id, {
    locationName: config.locationName ?? location.location_name,
    storePlatform: config.defaultPlatform ?? location.store_platform,
    expiresAt:
      config.tokenExpirationDate === undefined ? null : (parseAppleDate(config.tokenExpirationDate) ?? null),
  })
}

/** Keeps the versions that were walked exactly, so that an unchanged set costs one page the next time (S6). */
async function finish(
  { ports, turn, progress }: Syncing,
  run: SyncRunRow,
  walked: { readonly assets: Walked; readonly users: Walked; readonly licenses: Walked },
): Promise<void> {
  const exact = walked.assets.exact && walked.users.exact && walked.licenses.exact
  const at = ports.clock.now()
  await inTransaction(ports.db, async (tx) => {
    await sql`UPDATE locations SET assets_version = ${versionOf(walked.assets)}, users_version = ${versionOf(walked.users)},
        assignments_version = CASE WHEN licenses_changed_at IS NULL OR licenses_changed_at < ${run.started_at ?? at}
          THEN ${versionOf(walked.licenses)}::text END,
        exact_as_of = CASE WHEN ${exact} THEN ${run.started_at ?? at}::timestamptz ELSE exact_as_of END
      WHERE id = ${turn.lease.locationId}`.execute(tx)
    if (!exact) await syncSoon(tx, turn.lease.locationId, at)
    await endRun(tx, run.id, { at, counts: progress.counts, problem: null })
  })
}

const versionOf = (walked: Walked): string | null => (walked.exact ? walked.version : null)

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
  await endRun(ports.db, run.id, { at, counts: progress.counts, problem })
  if (!problem.code.startsWith('token.')) await syncSoon(ports.db, run.location_id, at)
  if (!(refusal instanceof Refusal)) throw error
}

async function syncSoon(db: Db | Tx, locationId: number, at: Date): Promise<void> {
  const soon = new Date(at.getTime() + soonMinutes * 60_000)
  await sql`UPDATE locations SET next_sync_at = least(next_sync_at, ${soon}::timestamptz) WHERE id = ${locationId}`.execute(
    db,
  )
}
