/**
 * Licenses that a walk did not show although the set moved under it: they may stand on a page that moved, so Apple is
 * asked for each holder alone. A location that never stands still is kept right this way too.
 */
import { sql } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { holdLease } from '../../platform/leases.ts'
import { lookAgainAtAssets } from '../../platform/outbox.ts'
import { loseLicenses } from '../outside.ts'
import type { Reading } from './sync.ts'
import { missing, type WalkedSet } from './walked-set.ts'

/** Holders asked for one by one, a request each; more are left to the next walk. */
const mostAsked = 60

interface Missing {
  readonly holder_kind: 'device' | 'user'
  readonly holder: string
  readonly assets: readonly { readonly id: number; readonly adamId: string; readonly pricingParam: string }[]
}

/** Takes out what Apple confirms to be gone. Gives whether every missing license was asked for. */
export async function confirmGone(reading: Reading, walked: Db, set: WalkedSet): Promise<boolean> {
  const { locationId } = reading.turn.lease
  const { rows } = await sql<Missing>`SELECT l.holder_kind, l.holder,
      json_agg(json_build_object('id', a.id, 'adamId', a.adam_id, 'pricingParam', a.pricing_param)) AS assets
    FROM licenses l, assets a WHERE ${missing(locationId, set)}
    GROUP BY l.holder_kind, l.holder ORDER BY l.holder_kind, l.holder LIMIT ${mostAsked + 1}`.execute(walked)
  for (const each of rows.slice(0, mostAsked)) await ask(reading, each, set)
  return rows.length <= mostAsked
}

async function ask({ ports, turn, connection, progress }: Reading, each: Missing, set: WalkedSet) {
  const { holder, holder_kind: holderKind } = each
  const filter = holderKind === 'device' ? { serialNumber: holder } : { clientUserId: holder }
  const has = new Set<string>()
  for await (const page of connection.client.assignments(filter).pages) {
    turn.signal.throwIfAborted()
    for (const { adamId, pricingParam } of page.records) has.add(`${adamId} ${pricingParam}`)
  }
  const gone = each.assets.filter(({ adamId, pricingParam }) => !has.has(`${adamId} ${pricingParam}`))
  if (gone.length === 0) return
  const assetIds = gone.map(({ id }) => id)
  progress.counts.licenses_gone += await inTransaction(ports.db, async (tx) => {
    await holdLease(tx, turn.lease)
    const block = { locationId: turn.lease.locationId, assetIds, holderKind, holders: [holder] }
    const lost = await loseLicenses(tx, block, {
      at: ports.clock.now(),
      cause: 'gone_at_sync',
      operationId: null,
      syncRunId: progress.runId,
      // What was given after the walk began is not missing from it; held outside, it may have come back since.
      oursBefore: set.at,
      outsideBefore: set.at,
    })
    await lookAgainAtAssets(tx, assetIds)
    return lost
  })
}
