/** CSV that any spreadsheet opens, streamed row by row; a spreadsheet cannot take a cell for a formula. */
import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'

export type Cell = string | number | null

/** A header and rows. The byte order mark tells spreadsheets that it is UTF-8. */
export function csv(
  columns: readonly string[],
  rows: () => AsyncIterable<readonly Cell[]>,
): NodeJS.ReadableStream {
  const text = stringify({ header: true, columns: [...columns], bom: true, escape_formulas: true })
  return Readable.from(rows())
    .on('error', (error) => text.destroy(error))
    .pipe(text)
}
