/**
 * One device that changes in a fleet in which all apps are assigned to everybody: what that takes, against the same in a
 * fleet of a hundredth of the size. Work in proportion to the change costs the same in both.
 */
import { randomUUID } from 'node:crypto'
import { reconcileStep } from '@apportion/server/assignments/reconcile'
import { putDevice } from '@apportion/server/directory/put-device'
import { systemClock } from '@apportion/server/platform/clock'
import type { Db } from '@apportion/server/platform/db/database'
import { renewLeases } from '@apportion/server/platform/leases'
import { sql } from 'kysely'
import { type BenchFleet, startBenchDatabase, storeFleet } from './fleet.ts'
import type { BenchCase } from './report.ts'

/** A fleet to measure. */
export interface ReconcileSize {
  readonly apps: number
  readonly devices: number
}

const runs = 7

/** Measures each fleet beside the smallest, which is a hundredth of the first. */
export async function* reconcileCases(sizes: readonly ReconcileSize[]): AsyncIterable<BenchCase> {
  for (const { apps, devices } of sizes) {
    const floor = await measure({ apps, devices: Math.max(100, Math.floor(devices / 100)) })
    const value = await measure({ apps, devices })
    yield {
      bench: 'reconcile',
      case: `one device of ${devices.toLocaleString('en')} changes, ${apps} apps for all`,
      value: value.seconds,
      floor: floor.seconds,
      ratio: value.seconds / floor.seconds,
      unit: 's',
      extra: { rowsRead: value.rowsRead, rowsReadInAHundredth: floor.rowsRead },
    }
  }
}

interface Measured {
  readonly seconds: number
  /** Rows that the database read for it, in any way. */
  readonly rowsRead: number
}

async function measure(size: ReconcileSize): Promise<Measured> {
  await using bench = await startBenchDatabase()
  const { db } = bench
  const fleet = await storeFleet(db, size)
  await assignAll(db, fleet)
  const seconds: number[] = []
  let rowsRead = 0
  for (let run = 0; run < runs; run += 1) {
    const before = await rowsReadSoFar(db)
    const started = performance.now()
    await changeDevice(db, run)
    await reconcile(db)
    seconds.push((performance.now() - started) / 1000)
    rowsRead = (await rowsReadSoFar(db)) - before
  }
  return { seconds: Math.min(...seconds), rowsRead }
}

/** Every app is required for everybody, who all have it: as it is once Apple has confirmed everything. */
async function assignAll(db: Db, { locationId, assetIds, groupId }: BenchFleet): Promise<void> {
  await sql`INSERT INTO assignments (asset_id, group_id, mode, intent, created_at, created_by)
    SELECT id, ${groupId}, 'include', 'required', now(), 'bench' FROM unnest(${[...assetIds]}::int[]) AS a(id)`.execute(
    db,
  )
  for (const assetId of assetIds) {
    await sql`INSERT INTO targets (location_id, asset_id, device_id, intent, assignment_id, entered_at)
      SELECT ${locationId}, ${assetId}, d.id, 'required', s.id, now() FROM devices d JOIN assignments s ON s.asset_id = ${assetId}
      ORDER BY d.id`.execute(db)
    await sql`INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since, assignment_id)
      SELECT ${locationId}, ${assetId}, 'device', d.serial_number, 'held', true, now(), s.id
      FROM devices d JOIN assignments s ON s.asset_id = ${assetId} ORDER BY d.serial_number
      ON CONFLICT (location_id, asset_id, holder_kind, holder) DO UPDATE SET assignment_id = excluded.assignment_id`.execute(
      db,
    )
  }
  await sql`UPDATE assets a SET held = (SELECT count(*)::int FROM licenses l WHERE l.asset_id = a.id)`.execute(
    db,
  )
  await sql`VACUUM ANALYZE`.execute(db)
}

const owner = randomUUID()

async function reconcile(db: Db): Promise<void> {
  const [lease] = await renewLeases(db, owner)
  if (lease === undefined) throw new Error('No lease')
  await reconcileStep({ db, clock: systemClock }).run({ lease, signal: new AbortController().signal })
}

/** A device becomes too old for every app, or new enough again. */
async function changeDevice(db: Db, run: number): Promise<void> {
  const change = { serialNumber: 'F000000050', platform: run % 2 === 0 ? 'macOS' : 'iPadOS' } as const
  await putDevice({ db, clock: systemClock }, change, { kind: 'system', name: 'bench' })
}

/** Rows of all tables that were read since the start: counted, so that it does not depend on the machine. */
async function rowsReadSoFar(db: Db): Promise<number> {
  await sql`SELECT pg_stat_force_next_flush()`.execute(db)
  const { rows } = await sql<{ n: string }>`SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::text AS n
    FROM pg_stat_user_tables`.execute(db)
  return Number(rows[0]?.n ?? 0)
}
