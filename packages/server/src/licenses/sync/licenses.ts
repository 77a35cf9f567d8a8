/**
 * The third phase of a sync: every license that Apple says is held, compared with ours as sets.
 *
 * The pages stream through COPY into a table of this connection's own; memory does not grow with their number. What
 * differs is then written in two statements: found and gone.
 */
import type { Assignment } from '@apportion/apple-wire/messages'
import { sql } from 'kysely'
import { copyInto, withClient } from '../../platform/db/copy.ts'
import type { Db } from '../../platform/db/database.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { holdLease } from '../../platform/leases.ts'
import { lookAgainAtAssets } from '../../platform/outbox.ts'
import type { Walked } from './assets.ts'
import type { Syncing } from './sync.ts'

/** Reads all licenses, unless Apple's version says that nothing changed since the last time. */
export async function syncLicenses(syncing: Syncing): Promise<Walked> {
  const { ports, connection, progress } = syncing
  await progress.phase('licenses')
  const at = ports.clock.now()
  const known = connection.location.assignments_version
  const walk = connection.client.assignments()
  return withClient(ports.pool, async (client, db) => {
    await sql`CREATE TEMPORARY TABLE walked (adam_id text NOT NULL, pricing_param text NOT NULL,
      holder_kind holder_kind NOT NULL, holder text NOT NULL)`.execute(db)
    try {
      const pages = walk.pages[Symbol.asyncIterator]()
      const first = await pages.next()
      if (first.done === true) return { exact: true, version: null }
      if (known !== null && first.value.versionId === known) {
        await pages.return?.()
        return { exact: true, version: known }
      }
      const target = { table: 'walked', columns: ['adam_id', 'pricing_param', 'holder_kind', 'holder'] }
      await copyInto(client, target, lines(syncing, first.value, { [Symbol.asyncIterator]: () => pages }))
      const { moved, firstVersionId } = walk.summary
      await compare(syncing, db, { at, complete: !moved })
      return { exact: !moved, version: firstVersionId ?? null }
    } finally {
      await sql`DROP TABLE IF EXISTS walked`.execute(db).catch(() => {})
    }
  })
}

interface LicensePage {
  readonly pageIndex: number
  readonly totalPages: number
  readonly records: readonly Assignment[]
}

/** One chunk of COPY text for each page. */
async function* lines(
  { turn, progress }: Syncing,
  first: LicensePage,
  rest: AsyncIterable<LicensePage>,
): AsyncIterable<string> {
  let pages = 0
  const take = async (page: LicensePage) => {
    turn.signal.throwIfAborted()
    pages += 1
    progress.counts.licenses_seen += page.records.length
    await progress.page(pages, page.totalPages)
    return copyText(page.records)
  }
  yield await take(first)
  for await (const page of rest) yield await take(page)
}

/** Rows in COPY's text format. Ids and serial numbers hold nothing that it gives a meaning to, or are skipped. */
function copyText(records: readonly Assignment[]): string {
  let text = ''
  for (const { adamId, pricingParam, serialNumber, clientUserId } of records) {
    const holder = serialNumber ?? clientUserId
    if (holder === undefined || unsafe.test(holder)) continue
    text += `${adamId}\t${pricingParam ?? 'STDQ'}\t${serialNumber === undefined ? 'user' : 'device'}\t${holder}\n`
  }
  return text
}

const unsafe = /[\\\n\r\t\0]/

/**
 * Writes what differs. Licenses that Apple no longer has are taken out only if the walk was complete, and only those
 * that were held before it began: what we asked for meanwhile may be on a page that was read earlier.
 */
async function compare(
  { ports, turn, progress }: Syncing,
  walked: Db,
  { at, complete }: { readonly at: Date; readonly complete: boolean },
): Promise<void> {
  await progress.phase('compare')
  const { locationId } = turn.lease
  await sql`ANALYZE walked`.execute(walked)
  await inTransaction(walked, async (tx) => {
    await holdLease(tx, turn.lease)
    const now = ports.clock.now()
    const found = await sql<{ asset_id: number; n: number }>`
      WITH found AS (
        INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
        SELECT ${locationId}::int, a.id, w.holder_kind, w.holder, 'held', false, ${now}::timestamptz
        FROM walked w JOIN assets a ON a.location_id = ${locationId} AND a.adam_id = w.adam_id
          AND a.pricing_param = w.pricing_param
        WHERE NOT EXISTS (SELECT 1 FROM licenses l WHERE l.location_id = ${locationId} AND l.asset_id = a.id
          AND l.holder_kind = w.holder_kind AND l.holder = w.holder)
        ON CONFLICT DO NOTHING RETURNING asset_id
      ), counted AS (SELECT asset_id, count(*)::int AS n FROM found GROUP BY asset_id)
      UPDATE assets a SET held = held + c.n, held_outside = held_outside + c.n
      FROM counted c WHERE a.id = c.asset_id RETURNING a.id AS asset_id, c.n`.execute(tx)
    progress.counts.licenses_found += found.rows.reduce((sum, row) => sum + row.n, 0)
    if (!complete) return
    const gone = await sql<{ asset_id: number; n: number }>`
      WITH gone AS (
        DELETE FROM licenses l USING assets a
        WHERE l.location_id = ${locationId} AND a.id = l.asset_id AND l.state = 'held' AND l.since < ${at}
          AND NOT EXISTS (SELECT 1 FROM walked w WHERE w.adam_id = a.adam_id AND w.pricing_param = a.pricing_param
            AND w.holder_kind = l.holder_kind AND w.holder = l.holder)
        RETURNING l.asset_id, l.holder_kind, l.holder, l.ours, l.assignment_id
      ), written AS (
        INSERT INTO ledger (location_id, asset_id, holder_kind, holder, at, change, cause, assignment_id)
        SELECT ${locationId}::int, asset_id, holder_kind, holder, ${now}::timestamptz, 'vanished', 'no longer held at Apple',
          assignment_id FROM gone
      ), counted AS (
        SELECT asset_id, count(*)::int AS n, (count(*) FILTER (WHERE NOT ours))::int AS outside FROM gone GROUP BY asset_id
      )
      UPDATE assets a SET held = held - c.n, held_outside = held_outside - c.outside
      FROM counted c WHERE a.id = c.asset_id RETURNING a.id AS asset_id, c.n`.execute(tx)
    progress.counts.licenses_gone += gone.rows.reduce((sum, row) => sum + row.n, 0)
    await lookAgainAtAssets(
      tx,
      [...found.rows, ...gone.rows].map((row) => row.asset_id),
    )
  })
}
