/** The SQL of requests to Apple about people, which are committed before they leave (invariant 3). */
import { sql } from 'kysely'
import { requestStates } from '../licenses/request-states.ts'
import type { Db, Tx } from '../platform/db/database.ts'

export interface UserOperation {
  readonly id: string
  readonly location_id: number
  readonly kind: 'create' | 'update'
  readonly state: 'recorded' | 'sending' | 'sent' | 'unknown' | 'done' | 'partly' | 'failed'
  readonly client_user_ids: readonly string[]
  readonly recorded_at: Date
  readonly sent_at: Date | null
  readonly event_id: string | null
  readonly attempts: number
  readonly finished_at: Date | null
}

const columns = sql`o.id, o.location_id, o.kind, o.state, o.client_user_ids, o.recorded_at, o.sent_at, o.event_id,
  o.attempts, o.finished_at`

/** People of one request. */
export interface NewOperation {
  readonly id: string
  readonly locationId: number
  readonly kind: UserOperation['kind']
  readonly ids: readonly string[]
  readonly at: Date
}

/** Records a request, and that these people are in it. */
export async function insertUserOperation(tx: Tx, operation: NewOperation): Promise<void> {
  const { id, locationId, kind, ids, at } = operation
  await sql`INSERT INTO user_operations (id, location_id, kind, state, client_user_ids, recorded_at)
    VALUES (${id}, ${locationId}, ${kind}, 'recorded', ${[...ids]}::text[], ${at})`.execute(tx)
  await sql`UPDATE registrations r SET operation_id = ${id}, due_at = NULL FROM users u
    WHERE r.location_id = ${locationId} AND u.id = r.user_id AND u.client_user_id::text = ANY(${[...ids]}::text[])`.execute(
    tx,
  )
}

/** The next request to send, now marked as about to leave; undefined when none is due. */
export async function takeNextUserOperation(
  tx: Tx,
  locationId: number,
  now: Date,
): Promise<UserOperation | undefined> {
  const { rows } = await sql<UserOperation>`
    UPDATE user_operations o SET state = 'sending', attempts = o.attempts + 1, next_look_at = NULL
    WHERE o.id = (SELECT id FROM user_operations WHERE location_id = ${locationId} AND state = 'recorded'
        AND finished_at IS NULL AND (next_look_at IS NULL OR next_look_at <= ${now})
      ORDER BY recorded_at, id LIMIT 1) AND o.state = 'recorded'
    RETURNING ${columns}`.execute(tx)
  return rows[0]
}

/** Requests whose outcome is to be asked for now, those that wait longest first. */
export async function dueUserOperations(
  db: Db,
  locationId: number,
  now: Date,
): Promise<readonly UserOperation[]> {
  const { rows } = await sql<UserOperation>`SELECT ${columns} FROM user_operations o
    WHERE o.location_id = ${locationId} AND o.state IN ('sent', 'unknown') AND o.finished_at IS NULL
      AND o.next_look_at <= ${now} ORDER BY o.next_look_at, o.id LIMIT 50`.execute(db)
  return rows
}

/** The request that an event of Apple's belongs to, locked. */
export async function lockUserOperation(
  tx: Tx,
  wanted: { readonly locationId: number; readonly eventId: string },
): Promise<UserOperation | undefined> {
  const { rows } = await sql<UserOperation>`SELECT ${columns} FROM user_operations o
    WHERE o.location_id = ${wanted.locationId} AND o.event_id = ${wanted.eventId} FOR UPDATE`.execute(tx)
  return rows[0]
}

/** From recorded to sent, and what is read back or asked for. */
export const { markSent, markRecordedAgain, markUnknown, markAbandonedUnknown, lookAt } =
  requestStates('user_operations')

/** A request that Apple never accepted is taken apart: its people are due, to be in smaller ones. */
export async function recordAnew(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`UPDATE registrations SET operation_id = NULL, due_at = ${at} WHERE operation_id = ${id}`.execute(
    tx,
  )
  await sql`DELETE FROM user_operations WHERE id = ${id} AND state = 'sending'`.execute(tx)
}

/** How a request ended. */
export interface UserEnding {
  readonly at: Date
  readonly completed: number
  readonly problem: { readonly number: number | null; readonly detail: string } | null
}

/** Ends a request: done, partly done or failed, by how many of its people Apple did it for. */
export async function finishUserOperation(
  tx: Tx,
  operation: Pick<UserOperation, 'id' | 'client_user_ids'>,
  { at, completed, problem }: UserEnding,
): Promise<void> {
  const all = operation.client_user_ids.length
  const state = completed >= all ? 'done' : completed > 0 ? 'partly' : 'failed'
  await sql`UPDATE user_operations SET finished_at = ${at}, state = ${state}, problem_number = ${problem?.number ?? null},
      problem_detail = ${problem?.detail ?? null} WHERE id = ${operation.id} AND finished_at IS NULL`.execute(
    tx,
  )
}

/** Whether somebody still waits for the outcome of a request. */
export async function isAwaited(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM registrations WHERE operation_id = ${id} LIMIT 1`.execute(tx)
  return rows.length > 0
}
