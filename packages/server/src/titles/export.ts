/** Use per title as CSV (C3), streamed page by page; unlimited titles say so (S7). */

import { type Cell, csv } from '../licenses/csv.ts'
import type { Db } from '../platform/db/database.ts'
import { presentTitle } from './present.ts'
import { pageOfTitles, type TitleFilter, type TitleRow } from './read-titles.ts'

const pageSize = 1000

const columns = [
  'adam_id',
  'name',
  'publisher',
  'bundle_id',
  'kind',
  'platforms',
  'locations',
  'pools',
  'unlimited_pools',
  'total',
  'used',
  'used_of_unlimited',
  'available',
  'granting',
  'held_outside',
  'waiting',
  'retired',
]

/** All titles that fit the filter, by name. */
export function titlesCsv(
  db: Db,
  filter: Omit<TitleFilter, 'after' | 'limit' | 'sort'>,
): NodeJS.ReadableStream {
  return csv(columns, async function* () {
    let after: TitleFilter['after'] = null
    for (;;) {
      const page: TitleFilter = { ...filter, sort: 'name', after, limit: pageSize }
      const rows: readonly TitleRow[] = await pageOfTitles(db, page)
      for (const row of rows) yield cellsOf(row, filter.changedSince)
      const last = rows.at(-1)
      if (rows.length < pageSize || last === undefined) return
      after = [last.sort_key, last.adam_id]
    }
  })
}

function cellsOf(row: TitleRow, changedSince: Date): readonly Cell[] {
  const { counts, platforms, ...title } = presentTitle(row, changedSince)
  const names = [title.adamId, title.name, title.publisher, title.bundleId, title.kind, platforms.join(' ')]
  const { total, used, usedUnlimited, available, granting, heldOutside, waiting, retired } = counts
  const shares = [total ?? 'unlimited', used, usedUnlimited, available ?? 'unlimited']
  return [
    ...names,
    title.locations,
    title.pools,
    counts.unlimitedPools,
    ...shares,
    granting,
    heldOutside,
    waiting,
    retired,
  ]
}
