/** Apple's assets with their counts: the first phase of a sync, and what every sweep begins with. */
import { inTransaction } from '../../platform/db/transaction.ts'
import { lookAgainAtAssets } from '../../platform/outbox.ts'
import { markGoneAssets, upsertAssets } from '../asset-store.ts'
import type { Reading } from './sync.ts'

/** What a walk came to: `exact` when the set did not change while it was walked. */
export interface Walked {
  readonly exact: boolean
  readonly version: string | null
}

/** What the walk of the assets came to, and how many are new. */
export interface WalkedAssets extends Walked {
  readonly fresh: number
}

/** Reads all assets unless Apple's version says that none changed; a location has thousands at most. */
export async function readAssets({ ports, turn, connection, progress }: Reading): Promise<WalkedAssets> {
  await progress.phase('assets')
  const at = ports.clock.now()
  const { locationId } = turn.lease
  const known = connection.location.assets_version
  const walk = connection.client.assets()
  let fresh = 0
  for await (const page of walk.pages) {
    turn.signal.throwIfAborted()
    if (page.pageIndex === 0 && known !== null && page.versionId === known) {
      return { exact: true, version: known, fresh: 0 }
    }
    progress.counts.assets_seen += page.records.length
    fresh += await inTransaction(ports.db, async (tx) => {
      const written = await upsertAssets(tx, { locationId, assets: page.records, at })
      await lookAgainAtAssets(tx, written.changed)
      return written.fresh
    })
    await progress.page(page.pageIndex + 1, page.totalPages)
  }
  const { moved, firstVersionId } = walk.summary
  if (!moved) {
    await inTransaction(ports.db, async (tx) =>
      lookAgainAtAssets(tx, await markGoneAssets(tx, locationId, at)),
    )
  }
  return { exact: !moved, version: firstVersionId ?? null, fresh }
}
