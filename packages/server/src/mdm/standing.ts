/**
 * Which enrollments stand, and whose word may end one. A device says of itself which it is, and nothing proves it: whoever
 * holds an open link must not take the place of a device that is under management. An administrator's word may: a link for
 * its serial number or of its person (D1).
 */
import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { Tx } from '../platform/db/database.ts'
import { MessageRefused } from './device-reply.ts'
import { devicesThemselves, type PendingEnrollment } from './enrollments.ts'

/** Whom an administrator made the link for; both null for anybody and any device. */
export type LinkWord = Pick<PendingEnrollment, 'serialNumber' | 'userId'>

/** The word of nobody. */
export const noWord: LinkWord = { serialNumber: null, userId: null }

/** Where something may stand: under an identifier, or as the device with a serial number. Undefined looks for none. */
export interface Place {
  readonly identifier?: string
  readonly serialNumber: string | undefined
}

/** An enrollment that stands. */
export interface Standing {
  readonly id: number
  readonly identifier: string
  /** Null when no device of the directory is tied to it. */
  readonly serialNumber: string | null
}

/**
 * An enrollment that was completed, has not left, and is not to be ended by this word; undefined where there is none.
 * `own` is left out; what came after it is never its to end.
 */
export async function standingInTheWay(
  tx: Tx,
  { identifier, serialNumber }: Place,
  { own, word }: { readonly own: number | null; readonly word: LinkWord },
): Promise<Standing | undefined> {
  const { rows } = await sql<Standing>`
    SELECT e.id, e.identifier, d.serial_number AS "serialNumber"
    FROM enrollments e LEFT JOIN devices d ON d.id = e.device_id
    WHERE e.state <> 'left' AND e.enrolled_at IS NOT NULL AND e.id IS DISTINCT FROM ${own}::int
      AND ((e.channel = 'mdm' AND e.identifier = ${identifier ?? null}::text)
        OR e.device_id = (SELECT id FROM devices WHERE serial_number = ${serialNumber ?? null}::text))
      AND (coalesce(e.id > ${own}::int, false)
        OR NOT coalesce(d.serial_number = ${word.serialNumber}::text OR d.user_id = ${word.userId}::int, false))
    ORDER BY e.id LIMIT 1`.execute(tx)
  return rows[0]
}

/** What a device said that it is, with the profile by which it came. */
export interface Claim {
  readonly pendingId: string
  readonly identifier: string
  readonly serialNumber: string | undefined
}

/** Somebody claims to be a device that is under management, with a link that is not for it. Nothing was changed. */
export class ReplacementRefused extends MessageRefused {
  readonly standing: Standing
  readonly claim: Claim

  constructor(standing: Standing, claim: Claim) {
    super('enrolled_already')
    this.standing = standing
    this.claim = claim
  }
}

/**
 * Another may have been completed for the device since this one began. The rows of both have to be locked.
 * @throws ReplacementRefused
 */
export async function refuseWhereOneStands(
  tx: Tx,
  { own, fingerprint }: { readonly own: number; readonly fingerprint: Uint8Array },
): Promise<void> {
  const { rows } = await sql<Claim & { readonly meant: string | null; readonly userId: number | null }>`
    SELECT p.id::text AS "pendingId", e.identifier, d.serial_number AS "serialNumber", p.serial_number AS meant,
      p.user_id AS "userId"
    FROM enrollments e JOIN devices d ON d.id = e.device_id
    JOIN identity_certificates c ON c.enrollment_id = e.id JOIN pending_enrollments p ON p.id = c.pending_id
    WHERE e.id = ${own} AND c.fingerprint = ${fingerprint}`.execute(tx)
  const [row] = rows
  if (row === undefined) return
  const { meant, userId, ...claim } = row
  const { serialNumber } = claim
  const word = { serialNumber: meant, userId }
  const standing = await standingInTheWay(tx, { serialNumber }, { own, word })
  if (standing !== undefined) throw new ReplacementRefused(standing, claim)
}

const advice =
  'If it is the same device, enroll it with a link for its serial number or of its person, or remove it from management first.'

/** Has administrators know of it, once for each profile, however often the device tries. */
export async function recordReplacementRefused(
  tx: Tx,
  { standing, claim }: ReplacementRefused,
  at: Date,
): Promise<void> {
  const action = 'enrollment.replacement_refused'
  const { id, identifier, serialNumber } = standing
  const { rows } = await sql`SELECT 1 FROM audit_entries WHERE subject_kind = 'enrollment'
    AND subject_id = ${String(id)} AND action = ${action} AND details ->> 'pendingId' = ${claim.pendingId}
    LIMIT 1`.execute(tx)
  if (rows.length > 0) return
  const subject = { kind: 'enrollment', id, name: serialNumber ?? identifier }
  await record(tx, { actor: devicesThemselves, action, at, subject, details: { ...claim, advice } })
}
