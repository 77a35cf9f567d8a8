/** The SQL of the history of imports. */
import type { ImportKind } from '@apportion/core/directory/import-columns'
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import type { Rejection } from './import-staging.ts'

/** An import and its result. */
export interface ImportRow {
  readonly id: string
  readonly kind: ImportKind
  readonly at: Date
  readonly actorName: string
  readonly fileName: string | null
  readonly onError: 'keep_good_rows' | 'keep_nothing'
  readonly kept: boolean
  readonly rows: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
  readonly rejections: readonly Rejection[]
}

/** Keeps the result of an import. */
export async function insertImport(tx: Tx, row: ImportRow): Promise<void> {
  // A cell can hold a NUL or half a character, which jsonb refuses.
  const rejections = JSON.stringify(row.rejections, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\uFFFD') : value,
  )
  await sql`INSERT INTO imports (id, kind, at, actor_name, file_name, on_error, kept, rows, created, updated, unchanged,
      rejected, rejections)
    VALUES (${row.id}, ${row.kind}, ${row.at}, ${row.actorName}, ${row.fileName}, ${row.onError}, ${row.kept}, ${row.rows},
      ${row.created}, ${row.updated}, ${row.unchanged}, ${row.rejected}, ${rejections}::jsonb)`.execute(tx)
}

/** Newest first, after a moment and an id. */
export async function pageOfImports(
  db: Db,
  { limit, after }: { readonly limit: number; readonly after: readonly [at: string, id: string] | null },
): Promise<readonly ImportRow[]> {
  const [at, id] = after ?? [null, null]
  const { rows } = await sql<ImportRow>`
    SELECT id, kind, at, actor_name AS "actorName", file_name AS "fileName", on_error AS "onError", kept, rows, created,
      updated, unchanged, rejected, rejections
    FROM imports
    WHERE ${at}::timestamptz IS NULL OR at < ${at}::timestamptz OR (at = ${at}::timestamptz AND id > ${id}::uuid)
    ORDER BY at DESC, id LIMIT ${limit}`.execute(db)
  return rows
}
