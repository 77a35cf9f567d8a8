/**
 * Sends recorded operations to Apple, one after another: Apple prefers large requests to parallel ones.
 *
 * Each is marked as leaving, and that is committed, before its request leaves; its event is committed before the
 * next one goes. Whatever a crash interrupts is found in state `sending` and read back, never sent again as it is.
 */
import { AppleError, AppsBooksError } from '@apportion/apps-books/errors'
import { firstLook, readBackAt, resendAt } from '@apportion/core/licenses/polling'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { holdLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import { type AppleConnection, type AppleConnections, noteVerdict, tokenVerdict } from '../tokens/apple.ts'
import { pricingOf } from './asset-store.ts'
import {
  markAbandonedUnknown,
  markRecordedAgain,
  markSent,
  markUnknown,
  type OperationRow,
  takeNextToSend,
} from './operations.ts'
import { settleRefused } from './settle.ts'

export interface SendPorts {
  readonly db: Db
  readonly clock: Clock
  readonly apple: AppleConnections
}

/** The step that sends. */
export function sendStep(ports: SendPorts): LocationStep {
  return {
    name: 'send',
    alone: true,
    // A location whose token cannot write keeps its operations until it can.
    due: (now) => sql`SELECT o.location_id FROM operations o JOIN locations l ON l.id = o.location_id
      WHERE o.finished_at IS NULL AND l.managed_by IS NULL AND l.token_state = 'valid' AND l.token_expires_at > ${now}
        AND (o.state = 'sending' OR (o.state = 'recorded' AND (o.next_look_at IS NULL OR o.next_look_at <= ${now})))`,
    run: (turn) => send(ports, turn),
  }
}

async function send(ports: SendPorts, turn: LocationTurn): Promise<void> {
  const { lease, signal } = turn
  const connection = await ports.apple.connect(lease.locationId, 'write', signal)
  await withLease(ports, turn, (tx) =>
    markAbandonedUnknown(tx, lease.locationId, readBackAt(ports.clock.now())),
  )
  while (!signal.aborted && !connection.takenOver()) {
    const operation = await withLease(ports, turn, (tx) =>
      takeNextToSend(tx, lease.locationId, ports.clock.now()),
    )
    if (operation === undefined) return
    await sendOne(ports, { turn, connection, operation })
  }
}

interface Sending {
  readonly turn: LocationTurn
  readonly connection: AppleConnection
  readonly operation: OperationRow
}

async function sendOne(ports: SendPorts, { turn, connection, operation }: Sending): Promise<void> {
  const answer = await ask(ports, connection, operation)
  const now = ports.clock.now()
  if (answer.kind === 'refused_for_good') {
    const { number, detail } = answer
    return withLease(ports, turn, (tx) => settleRefused(tx, operation, { number, detail, at: now }))
  }
  await withLease(ports, turn, async (tx) => {
    if (answer.kind === 'accepted') {
      const firstLookAt = firstLook(now, connection.location.notifications_from !== null)
      await markSent(tx, operation.id, { eventId: answer.eventId, at: now, firstLookAt })
    } else if (answer.kind === 'put_off') {
      await markRecordedAgain(tx, operation.id, resendAt(operation.attempts, now, answer.retryAfterMs))
    } else {
      await markUnknown(tx, operation.id, readBackAt(now))
    }
  })
}

/** What Apple answered: an event, not now, never, or nothing that we heard. */
type Answer =
  | { readonly kind: 'accepted'; readonly eventId: string }
  | { readonly kind: 'put_off'; readonly retryAfterMs?: number }
  | { readonly kind: 'refused_for_good'; readonly number: number; readonly detail: string }
  | { readonly kind: 'unheard' }

async function ask(ports: SendPorts, connection: AppleConnection, operation: OperationRow): Promise<Answer> {
  const assets = await pricingOf(ports.db, operation.asset_ids)
  const holders =
    operation.holder_kind === 'device'
      ? { serialNumbers: operation.holders }
      : { clientUserIds: operation.holders }
  try {
    const { eventId } = await connection.client[operation.kind]({ assets, ...holders })
    return { kind: 'accepted', eventId }
  } catch (error) {
    await noteVerdict(ports.db, operation.location_id, error)
    return answerOf(error)
  }
}

function answerOf(error: unknown): Answer {
  if (error instanceof AppleError) {
    const putOff = error.retry === 'later' || tokenVerdict(error) !== null
    if (!putOff) return { kind: 'refused_for_good', number: error.errorNumber, detail: error.message }
    return {
      kind: 'put_off',
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    }
  }
  // Only these say for certain that nothing reached Apple.
  const certain = ['apple.unreachable', 'apple.host_not_allowed']
  if (error instanceof AppsBooksError && certain.includes(error.code)) return { kind: 'put_off' }
  return { kind: 'unheard' }
}

function withLease<T>(ports: SendPorts, turn: LocationTurn, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(ports.db, async (tx) => {
    await holdLease(tx, turn.lease)
    return work(tx)
  })
}
