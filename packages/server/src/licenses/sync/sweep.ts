/**
 * Every few minutes: the counts of all assets and what changed since the last look (S2). When nothing changed, that is
 * one page of the assets and one answer of the changes. It leaves a line in the history only when it found something.
 */
import { sweepMinutes } from '@apportion/core/licenses/sync-scope'
import { sql } from 'kysely'
import { refreshTitles } from '../../catalog/refresh.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { Refusal } from '../../platform/errors.ts'
import { LeaseLost } from '../../platform/leases.ts'
import type { LocationTurn } from '../../platform/location-work.ts'
import type { AppleConnection } from '../../tokens/apple.ts'
import { askForDriftSync } from '../../tokens/sync-runs.ts'
import { asRefusal, noteVerdict } from '../../tokens/verdict.ts'
import { readAssets, type Walked } from './assets.ts'
import { type Changes, readChanges } from './changes.ts'
import { recordSweep, silentProgress } from './progress.ts'
import { remaining, reread, suspects } from './reread.ts'
import type { Reading, SyncPorts } from './sync.ts'
import { readUsers } from './users.ts'

/** Sweeps once. What fails is tried again with the next one, and shown until one succeeds. */
export async function sweep(ports: SyncPorts, turn: LocationTurn): Promise<void> {
  const { locationId } = turn.lease
  const startedAt = ports.clock.now()
  await sql`UPDATE locations SET next_sweep_at = ${startedAt}::timestamptz + make_interval(mins => ${sweepMinutes})
    WHERE id = ${locationId}`.execute(ports.db)
  let connection: AppleConnection | undefined
  try {
    connection = await ports.apple.connect(locationId, 'read', turn.signal)
    const reading = { ports, turn, connection, progress: silentProgress(ports.newId()) }
    await finish(reading, startedAt, await read(reading))
  } catch (error) {
    if (turn.signal.aborted || error instanceof LeaseLost) throw error
    if (connection !== undefined) await noteVerdict(ports.db, connection.location, error)
    await noteProblem(ports, locationId, error)
  }
}

/** What a sweep read. `everything`: it cannot tell, so a sync of everything has to. */
interface Swept {
  readonly assets: Walked
  readonly users: Walked | null
  readonly changes: Changes | null
  readonly lists: 'certain' | 'doubtful' | 'everything'
}

async function read(reading: Reading): Promise<Swept> {
  const { ports, turn, connection } = reading
  const { location } = connection
  const assets = await readAssets(reading)
  const suspected = await suspects(ports.db, turn.lease.locationId, ['now'])
  const known = location.assignments_version
  const changes = known === null ? null : await readChanges(reading, known)
  const users = location.users_doubted ? await readUsers(reading) : null
  if (assets.fresh > 0) await refreshTitles(ports, connection)
  if (changes === null) return { assets, users, changes, lists: 'everything' }
  return { assets, users, changes, lists: await reread(reading, remaining(suspected, changes.found)) }
}

async function finish(reading: Reading, startedAt: Date, swept: Swept): Promise<void> {
  const { ports, turn, progress } = reading
  const { locationId } = turn.lease
  const { assets, users, changes, lists } = swept
  const at = ports.clock.now()
  const exact = assets.exact && (users?.exact ?? true) && changes?.exact === true && lists === 'certain'
  await inTransaction(ports.db, async (tx) => {
    await sql`UPDATE locations SET swept_at = ${at}, sweep_problem_code = NULL, sweep_problem_detail = NULL,
        assets_version = ${assets.exact ? assets.version : null},
        assignments_version = ${changes?.version ?? null},
        users_version = CASE WHEN ${users === null} THEN users_version ELSE ${users?.version ?? null} END,
        users_doubted = users_doubted AND ${users?.exact !== true},
        exact_as_of = CASE WHEN ${exact} AND NOT EXISTS (SELECT 1 FROM assets a
          WHERE a.location_id = ${locationId} AND a.doubt IS NOT NULL) THEN ${startedAt}::timestamptz ELSE exact_as_of END
      WHERE id = ${locationId}`.execute(tx)
    if (lists === 'everything') await askForDriftSync(tx, locationId, at, true)
    const { counts, runId } = progress
    if (counts.licenses_found + counts.licenses_gone > 0)
      await recordSweep(tx, { runId, locationId, startedAt, at, counts })
  })
}

async function noteProblem(ports: SyncPorts, locationId: number, error: unknown): Promise<void> {
  const refusal = asRefusal(error)
  const { code, message } =
    refusal instanceof Refusal
      ? refusal
      : { code: 'internal', message: 'The sweep stopped because of a defect; the log has the details.' }
  await sql`UPDATE locations SET sweep_problem_code = ${code}, sweep_problem_detail = ${message}
    WHERE id = ${locationId}`.execute(ports.db)
  if (!(refusal instanceof Refusal)) throw error
}
