/** Begins, completes and ends enrollments, as the messages of devices and administrators have it (D1). */

import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { ChannelName, DeviceListener, Enrolled, LeavingCause } from '../devices/channel.ts'
import { openStates } from '../devices/open-commands.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Tx } from '../platform/db/database.ts'
import type { SecretBox } from '../platform/secrets.ts'
import { voidCommands } from './queue.ts'
import { forgetStatus } from './status.ts'

/** Whom the audit log names for what devices do themselves. */
export const devicesThemselves: Actor = { kind: 'system', name: 'device management' }

/** A profile that was handed out, whose certificate now speaks for the first time. */
export interface PendingEnrollment {
  readonly id: string
  readonly ownership: 'personal' | 'corporate'
  readonly userId: number | null
  /** The only one it was made for; null for any. */
  readonly serialNumber: string | null
  /** The link that gave it is there and was not revoked. */
  readonly linkStands: boolean
  /** When its certificate was issued. */
  readonly since: Date
}

/** Undefined when it was removed, or has no certificate. */
export async function findPending(tx: Tx, id: string): Promise<PendingEnrollment | undefined> {
  const { rows } = await sql<PendingEnrollment>`SELECT p.id::text, p.ownership, p.user_id AS "userId",
      p.serial_number AS "serialNumber", p.issued_at AS "since",
      l.id IS NOT NULL AND l.revoked_at IS NULL AS "linkStands"
    FROM pending_enrollments p LEFT JOIN enrollment_links l ON l.id = p.link_id
    WHERE p.id = ${id}::uuid AND p.issued_at IS NOT NULL`.execute(tx)
  return rows[0]
}

/**
 * What an enrollment that was never completed still hangs on: the link of its profile, and when it began. Undefined for one
 * that was completed before, or whose certificate is a renewal.
 */
export async function findBegun(
  tx: Tx,
  { id, fingerprint }: { readonly id: number; readonly fingerprint: Uint8Array },
): Promise<{ readonly linkStands: boolean; readonly since: Date } | undefined> {
  const { rows } = await sql<{ linkStands: boolean; since: Date }>`
    SELECT e.authenticated_at AS "since", l.id IS NOT NULL AND l.revoked_at IS NULL AS "linkStands"
    FROM enrollments e JOIN identity_certificates c ON c.enrollment_id = e.id
    JOIN pending_enrollments p ON p.id = c.pending_id LEFT JOIN enrollment_links l ON l.id = p.link_id
    WHERE e.id = ${id} AND c.fingerprint = ${fingerprint} AND e.enrolled_at IS NULL AND p.enrollment_id IS NULL`.execute(
    tx,
  )
  return rows[0]
}

