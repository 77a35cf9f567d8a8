/** Begins, completes and ends enrollments as NanoMDM tells of them (D1). */
import type { Authenticate } from '@apportion/apple-wire/mdm-check-in'
import type { EnrollmentStep } from '@apportion/core/devices/told-enrollment'
import { parseSerialNumber } from '@apportion/core/directory/serial-number'
import { sql } from 'kysely'
import type { DeviceListener } from '../devices/channel.ts'
import { linkDevice, serialNumberOfUserEnrollment } from '../mdm/device-facts.ts'
import { devicesThemselves, endEnrollment, endOthersOfDevice, recordEnrollment } from '../mdm/enrollments.ts'
import { type EnrollmentRow, enrollmentColumns } from '../mdm/identify.ts'
import type { Tx } from '../platform/db/database.ts'

/** An enrollment that NanoMDM told of. */
export interface NanoEnrollment extends EnrollmentRow {
  readonly messageAt: Date | null
}

const columns = sql`${enrollmentColumns}, e.message_at AS "messageAt"`

/** The newest under an identifier, locked; messages of one device are taken one after another, also the very first. */
export async function lockNewest(tx: Tx, identifier: string): Promise<NanoEnrollment | undefined> {
  await sql`SELECT pg_advisory_xact_lock(hashtext(${`nanomdm ${identifier}`}))`.execute(tx)
  const { rows } = await sql<NanoEnrollment>`SELECT ${columns} FROM enrollments e
    WHERE e.channel = 'nanomdm' AND e.identifier = ${identifier} ORDER BY e.id DESC LIMIT 1 FOR UPDATE`.execute(
    tx,
  )
  return rows[0]
}

/** Locked; undefined when it is not there or has left. */
export async function lockEnrollmentById(tx: Tx, id: number): Promise<EnrollmentRow | undefined> {
  const { rows } = await sql<EnrollmentRow>`SELECT ${enrollmentColumns} FROM enrollments e
    WHERE e.id = ${id} AND e.state <> 'left' FOR UPDATE`.execute(tx)
  return rows[0]
}

/** Who a message is from, and what it says of itself. */
export interface EnrollmentMessage {
  readonly identifier: string
  readonly kind: 'device' | 'user'
  /** Null for a message that tells none. */
  readonly topic: string | null
  readonly authenticate: Authenticate | null
  readonly awaitingConfiguration: boolean
  /** By NanoMDM's clock. */
  readonly messageAt: Date
  /** By ours. */
  readonly at: Date
}

/** Who is told of what enrollments become. */
export interface EnrollmentPorts {
  readonly listeners: readonly DeviceListener[]
}

/** Takes one step, and gives the enrollment as it is then. */
export async function takeStep(
  tx: Tx,
  ports: EnrollmentPorts,
  {
    step,
    present,
    message,
  }: {
    readonly step: EnrollmentStep
    readonly present: NanoEnrollment | undefined
    readonly message: EnrollmentMessage
  },
): Promise<NanoEnrollment | undefined> {
  if (step === 'begin') await begin(tx, message)
  else if (present !== undefined && step === 'complete') await complete(tx, ports, { present, message })
  else if (present !== undefined) await end(tx, ports, { step, present, message })
  return await lockNewest(tx, message.identifier)
}

/**
 * Whose the device is was said to NanoMDM and not to us: a User Enrollment is of a personal device, others count as the
 * organization's. What it has elsewhere stays: it may still fail to enroll.
 */
async function begin(tx: Tx, message: EnrollmentMessage): Promise<void> {
  const { identifier, kind, topic, authenticate, messageAt, at } = message
  const ownership = kind === 'user' ? 'personal' : 'corporate'
  const { rows } = await sql<{ id: number }>`
    INSERT INTO enrollments (channel, identifier, kind, ownership, state, topic, authenticated_at, last_seen_at, message_at)
    VALUES ('nanomdm', ${identifier}, ${kind}, ${ownership}, 'authenticated', ${topic}, ${at}, ${at}, ${messageAt})
    RETURNING id`.execute(tx)
  const [added] = rows
  if (added === undefined) throw new Error(`The enrollment of ${identifier} was not stored`)
  const serialNumber =
    kind === 'user'
      ? serialNumberOfUserEnrollment(identifier)
      : parseSerialNumber(authenticate?.serialNumber ?? '')
  if (serialNumber === undefined) return
  const { deviceName, productName, osVersion } = authenticate ?? {}
  const told = { deviceName, productName, osVersion }
  const enrollment = { id: added.id, deviceId: null, kind, ownership } as const
  await linkDevice(tx, { enrollment, serialNumber, told, userId: undefined, at })
}

/**
 * Whether the device came to the built-in channel after NanoMDM heard the message: then it is enrolled there, and what is
 * told late ends nothing. If it moves after all, NanoMDM's next message says so.
 */
async function spokeToUsSince(tx: Tx, deviceId: number | null, messageAt: Date): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM enrollments WHERE device_id = ${deviceId}::int AND channel = 'mdm'
    AND state = 'enrolled' AND last_seen_at > ${messageAt} LIMIT 1 FOR UPDATE`.execute(tx)
  return rows.length > 0
}

async function complete(
  tx: Tx,
  ports: EnrollmentPorts,
  { present, message }: { readonly present: NanoEnrollment; readonly message: EnrollmentMessage },
): Promise<void> {
  const { id, deviceId, kind, ownership, identifier } = present
  const { at } = message
  if (await spokeToUsSince(tx, deviceId, message.messageAt)) return
  if (deviceId !== null) await endOthersOfDevice(tx, ports, { id, deviceId, at })
  await sql`UPDATE enrollments SET state = 'enrolled', enrolled_at = ${at}, last_seen_at = ${at},
      topic = coalesce(${message.topic}, topic), message_at = greatest(message_at, ${message.messageAt}::timestamptz),
      awaiting_configuration = ${message.awaitingConfiguration} WHERE id = ${id}`.execute(tx)
  for (const listener of ports.listeners) await listener.enrolled?.(tx, { id, deviceId, kind, ownership }, at)
  const entry = { action: 'enrollment.completed', id, identifier, serial: null, at, ownership }
  await recordEnrollment(tx, { actor: devicesThemselves, ...entry })
}

async function end(
  tx: Tx,
  ports: EnrollmentPorts,
  {
    step,
    present,
    message,
  }: {
    readonly step: EnrollmentStep
    readonly present: NanoEnrollment
    readonly message: EnrollmentMessage
  },
): Promise<void> {
  const { id, deviceId, kind, ownership } = present
  const cause = step === 'end_checked_out' ? 'checked_out' : 'enrolled_again'
  const enrollment = { id, deviceId, kind, ownership }
  await endEnrollment(tx, ports, { enrollment, cause, at: message.at })
  await sql`UPDATE enrollments SET message_at = ${message.messageAt} WHERE id = ${id}`.execute(tx)
}
