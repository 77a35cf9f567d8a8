/**
 * Doubts about our list of an asset's holders. They are not resolved where they arise: a sweep or a sync reads the
 * asset's holders anew and compares them.
 */
import { leastSweepSeconds } from '@apportion/core/licenses/sync-scope'
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import { wakeLocation } from '../platform/outbox.ts'

/**
 * Marks assets as doubted. `now`: the list cannot be right, so a sweep comes as soon as one may; `sync`: it may be
 * wrong, and the next sync will tell.
 */
export async function doubtAssets(
  tx: Tx,
  { locationId, assetIds, at }: { locationId: number; assetIds: readonly number[]; at: Date },
  until: 'now' | 'sync',
): Promise<void> {
  if (assetIds.length === 0) return
  await sql`UPDATE assets SET doubt = CASE WHEN doubt = 'now' THEN 'now' ELSE ${until} END, doubted_at = ${at}
    WHERE id IN (SELECT id FROM assets WHERE id = ANY(${[...assetIds]}::int[]) ORDER BY id FOR UPDATE)`.execute(
    tx,
  )
  if (until === 'now') await askForSweep(tx, locationId, at)
}

/** The next sweep comes as soon as one may. */
export async function askForSweep(tx: Tx, locationId: number, at: Date): Promise<void> {
  await sql`UPDATE locations SET next_sweep_at = least(next_sweep_at, greatest(${at}::timestamptz,
      coalesce(swept_at, '-infinity') + make_interval(secs => ${leastSweepSeconds}))) WHERE id = ${locationId}`.execute(
    tx,
  )
  await wakeLocation(tx, locationId)
}

/** Of these assets, those of which more licenses are held than are owned and than Apple counts: ours cannot be right. */
export async function impossibleAssets(tx: Tx, assetIds: readonly number[]): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`SELECT id FROM assets
    WHERE id = ANY(${[...assetIds]}::int[]) AND NOT unlimited AND held > total AND assigned - held <> count_gap`.execute(
    tx,
  )
  return rows.map((row) => row.id)
}

/** The doubts that were raised before a moment are resolved: all of a location, or of some assets. */
export async function resolveDoubts(
  db: Db | Tx,
  resolved: {
    readonly locationId: number
    readonly assetIds: readonly number[] | null
    readonly before: Date
  },
): Promise<void> {
  const { locationId, assetIds, before } = resolved
  await sql`UPDATE assets SET doubt = NULL, doubted_at = NULL WHERE location_id = ${locationId}
    AND doubt IS NOT NULL AND doubted_at <= ${before}
    AND (${assetIds === null} OR id = ANY(${[...(assetIds ?? [])]}::int[]))`.execute(db)
}
