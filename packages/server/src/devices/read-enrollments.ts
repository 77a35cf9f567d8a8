/** Enrollments as pages and programs read them. */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import type { ChannelName, DeviceError, LeavingCause } from './channel.ts'
import { openStates } from './open-commands.ts'

/** An enrollment with its device and whose that is. */
export interface EnrollmentView {
  readonly id: number
  readonly channel: ChannelName
  readonly identifier: string
  readonly kind: 'device' | 'user'
  readonly ownership: 'personal' | 'corporate'
  readonly state: 'authenticated' | 'enrolled' | 'left'
  readonly deviceId: number | null
  readonly serialNumber: string | null
  readonly deviceName: string | null
  readonly userId: number | null
  readonly userName: string | null
  readonly personName: string | null
  readonly authenticatedAt: Date
  readonly enrolledAt: Date | null
  readonly leftAt: Date | null
  readonly leftCause: LeavingCause | null
  readonly lastSeenAt: Date
  readonly waiting: number
  readonly wakeAt: Date | null
  readonly wokenAt: Date | null
  readonly pushLostAt: Date | null
  /** Serial number and end of the certificate by which the device is known; null when it has none of ours. */
  readonly certificate: string | null
  readonly certificateEnds: Date | null
}

/** What a query for `EnrollmentView` selects, from `enrollmentSource`. */
export const enrollmentColumns = sql`e.id, e.channel, e.identifier, e.kind, e.ownership, e.state, e.device_id AS "deviceId",
  d.serial_number AS "serialNumber", d.name AS "deviceName", u.id AS "userId", u.user_name AS "userName",
  u.name AS "personName", e.authenticated_at AS "authenticatedAt", e.enrolled_at AS "enrolledAt", e.left_at AS "leftAt",
  e.left_cause AS "leftCause", e.last_seen_at AS "lastSeenAt", e.wake_at AS "wakeAt", e.woken_at AS "wokenAt",
  e.push_lost_at AS "pushLostAt", c.serial_number AS certificate, c.not_after AS "certificateEnds",
  (SELECT count(*)::int FROM commands w WHERE w.enrollment_id = e.id
    AND w.state IN ${openStates}) AS waiting`
export const enrollmentSource = sql`enrollments e LEFT JOIN devices d ON d.id = e.device_id
  LEFT JOIN users u ON u.id = d.user_id
  LEFT JOIN identity_certificates c ON c.enrollment_id = e.id AND c.state = 'pinned'`

/** @throws Refusal `enrollment.unknown` */
export async function findEnrollment(db: Db | Tx, id: number): Promise<EnrollmentView> {
  const { rows } =
    await sql<EnrollmentView>`SELECT ${enrollmentColumns} FROM ${enrollmentSource} WHERE e.id = ${id}`.execute(
      db,
    )
  const [row] = rows
  if (row !== undefined) return row
  throw new Refusal('enrollment.unknown', `There is no enrollment with the id ${id}.`, { id })
}

/** The present enrollment of a device, or else its last one. @throws Refusal `enrollment.unknown` */
export async function findEnrollmentOfDevice(db: Db, deviceId: number): Promise<EnrollmentView> {
  const { rows } =
    await sql<EnrollmentView>`SELECT ${enrollmentColumns} FROM ${enrollmentSource} WHERE e.device_id = ${deviceId}
    ORDER BY e.state = 'left', e.id DESC LIMIT 1`.execute(db)
  const [row] = rows
  if (row !== undefined) return row
  const message = `The device with the id ${deviceId} was never under management here, or there is none.`
  throw new Refusal('enrollment.unknown', message, { deviceId })
}

/** A command as it stands. */
export interface CommandView {
  readonly id: string
  readonly requestType: string
  readonly purpose: string
  readonly state: 'queued' | 'sent' | 'not_now' | 'done' | 'failed' | 'malformed' | 'void'
  readonly queuedAt: Date
  readonly sentAt: Date | null
  readonly deliveries: number
  readonly answeredAt: Date | null
  readonly errors: readonly DeviceError[]
}

/** What one enrollment has besides. */
export interface EnrollmentMore {
  readonly awaitingConfiguration: boolean
  readonly factsAskedAt: Date | null
  readonly storeAccountActive: boolean | null
  readonly timeZone: string | null
  readonly commands: readonly CommandView[]
}

/** Commands shown of one enrollment; a device has few in the days for which they are kept. */
const mostCommands = 50

export async function moreOfEnrollment(db: Db, id: number): Promise<EnrollmentMore> {
  const [{ rows: more }, { rows: commands }] = await Promise.all([
    sql<Omit<EnrollmentMore, 'commands'>>`
      SELECT e.awaiting_configuration AS "awaitingConfiguration", e.facts_asked_at AS "factsAskedAt",
        e.store_account_active AS "storeAccountActive", e.time_zone AS "timeZone"
      FROM enrollments e WHERE e.id = ${id}`.execute(db),
    sql<CommandView>`
      SELECT id::text, request_type AS "requestType", purpose, state, queued_at AS "queuedAt", sent_at AS "sentAt",
        deliveries, answered_at AS "answeredAt", errors
      FROM commands WHERE enrollment_id = ${id} ORDER BY seq DESC LIMIT ${mostCommands}`.execute(db),
  ])
  const [row] = more
  if (row === undefined) throw new Error(`Enrollment ${id} vanished while it was read`)
  return { ...row, commands }
}
