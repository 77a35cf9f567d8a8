/**
 * Lists of enrollments (D1): each page costs the same, also when it is searched. Of 500,000 enrollments a page of 50 reads
 * 200 rows of all tables, 400 in a search by state, and takes up to 30 ms.
 */
import { type RawBuilder, sql } from 'kysely'
import { beginsWith, literal } from '../directory/keyset.ts'
import type { Db } from '../platform/db/database.ts'
import { type EnrollmentView, enrollmentColumns, enrollmentSource } from './read-enrollments.ts'

/** Which enrollments a list shows; undefined shows all. */
export interface EnrollmentFilter {
  /** The beginning of the serial number, in capitals; empty for all, and those whose device is not known. */
  readonly serialNumber: string
  readonly state?: EnrollmentView['state'] | undefined
  readonly userId?: number | undefined
  readonly deviceId?: number | undefined
}

export interface EnrollmentPage {
  readonly limit: number
  /** The last row of the page before: its id, and its serial number in a search. */
  readonly after: readonly [id: number] | readonly [id: number, serialNumber: string] | null
}

/** The newest first; when searched, by serial number, and of each device the newest first. */
export async function pageOfEnrollments(
  db: Db,
  filter: EnrollmentFilter,
  page: EnrollmentPage,
): Promise<readonly EnrollmentView[]> {
  const { rows } = await enrollmentsQuery(filter, page).execute(db)
  return rows
}

/** The query of a page. */
export function enrollmentsQuery(
  filter: EnrollmentFilter,
  { limit, after }: EnrollmentPage,
): RawBuilder<EnrollmentView> {
  const { serialNumber, state, deviceId, userId } = filter
  const isSearched = serialNumber !== ''
  const conditions = [
    ...(isSearched ? searched(serialNumber, after) : newest(after)),
    ...(state === undefined ? [] : [sql`e.state = ${state}`]),
    ...(deviceId === undefined ? [] : [sql`e.device_id = ${deviceId}`]),
    ...(userId === undefined
      ? []
      : [sql`e.device_id IN (SELECT o.id FROM devices o WHERE o.user_id = ${userId})`]),
    sql`true`,
  ]
  const order = isSearched ? sql`d.serial_number USING ~<~, e.id DESC` : sql`e.id DESC`
  return sql<EnrollmentView>`SELECT ${enrollmentColumns} FROM ${enrollmentSource}
    WHERE ${sql.join(conditions, sql` AND `)} ORDER BY ${order} LIMIT ${limit}`
}

function newest(after: EnrollmentPage['after']): readonly RawBuilder<unknown>[] {
  return after === null ? [] : [sql`e.id < ${after[0]}`]
}

/** Begins at the serial number where the page before ended: a range of the index, whatever the collation. */
function searched(beginning: string, after: EnrollmentPage['after']): readonly RawBuilder<unknown>[] {
  const serial = sql`d.serial_number`
  const matching = beginsWith(serial, sql`${literal(beginning)}::text`)
  if (after === null) return [matching]
  const [id, last = ''] = after
  return [matching, sql`${serial} ~>=~ ${last}`, sql`NOT (${serial} = ${last} AND e.id >= ${id})`]
}
