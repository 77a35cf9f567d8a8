/**
 * What changed at Apple since a version (S2): licenses that were given since. Apple does not tell of those that were
 * taken back; the counts do, see `reread.ts`.
 */
import { AppleError } from '@apportion/apps-books/errors'
import { inTransaction } from '../../platform/db/transaction.ts'
import { holdLease } from '../../platform/leases.ts'
import { lookAgainAtAssets } from '../../platform/outbox.ts'
import type { Walked } from './assets.ts'
import { insertFound, ledgerPosition, recordsOf } from './compare.ts'
import type { Reading } from './sync.ts'

/** What the changes came to: how many licenses turned up, by asset. */
export interface Changes extends Walked {
  readonly found: ReadonlyMap<number, number>
}

/** While the set keeps moving, so many times the changes since the last time are read before the next sync goes on. */
const mostRounds = 5

/** Reads the changes since `version`, until none came while they were read; null when Apple has forgotten it (9721). */
export async function readChanges(reading: Reading, version: string): Promise<Changes | null> {
  const found = new Map<number, number>()
  let since = version
  for (let round = 1; ; round++) {
    const walked = await readOnce(reading, { since, found })
    if (walked === null) return null
    if (walked.exact || walked.version === null || round === mostRounds) return { ...walked, found }
    since = walked.version
  }
}

async function readOnce(
  { ports, turn, connection, progress }: Reading,
  { since, found }: { readonly since: string; readonly found: Map<number, number> },
): Promise<Walked | null> {
  const { locationId } = turn.lease
  const ledgerAt = await ledgerPosition(ports.db, locationId)
  const walk = connection.client.assignments({ sinceVersionId: since })
  try {
    for await (const page of walk.pages) {
      turn.signal.throwIfAborted()
      progress.counts.licenses_seen += page.records.length
      if (page.records.length === 0) continue
      const turnedUp = await inTransaction(ports.db, async (tx) => {
        await holdLease(tx, turn.lease)
        const walked = recordsOf(page.records)
        const finding = { locationId, now: ports.clock.now(), ledgerAt, runId: progress.runId }
        const changed = await insertFound(tx, { ...finding, walked, mayConflict: true })
        await lookAgainAtAssets(
          tx,
          changed.map((each) => each.asset_id),
        )
        return changed
      })
      for (const { asset_id, n } of turnedUp) {
        found.set(asset_id, (found.get(asset_id) ?? 0) + n)
        progress.counts.licenses_found += n
      }
      await progress.page(page.pageIndex + 1, page.totalPages)
    }
  } catch (error) {
    if (error instanceof AppleError && error.errorNumber === unknownVersion) return null
    throw error
  }
  const { moved, firstVersionId } = walk.summary
  return { exact: !moved, version: firstVersionId ?? null }
}

/** Apple's "invalid versionId": a full walk is needed. */
const unknownVersion = 9721
