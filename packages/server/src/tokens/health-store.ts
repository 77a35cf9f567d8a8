/** What the health of locations is judged from (T8), in a fixed number of queries for any number of them. */
import { connectorHealth, type Health, type HealthFacts } from '@apportion/core/tokens/health'
import { sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'
import { tokenFacts } from './location-state.ts'
import type { LocationRow } from './store.ts'

/** Judges these locations. `deletionBlocked`: why the deletion of one cannot go on, by id. */
export async function healthOf(
  { db, hasAddress }: { readonly db: Db; readonly hasAddress: boolean },
  locations: readonly LocationRow[],
  { now, deletionBlocked }: { readonly now: Date; readonly deletionBlocked: ReadonlyMap<number, string> },
): Promise<ReadonlyMap<number, Health>> {
  const counted = new Map((await countFacts(db, locations, now)).map((row) => [row.id, row]))
  return new Map(
    locations.map((location) => {
      const facts = factsOf(location, counted.get(location.id) ?? { ...nothing, id: location.id })
      const blocked = deletionBlocked.get(location.id) ?? null
      const all = { ...facts, wantsNotifications: hasAddress, deletionBlocked: blocked }
      return [location.id, connectorHealth(all, now)]
    }),
  )
}

function factsOf(
  location: LocationRow,
  counted: Counted,
): Omit<HealthFacts, 'wantsNotifications' | 'deletionBlocked'> {
  const registered = location.notifications_from === null ? 'unregistered' : null
  return {
    token: tokenFacts(location),
    addedAt: location.created_at,
    syncEveryMinutes: location.sync_every_minutes,
    syncedAt: counted.synced_at ?? location.exact_as_of,
    failedSyncs: counted.failed_syncs,
    syncProblem: counted.sync_problem,
    notificationsOff: location.notifications_off ?? registered,
    openOperations: counted.open,
    oldestOpenAt: counted.oldest_open,
    endedOperations: counted.ended,
    failedOperations: counted.failed,
    slowedAt: location.slowed_at,
    answeredAt: location.answered_at,
  }
}

interface Counted {
  readonly id: number
  readonly synced_at: Date | null
  readonly failed_syncs: number
  readonly sync_problem: string | null
  readonly open: number
  readonly oldest_open: Date | null
  readonly ended: number
  readonly failed: number
}

const nothing: Omit<Counted, 'id'> = {
  synced_at: null,
  failed_syncs: 0,
  sync_problem: null,
  open: 0,
  oldest_open: null,
  ended: 0,
  failed: 0,
}

/** Runs that are looked back at; more failures in a row are counted as so many. */
const runsBack = 8
/** Ended operations that are counted; a location that does more in a day is judged by the newest. */
const operationsBack = 200

async function countFacts(db: Db, locations: readonly LocationRow[], now: Date): Promise<readonly Counted[]> {
  const dayAgo = new Date(now.getTime() - 86_400_000)
  const { rows } = await sql<Counted>`
    SELECT wanted.id, runs.synced_at, coalesce(runs.failed, 0)::int AS failed_syncs, runs.problem AS sync_problem,
      open.n AS open, open.oldest AS oldest_open, ended.n AS ended, ended.failed
    FROM unnest(${locations.map(({ id }) => id)}::int[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT max(finished_at) FILTER (WHERE state = 'done') AS synced_at,
        count(*) FILTER (WHERE state = 'failed' AND place < coalesce(done_place, ${runsBack + 1})) AS failed,
        max(problem_detail) FILTER (WHERE state = 'failed' AND failed_place = 1) AS problem
      FROM (
        SELECT r.*, min(place) FILTER (WHERE state = 'done') OVER () AS done_place,
          row_number() OVER (PARTITION BY state = 'failed' ORDER BY place) AS failed_place
        FROM (SELECT state, finished_at, problem_detail, row_number() OVER (ORDER BY asked_at DESC) AS place
          FROM sync_runs WHERE location_id = wanted.id ORDER BY asked_at DESC LIMIT ${runsBack}) AS r
      ) AS r
    ) AS runs
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS n, min(coalesce(sent_at, sending_at, recorded_at)) AS oldest FROM operations o
      WHERE o.location_id = wanted.id AND o.finished_at IS NULL
    ) AS open
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS n, (count(*) FILTER (WHERE state = 'failed'))::int AS failed FROM (
        SELECT o.state FROM operations o WHERE o.location_id = wanted.id AND o.recorded_at > ${dayAgo}
          AND o.finished_at IS NOT NULL ORDER BY o.recorded_at DESC LIMIT ${operationsBack}) AS o
    ) AS ended`.execute(db)
  return rows
}
