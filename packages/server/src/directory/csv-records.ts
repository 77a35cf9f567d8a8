/** Reads the records of a CSV text piece by piece, so that a long file does not keep other requests waiting. */
import { finished } from 'node:stream/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse'

/** A record with the line it begins on, from 1; `unclosed` when its quote is never closed and the rest is lost. */
export type CsvRecord =
  | { readonly kind: 'record'; readonly line: number; readonly cells: readonly string[] }
  | { readonly kind: 'unclosed'; readonly line: number }

const pieceLength = 1 << 16

/**
 * The records of `text` in order, blank lines included. A double quote begins a quoted cell only as the first
 * character of a cell, so that `12" iPad` is what it says; lines end in any of the three ways.
 */
export async function* csvRecords(text: string, delimiter: string): AsyncGenerator<CsvRecord> {
  // One kind of line end: inside quotes the parser would count each CR LF as two lines.
  const lines = text.replaceAll(/\r\n?/g, '\n')
  const batch: CsvRecord[] = []
  let line = 1
  const parser = parse({
    delimiter,
    record_delimiter: '\n',
    relax_column_count: true,
    relax_quotes: true,
    on_record: (cells: string[], { lines: end }) => {
      batch.push({ kind: 'record', line, cells })
      line = end + 1
      return null
    },
  })
  const ended = finished(parser.resume()).catch((error: unknown) => error)
  for (let start = 0; start < lines.length; start += pieceLength) {
    await new Promise((resolve) => parser.write(lines.slice(start, start + pieceLength), resolve))
    yield* batch.splice(0)
    await nextTurn()
  }
  parser.end()
  const error = await ended
  yield* batch.splice(0)
  if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED') yield { kind: 'unclosed', line }
  else if (error !== undefined) throw error
}
