/** Content tokens with everything that the API shows of them, read in a fixed number of queries for a page of them. */
import type { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { healthOf } from './health-store.ts'
import { deletionsBlocked } from './leaving/blocked.ts'
import { presentToken } from './present.ts'
import type { token } from './shapes.ts'
import { countsOfLocations, type LocationRow } from './store.ts'
import { latestSyncRuns } from './sync-runs.ts'
import { lastHeard } from './webhook-store.ts'

export interface PresentPorts {
  readonly db: Db
  readonly clock: Clock
  /** Where Apple reaches us; null when it cannot. */
  readonly notificationBase: URL | null
}

/** In the order of the rows. */
export async function presentTokens(
  { db, clock, notificationBase }: PresentPorts,
  rows: readonly LocationRow[],
): Promise<z.output<typeof token>[]> {
  const ids = rows.map((row) => row.id)
  const uids = rows.map((row) => row.uid)
  const now = clock.now()
  const hasAddress = notificationBase !== null
  const deletionBlocked = await deletionsBlocked(db, rows, now)
  const [counts, runs, heard, health] = await Promise.all([
    countsOfLocations(db, ids),
    latestSyncRuns(db, ids),
    lastHeard(db, uids),
    healthOf({ db, hasAddress }, rows, { now, deletionBlocked }),
  ])
  return rows.map((row) =>
    presentToken(row, {
      counts: counts.find((each) => each.location_id === row.id),
      run: runs.find((each) => each.location_id === row.id),
      health: health.get(row.id),
      heardAt: heard.get(row.uid),
      hasAddress,
      now,
    }),
  )
}
