/**
 * What devices tell of themselves (D2): asked for when they have enrolled and once a day when they come by, and written
 * into the directory by its own rules.
 */
import { createHash } from 'node:crypto'
import { type DeviceFacts, deviceQueries, readDeviceFacts } from '@apportion/apple-wire/mdm-device-facts'
import { directoryFacts, type ToldFacts } from '@apportion/core/devices/told-facts'
import { parseSerialNumber } from '@apportion/core/directory/serial-number'
import { timeZoneNamed } from '@apportion/core/installs/care'
import { sql } from 'kysely'
import type { CommandAnswer, CommandQueue, DeviceListener, Enrolled } from '../devices/channel.ts'
import { openStates } from '../devices/open-commands.ts'
import { noteDeviceSeen } from '../directory/device-store.ts'
import { putDeviceWithin } from '../directory/put-device.ts'
import type { Tx } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { devicesThemselves, endOthersOfDevice } from './enrollments.ts'
import { mdmChannel } from './queue.ts'
import { noWord, standingInTheWay } from './standing.ts'

const day = 24 * 60 * 60_000
/** Settled commands are kept for so long; what they came to is kept elsewhere. */
const keepCommands = 30 * day

/** Whether a day has gone by since the device was last asked. */
export function areFactsDue(
  { state, factsAskedAt }: { readonly state: string; readonly factsAskedAt: Date | null },
  at: Date,
): boolean {
  return state === 'enrolled' && (factsAskedAt === null || at.getTime() - factsAskedAt.getTime() >= day)
}

/** Asks the device what it is, and forgets commands that it answered a month ago. */
export async function askForFacts(
  tx: Tx,
  {
    id,
    kind,
    newId,
    at,
    channel = mdmChannel,
  }: {
    readonly id: number
    readonly kind: Enrolled['kind']
    readonly newId: NewId
    readonly at: Date
    readonly channel?: CommandQueue
  },
): Promise<void> {
  await sql`UPDATE enrollments SET facts_asked_at = ${at} WHERE id = ${id}`.execute(tx)
  await sql`DELETE FROM commands WHERE enrollment_id = ${id} AND state NOT IN ${openStates}
    AND queued_at < ${new Date(at.getTime() - keepCommands)}`.execute(tx)
  const { rows } = await sql`SELECT 1 FROM commands WHERE enrollment_id = ${id} AND purpose = 'device_facts'
    AND state IN ${openStates} LIMIT 1`.execute(tx)
  if (rows.length > 0) return
  const command = {
    enrollmentId: id,
    id: newId(),
    requestType: 'DeviceInformation',
    purpose: 'device_facts',
    parameters: { Queries: deviceQueries(kind) },
  } as const
  await channel.queue(tx, [command], at)
}

/** What the listener touches. */
export interface DeviceFactsPorts {
  readonly newId: NewId
  /** The listeners after it, told when what a device says ends another enrollment. */
  readonly listeners: readonly DeviceListener[]
  /** Default: the built-in one. */
  readonly channel?: CommandQueue
}

/** Asks each device that has enrolled, and writes down what it answers. */
export function deviceFactsListener({
  newId,
  listeners,
  channel = mdmChannel,
}: DeviceFactsPorts): DeviceListener {
  return {
    enrolled: (tx, { id, kind }, at) => askForFacts(tx, { id, kind, newId, at, channel }),
    async answered(tx, answer) {
      const { command, status, message } = answer
      if (command.purpose !== 'device_facts' || status !== 'Acknowledged') return
      const facts = readDeviceFacts(message)
      if (facts !== undefined) await noteFacts(tx, { listeners }, { answer, facts })
    },
  }
}

