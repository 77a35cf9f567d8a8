/**
 * The first message of a device (Authenticate): the profile that it was given becomes its enrollment, or its new
 * certificate takes the place of the old one.
 */
import type { Authenticate } from '@apportion/apple-wire/mdm-check-in'
import { enrollingVerdict } from '@apportion/core/devices/message-verdict'
import { parseSerialNumber } from '@apportion/core/directory/serial-number'
import { sql } from 'kysely'
import type { Enrolled } from '../devices/channel.ts'
import { findDeviceBySerialNumber } from '../directory/device-store.ts'
import { takeDirectoryTurn } from '../directory/turn.ts'
import type { Tx } from '../platform/db/database.ts'
import type { CheckInMessage, DeviceMessagePorts } from './check-in.ts'
import { linkDevice, serialNumberOfUserEnrollment } from './device-facts.ts'
import { MessageRefused } from './device-reply.ts'
import {
  beginEnrollment,
  endEnrollment,
  findPending,
  isOurTopic,
  lockOthers,
  type PendingEnrollment,
  restartEnrollment,
} from './enrollments.ts'
import { identifySpeaker, lockEnrollment, type Speaker } from './identify.ts'
import { noWord, ReplacementRefused, standingInTheWay } from './standing.ts'

/** An Authenticate message with what it says. */
export interface AuthenticateMessage extends CheckInMessage {
  readonly content: Authenticate
}

/** Ties the certificate to the device that speaks. @throws MessageRefused */
export async function authenticate(
  tx: Tx,
  ports: DeviceMessagePorts,
  message: AuthenticateMessage,
): Promise<void> {
  // The device is put into the directory below; its turn comes before any row.
  await takeDirectoryTurn(tx)
  const speaker = await lockSpeaker(tx, message)
  if (!(await isOurTopic(tx, message.content.topic))) throw new MessageRefused('topic_unknown')
  if (speaker.enrollment === null) return await enroll(tx, ports, { speaker, message })
  const { fingerprint, claimed, content, at } = message
  const { id, deviceId, kind, ownership } = await lockEnrollment(tx, fingerprint, claimed)
  // With a renewed certificate the enrollment goes on.
  if (speaker.state === 'pinned') await restartEnrollment(tx, { id, topic: content.topic, at })
  const serialNumber = serialNumberIn(message)
  if (serialNumber === undefined) return
  // Its link said nothing of a device that it names only now.
  const isTaken =
    deviceId === null &&
    (await standingInTheWay(tx, { serialNumber }, { own: id, word: noWord })) !== undefined
  if (isTaken) return
  const enrollment = { id, deviceId, kind, ownership }
  await putIntoDirectory(tx, message, { enrollment, serialNumber, userId: undefined })
}

/** The certificate's row is locked: of two such messages at once, the second finds an enrollment. */
async function lockSpeaker(tx: Tx, { fingerprint, claimed }: AuthenticateMessage): Promise<Speaker> {
  await sql`SELECT 1 FROM identity_certificates WHERE fingerprint = ${fingerprint} FOR UPDATE`.execute(tx)
  return await identifySpeaker(tx, fingerprint, claimed)
}

async function enroll(
  tx: Tx,
  ports: DeviceMessagePorts,
  { speaker, message }: { readonly speaker: Speaker; readonly message: AuthenticateMessage },
): Promise<void> {
  const { claimed, kind, content, fingerprint, at } = message
  const pending = await findPending(tx, speaker.pendingId)
  if (pending === undefined) throw new MessageRefused('certificate_unknown')
  const verdict = enrollingVerdict(pending, at)
  if (!verdict.accepted) throw new MessageRefused(verdict.refusal)
  if (!isMeantFor(pending, message)) throw new MessageRefused('other_serial_number')
  const { identifier } = claimed
  const serialNumber = serialNumberIn(message)
  const others = await lockOthers(tx, { than: null, identifier, deviceId: null })
  const standing = await standingInTheWay(tx, { identifier, serialNumber }, { own: null, word: pending })
  if (standing !== undefined) {
    throw new ReplacementRefused(standing, { pendingId: pending.id, identifier, serialNumber })
  }
  // What the device had before is dropped, not inherited: whoever enrolls under its name gets nothing of it.
  for (const enrollment of others) {
    await endEnrollment(tx, ports, { enrollment, cause: 'enrolled_again', at })
  }
  const begun = { identifier, kind, pending, topic: content.topic, fingerprint, at }
  const id = await beginEnrollment(tx, begun)
  if (serialNumber === undefined) return
  const enrollment = { id, deviceId: null, kind, ownership: pending.ownership }
  const userId = await personFor(tx, pending, serialNumber)
  await putIntoDirectory(tx, message, { enrollment, serialNumber, userId })
}

/** A link for any device gives nobody the device of somebody else. Undefined keeps who has it. */
async function personFor(
  tx: Tx,
  { serialNumber: meant, userId }: PendingEnrollment,
  serialNumber: string,
): Promise<number | undefined> {
  if (userId === null) return undefined
  const known = meant === null ? await findDeviceBySerialNumber(tx, serialNumber) : undefined
  return known === undefined || known.user_id === null ? userId : undefined
}

/** Without one the enrollment waits for what the device tells when it is asked. */
function serialNumberIn({ kind, claimed, content }: AuthenticateMessage): string | undefined {
  return kind === 'user'
    ? serialNumberOfUserEnrollment(claimed.identifier)
    : parseSerialNumber(content.serialNumber ?? '')
}

function isMeantFor({ serialNumber }: PendingEnrollment, { content }: AuthenticateMessage): boolean {
  return serialNumber === null || serialNumber === parseSerialNumber(content.serialNumber ?? '')
}

async function putIntoDirectory(
  tx: Tx,
  { content, at }: AuthenticateMessage,
  tie: {
    readonly enrollment: Enrolled
    readonly serialNumber: string
    readonly userId: number | undefined
  },
): Promise<void> {
  const { deviceName, productName, osVersion } = content
  await linkDevice(tx, { ...tie, told: { deviceName, productName, osVersion }, at })
}
