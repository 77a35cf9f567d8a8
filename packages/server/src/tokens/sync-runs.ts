/** The SQL of sync runs (S1): asked for, running with progress, ended. One open run per location. */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

export interface SyncRunRow {
  readonly id: string
  readonly location_id: number
  readonly cause: 'first' | 'schedule' | 'administrator' | 'drift' | 'sweep'
  readonly scope: 'changes' | 'everything'
  readonly wants_everything: boolean
  readonly state: 'waiting' | 'running' | 'done' | 'failed'
  readonly phase: 'connect' | 'assets' | 'users' | 'licenses' | 'compare' | 'titles' | null
  readonly asked_at: Date
  readonly started_at: Date | null
  readonly finished_at: Date | null
  readonly pages_done: number
  readonly pages_total: number | null
  readonly assets_seen: number
  readonly users_seen: number
  readonly licenses_seen: number
  readonly licenses_found: number
  readonly licenses_gone: number
  readonly assets_reread: number
  readonly problem_code: string | null
  readonly problem_detail: string | null
}

/**
 * Asks for a sync and gives the open run: a new one, or the one that waits or runs already. After one that runs already
 * another follows, since what it read before may be old.
 */
export async function askForSync(
  tx: Tx,
  wish: {
    readonly locationId: number
    readonly cause: SyncRunRow['cause']
    readonly id: string
    readonly at: Date
    /** Compare every license, whatever is known. */
    readonly everything?: boolean
  },
): Promise<SyncRunRow> {
  const { rows } = await sql<SyncRunRow>`
    INSERT INTO sync_runs (id, location_id, cause, state, asked_at, wants_everything)
    VALUES (${wish.id}, ${wish.locationId}, ${wish.cause}, 'waiting', ${wish.at}, ${wish.everything ?? false})
    ${orAgain} RETURNING *`.execute(tx)
  const [run] = rows
  if (run === undefined) throw new Error(`No sync run for location ${wish.locationId}`)
  return run
}

/**
 * Asks for a sync because what we know and what Apple says do not fit; of `everything` when it cannot be told where.
 */
export async function askForDriftSync(
  tx: Tx,
  locationId: number,
  at: Date,
  everything = false,
): Promise<void> {
  await sql`INSERT INTO sync_runs (id, location_id, cause, state, asked_at, wants_everything)
    VALUES (gen_random_uuid(), ${locationId}, 'drift', 'waiting', ${at}, ${everything})
    ${orAgain}`.execute(tx)
}

/** A wish that comes while a run is under way is one for the run that follows it. */
const orAgain = sql`ON CONFLICT (location_id) WHERE state IN ('waiting', 'running') DO UPDATE SET
  wants_everything = sync_runs.wants_everything OR (excluded.wants_everything AND sync_runs.state = 'waiting'),
  asked_again_everything = sync_runs.asked_again_everything OR (excluded.wants_everything AND sync_runs.state = 'running'),
  asked_again_for =
  CASE WHEN sync_runs.state = 'running' THEN CASE excluded.cause WHEN 'drift' THEN 'drift' ELSE 'administrator' END END`

/** The newest run of each of these locations. */
export async function latestSyncRuns(db: Db, locationIds: readonly number[]): Promise<readonly SyncRunRow[]> {
  const { rows } = await sql<SyncRunRow>`
    SELECT run.* FROM unnest(${[...locationIds]}::int[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT * FROM sync_runs WHERE location_id = wanted.id ORDER BY asked_at DESC LIMIT 1
    ) AS run`.execute(db)
  return rows
}

/** Runs of one location, newest first, before a moment. */
export async function pageOfSyncRuns(
  db: Db,
  locationId: number,
  page: { readonly limit: number; readonly before: Date | null },
): Promise<readonly SyncRunRow[]> {
  const { rows } = await sql<SyncRunRow>`SELECT * FROM sync_runs
    WHERE location_id = ${locationId} AND (${page.before}::timestamptz IS NULL OR asked_at < ${page.before})
    ORDER BY asked_at DESC LIMIT ${page.limit}`.execute(db)
  return rows
}
