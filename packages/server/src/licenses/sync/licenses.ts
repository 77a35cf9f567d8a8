/**
 * The third phase of a sync: every license that Apple says is held. The first time they fill the table; later they are
 * compared with it as sets. Pages stream through either way, so memory does not grow with their number.
 */
import { sql } from 'kysely'
import { copyInto, withClient } from '../../platform/db/copy.ts'
import type { Db } from '../../platform/db/database.ts'
import type { Walked } from './assets.ts'
import { compare, ledgerPosition } from './compare.ts'
import { fill } from './fill.ts'
import type { Syncing } from './sync.ts'
import { holderOf, type LicensePage } from './walked-page.ts'

/** Reads all licenses, unless Apple's version says that nothing changed since the last time. */
export async function syncLicenses(syncing: Syncing): Promise<Walked> {
  const { ports, connection, progress, turn } = syncing
  await progress.phase('licenses')
  const at = ports.clock.now()
  const ledgerAt = await ledgerPosition(ports.db, turn.lease.locationId)
  const known = connection.location.assignments_version
  const walk = connection.client.assignments()
  const pages = walk.pages[Symbol.asyncIterator]()
  const first = await pages.next()
  if (first.done === true) return { exact: true, version: null }
  if (known !== null && first.value.versionId === known) {
    await pages.return?.()
    return { exact: true, version: known }
  }
  const all = { [Symbol.asyncIterator]: () => startingWith(first.value, pages) }
  await withClient(ports.pool, async (client, db) => {
    if (await holdsNothing(db, turn.lease.locationId)) {
      await fill(syncing, { client, db }, all[Symbol.asyncIterator]())
      return
    }
    await sql`CREATE TEMPORARY TABLE walked (adam_id text NOT NULL, pricing_param text NOT NULL,
      holder_kind holder_kind NOT NULL, holder text NOT NULL)`.execute(db)
    try {
      const target = { table: 'walked', columns: ['adam_id', 'pricing_param', 'holder_kind', 'holder'] }
      await copyInto(client, target, lines(syncing, all))
      await progress.phase('compare')
      await compare(syncing, db, { at, ledgerAt, complete: !walk.summary.moved })
    } finally {
      await sql`DROP TABLE IF EXISTS walked`.execute(db).catch(() => {})
    }
  })
  const { moved, firstVersionId } = walk.summary
  return { exact: !moved, version: firstVersionId ?? null }
}

async function* startingWith(
  first: LicensePage,
  rest: AsyncIterator<LicensePage>,
): AsyncGenerator<LicensePage> {
  yield first
  for (;;) {
    const next = await rest.next()
    if (next.done === true) return
    yield next.value
  }
}

async function holdsNothing(db: Db, locationId: number): Promise<boolean> {
  const { rows } = await sql`SELECT FROM licenses WHERE location_id = ${locationId}
    UNION ALL SELECT FROM given_up_grants WHERE location_id = ${locationId} LIMIT 1`.execute(db)
  return rows.length === 0
}

/** One chunk of COPY text for each page. */
async function* lines({ turn, progress }: Syncing, pages: AsyncIterable<LicensePage>): AsyncIterable<string> {
  let done = 0
  for await (const page of pages) {
    turn.signal.throwIfAborted()
    done += 1
    progress.counts.licenses_seen += page.records.length
    await progress.page(done, page.totalPages)
    let text = ''
    for (const record of page.records) {
      const holder = holderOf(record)
      if (holder !== undefined)
        text += `${record.adamId}\t${record.pricingParam ?? 'STDQ'}\t${holder.kind}\t${holder.id}\n`
    }
    yield text
  }
}
