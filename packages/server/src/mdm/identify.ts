/** Which enrollment a certificate speaks for: what every message of a device begins with. */
import { type CertificateState, messageVerdict } from '@apportion/core/devices/message-verdict'
import { sql } from 'kysely'
import type { Enrolled, LeavingCause } from '../devices/channel.ts'
import { openStates } from '../devices/open-commands.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { prepared } from '../platform/db/prepared.ts'
import { MessageRefused } from './device-reply.ts'

/** An enrollment as messages need it. */
export interface EnrollmentRow extends Enrolled {
  readonly identifier: string
  readonly state: 'authenticated' | 'enrolled' | 'left'
  readonly leftCause: LeavingCause | null
  readonly lastSeenAt: Date
  readonly wakeAt: Date | null
  readonly wakeAttempts: number
  readonly factsAskedAt: Date | null
}

/** A certificate that we issued, and the enrollment that it is tied to or is to renew. */
export interface Speaker {
  readonly serialNumber: string
  readonly state: CertificateState
  readonly pendingId: string
  readonly enrollment: EnrollmentRow | null
  /** A command waits that was not answered. */
  readonly waiting: boolean
}

/** The columns of an `EnrollmentRow`, of `enrollments e`. */
export const enrollmentColumns = sql`e.id, e.device_id AS "deviceId", e.kind, e.ownership, e.identifier, e.state,
  e.left_cause AS "leftCause", e.last_seen_at AS "lastSeenAt", e.wake_at AS "wakeAt", e.wake_attempts AS "wakeAttempts",
  e.facts_asked_at AS "factsAskedAt"`

interface SpeakerRow extends Omit<EnrollmentRow, 'id' | 'state'> {
  readonly id: number | null
  readonly state: EnrollmentRow['state']
  readonly serialNumber: string
  readonly certificateState: CertificateState
  readonly pendingId: string
  readonly waiting: boolean
}

/** Undefined when we issued no such certificate. `fingerprint` is the SHA-256 of its DER. */
export async function identify(db: Db | Tx, fingerprint: Uint8Array): Promise<Speaker | undefined> {
  const { rows } = await sql<SpeakerRow>`${prepared('speaker')}
    SELECT c.serial_number AS "serialNumber", c.state AS "certificateState", c.pending_id::text AS "pendingId",
      ${enrollmentColumns}, EXISTS (SELECT 1 FROM commands o
        WHERE o.enrollment_id = e.id AND o.state IN ${openStates}) AS waiting
    FROM identity_certificates c JOIN pending_enrollments p ON p.id = c.pending_id
    LEFT JOIN enrollments e ON e.id = coalesce(c.enrollment_id, p.enrollment_id)
    WHERE c.fingerprint = ${fingerprint}`.execute(db)
  const [row] = rows
  if (row === undefined) return undefined
  const { serialNumber, certificateState, pendingId, waiting, ...enrollment } = row
  return {
    serialNumber,
    state: certificateState,
    pendingId,
    enrollment: enrollment.id === null ? null : { ...enrollment, id: enrollment.id },
    waiting,
  }
}

/** What a message says of itself. */
export interface Claimed {
  /** The type of a check-in message, or the status of a report. */
  readonly type: string
  readonly identifier: string
}

/** The speaker, if it may say that. @throws MessageRefused */
export async function identifySpeaker(
  db: Db | Tx,
  fingerprint: Uint8Array,
  claimed: Claimed,
): Promise<Speaker> {
  const speaker = await identify(db, fingerprint)
  const verdict = messageVerdict(speaker, claimed)
  if (!verdict.accepted) throw new MessageRefused(verdict.refusal)
  if (speaker === undefined) throw new Error('A message was accepted from a certificate that is not there')
  return speaker
}

/**
 * The enrollment that the certificate speaks for, locked until the transaction ends: messages of one device are taken one
 * after another. A certificate that renews takes the place of the one before. @throws MessageRefused
 */
export async function lockEnrollment(
  tx: Tx,
  fingerprint: Uint8Array,
  claimed: Claimed,
): Promise<EnrollmentRow> {
  const { rows } = await sql<
    EnrollmentRow & { readonly certificateState: CertificateState }
  >`${prepared('speaker_locked')}
    SELECT ${enrollmentColumns}, c.state AS "certificateState"
    FROM identity_certificates c JOIN pending_enrollments p ON p.id = c.pending_id
    JOIN enrollments e ON e.id = coalesce(c.enrollment_id, p.enrollment_id)
    WHERE c.fingerprint = ${fingerprint} AND c.state IN ('issued', 'pinned')
      AND e.identifier = ${claimed.identifier} AND e.state <> 'left' FOR UPDATE OF e`.execute(tx)
  const [row] = rows
  if (row !== undefined) {
    const { certificateState, ...enrollment } = row
    if (certificateState === 'issued') await renewIdentity(tx, enrollment.id, fingerprint)
    return enrollment
  }
  // It has just changed: the reason is in what is stored now.
  const { enrollment } = await identifySpeaker(tx, fingerprint, claimed)
  throw new MessageRefused(enrollment === null ? 'not_authenticated' : 'left')
}

/** From now on this certificate speaks for the enrollment, and the one before no longer. */
async function renewIdentity(tx: Tx, id: number, fingerprint: Uint8Array): Promise<void> {
  await sql`UPDATE identity_certificates SET state = 'superseded'
    WHERE enrollment_id = ${id} AND state = 'pinned' AND fingerprint <> ${fingerprint}`.execute(tx)
  await sql`UPDATE identity_certificates SET state = 'pinned', enrollment_id = ${id}
    WHERE fingerprint = ${fingerprint}`.execute(tx)
}
