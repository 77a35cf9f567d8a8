/** Which command a device is told next, and when it is woken if it says no more (D1). */
import { type ConversationState, nextWake } from '@apportion/core/devices/waking'
import { sql } from 'kysely'
import { openStates } from '../devices/open-commands.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { prepared } from '../platform/db/prepared.ts'
import type { EnrollmentRow } from './identify.ts'

/** How far the stored moment of the last message may lag behind, in milliseconds. */
export const seenPrecision = 5 * 60_000

/** A device in the middle of its queue has its push ahead of it by at least this; so not each command writes it. */
const ahead = '1 minute'

/** What the device has just said. */
export interface Turn {
  /** It asks anew, so it may be told again what it had put off. */
  readonly asksAnew: boolean
  /** It put its command off, and comes back by itself. */
  readonly comesBack: boolean
  readonly at: Date
}

/**
 * Takes the first command that may be told, marks it as sent and gives its property list; null when there is none. The
 * moment to wake the device goes by what is left; the answer that came before may have queued something, which would wake
 * it at once although it is here.
 *
 * In a transaction that holds the enrollment's row null means that nothing waits. By itself it may also mean that another
 * connection of the device was quicker, or that the enrollment has ended: the statement reads commands as they were before
 * it waited for the row, and so takes nothing that has changed since.
 */
export async function takeNextCommand(
  db: Db | Tx,
  { id, wakeAttempts }: Pick<EnrollmentRow, 'id' | 'wakeAttempts'>,
  { asksAnew, comesBack, at }: Turn,
): Promise<string | null> {
  const wakeAfter = (state: ConversationState) =>
    new Date(at.getTime() + (nextWake(state, wakeAttempts) ?? 0))
  const told = wakeAfter({ kind: 'told' })
  const putOff = wakeAfter({ kind: 'put_off', comesBack })
  const { rows } = await sql<{ readonly payload: string }>`${prepared('next_command')}
    WITH own AS MATERIALIZED (
      SELECT id FROM enrollments WHERE id = ${id} AND state = 'enrolled' FOR UPDATE
    ), next AS MATERIALIZED (
      SELECT id FROM commands WHERE EXISTS (SELECT FROM own) AND enrollment_id = ${id}
        AND (state IN ('queued', 'sent') OR (${asksAnew}::boolean AND state = 'not_now'))
      ORDER BY seq LIMIT 1
    ), offered_again AS (
      UPDATE commands SET state = 'queued' WHERE ${asksAnew}::boolean AND enrollment_id = ${id}
        AND state = 'not_now' AND NOT EXISTS (SELECT FROM next WHERE next.id = commands.id)
    ), sent AS (
      UPDATE commands c SET state = 'sent', sent_at = ${at}, deliveries = least(c.deliveries + 1, 32767)
      FROM next WHERE c.enrollment_id = ${id} AND c.id = next.id AND c.state IN ${openStates} RETURNING c.payload
    ), wake AS (
      SELECT EXISTS (SELECT FROM next) AS told, CASE WHEN EXISTS (SELECT FROM next) THEN ${told}::timestamptz
        WHEN EXISTS (SELECT FROM commands WHERE enrollment_id = ${id} AND state = 'not_now')
        THEN ${putOff}::timestamptz END AS at
    ), noted AS (
      UPDATE enrollments e SET last_seen_at = ${at}, wake_at = wake.at,
        wake_attempts = CASE WHEN wake.at IS NULL THEN 0 ELSE e.wake_attempts END
      FROM wake, own WHERE e.id = own.id AND NOT coalesce(e.last_seen_at > ${new Date(at.getTime() - seenPrecision)}
        AND CASE WHEN wake.told THEN e.wake_at > ${at}::timestamptz + ${ahead}::interval AND e.wake_at <= wake.at
          ELSE e.wake_at IS NOT DISTINCT FROM wake.at END, false)
    )
    SELECT payload FROM sent`.execute(db)
  return rows[0]?.payload ?? null
}
