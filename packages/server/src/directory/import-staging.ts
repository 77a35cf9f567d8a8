/**
 * The temporary tables in which an import is checked and from which it is carried out as sets: the number of
 * statements does not depend on the number of rows.
 *
 * `import_rows` holds every row that says what it is about, `import_problems` what looking things up found.
 * In a text column NULL keeps what is known and '' clears it.
 */
import type { CellProblem } from '@apportion/core/directory/import-cells'
import type { ImportColumn, Layout } from '@apportion/core/directory/import-columns'
import { type LookupProblem, lookupReason } from '@apportion/core/directory/import-reasons'
import type { RowReading } from '@apportion/core/directory/import-rows'
import { type RawBuilder, sql } from 'kysely'
import type pg from 'pg'
import { type CopyValue, copyInto } from '../platform/db/copy.ts'
import type { Tx } from '../platform/db/database.ts'
import type { CsvRecord } from './csv-records.ts'
import type { ImportFile } from './import-file.ts'

/** Something of a file that was not taken, as the API shows it. */
export interface Rejection {
  readonly line: number
  readonly column: string | null
  readonly value: string | null
  readonly reason: string
}

/** How the rows of a kind are staged. */
export interface Staging<Row extends { readonly key: string }> {
  readonly read: (layout: Layout, record: readonly string[]) => RowReading<Row>
  /** Columns of `import_rows` besides `line`, `bad` and `key`, with their types. */
  readonly columns: Readonly<Record<string, 'text' | 'boolean'>>
  /** The values of these columns. */
  readonly values: (row: Row) => readonly CopyValue[]
}

/** What reading the file found. */
export interface Staged {
  readonly rows: number
  /** Rows that do not say what they are about and so are not in `import_rows`. */
  readonly unkeyed: number
  /** The first of the problems of cells. */
  readonly rejections: readonly Rejection[]
}

/** Rejections that are listed at most; all of them are counted. */
const mostListed = 1000

/** Makes the temporary tables, which live until the transaction ends, and fills `import_rows` from the file. */
export async function stageFile<Row extends { readonly key: string }>(
  { tx, client }: { readonly tx: Tx; readonly client: pg.ClientBase },
  file: ImportFile,
  staging: Staging<Row>,
): Promise<Staged> {
  const columns = Object.entries(staging.columns)
  const definitions = columns.map(([name, type]) => sql`${sql.id(name)} ${sql.raw(type)}`)
  await sql`CREATE TEMP TABLE import_rows (line integer PRIMARY KEY, bad boolean NOT NULL, key text NOT NULL,
    ${sql.join(definitions)}) ON COMMIT DROP`.execute(tx)
  await sql`CREATE TEMP TABLE import_problems (line integer NOT NULL, cell text NOT NULL, value text,
    problem text NOT NULL, other_line integer) ON COMMIT DROP`.execute(tx)

  const tally = { rows: 0, unkeyed: 0, rejections: ignoredColumns(file) }
  const target = { table: 'import_rows', columns: ['line', 'bad', 'key', ...columns.map(([name]) => name)] }
  await copyInto(client, target, stagedRows(file, staging, tally))
  await sql`ANALYZE import_rows`.execute(tx)
  return tally
}

/** Columns of the header that nothing is done with: said, since a misspelled name would otherwise go unnoticed. */
function ignoredColumns({ layout, headerLine }: ImportFile): Rejection[] {
  return layout.ignored.slice(0, 100).map((column) => ({
    line: headerLine,
    column,
    value: null,
    reason: `This is no column of ${layout.kind}; it was left out`,
  }))
}

interface Tally {
  rows: number
  unkeyed: number
  readonly rejections: Rejection[]
}

async function* stagedRows<Row extends { readonly key: string }>(
  { layout, records }: ImportFile,
  staging: Staging<Row>,
  tally: Tally,
): AsyncGenerator<readonly CopyValue[]> {
  for await (const record of records()) {
    tally.rows++
    const { row, problems } = readRecord(record, layout, staging)
    if (tally.rejections.length < mostListed) {
      for (const problem of problems) tally.rejections.push(rejection(layout, record.line, problem))
    }
    if (row === null) tally.unkeyed++
    else yield [record.line, problems.length > 0, row.key, ...staging.values(row)]
  }
}

function readRecord<Row extends { readonly key: string }>(
  record: CsvRecord,
  layout: Layout,
  staging: Staging<Row>,
): RowReading<Row> {
  if (record.kind === 'record') return staging.read(layout, record.cells)
  const reason =
    'A double quote opens in this row and is never closed, so the rest of the file cannot be read; close it or remove it'
  return { row: null, problems: [{ column: null, value: null, reason }] }
}

function rejection(layout: Layout, line: number, problem: CellProblem<ImportColumn>): Rejection {
  return { line, column: headerOf(layout, problem.column), value: problem.value, reason: problem.reason }
}

/** The name that a column has in the file. */
function headerOf(layout: Layout, column: string | null): string | null {
  if (column === null) return null
  for (const [known, { header }] of layout.found) if (known === column) return header
  return column
}

/** Writes the problems that a query finds: line, cell, value, problem, other line. */
export async function noteProblems(tx: Tx, found: RawBuilder<unknown>): Promise<void> {
  await sql`INSERT INTO import_problems (line, cell, value, problem, other_line) ${found}`.execute(tx)
}

/** Marks the rows with problems as bad, and gives how many rows are rejected with the first reasons. */
export async function closeChecks(
  tx: Tx,
  layout: Layout,
  staged: Staged,
): Promise<{ readonly rejected: number; readonly rejections: readonly Rejection[] }> {
  await sql`UPDATE import_rows r SET bad = true FROM (SELECT DISTINCT line FROM import_problems) p
    WHERE p.line = r.line AND NOT r.bad`.execute(tx)
  const { rows: counted } = await sql<{
    bad: number
  }>`SELECT count(*)::int AS bad FROM import_rows WHERE bad`.execute(tx)
  const { rows: problems } = await sql<{
    line: number
    cell: string
    value: string | null
    problem: LookupProblem
    other_line: number | null
  }>`SELECT line, cell, value, problem, other_line FROM import_problems
    ORDER BY line, cell, value LIMIT ${mostListed}`.execute(tx)
  const lookedUp = problems.map(({ line, cell, value, problem, other_line }) => ({
    line,
    column: headerOf(layout, cell),
    value,
    reason: lookupReason(problem, { value, line: other_line }),
  }))
  const rejections = [...staged.rejections, ...lookedUp].sort((a, b) => a.line - b.line).slice(0, mostListed)
  return { rejected: staged.unkeyed + (counted[0]?.bad ?? 0), rejections }
}
