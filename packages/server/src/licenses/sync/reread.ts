/**
 * Assets whose holders are read anew: those whose counts do not add up and those that are doubted (S2). So a license
 * that somebody took back is found within minutes, although Apple's changes do not tell of it.
 */
import type { ResponseAsset } from '@apportion/apple-wire/messages'
import { countsAddUp, isCheaperByAsset } from '@apportion/core/licenses/drift'
import { sql } from 'kysely'
import { copyInto } from '../../platform/db/copy.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { upsertAssets } from '../asset-store.ts'
import { resolveDoubts } from '../doubt.ts'
import { readAssets } from './assets.ts'
import { compare, ledgerPosition } from './compare.ts'
import { silentProgress } from './progress.ts'
import type { Reading } from './sync.ts'
import { walking } from './walk-slots.ts'
import { walkedLines, walkedTable } from './walked-page.ts'

/** An asset whose list of holders may be wrong. */
export interface Suspect {
  readonly id: number
  readonly adam_id: string
  readonly pricing_param: string
  readonly assigned: number
  readonly retired: number
  readonly held: number
  readonly releasing: number
  readonly granting: number
  readonly gap: number
  /** Doubted already, whatever the counts say. */
  readonly doubted: boolean
}

/** Doubts that a look resolves: a sweep only those that cannot wait. */
export type Doubts = readonly ('now' | 'sync')[]

/**
 * Assets whose counts, as of now, do not add up, and those that are doubted. To be asked for right after the counts
 * were read and before the changes are: what turns up then is judged by `remaining`.
 */
export async function suspects(db: Db, locationId: number, doubts: Doubts): Promise<readonly Suspect[]> {
  const { rows } = await sql<Suspect>`
    SELECT a.id, a.adam_id, a.pricing_param, a.assigned, a.retired, a.held, a.reserved AS granting,
      a.count_gap AS gap, a.doubt IS NOT NULL AND a.doubt = ANY(${[...doubts]}::text[]) AS doubted,
      coalesce(r.n, 0)::int AS releasing
    FROM assets a LEFT JOIN (
      SELECT asset_id, count(*) AS n FROM licenses WHERE location_id = ${locationId} AND state = 'releasing'
      GROUP BY asset_id) AS r ON r.asset_id = a.id
    WHERE a.location_id = ${locationId} AND (a.gone_at IS NULL OR a.held > 0)
      AND (a.assigned <> a.held OR a.reserved > 0 OR a.count_gap <> 0 OR r.n > 0 OR a.doubt IS NOT NULL)
    ORDER BY a.id`.execute(db)
  return rows.filter((row) => row.doubted || !countsAddUp({ ...row, found: 0 }))
}

/** The suspects that the licenses which turned up since do not explain. */
export function remaining(
  suspected: readonly Suspect[],
  found: ReadonlyMap<number, number>,
): readonly Suspect[] {
  return suspected.filter((each) => each.doubted || !countsAddUp({ ...each, found: found.get(each.id) ?? 0 }))
}

/**
 * Reads the holders of these assets anew and compares them. `everything` when that would cost more than reading all
 * licenses; else whether every list is certain now.
 */
export async function reread(
  reading: Reading,
  suspected: readonly Suspect[],
): Promise<'certain' | 'doubtful' | 'everything'> {
  if (suspected.length === 0) return 'certain'
  const { ports, turn, progress } = reading
  const all = await allHeld(ports.db, turn.lease.locationId)
  if (!isCheaperByAsset({ held: suspected.map((each) => Math.max(each.held, each.assigned)), all }))
    return 'everything'
  await progress.phase('compare')
  let certain = true
  for (const suspect of suspected) {
    turn.signal.throwIfAborted()
    if (!(await rereadAsset(reading, suspect))) certain = false
    progress.counts.assets_reread += 1
  }
  return certain ? 'certain' : 'doubtful'
}

async function allHeld(db: Db, locationId: number): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`SELECT coalesce(sum(greatest(held, assigned)), 0)::int AS n FROM assets
    WHERE location_id = ${locationId}`.execute(db)
  return rows[0]?.n ?? 0
}

async function rereadAsset(reading: Reading, suspect: Suspect): Promise<boolean> {
  const { ports, turn, connection } = reading
  const { locationId } = turn.lease
  const at = ports.clock.now()
  const ledgerAt = await ledgerPosition(ports.db, locationId)
  const { adam_id: adamId, pricing_param: pricingParam } = suspect
  const walk = connection.client.assignments({ adamId, pricingParam })
  const certain = await walking(ports.pool, async (client, db) => {
    await walkedTable.create(db)
    try {
      await copyInto(client, walkedTable.target, walkedLines(reading, walk.pages))
      return await compare(reading, db, {
        at,
        ledgerAt,
        complete: !walk.summary.moved,
        assetId: suspect.id,
      })
    } finally {
      await walkedTable.drop(db)
    }
  })
  if (!certain) return false
  await inTransaction(ports.db, (tx) => resolveDoubts(tx, { locationId, assetIds: [suspect.id], before: at }))
  await noteGap(reading, suspect)
  return true
}

/** What Apple counts otherwise than its own list shows is noted, so that it raises no doubt again. */
async function noteGap(
  { ports, turn, connection }: Reading,
  { id, adam_id: adamId }: Suspect,
): Promise<void> {
  const { locationId } = turn.lease
  const ledgerAt = await ledgerPosition(ports.db, locationId)
  const at = ports.clock.now()
  const assets: ResponseAsset[] = []
  for await (const page of connection.client.assets({ adamId }).pages) assets.push(...page.records)
  await inTransaction(ports.db, async (tx) => {
    if (assets.length > 0) await upsertAssets(tx, { locationId, assets, at })
    await writeGaps(tx, { locationId, assetId: id, ledgerAt })
  })
}

/** The same for all assets, after every license was compared. */
export async function noteGaps(reading: Reading): Promise<void> {
  const { ports, turn } = reading
  const { locationId } = turn.lease
  const ledgerAt = await ledgerPosition(ports.db, locationId)
  // The sync has shown its assets already.
  await readAssets({ ...reading, progress: silentProgress(reading.progress.runId) })
  await inTransaction(ports.db, (tx) => writeGaps(tx, { locationId, assetId: null, ledgerAt }))
}

/** Only where nothing is on its way and nothing happened since before the counts were read. */
async function writeGaps(
  tx: Tx,
  { locationId, assetId, ledgerAt }: { locationId: number; assetId: number | null; ledgerAt: number },
): Promise<void> {
  await sql`UPDATE assets a SET count_gap = a.assigned - a.held
    WHERE a.location_id = ${locationId} AND (${assetId}::int IS NULL OR a.id = ${assetId}) AND a.reserved = 0
      AND a.count_gap <> a.assigned - a.held
      AND NOT EXISTS (SELECT FROM licenses l WHERE l.location_id = a.location_id AND l.asset_id = a.id
        AND l.state = 'releasing')
      AND NOT EXISTS (SELECT FROM ledger g WHERE g.location_id = a.location_id AND g.asset_id = a.id
        AND g.id > ${ledgerAt})`.execute(tx)
}
