/** The SQL of what goes to NanoMDM: commands to pass on, devices to wake, and how well it can be reached. */
import { sql } from 'kysely'
import { openStates } from '../devices/open-commands.ts'
import type { Db, Tx } from '../platform/db/database.ts'

/** A command that is to be passed on. */
export interface OutgoingCommand {
  readonly enrollmentId: number
  readonly id: string
  /** The property list. */
  readonly payload: string
  /** As NanoMDM names the device. */
  readonly identifier: string
  /** This time included. */
  readonly attempts: number
}

/** How many are taken, and until when for nobody else. */
export interface Taking {
  readonly most: number
  readonly now: Date
  readonly leasedUntil: Date
}

/**
 * Takes the first command of each device that is due, and marks it as sent before it is, so that an answer that comes at once
 * finds it. The next of a device is taken when NanoMDM has this one. Until `leasedUntil` no other process takes it.
 */
export async function takeOutgoing(
  db: Db,
  { most, now, leasedUntil }: Taking,
): Promise<readonly OutgoingCommand[]> {
  const { rows } = await sql<OutgoingCommand>`
    WITH due AS (
      SELECT c.enrollment_id, c.id, e.identifier FROM commands c JOIN enrollments e ON e.id = c.enrollment_id
      WHERE c.pass_at <= ${now} AND c.state IN ('queued', 'sent') AND e.channel = 'nanomdm' AND e.state = 'enrolled'
        AND NOT EXISTS (SELECT FROM commands o WHERE o.enrollment_id = c.enrollment_id AND o.seq < c.seq
          AND o.pass_at IS NOT NULL AND o.state IN ('queued', 'sent'))
      ORDER BY c.pass_at LIMIT ${most} FOR UPDATE OF c SKIP LOCKED
    )
    UPDATE commands c SET state = 'sent', sent_at = ${now}, pass_at = ${leasedUntil},
      deliveries = least(c.deliveries + 1, 32767)
    FROM due WHERE c.enrollment_id = due.enrollment_id AND c.id = due.id
    RETURNING c.enrollment_id AS "enrollmentId", c.id::text, c.payload, due.identifier, c.deliveries AS attempts`.execute(
    db,
  )
  return rows
}

/** NanoMDM has it. */
export async function notePassed(
  db: Db,
  { enrollmentId, id }: OutgoingCommand,
  leasedUntil: Date,
): Promise<void> {
  await sql`UPDATE commands SET pass_at = NULL
    WHERE enrollment_id = ${enrollmentId} AND id = ${id}::uuid AND pass_at = ${leasedUntil}`.execute(db)
}

/**
 * Passed on again at `next`. `isUntold`: NanoMDM certainly does not have it, so that it can be taken back as long as nobody
 * tried before.
 */
export async function notePassLater(
  db: Db,
  { enrollmentId, id }: OutgoingCommand,
  later: { readonly leasedUntil: Date; readonly next: Date; readonly isUntold: boolean },
): Promise<void> {
  await sql`UPDATE commands SET pass_at = ${later.next},
      deliveries = CASE WHEN ${later.isUntold} THEN deliveries - 1 ELSE deliveries END,
      state = CASE WHEN ${later.isUntold} AND deliveries = 1 THEN 'queued' ELSE state END
    WHERE enrollment_id = ${enrollmentId} AND id = ${id}::uuid AND pass_at = ${later.leasedUntil}
      AND state = 'sent'`.execute(db)
}

/** A device that is to be woken. */
export interface DueAtNanoMdm {
  readonly id: number
  readonly identifier: string
  /** This time included. */
  readonly attempts: number
}

/**
 * Takes devices that are due, those first that wait longest; one for which a command is to be passed on now is woken after
 * that. Until `leasedUntil` no other process takes them.
 */
export async function takeDueAtNanoMdm(
  db: Db,
  { most, now, leasedUntil }: Taking,
): Promise<readonly DueAtNanoMdm[]> {
  const { rows } = await sql<DueAtNanoMdm>`
    WITH due AS (
      SELECT e.id FROM enrollments e WHERE e.wake_at <= ${now} AND e.channel = 'nanomdm' AND e.state = 'enrolled'
        AND NOT EXISTS (SELECT FROM commands c WHERE c.enrollment_id = e.id AND c.pass_at <= ${now}
          AND c.state IN ('queued', 'sent'))
      ORDER BY e.wake_at LIMIT ${most} FOR UPDATE SKIP LOCKED
    )
    UPDATE enrollments e SET woken_at = ${now}, wake_at = ${leasedUntil},
      wake_attempts = least(e.wake_attempts + 1, 32767)
    FROM due WHERE e.id = due.id RETURNING e.id, e.identifier, e.wake_attempts AS attempts`.execute(db)
  return rows
}

/**
 * When devices are woken next. `whatever`: also those for which nothing waits. Whoever asked meanwhile for an earlier moment
 * is left alone.
 */
export async function noteNextWake(
  db: Db,
  devices: readonly { readonly id: number; readonly next: Date }[],
  { leasedUntil, whatever }: { readonly leasedUntil: Date; readonly whatever: boolean },
): Promise<void> {
  if (devices.length === 0) return
  await sql`UPDATE enrollments e SET wake_at = CASE WHEN ${whatever} OR EXISTS (SELECT FROM commands c
      WHERE c.enrollment_id = e.id AND c.state IN ${openStates}) THEN given.next END
    FROM unnest(${devices.map(({ id }) => id)}::int[], ${devices.map(({ next }) => next)}::timestamptz[])
      AS given(id, next)
    WHERE e.id = given.id AND e.wake_at = ${leasedUntil}`.execute(db)
}

/** Why NanoMDM cannot be worked with. */
export type NanoMdmProblem = 'unauthorized' | 'unreachable' | 'failing'

/** How well it can be worked with. */
export interface NanoMdmStanding {
  readonly problem: NanoMdmProblem | null
  /** In a row. */
  readonly attempts: number
  /** Nothing is asked of it before. */
  readonly retryAt: Date | null
}

/** As it was stored last; no problem when nothing was. */
export async function standingOf(db: Db | Tx): Promise<NanoMdmStanding> {
  const { rows } = await sql<NanoMdmStanding>`SELECT problem, attempts, retry_at AS "retryAt"
    FROM nanomdm_server`.execute(db)
  return rows[0] ?? { problem: null, attempts: 0, retryAt: null }
}

/** Stores a problem; the moment since which it is there stays. `retryAt` null goes on asking. */
export async function noteProblem(
  db: Db,
  noted: {
    readonly problem: NanoMdmProblem
    readonly detail: string
    readonly at: Date
    readonly retryAt: Date | null
  },
): Promise<void> {
  const { problem, detail, at, retryAt } = noted
  await sql`INSERT INTO nanomdm_server AS s (id, problem, detail, since, attempts, retry_at)
    VALUES (1, ${problem}, ${detail}, ${at}, 1, ${retryAt})
    ON CONFLICT (id) DO UPDATE SET problem = excluded.problem, detail = excluded.detail,
      since = CASE WHEN s.problem = excluded.problem THEN s.since ELSE excluded.since END,
      attempts = least(s.attempts + 1, 1000), retry_at = excluded.retry_at`.execute(db)
}

/** It works. */
export async function noteWorking(db: Db): Promise<void> {
  await sql`UPDATE nanomdm_server SET problem = NULL, detail = NULL, since = NULL, attempts = 0, retry_at = NULL
    WHERE problem IS NOT NULL`.execute(db)
}
