/** The progress of a sync, written while it runs so that people can watch (S1). */
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
}

export interface Progress {
  readonly counts: SyncCounts
  /** Enters a phase. */
  phase(phase: NonNullable<SyncRunRow['phase']>): Promise<void>
  /** Notes a page; written at most every half second. */
  page(done: number, total: number): Promise<void>
}

const writeEveryMs = 500

/** Progress of one run; `now` in milliseconds, of any clock that only goes forward. */
export function createProgress(db: Db, runId: string, now: () => number): Progress {
  const counts: SyncCounts = {
    assets_seen: 0,
    users_seen: 0,
    licenses_seen: 0,
    licenses_found: 0,
    licenses_gone: 0,
  }
  let writtenAt = Number.NEGATIVE_INFINITY
  const write = async (pages: { done: number; total: number | null; phase: string | null }) => {
    writtenAt = now()
    await sql`UPDATE sync_runs SET phase = coalesce(${pages.phase}, phase), pages_done = ${pages.done},
        pages_total = ${pages.total}, assets_seen = ${counts.assets_seen}, users_seen = ${counts.users_seen},
        licenses_seen = ${counts.licenses_seen}, licenses_found = ${counts.licenses_found},
        licenses_gone = ${counts.licenses_gone} WHERE id = ${runId}`.execute(db)
  }
  return {
    counts,
    phase: (phase) => write({ done: 0, total: null, phase }),
    async page(done, total) {
      if (now() - writtenAt >= writeEveryMs) await write({ done, total, phase: null })
    },
  }
}

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
    readonly problem: { code: string; detail: string } | null
  },
): Promise<void> {
  const { counts, problem } = end
  await sql`WITH ended AS (
      UPDATE sync_runs SET state = ${problem === null ? 'done' : 'failed'}, finished_at = ${end.at},
        assets_seen = ${counts.assets_seen}, users_seen = ${counts.users_seen}, licenses_seen = ${counts.licenses_seen},
        licenses_found = ${counts.licenses_found}, licenses_gone = ${counts.licenses_gone},
        problem_code = ${problem?.code ?? null}, problem_detail = ${problem?.detail ?? null}
      WHERE id = ${runId} RETURNING location_id, asked_again_for
    )
    INSERT INTO sync_runs (id, location_id, cause, state, asked_at)
    SELECT gen_random_uuid(), location_id, asked_again_for, 'waiting', ${end.at}::timestamptz
    FROM ended WHERE asked_again_for IS NOT NULL`.execute(db)
}
