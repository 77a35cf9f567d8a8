/**
 * The third phase of a sync: every license that Apple says is held, compared with ours as sets.
 *
 * The pages stream through COPY into a table of this connection's own; memory does not grow with their number. What
 * differs is then written in two statements: found and gone.
 */
import type { Assignment } from '@apportion/apple-wire/messages'
import { sql } from 'kysely'
import { copyInto, withClient } from '../../platform/db/copy.ts'
import type { Walked } from './assets.ts'
import { compare } from './compare.ts'
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
      await progress.phase('compare')
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
