/** Pages of Apple's assignments as a sync reads them, and the table in which a walk is put beside our licenses. */
import type { Assignment } from '@apportion/apple-wire/messages'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import type { Reading } from './sync.ts'

export interface LicensePage {
  readonly pageIndex: number
  readonly totalPages: number
  readonly versionId: string | undefined
  readonly records: readonly Assignment[]
}

/** The holder that a record names; undefined when it names none, or one that is no id of Apple's (control characters). */
export function holderOf(
  record: Assignment,
): { readonly kind: 'device' | 'user'; readonly id: string } | undefined {
  const { serialNumber, clientUserId } = record
  const id = serialNumber ?? clientUserId
  if (id === undefined || id === '' || unsafe.test(id)) return undefined
  return { kind: serialNumber === undefined ? 'user' : 'device', id }
}

/** Characters that COPY gives a meaning to. */
const unsafe = /[\\\n\r\t\0]/

/** A temporary table of one connection. */
export const walkedTable = {
  target: { table: 'walked', columns: ['adam_id', 'pricing_param', 'holder_kind', 'holder'] },
  async create(db: Db): Promise<void> {
    await sql`CREATE TEMPORARY TABLE walked (adam_id text NOT NULL, pricing_param text NOT NULL,
      holder_kind holder_kind NOT NULL, holder text NOT NULL)`.execute(db)
  },
  /** Also after a failure, which this must not hide. */
  async drop(db: Db): Promise<void> {
    await sql`DROP TABLE IF EXISTS walked`.execute(db).catch(() => {})
  },
} as const

/** One chunk of COPY text for each page. */
export async function* walkedLines(
  { turn, progress }: Reading,
  pages: AsyncIterable<LicensePage>,
): AsyncIterable<string> {
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
