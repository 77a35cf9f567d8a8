/** The SQL of waking devices: who is due, and what came of it. */
import { dailyWake } from '@apportion/core/devices/waking'
import { sql } from 'kysely'
import { openStates } from '../devices/open-commands.ts'
import type { Db, Tx } from '../platform/db/database.ts'

/** A push certificate that pushes can be sent with. */
export interface UsableCertificate {
  readonly topic: string
  /** PEM, the leaf first. */
  readonly certificate: string
  /** Sealed. */
  readonly privateKey: Buffer
  /** Changes when it is replaced. */
  readonly uploadedAt: Date
}

/** Those that are valid at `now` and that Apple has not refused. */
export async function usableCertificates(db: Db, now: Date): Promise<readonly UsableCertificate[]> {
  const { rows } = await sql<UsableCertificate>`
    SELECT topic, certificate, private_key AS "privateKey", uploaded_at AS "uploadedAt" FROM push_certificates
    WHERE refused_at IS NULL AND not_before <= ${now} AND not_after > ${now} ORDER BY topic`.execute(db)
  return rows
}

/** A device that is to be woken. */
export interface DueDevice {
  readonly id: number
  readonly topic: string
  /** Sealed. */
  readonly token: Buffer
  /** Sealed. */
  readonly magic: Buffer
  readonly tokenAt: Date | null
  /** This time included. */
  readonly attempts: number
}

/**
 * Takes devices that are due, those first that wait longest. Until `leasedUntil` no other process takes them; should this
 * one die, they are due again then.
 */
export async function takeDue(
  db: Db,
  taking: {
    readonly topics: readonly string[]
    readonly most: number
    readonly now: Date
    readonly leasedUntil: Date
  },
): Promise<readonly DueDevice[]> {
  const { topics, most, now, leasedUntil } = taking
  const { rows } = await sql<DueDevice>`
    WITH due AS (
      SELECT id FROM enrollments WHERE wake_at <= ${now} AND channel = 'mdm' AND push_token IS NOT NULL
        AND (state = 'enrolled' OR left_cause = 'removed_by_administrator')
        AND push_lost_at IS NULL AND topic = ANY(${[...topics]}::text[])
      ORDER BY wake_at LIMIT ${most} FOR UPDATE SKIP LOCKED
    )
    UPDATE enrollments e SET woken_at = ${now}, wake_at = ${leasedUntil},
      wake_attempts = least(e.wake_attempts + 1, 32767)
    FROM due WHERE e.id = due.id
    RETURNING e.id, e.topic, e.push_token AS token, e.push_magic AS magic, e.token_at AS "tokenAt",
      e.wake_attempts AS attempts`.execute(db)
  return rows
}

/**
 * Devices that were woken: again at `next` if something still waits for them then, else never. Whoever asked meanwhile for
 * an earlier moment, or came by, is left alone.
 */
export async function noteWoken(
  db: Db,
  ids: readonly number[],
  { leasedUntil, next }: { readonly leasedUntil: Date; readonly next: Date },
): Promise<void> {
  if (ids.length === 0) return
  await sql`UPDATE enrollments e SET wake_at = CASE WHEN EXISTS (SELECT 1 FROM commands c WHERE c.enrollment_id = e.id
      AND c.state IN ${openStates}) THEN ${next}::timestamptz END
    WHERE e.id = ANY(${[...ids]}::int[]) AND e.wake_at = ${leasedUntil}`.execute(db)
}

/** Devices whose push failed for now, each with the moment of the next. */
export async function notePostponed(
  db: Db,
  postponed: readonly { readonly id: number; readonly next: Date }[],
  leasedUntil: Date,
): Promise<void> {
  if (postponed.length === 0) return
  await sql`UPDATE enrollments e SET wake_at = given.next
    FROM unnest(${postponed.map(({ id }) => id)}::int[], ${postponed.map(({ next }) => next)}::timestamptz[])
      AS given(id, next)
    WHERE e.id = given.id AND e.wake_at = ${leasedUntil}`.execute(db)
}

/** Devices whose token is dead: nothing is pushed until they tell another, unless they have done so already. */
export async function notePushLost(
  db: Db,
  lost: readonly { readonly id: number; readonly tokenAt: Date | null }[],
  at: Date,
): Promise<void> {
  if (lost.length === 0) return
  await sql`UPDATE enrollments e SET push_lost_at = ${at}, wake_at = NULL
    FROM unnest(${lost.map(({ id }) => id)}::int[], ${lost.map(({ tokenAt }) => tokenAt)}::timestamptz[])
      AS given(id, token_at)
    WHERE e.id = given.id AND e.token_at IS NOT DISTINCT FROM given.token_at`.execute(db)
}

/** Apple refuses the certificate: nothing is pushed with it until it is replaced. */
export async function noteCertificateRefused(
  db: Db,
  { topic, uploadedAt }: Pick<UsableCertificate, 'topic' | 'uploadedAt'>,
  { reason, at }: { readonly reason: string; readonly at: Date },
): Promise<void> {
  await sql`UPDATE push_certificates SET refused_at = ${at}, refused_reason = ${reason}
    WHERE topic = ${topic} AND date_trunc('milliseconds', uploaded_at) = ${uploadedAt} AND refused_at IS NULL`.execute(
    db,
  )
}

/**
 * Has devices woken for which something waits although nothing would wake them, and those that have said nothing for a day:
 * what they are, which updates there are, and what their people deleted is only known by asking.
 */
export async function wakeForgotten(db: Db | Tx, now: Date): Promise<void> {
  const dayAgo = new Date(now.getTime() - dailyWake)
  await sql`UPDATE enrollments e SET wake_at = ${now} WHERE e.wake_at IS NULL AND e.state = 'enrolled'
      AND e.channel = 'mdm' AND e.push_token IS NOT NULL AND e.push_lost_at IS NULL
      AND ((e.last_seen_at <= ${dayAgo} AND (e.woken_at IS NULL OR e.woken_at <= ${dayAgo}))
        OR e.id IN (SELECT c.enrollment_id FROM commands c WHERE c.state IN ${openStates}))`.execute(db)
}
