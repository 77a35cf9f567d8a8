/**
 * What changed at Apple since a version (S2): licenses that were given since. Apple does not tell of those that were
 * taken back; the counts do, see `reread.ts`.
 */
import type { Assignment } from '@apportion/apple-wire/messages'
import { assignmentsOf, catchUp } from '@apportion/apps-books/catch-up'
import { inTransaction } from '../../platform/db/transaction.ts'
import { holdLease } from '../../platform/leases.ts'
import { lookAgainAtAssets } from '../../platform/outbox.ts'
import type { Walked } from './assets.ts'
import { type Changed, insertFound, ledgerPosition, recordsOf } from './compare.ts'
import type { Reading } from './sync.ts'

/** What the changes came to: how many licenses turned up, by asset. */
export interface Changes extends Walked {
  readonly found: ReadonlyMap<number, number>
}

/**
 * Reads the changes since `version`, again as long as they move while they are read; null when Apple has forgotten
 * that version (9721) or tells none.
 */
export async function readChanges(reading: Reading, version: string): Promise<Changes | null> {
  const { ports, turn, connection, progress } = reading
  const found = new Map<number, number>()
  const ledgerAt = await ledgerPosition(ports.db, turn.lease.locationId)
  const caught = catchUp(assignmentsOf(connection.client), { versionId: version })
  for await (const page of caught.pages) {
    turn.signal.throwIfAborted()
    progress.counts.licenses_seen += page.records.length
    for (const { asset_id, n } of await writeFound(reading, page.records, ledgerAt)) {
      found.set(asset_id, (found.get(asset_id) ?? 0) + n)
      progress.counts.licenses_found += n
    }
    await progress.page(page.pageIndex + 1, page.totalPages)
  }
  const { state, versionId } = caught.result
  if (state === 'full-walk-needed' || versionId === undefined) return null
  return { exact: state === 'additions', version: versionId, found }
}

async function writeFound(
  { ports, turn, progress }: Reading,
  records: readonly Assignment[],
  ledgerAt: number,
): Promise<readonly Changed[]> {
  if (records.length === 0) return []
  const { locationId } = turn.lease
  return inTransaction(ports.db, async (tx) => {
    await holdLease(tx, turn.lease)
    const finding = { locationId, now: ports.clock.now(), ledgerAt, runId: progress.runId }
    const changed = await insertFound(tx, { ...finding, walked: recordsOf(records), mayConflict: true })
    await lookAgainAtAssets(
      tx,
      changed.map((each) => each.asset_id),
    )
    return changed
  })
}
