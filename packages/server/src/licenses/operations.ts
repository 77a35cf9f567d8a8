/** The SQL of operations: requests to Apple that are committed before they leave (invariant 3). */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import type { Block } from './books.ts'
import { requestStates } from './request-states.ts'

export interface OperationRow {
  readonly id: string
  readonly location_id: number
  readonly kind: 'associate' | 'disassociate'
  readonly state: 'recorded' | 'sending' | 'sent' | 'unknown' | 'done' | 'partly' | 'failed'
  readonly asset_ids: readonly number[]
  readonly holder_kind: 'device' | 'user'
  readonly holders: readonly string[]
  readonly tasks: number
  readonly recorded_at: Date
  readonly sent_at: Date | null
  readonly event_id: string | null
  readonly attempts: number
  readonly completed: number
}

const columns = sql`o.id, o.location_id, o.kind, o.state, o.asset_ids, o.holder_kind, o.holders, o.tasks, o.recorded_at,
  o.sent_at, o.event_id, o.attempts, o.completed`

/** The pairs of an operation. */
export function blockOf(operation: OperationRow): Block {
  return {
    locationId: operation.location_id,
    assetIds: operation.asset_ids,
    holderKind: operation.holder_kind,
    holders: operation.holders,
  }
}

/** Records operations; their licenses are marked by the caller in the same transaction. */
export async function insertOperation(
  tx: Tx,
  operation: Block & { readonly id: string; readonly kind: OperationRow['kind']; readonly at: Date },
): Promise<void> {
  const tasks = operation.assetIds.length * operation.holders.length
  await sql`INSERT INTO operations (id, location_id, kind, state, asset_ids, holder_kind, holders, tasks, recorded_at)
    VALUES (${operation.id}, ${operation.locationId}, ${operation.kind}, 'recorded', ${[...operation.assetIds]}::int[],
      ${operation.holderKind}::holder_kind, ${[...operation.holders]}::text[], ${tasks}, ${operation.at})`.execute(
    tx,
  )
}

/** The next operation to send, now marked as about to leave; undefined when none is due. */
export async function takeNextToSend(
  tx: Tx,
  locationId: number,
  now: Date,
): Promise<OperationRow | undefined> {
  const { rows } = await sql<OperationRow>`
    UPDATE operations o SET state = 'sending', sending_at = ${now}, attempts = o.attempts + 1, next_look_at = NULL
    WHERE o.id = (
      SELECT id FROM operations WHERE location_id = ${locationId} AND state = 'recorded' AND finished_at IS NULL
        AND (next_look_at IS NULL OR next_look_at <= ${now})
        -- Nothing is given any more by a token that is being deleted (T6).
        AND (kind = 'disassociate' OR NOT EXISTS (SELECT 1 FROM locations l
          WHERE l.id = operations.location_id AND l.leaving_since IS NOT NULL))
      ORDER BY kind DESC, recorded_at, id LIMIT 1) AND o.state = 'recorded'
    RETURNING ${columns}`.execute(tx)
  return rows[0]
}

/** Operations of one state whose moment has come, oldest first. */
export async function dueOperations(
  db: Db,
  wanted: { readonly locationId: number; readonly state: 'sent' | 'unknown'; readonly now: Date },
): Promise<readonly OperationRow[]> {
  const { rows } = await sql<OperationRow>`SELECT ${columns} FROM operations o
    WHERE o.location_id = ${wanted.locationId} AND o.state = ${wanted.state} AND o.finished_at IS NULL
      AND o.next_look_at <= ${wanted.now}
    ORDER BY o.next_look_at, o.id LIMIT 50`.execute(db)
  return rows
}

/** From recorded to sent, and what is read back. */
export const { markSent, markRecordedAgain, markUnknown, markAbandonedUnknown } = requestStates('operations')

/** A pending event is looked at again at a moment. */
export async function lookAgainAt(db: Db, id: string, at: Date, completed: number | null): Promise<void> {
  await sql`UPDATE operations SET next_look_at = ${at}, completed = greatest(completed, coalesce(${completed}::int, 0))
    WHERE id = ${id}`.execute(db)
}

/** What an operation was to change is reserved still, and packed into another. */
export async function unpack(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`UPDATE licenses SET operation_id = NULL, since = ${at} WHERE operation_id = ${id}`.execute(tx)
}

/** An operation that Apple never accepted is taken apart, to be packed within other limits. */
export async function packAnew(tx: Tx, id: string, at: Date): Promise<void> {
  await unpack(tx, id, at)
  await sql`DELETE FROM operations WHERE id = ${id} AND state = 'sending'`.execute(tx)
}

/** How an operation ended. */
export interface Ending {
  readonly at: Date
  readonly completed: number
  readonly problem: { readonly number: number | null; readonly detail: string } | null
}

/** Ends an operation: done, partly done or failed, by how many of its tasks Apple completed. */
export async function finishOperation(tx: Tx, id: string, { at, completed, problem }: Ending): Promise<void> {
  await sql`UPDATE operations SET finished_at = ${at}, completed = least(tasks, ${completed}),
      state = CASE WHEN ${completed} >= tasks THEN 'done' WHEN ${completed} > 0 THEN 'partly' ELSE 'failed' END,
      problem_number = ${problem?.number ?? null}, problem_detail = ${problem?.detail ?? null}
    WHERE id = ${id} AND finished_at IS NULL`.execute(tx)
}
