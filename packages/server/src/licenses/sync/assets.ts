/** The first phase of a sync: all assets of a location with Apple's counts. */
import { inTransaction } from '../../platform/db/transaction.ts'
import { lookAgainAtLocation } from '../../platform/outbox.ts'
import { markGoneAssets, upsertAssets } from '../asset-store.ts'
import type { Syncing } from './sync.ts'

/** Reads all assets and gives whether they are exact; a location has thousands at most. */
export async function syncAssets({ ports, turn, connection, progress }: Syncing): Promise<Walked> {
  await progress.phase('assets')
  const at = ports.clock.now()
  const walk = connection.client.assets()
  const { locationId } = turn.lease
  for await (const page of walk.pages) {
    turn.signal.throwIfAborted()
    progress.counts.assets_seen += page.records.length
    await inTransaction(ports.db, (tx) => upsertAssets(tx, { locationId, assets: page.records, at }))
    await progress.page(page.pageIndex + 1, page.totalPages)
  }
  const { moved, firstVersionId } = walk.summary
  await inTransaction(ports.db, async (tx) => {
    if (!moved) await markGoneAssets(tx, locationId, at)
    await lookAgainAtLocation(tx, locationId)
  })
  return { exact: !moved, version: firstVersionId ?? null }
}

/** What a walk came to: `exact` when the set did not change while it was walked. */
export interface Walked {
  readonly exact: boolean
  readonly version: string | null
}
