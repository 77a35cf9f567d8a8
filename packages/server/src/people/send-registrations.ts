/**
 * Sends recorded requests about people to Apple, one after another. Each is marked as leaving, and that is committed,
 * before it leaves; its event is committed before the next one goes. What a crash interrupts is read back.
 */
import type { UserRequest } from '@apportion/apple-wire/user-requests'
import { AppleError, AppsBooksError } from '@apportion/apps-books/errors'
import { firstLook, readBackAt, resendAt } from '@apportion/core/licenses/polling'
import { refusedRequest } from '@apportion/core/people/registration'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { NewId } from '../platform/ids.ts'
import { holdLease } from '../platform/leases.ts'
import type { LocationTurn } from '../platform/location-work.ts'
import type { AppleConnection, AppleConnections } from '../tokens/apple.ts'
import { noteVerdict, tokenVerdict } from '../tokens/verdict.ts'
import { refuse } from './settle-registrations.ts'
import {
  finishUserOperation,
  insertUserOperation,
  markAbandonedUserOperations,
  markUserOperationSent,
  markUserOperationUnknown,
  recordUserOperationAgain,
  takeNextUserOperation,
  type UserOperation,
} from './user-operations.ts'

export interface SendPorts {
  readonly db: Db
  readonly clock: Clock
  readonly newId: NewId
  readonly apple: AppleConnections
}

/** Requests that a process was sending when it died are read back. Called before anything is sent. */
export function readBackAbandoned(ports: SendPorts, turn: LocationTurn): Promise<void> {
  return withLease(ports, turn, (tx) =>
    markAbandonedUserOperations(tx, turn.lease.locationId, readBackAt(ports.clock.now())),
  )
}

/** Sends what is recorded and due, until Apple no longer accepts the token or somebody took the location over. */
export async function sendRegistrations(
  ports: SendPorts,
  turn: LocationTurn,
  connection: AppleConnection,
): Promise<void> {
  while (!turn.signal.aborted && !connection.takenOver()) {
    const operation = await withLease(ports, turn, (tx) =>
      takeNextUserOperation(tx, turn.lease.locationId, ports.clock.now()),
    )
    if (operation === undefined) return
    const answer = await ask(ports, connection, operation)
    await withLease(ports, turn, (tx) => note(ports, tx, { connection, operation, answer }))
    if (answer.kind === 'token_refused') return
  }
}

/** What Apple answered: an event, not now, never, that the token is no good, or nothing that we heard. */
type Answer =
  | { readonly kind: 'accepted'; readonly eventId: string }
  | { readonly kind: 'put_off' | 'token_refused'; readonly retryAfterMs?: number | undefined }
  | { readonly kind: 'refused'; readonly error: AppleError }
  | { readonly kind: 'unheard' | 'nobody_left' }

async function ask(ports: SendPorts, connection: AppleConnection, operation: UserOperation): Promise<Answer> {
  const { client } = connection
  const users = await requestedUsers(ports.db, operation.client_user_ids)
  if (users.length === 0) return { kind: 'nobody_left' }
  try {
    const { eventId } = await client[operation.kind === 'create' ? 'createUsers' : 'updateUsers']({ users })
    return { kind: 'accepted', eventId }
  } catch (error) {
    await noteVerdict(ports.db, connection.location, error)
    return answerOf(error)
  }
}

function answerOf(error: unknown): Answer {
  if (error instanceof AppleError) {
    if (tokenVerdict(error) !== null) return { kind: 'token_refused' }
    if (error.retry === 'later') return { kind: 'put_off', retryAfterMs: error.retryAfterMs }
    return { kind: 'refused', error }
  }
  // Only these say for certain that nothing reached Apple.
  const certain = ['apple.unreachable', 'apple.host_not_allowed']
  return { kind: error instanceof AppsBooksError && certain.includes(error.code) ? 'put_off' : 'unheard' }
}

/** The people as the directory knows them now; who was deleted from it since is left out. */
async function requestedUsers(db: Db, ids: readonly string[]): Promise<readonly UserRequest[]> {
  const { rows } = await sql<{ id: string; email: string | null; account: string | null }>`
    SELECT client_user_id::text AS id, email, managed_apple_account AS account FROM users
    WHERE client_user_id::text = ANY(${[...ids]}::text[]) ORDER BY id`.execute(db)
  return rows.map(({ id, email, account }) => ({
    clientUserId: id,
    ...(email === null ? {} : { email }),
    ...(account === null ? {} : { managedAppleId: account }),
  }))
}

interface Answered {
  readonly connection: AppleConnection
  readonly operation: UserOperation
  readonly answer: Answer
}

async function note(ports: SendPorts, tx: Tx, { connection, operation, answer }: Answered): Promise<void> {
  const at = ports.clock.now()
  switch (answer.kind) {
    case 'accepted': {
      const firstLookAt = firstLook(at, connection.location.notifications_from !== null)
      return markUserOperationSent(tx, operation.id, { eventId: answer.eventId, at, firstLookAt })
    }
    case 'refused':
      return noteRefused(ports, tx, { operation, error: answer.error, at })
    case 'unheard':
      return markUserOperationUnknown(tx, operation.id, readBackAt(at))
    case 'nobody_left':
      return finishUserOperation(tx, operation, { at, completed: 0, problem: null })
    default:
      return recordUserOperationAgain(tx, operation.id, resendAt(operation.attempts, at, answer.retryAfterMs))
  }
}

/** Apple started nothing. Whom it blames waits with its reason; the others are in the next requests. */
async function noteRefused(
  ports: SendPorts,
  tx: Tx,
  {
    operation,
    error,
    at,
  }: { readonly operation: UserOperation; readonly error: AppleError; readonly at: Date },
): Promise<void> {
  const { location_id: locationId, kind } = operation
  const refused = { number: error.errorNumber, detail: error.message }
  const named = error.errorInfo?.clientUserIds ?? []
  const fate = refusedRequest(error.errorNumber, { ids: operation.client_user_ids, named })
  if (fate.kind === 'smaller') ports.apple.forgetLimits()
  if (fate.kind === 'blame') await refuse(tx, { locationId, ids: fate.ids, at }, refused)
  if (fate.kind === 'halve') {
    for (const ids of fate.halves)
      await insertUserOperation(tx, { id: ports.newId(), locationId, kind, ids, at })
  }
  await sql`UPDATE registrations SET operation_id = NULL, due_at = ${at} WHERE operation_id = ${operation.id}`.execute(
    tx,
  )
  await finishUserOperation(tx, operation, { at, completed: 0, problem: refused })
}

function withLease<T>(ports: SendPorts, turn: LocationTurn, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(ports.db, async (tx) => {
    await holdLease(tx, turn.lease)
    return work(tx)
  })
}
