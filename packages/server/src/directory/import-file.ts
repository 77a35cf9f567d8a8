/** An uploaded file as rows with their lines, once its encoding and its header are right. */
import { readFileText } from '@apportion/core/directory/file-text'
import {
  type ImportKind,
  type Layout,
  readHeader,
  readSeparation,
} from '@apportion/core/directory/import-columns'
import { isBlank } from '@apportion/core/directory/import-rows'
import { Refusal } from '../platform/errors.ts'
import { type CsvRecord, csvRecords } from './csv-records.ts'

/** A file whose header was understood. */
export interface ImportFile {
  readonly layout: Layout
  /** The line of the header, from 1. */
  readonly headerLine: number
  /** The rows below the header without the blank ones, from the start each time it is called. */
  readonly records: () => AsyncGenerator<CsvRecord>
}

/** @throws Refusal `import.encoding`, `import.empty` or `import.header` */
export async function openImportFile(kind: ImportKind, bytes: Uint8Array): Promise<ImportFile> {
  const read = readFileText(bytes)
  if (read.kind === 'not_utf8') {
    throw new Refusal('import.encoding', read.message, { looksLike: read.looksLike, line: read.line })
  }
  const { delimiter, skip, skippedLines } = readSeparation(kind, read.text)
  const text = read.text.slice(skip)
  const records = () => filledRecords(csvRecords(text, delimiter), skippedLines)

  const header = await firstOf(records())
  if (header === undefined) throw emptyFile('The file is empty')
  const reading = readHeader(kind, header.kind === 'record' ? header.cells : [text.slice(0, 60)])
  if (reading.kind === 'problem')
    throw new Refusal('import.header', reading.message, { found: reading.found })
  return { layout: reading.layout, headerLine: header.line, records: () => after(records(), header.line) }
}

/** The refusal of a file without rows. */
export function emptyFile(what: string): Refusal {
  return new Refusal(
    'import.empty',
    `${what}. The first line names the columns; each line below it is a row.`,
  )
}

async function* filledRecords(
  records: AsyncGenerator<CsvRecord>,
  skippedLines: number,
): AsyncGenerator<CsvRecord> {
  for await (const record of records) {
    if (record.kind === 'record' && isBlank(record.cells)) continue
    yield { ...record, line: record.line + skippedLines }
  }
}

async function* after(records: AsyncGenerator<CsvRecord>, line: number): AsyncGenerator<CsvRecord> {
  for await (const record of records) if (record.line > line) yield record
}

async function firstOf(records: AsyncGenerator<CsvRecord>): Promise<CsvRecord | undefined> {
  for await (const record of records) return record
  return undefined
}
