/** The progress of a sync, written while it runs so that people can watch (S1). */
import type { SyncScope } from '@apportion/core/licenses/sync-scope'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/database.ts'
import type { SyncRunRow } from '../../tokens/sync-runs.ts'

/** What a sync counts. */
export interface SyncCounts {
  assets_seen: number
  users_seen: number
  licenses_seen: number
  licenses_found: number
  licenses_gone: number
  assets_reread: number
}

export interface Progress {
  readonly runId: string
  readonly counts: SyncCounts
  /** Enters a phase. */
  phase(phase: NonNullable<SyncRunRow['phase']>): Promise<void>
  /** Notes a page; written at most every half second. */
  page(done: number, total: number): Promise<void>
}

const writeEveryMs = 500

/** Progress of one run; `now` in milliseconds, of any clock that only goes forward. */
export function createProgress(db: Db, runId: string, now: () => number): Progress {
  const counts = noCounts()
  let writtenAt = Number.NEGATIVE_INFINITY
  const write = async (pages: { done: number; total: number | null; phase: string | null }) => {
    writtenAt = now()
    await sql`UPDATE sync_runs SET phase = coalesce(${pages.phase}, phase), pages_done = ${pages.done},
        pages_total = ${pages.total}, ${assigned(counts)} WHERE id = ${runId}`.execute(db)
  }
  return {
    runId,
    counts,
    phase: (phase) => write({ done: 0, total: null, phase }),
    async page(done, total) {
      if (now() - writtenAt >= writeEveryMs) await write({ done, total, phase: null })
    },
  }
}

/** Counts that nobody watches: of a sweep, which becomes a run only when it found something. */
export function silentProgress(runId: string): Progress {
  return { runId, counts: noCounts(), phase: async () => {}, page: async () => {} }
}

function noCounts(): SyncCounts {
  return {
    assets_seen: 0,
    users_seen: 0,
    licenses_seen: 0,
    licenses_found: 0,
    licenses_gone: 0,
    assets_reread: 0,
  }
}

const assigned = (
  counts: SyncCounts,
) => sql`assets_seen = ${counts.assets_seen}, users_seen = ${counts.users_seen},
  licenses_seen = ${counts.licenses_seen}, licenses_found = ${counts.licenses_found},
  licenses_gone = ${counts.licenses_gone}, assets_reread = ${counts.assets_reread}`

/** Takes the open run of a location, if it has one; a run that a dead process left is taken over. */
export async function takeRun(db: Db, locationId: number, at: Date): Promise<SyncRunRow | undefined> {
  const { rows } =
    await sql<SyncRunRow>`UPDATE sync_runs SET state = 'running', started_at = ${at}, phase = 'connect'
    WHERE location_id = ${locationId} AND state IN ('waiting', 'running') RETURNING *`.execute(db)
  return rows[0]
}

/** Ends a run, and asks for the next one where it was asked for again meanwhile. */
export async function endRun(
  db: Db | Tx,
  runId: string,
  end: {
    readonly at: Date
    readonly counts: SyncCounts
    readonly scope: SyncScope
    readonly problem: { code: string; detail: string } | null
  },
): Promise<void> {
  const { counts, problem } = end
  await sql`WITH ended AS (
      UPDATE sync_runs SET state = ${problem === null ? 'done' : 'failed'}, finished_at = ${end.at},
        scope = ${end.scope}, ${assigned(counts)},
        problem_code = ${problem?.code ?? null}, problem_detail = ${problem?.detail ?? null}
      WHERE id = ${runId} RETURNING location_id, asked_again_for, asked_again_everything
    )
    INSERT INTO sync_runs (id, location_id, cause, state, asked_at, wants_everything)
    SELECT gen_random_uuid(), location_id, asked_again_for, 'waiting', ${end.at}::timestamptz,
      asked_again_everything
    FROM ended WHERE asked_again_for IS NOT NULL`.execute(db)
}

/** A sweep that found something becomes a run of the history. */
export async function recordSweep(
  tx: Tx,
  sweep: {
    readonly runId: string
    readonly locationId: number
    readonly startedAt: Date
    readonly at: Date
    readonly counts: SyncCounts
  },
): Promise<void> {
  await sql`INSERT INTO sync_runs (id, location_id, cause, scope, state, asked_at, started_at, finished_at)
    VALUES (${sweep.runId}, ${sweep.locationId}, 'sweep', 'changes', 'done', ${sweep.startedAt}, ${sweep.startedAt},
      ${sweep.at})`.execute(tx)
  await sql`UPDATE sync_runs SET ${assigned(sweep.counts)} WHERE id = ${sweep.runId}`.execute(tx)
}
