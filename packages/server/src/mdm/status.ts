/**
 * Keeps what devices report by themselves (D6), line by line: a report tells what changed, a full one everything. The
 * enrollment's row has to be locked.
 */
import { readStatusReport, type StatusEntry, type StatusFields } from '@apportion/apple-wire/declarative'
import { sql } from 'kysely'
import type { DeviceListener, Enrolled, StatusLine } from '../devices/channel.ts'
import type { Tx } from '../platform/db/database.ts'
import { subscriptionsIdentifier } from './declarations.ts'
import { MessageRefused } from './device-reply.ts'

/** Merges a report and tells the listeners of it. @throws MessageRefused `malformed` */
export async function takeStatus(
  tx: Tx,
  listeners: readonly DeviceListener[],
  {
    enrollment,
    data,
    at,
  }: { readonly enrollment: Enrolled; readonly data: Uint8Array | undefined; readonly at: Date },
): Promise<void> {
  const report = data === undefined ? undefined : readStatusReport(data)
  if (report === undefined) throw new MessageRefused('malformed')
  const { full } = report
  const lines = await merge(tx, { enrollmentId: enrollment.id, full, entries: report.entries, at })
  if (report.untold.length > 0) await forgetSubscription(tx, enrollment.id)
  const isWhole = full && (await reportsApps(tx, enrollment.id))
  for (const listener of listeners) await listener.reported?.(tx, { enrollment, isWhole, lines, at })
}

async function merge(
  tx: Tx,
  {
    enrollmentId,
    full,
    entries,
    at,
  }: {
    readonly enrollmentId: number
    readonly full: boolean
    readonly entries: readonly StatusEntry[]
    readonly at: Date
  },
): Promise<readonly StatusLine[]> {
  if (full) await forgetStatus(tx, enrollmentId)
  // A line that stands twice would be written twice by one statement; the later one counts.
  const last = [...new Map(entries.map((entry) => [`${entry.list} ${entry.identifier}`, entry])).values()]
  const gone = last.filter(({ removed }) => removed)
  const told = last.filter(({ removed }) => !removed)
  const removed = await sql<Kept>`DELETE FROM device_statuses s
    USING jsonb_to_recordset(${JSON.stringify(gone)}::jsonb) AS r(list text, identifier text)
    WHERE s.enrollment_id = ${enrollmentId} AND s.list = r.list AND s.identifier = r.identifier
    RETURNING s.list, s.identifier, s.value`.execute(tx)
  // Reasons belong to the state with which they were told.
  const kept = await sql<Kept>`
    INSERT INTO device_statuses AS s (enrollment_id, list, identifier, value, at)
    SELECT ${enrollmentId}, list, identifier, fields, ${at}
    FROM jsonb_to_recordset(${JSON.stringify(told)}::jsonb) AS r(list text, identifier text, fields jsonb)
    ORDER BY list, identifier
    ON CONFLICT (enrollment_id, list, identifier) DO UPDATE SET at = excluded.at,
      value = (s.value - 'reasons') || excluded.value
    RETURNING s.list, s.identifier, s.value`.execute(tx)
  const lineOf =
    (isRemoved: boolean) =>
    ({ list, identifier, value }: Kept): StatusLine => ({
      list,
      identifier,
      removed: isRemoved,
      fields: value,
    })
  return [...removed.rows.map(lineOf(true)), ...kept.rows.map(lineOf(false))]
}

interface Kept {
  readonly list: StatusLine['list']
  readonly identifier: string
  readonly value: StatusFields
}

/** Whether the device says that it reports its apps by itself. */
async function reportsApps(tx: Tx, enrollmentId: number): Promise<boolean> {
  const { rows } =
    await sql`SELECT 1 FROM device_statuses WHERE ${reportsAppsWhere(sql`${enrollmentId}`)}`.execute(tx)
  return rows.length > 0
}

/** SQL: a line of `device_statuses` says that the enrollment reports its apps by itself. */
export function reportsAppsWhere(enrollmentId: ReturnType<typeof sql>): ReturnType<typeof sql> {
  return sql`enrollment_id = ${enrollmentId} AND list = 'management.declarations.configurations'
    AND identifier = ${subscriptionsIdentifier} AND value @> '{"active": true, "valid": "valid"}'`
}

/** A device that cannot tell what it was to report is asked, as one that reports nothing. */
async function forgetSubscription(tx: Tx, enrollmentId: number): Promise<void> {
  await sql`DELETE FROM device_statuses WHERE ${reportsAppsWhere(sql`${enrollmentId}`)}`.execute(tx)
}

/** Forgets everything that an enrollment reported. */
export async function forgetStatus(tx: Tx, enrollmentId: number): Promise<void> {
  await sql`DELETE FROM device_statuses WHERE enrollment_id = ${enrollmentId}`.execute(tx)
}
