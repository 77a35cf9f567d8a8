/**
 * Sends recorded operations to Apple, one after another: Apple prefers large requests to parallel ones.
 *
 * Each is marked as leaving, and that is committed, before its request leaves; its event is committed before the
 * next one goes. Whatever a crash interrupts is found in state `sending` and read back, never sent again as it is.
 */
import { firstLook, readBackAt, resendAt } from '@apportion/core/licenses/polling'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { withLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import type { AppleConnection, AppleConnections } from '../tokens/apple.ts'
import { noteVerdict } from '../tokens/verdict.ts'
import { type Answer, answerOf } from './answer.ts'
import { assetKeys } from './asset-store.ts'
import {
  markAbandonedUnknown,
  markRecordedAgain,
  markSent,
  markUnknown,
  type OperationRow,
  packAnew,
  takeNextToSend,
} from './operations.ts'
import { fitsLimits, namedPairs, tooLarge } from './refused-request.ts'
import { settleRefused, type WholeRefusal } from './settle.ts'

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
  await withLease(ports.db, turn.lease, (tx) =>
    markAbandonedUnknown(tx, lease.locationId, readBackAt(ports.clock.now())),
  )
  while (!signal.aborted && !connection.takenOver()) {
    const operation = await withLease(ports.db, turn.lease, (tx) =>
      takeNextToSend(tx, lease.locationId, ports.clock.now()),
    )
    if (operation === undefined) return
    const answer = await sendOne(ports, { turn, connection, operation })
    // Apple no longer accepts the token: every further request would only be refused.
    if (answer === 'token_refused') return
  }
}

interface Sending {
  readonly turn: LocationTurn
  readonly connection: AppleConnection
  readonly operation: OperationRow
}

/** Apple's answer, a refusal with the pairs that it is about. */
type Outcome =
  | Exclude<Answer, { readonly kind: 'refused' }>
  | ({ readonly kind: 'refused_for_good' } & WholeRefusal)

/** Sends one operation, or packs it anew where Apple's limits are lower than when it was packed. */
async function sendOne(ports: SendPorts, { turn, connection, operation }: Sending): Promise<Outcome['kind']> {
  if (!fitsLimits(operation, await connection.limits())) {
    await withLease(ports.db, turn.lease, (tx) => packAnew(tx, operation.id, ports.clock.now()))
    return 'put_off'
  }
  const answer = await ask(ports, connection, operation)
  const now = ports.clock.now()
  await withLease(ports.db, turn.lease, async (tx) => {
    switch (answer.kind) {
      case 'accepted': {
        const firstLookAt = firstLook(now, connection.location.notifications_from !== null)
        return markSent(tx, operation.id, { eventId: answer.eventId, at: now, firstLookAt })
      }
      case 'refused_for_good':
        return settleRefused(tx, operation, { ...answer, at: now })
      case 'unheard':
        return markUnknown(tx, operation.id, readBackAt(now))
      case 'put_off':
        return markRecordedAgain(tx, operation.id, resendAt(operation.attempts, now, answer.retryAfterMs))
      case 'token_refused':
        return markRecordedAgain(tx, operation.id, resendAt(operation.attempts, now))
    }
  })
  return answer.kind
}

async function ask(ports: SendPorts, connection: AppleConnection, operation: OperationRow): Promise<Outcome> {
  const keys = await assetKeys(ports.db, operation.asset_ids)
  const assets = keys.map(({ adamId, pricingParam }) => ({ adamId, pricingParam }))
  const holders =
    operation.holder_kind === 'device'
      ? { serialNumbers: operation.holders }
      : { clientUserIds: operation.holders }
  try {
    const { eventId } = await connection.client[operation.kind]({ assets, ...holders })
    return { kind: 'accepted', eventId }
  } catch (error) {
    await noteVerdict(ports.db, connection.location, error)
    const answer = answerOf(error)
    if (answer.kind !== 'refused') return answer
    const { errorNumber: number, message: detail, errorInfo, retryAfterMs } = answer.error
    if (tooLarge.includes(number)) {
      ports.apple.forgetLimits()
      return { kind: 'put_off', retryAfterMs }
    }
    return { kind: 'refused_for_good', number, detail, named: namedPairs(operation, errorInfo, keys) }
  }
}
