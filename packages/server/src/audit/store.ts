/** The audit log's SQL for reading; entries are written by record.ts alone. */
import { type Selectable, sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'
import type { AuditEntriesTable } from '../platform/db/schema.ts'

export interface AuditRow extends Omit<Selectable<AuditEntriesTable>, 'details'> {
  readonly details: Record<string, unknown>
}

export interface AuditFilter {
  readonly subjectKind: string | null
  readonly subjectId: string | null
  /** Only entries older than this number. */
  readonly before: number | null
  readonly limit: number
}

/** Newest first. */
export async function auditPage(db: Db, filter: AuditFilter): Promise<readonly AuditRow[]> {
  const { rows } = await sql<AuditRow>`
    select * from audit_entries
    where (${filter.subjectKind}::text is null or subject_kind = ${filter.subjectKind})
      and (${filter.subjectId}::text is null or subject_id = ${filter.subjectId})
      and (${filter.before}::bigint is null or seq < ${filter.before})
    order by seq desc
    limit ${filter.limit}`.execute(db)
  return rows
}

/** Oldest first, from the entry after `seq`. */
export async function auditAfter(db: Db, seq: number, limit: number): Promise<readonly AuditRow[]> {
  const { rows } = await sql<AuditRow>`
    select * from audit_entries where seq > ${seq} order by seq limit ${limit}`.execute(db)
  return rows
}
