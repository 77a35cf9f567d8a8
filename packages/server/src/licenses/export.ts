/** Use per app and holders as CSV (L1), streamed page by page; a spreadsheet cannot take a cell for a formula. */
import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { Db } from '../platform/db/database.ts'
import { presentAsset, presentHolder } from './present.ts'
import { type AssetRow, allAssets, pageOfAssets } from './read-assets.ts'
import { type HolderRow, holderKey, pageOfHolders } from './read-holders.ts'

const pageSize = 1000

/** Assets of one location or of all. */
export function assetsCsv(db: Db, locationId: number | null): NodeJS.ReadableStream {
  const columns = [
    'adam_id',
    'pricing',
    'name',
    'publisher',
    'bundle_id',
    'kind',
    'token',
    'total',
    'used',
    'available',
  ]
  return csv([...columns, 'granting', 'held_outside', 'waiting', 'retired'], async function* () {
    let after: [string | number, number] | null = null
    for (;;) {
      const rows: readonly AssetRow[] = await pageOfAssets(db, {
        ...allAssets,
        locationId,
        after,
        limit: pageSize,
      })
      for (const row of rows) yield assetCells(row)
      const last = rows.at(-1)
      if (rows.length < pageSize || last === undefined) return
      after = [last.sort_key, last.id]
    }
  })
}

function assetCells(row: AssetRow): readonly Cell[] {
  const { adamId, pricingParam, title, token, counts } = presentAsset(row)
  const total = counts.unlimited ? 'unlimited' : counts.total
  const available = counts.unlimited ? 'unlimited' : counts.available
  const names = [adamId, pricingParam, title.name, title.publisher, title.bundleId, title.kind, token.name]
  return [
    ...names,
    total,
    counts.used,
    available,
    counts.granting,
    counts.heldOutside,
    counts.waiting,
    counts.retired,
  ]
}

/** Holders of one asset and those who wait. */
export function holdersCsv(db: Db, assetId: number): NodeJS.ReadableStream {
  const columns = [
    'kind',
    'serial_number_or_user',
    'device_name',
    'user_name',
    'state',
    'held_outside',
    'since',
    'position',
    'why',
  ]
  return csv(columns, async function* () {
    let after: readonly [number, string] | null = null
    for (;;) {
      const filter = { assetId, search: '', state: 'all', after, limit: pageSize } as const
      const rows: readonly HolderRow[] = await pageOfHolders(db, filter)
      for (const row of rows) {
        const holder = presentHolder(row)
        const who = [holder.kind, holder.id, holder.deviceName, holder.userName, holder.state]
        yield [...who, holder.ours ? 'no' : 'yes', holder.since, holder.position, holder.why.text]
      }
      const last = rows.at(-1)
      if (rows.length < pageSize || last === undefined) return
      after = holderKey(last)
    }
  })
}

/** A cell of a CSV file; null is empty. */
export type Cell = string | number | null

/**
 * Streams rows under a header. A byte order mark tells spreadsheets that it is UTF-8; what could be a formula is made
 * text.
 */
export function csv(
  columns: readonly string[],
  rows: () => AsyncIterable<readonly Cell[]>,
): NodeJS.ReadableStream {
  const text = stringify({ header: true, columns: [...columns], bom: true, escape_formulas: true })
  return Readable.from(rows())
    .on('error', (error) => text.destroy(error))
    .pipe(text)
}