/** Whether there is a push certificate with this topic, also one that Apple refuses at the moment. */
export async function isOurTopic(tx: Tx, topic: string): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM push_certificates WHERE topic = ${topic}`.execute(tx)
  return rows.length > 0
}

/** Stores the beginning of an enrollment, and ties the certificate to it. Gives its id. */
export async function beginEnrollment(
  tx: Tx,
  begun: {
    readonly identifier: string
    readonly kind: 'device' | 'user'
    readonly pending: PendingEnrollment
    readonly topic: string
    readonly fingerprint: Uint8Array
    readonly at: Date
  },
): Promise<number> {
  const { identifier, kind, pending, topic, fingerprint, at } = begun
  const { rows } = await sql<{ id: number }>`
    INSERT INTO enrollments (channel, identifier, kind, ownership, state, topic, authenticated_at, last_seen_at)
    VALUES ('mdm', ${identifier}, ${kind}, ${pending.ownership}, 'authenticated', ${topic}, ${at}, ${at})
    RETURNING id`.execute(tx)
  const [added] = rows
  if (added === undefined) throw new Error(`The enrollment of ${identifier} was not stored`)
  await sql`UPDATE identity_certificates SET state = 'pinned', enrollment_id = ${added.id}
    WHERE fingerprint = ${fingerprint}`.execute(tx)
  return added.id
}

/** A device that enrolls again with the same certificate: what it was told is void, and nothing wakes it for now. */
export async function restartEnrollment(
  tx: Tx,
  { id, topic, at }: { readonly id: number; readonly topic: string; readonly at: Date },
): Promise<void> {
  await voidCommands(tx, [id])
  await forgetStatus(tx, id)
  await sql`UPDATE enrollments SET state = 'authenticated', topic = ${topic}, push_token = NULL, push_magic = NULL,
      token_at = NULL, push_lost_at = NULL, wake_at = NULL, wake_attempts = 0, facts_asked_at = NULL,
      declarations_asked_at = NULL, declarations_refused_at = NULL,
      authenticated_at = ${at}, last_seen_at = ${at} WHERE id = ${id}`.execute(tx)
}

/** How a device can be woken, as it told. */
export interface PushAddress {
  readonly topic: string
  readonly token: Uint8Array
  readonly magic: string
  readonly awaitingConfiguration: boolean
}

/** Stores how the device can be woken, completes the enrollment, and has it woken if it has just begun or has a queue. */
export async function storePushAddress(
  tx: Tx,
  secrets: SecretBox,
  { id, address, at }: { readonly id: number; readonly address: PushAddress; readonly at: Date },
): Promise<void> {
  const token = secrets.seal(address.token, `push-token:${id}`)
  const magic = secrets.seal(address.magic, `push-magic:${id}`)
  await sql`UPDATE enrollments e SET state = 'enrolled', topic = ${address.topic}, push_token = ${token},
      push_magic = ${magic}, token_at = ${at}, awaiting_configuration = ${address.awaitingConfiguration},
      push_lost_at = NULL, wake_attempts = 0, last_seen_at = ${at}, enrolled_at = coalesce(
        CASE WHEN e.state = 'enrolled' THEN e.enrolled_at END, ${at}::timestamptz),
      wake_at = CASE WHEN e.state <> 'enrolled' OR EXISTS (SELECT 1 FROM commands c WHERE c.enrollment_id = e.id
        AND c.state IN ${openStates}) THEN ${at}::timestamptz END
    WHERE e.id = ${id}`.execute(tx)
}

/** What ending an enrollment touches beside the database. */
export interface LeavingPorts {
  readonly listeners: readonly DeviceListener[]
}

/** Active enrollments that stand in the way of another: of the same identifier, or of the same device. Locked. */
export async function lockOthers(
  tx: Tx,
  other: {
    /** Default: the built-in one. */
    readonly channel?: ChannelName
    readonly than: number | null
    readonly identifier: string | null
    readonly deviceId: number | null
  },
): Promise<readonly Enrolled[]> {
  const { rows } = await sql<Enrolled>`
    SELECT id, device_id AS "deviceId", kind, ownership FROM enrollments
    WHERE state <> 'left' AND id IS DISTINCT FROM ${other.than}::int
      AND ((channel = ${other.channel ?? 'mdm'} AND identifier = ${other.identifier}) OR device_id = ${other.deviceId}::int)
    ORDER BY id FOR UPDATE`.execute(tx)
  return rows
}

/**
 * Ends an enrollment: its commands are void, its certificates revoked, nothing wakes it but to tell it of its removal.
 * History stays. The enrollment's row has to be locked.
 */
export async function endEnrollment(
  tx: Tx,
  { listeners }: LeavingPorts,
  ending: {
    readonly enrollment: Enrolled
    readonly cause: LeavingCause
    readonly at: Date
    readonly actor?: Actor
  },
): Promise<void> {
  const { enrollment, cause, at, actor = devicesThemselves } = ending
  await voidCommands(tx, [enrollment.id])
  await forgetStatus(tx, enrollment.id)
  await sql`UPDATE identity_certificates SET state = 'revoked' WHERE enrollment_id = ${enrollment.id}`.execute(
    tx,
  )
  // Who is told to leave is woken for it: the token stays for that alone.
  const isTold = cause === 'removed_by_administrator'
  const { rows } = await sql<{ identifier: string; serial: string | null }>`
    UPDATE enrollments e SET state = 'left', left_at = ${at}, left_cause = ${cause},
      push_token = CASE WHEN ${isTold} THEN e.push_token END, push_magic = CASE WHEN ${isTold} THEN e.push_magic END,
      wake_at = CASE WHEN ${isTold} AND e.push_token IS NOT NULL AND e.push_lost_at IS NULL THEN ${at}::timestamptz END
    WHERE e.id = ${enrollment.id}
    RETURNING e.identifier, (SELECT d.serial_number FROM devices d WHERE d.id = e.device_id) AS serial`.execute(
    tx,
  )
  const [ended] = rows
  if (ended === undefined) throw new Error(`Enrollment ${enrollment.id} is not there although it was locked`)
  for (const listener of listeners) await listener.left?.(tx, enrollment, { cause, at })
  await recordEnrollment(tx, { actor, action: 'enrollment.ended', id: enrollment.id, at, ...ended, cause })
}

/** A device has one enrollment: what began for it before `id` ends. */
export async function endOthersOfDevice(
  tx: Tx,
  ports: LeavingPorts,
  { id, deviceId, at }: { readonly id: number; readonly deviceId: number; readonly at: Date },
): Promise<void> {
  const others = await lockOthers(tx, { than: id, identifier: null, deviceId })
  for (const enrollment of others.filter((other) => other.id < id)) {
    await endEnrollment(tx, ports, { enrollment, cause: 'enrolled_again', at })
  }
}

/** An entry of the audit log about an enrollment, under the device's serial number where it is known. */
export async function recordEnrollment(
  tx: Tx,
  entry: {
    readonly actor: Actor
    readonly action: string
    readonly id: number
    readonly identifier: string
    readonly serial: string | null
    readonly at: Date
    readonly cause?: LeavingCause
    readonly ownership?: string
  },
): Promise<void> {
  const { actor, action, id, identifier, serial, at, ...details } = entry
  const subject = { kind: 'enrollment', id, name: serial ?? identifier }
  await record(tx, { actor, action, at, subject, details: { identifier, ...details } })
}
