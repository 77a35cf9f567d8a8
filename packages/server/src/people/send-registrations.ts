/**
 * Sends recorded requests about people to Apple, one after another. Each is marked as leaving, and that is committed,
 * before it leaves; its event is committed before the next one goes. What a crash interrupts is read back.
 */
import type { UserRequest } from '@apportion/apple-wire/user-requests'
import { firstLook, readBackAt, resendAt } from '@apportion/core/licenses/polling'
import { tooManyPeople } from '@apportion/core/people/registration'
import { sql } from 'kysely'
import { type Answer, answerOf } from '../licenses/answer.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { withLease } from '../platform/leases.ts'
import type { LocationTurn } from '../platform/location-work.ts'
import type { AppleConnection, AppleConnections } from '../tokens/apple.ts'
import { noteVerdict } from '../tokens/verdict.ts'
import { settleRefused } from './settle-registrations.ts'
import {
  finishUserOperation,
  markAbandonedUnknown,
  markRecordedAgain,
  markSent,
  markUnknown,
  recordAnew,
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
  return withLease(ports.db, turn.lease, (tx) =>
    markAbandonedUnknown(tx, turn.lease.locationId, readBackAt(ports.clock.now())),
  )
}

/**
 * Sends what is recorded and due, until Apple no longer accepts the token or somebody took the location over. What is larger
 * than Apple's limit of now is not sent: the limit may have been higher when it was recorded.
 */
export async function sendRegistrations(
  ports: SendPorts,
  turn: LocationTurn,
  connection: AppleConnection,
): Promise<void> {
  while (!turn.signal.aborted && !connection.takenOver()) {
    const { maxUsers } = await connection.limits()
    const operation = await withLease(ports.db, turn.lease, (tx) =>
      takeNextUserOperation(tx, turn.lease.locationId, ports.clock.now()),
    )
    if (operation === undefined) return
    if (operation.client_user_ids.length > maxUsers) {
      await withLease(ports.db, turn.lease, (tx) => recordAnew(tx, operation.id, ports.clock.now()))
      continue
    }
    const answer = await ask(ports, connection, operation)
    await withLease(ports.db, turn.lease, (tx) => note(ports, tx, { connection, operation, answer }))
    if (answer.kind === 'token_refused') return
  }
}

type Outcome = Answer | { readonly kind: 'nobody_left' }

async function ask(
  ports: SendPorts,
  connection: AppleConnection,
  operation: UserOperation,
): Promise<Outcome> {
  const { client } = connection
  const users = await requestedUsers(ports.db, operation.client_user_ids)
  if (users.length === 0) return { kind: 'nobody_left' }
  try {
    const { eventId } = await client[operation.kind === 'create' ? 'createUsers' : 'updateUsers']({ users })
    return { kind: 'accepted', eventId }
  } catch (error) {
    await noteVerdict(ports.db, connection.location, error)
    const answer = answerOf(error)
    if (answer.kind === 'refused' && answer.error.errorNumber === tooManyPeople) ports.apple.forgetLimits()
    return answer
  }
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
  readonly answer: Outcome
}

async function note(ports: SendPorts, tx: Tx, { connection, operation, answer }: Answered): Promise<void> {
  const at = ports.clock.now()
  switch (answer.kind) {
    case 'accepted': {
      const firstLookAt = firstLook(at, connection.location.notifications_from !== null)
      return markSent(tx, operation.id, { eventId: answer.eventId, at, firstLookAt })
    }
    case 'refused': {
      const { errorNumber: number, message: detail, errorInfo } = answer.error
      const refusal = { number, detail, named: errorInfo?.clientUserIds ?? [], at }
      return settleRefused({ tx, newId: ports.newId }, operation, refusal)
    }
    case 'unheard':
      return markUnknown(tx, operation.id, readBackAt(at))
    case 'nobody_left':
      return finishUserOperation(tx, operation, { at, completed: 0, problem: null })
    case 'put_off':
      return markRecordedAgain(tx, operation.id, resendAt(operation.attempts, at, answer.retryAfterMs))
    case 'token_refused':
      return markRecordedAgain(tx, operation.id, resendAt(operation.attempts, at))
  }
}
