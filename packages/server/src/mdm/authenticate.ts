/**
 * The first message of a device (Authenticate): the profile that it was given becomes its enrollment, or its new
 * certificate takes the place of the old one.
 */
import type { Authenticate } from '@apportion/apple-wire/mdm-check-in'
import { parseSerialNumber } from '@apportion/core/directory/serial-number'
import { sql } from 'kysely'
import type { Enrolled } from '../devices/channel.ts'
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
  await putIntoDirectory(tx, message, { enrollment: { id, deviceId, kind, ownership }, userId: null })
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
  if (!isMeantFor(pending, message)) throw new MessageRefused('other_serial_number')
  const { identifier } = claimed
  // What the device had before is dropped, not inherited: whoever enrolls under its name gets nothing of it.
  for (const enrollment of await lockOthers(tx, { than: null, identifier, deviceId: null })) {
    await endEnrollment(tx, ports, { enrollment, cause: 'enrolled_again', at })
  }
  const begun = { identifier, kind, pending, topic: content.topic, fingerprint, at }
  const id = await beginEnrollment(tx, begun)
  const enrollment = { id, deviceId: null, kind, ownership: pending.ownership }
  await putIntoDirectory(tx, message, { enrollment, userId: pending.userId })
}

function isMeantFor({ serialNumber }: PendingEnrollment, { content }: AuthenticateMessage): boolean {
  return serialNumber === null || serialNumber === parseSerialNumber(content.serialNumber ?? '')
}

/** Without a serial number it waits for what the device tells when it is asked. */
async function putIntoDirectory(
  tx: Tx,
  { claimed, content, at }: AuthenticateMessage,
  { enrollment, userId }: { readonly enrollment: Enrolled; readonly userId: number | null },
): Promise<void> {
  const serialNumber =
    enrollment.kind === 'user'
      ? serialNumberOfUserEnrollment(claimed.identifier)
      : parseSerialNumber(content.serialNumber ?? '')
  if (serialNumber === undefined) return
  const { deviceName, productName, osVersion } = content
  const told = { deviceName, productName, osVersion }
  await linkDevice(tx, { enrollment, serialNumber, told, userId: userId ?? undefined, at })
}