async function noteFacts(
  tx: Tx,
  ports: { readonly listeners: readonly DeviceListener[] },
  { answer, facts }: { readonly answer: CommandAnswer; readonly facts: DeviceFacts },
): Promise<void> {
  const { enrollment, at } = answer
  await noteOfEnrollment(tx, enrollment.id, facts)
  const serialNumber = await serialNumberOf(tx, enrollment, facts)
  if (serialNumber === undefined) return
  // What a device tells of itself does not end what stands for that device, and says nothing about it.
  const isTaken =
    enrollment.deviceId === null &&
    (await standingInTheWay(tx, { serialNumber }, { own: enrollment.id, word: noWord })) !== undefined
  if (isTaken) return
  const { deviceName, productName, osVersion, supervised, multiUser } = facts
  const told = { deviceName, productName, osVersion, isSupervised: supervised, isMultiUser: multiUser }
  const deviceId = await linkDevice(tx, { enrollment, serialNumber, told, userId: undefined, at }, ports)
  await noteDeviceSeen(tx, deviceId, at)
  if (enrollment.deviceId !== null) return
  // They were told of an enrollment without a device, or the device was removed meanwhile: now there is one.
  for (const listener of ports.listeners) await listener.enrolled?.(tx, { ...enrollment, deviceId }, at)
}

/** Apple's hash is Base64 of some bytes; anything else is no hash. */
const hashForm = /^[A-Za-z0-9+/=_-]{1,200}$/

/**
 * Whether somebody is signed in to the store there, and who, as the person's hash at Apple; and in which time zone the
 * device is. A name that is none leaves it unknown.
 */
async function noteOfEnrollment(tx: Tx, id: number, facts: DeviceFacts): Promise<void> {
  const active = facts.storeAccountActive ?? null
  const text = facts.storeAccountHash ?? ''
  const hash = hashForm.test(text) ? text : null
  const zone = timeZoneNamed(facts.timeZone ?? '') ?? null
  await sql`UPDATE enrollments SET store_account_active = ${active}, store_account_hash = ${hash}, time_zone = ${zone}
    WHERE id = ${id} AND (store_account_active, store_account_hash, time_zone)
      IS DISTINCT FROM (${active}::boolean, ${hash}::text, ${zone}::text)`.execute(tx)
}

async function serialNumberOf(
  tx: Tx,
  { id, kind }: Enrolled,
  facts: DeviceFacts,
): Promise<string | undefined> {
  if (kind === 'device') return parseSerialNumber(facts.serialNumber ?? '')
  const { rows } = await sql<{
    identifier: string
  }>`SELECT identifier FROM enrollments WHERE id = ${id}`.execute(tx)
  return rows[0] === undefined ? undefined : serialNumberOfUserEnrollment(rows[0].identifier)
}

/**
 * What stands in the directory for the serial number that a User Enrollment hides: 32 hexadecimal digits, which no serial
 * number of Apple's has, so that nobody can take another device's place by the identifier that his own one tells.
 */
export function serialNumberOfUserEnrollment(enrollmentId: string): string {
  const digits = enrollmentId.replaceAll('-', '').toUpperCase()
  if (/^[0-9A-F]{32}$/.test(digits)) return digits
  return createHash('sha256').update(enrollmentId).digest('hex').slice(0, 32).toUpperCase()
}

/** A device as it enrolled or answered. */
export interface DeviceLink {
  readonly enrollment: Enrolled
  readonly serialNumber: string
  readonly told: ToldFacts
  /** Undefined keeps who has the device. */
  readonly userId: number | undefined
  readonly at: Date
}

/**
 * Puts what the device tells into the directory, and ties the enrollment to it. Once tied it stays so, whatever serial
 * number the device tells later. `ports` when the enrollment may be complete: what began before it as this device ends.
 */
export async function linkDevice(
  tx: Tx,
  { enrollment, serialNumber, told, userId, at }: DeviceLink,
  ports?: { readonly listeners: readonly DeviceListener[] },
): Promise<number> {
  const known = enrollment.deviceId === null ? undefined : await serialNumberOfDevice(tx, enrollment.deviceId)
  const deviceId = await putDeviceWithin(tx, {
    change: directoryFacts(told, enrollment),
    serialNumber: known ?? serialNumber,
    userId,
    at,
    actor: devicesThemselves,
  })
  if (known !== undefined) return deviceId
  if (ports !== undefined) await endOthersOfDevice(tx, ports, { id: enrollment.id, deviceId, at })
  await sql`UPDATE enrollments SET device_id = ${deviceId} WHERE id = ${enrollment.id}`.execute(tx)
  return deviceId
}

async function serialNumberOfDevice(tx: Tx, id: number): Promise<string | undefined> {
  const { rows } = await sql<{
    serial_number: string
  }>`SELECT serial_number FROM devices WHERE id = ${id}`.execute(tx)
  return rows[0]?.serial_number
}
