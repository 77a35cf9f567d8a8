/**
 * Learns the outcome of events whose notifications did not tell: by their status, and when even that is lost by
 * reading back who holds what.
 */

import type { ApiError, StatusResponse } from '@apportion/apple-wire/messages'
import { AppleError, AppsBooksError } from '@apportion/apps-books/errors'
import { type FailedGroup, outcomeOf } from '@apportion/core/licenses/outcome'
import { pendingStep, readBackAt } from '@apportion/core/licenses/polling'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { holdLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import type { AppleConnection, AppleConnections } from '../tokens/apple.ts'
import { noteVerdict, tokenVerdict } from '../tokens/verdict.ts'
import { type AssetKey, assetKeys } from './asset-store.ts'
import { dueOperations, lookAgainAt, markUnknown, type OperationRow } from './operations.ts'
import { holdersOf } from './read-back.ts'
import { settleDone, settlePartly, settleReadBack } from './settle.ts'

export interface LookPorts {
  readonly db: Db
  readonly clock: Clock
  readonly apple: AppleConnections
}

/** The step that asks for outcomes. */
export function lookStep(ports: LookPorts): LocationStep {
  return {
    name: 'look',
    alone: true,
    due: (now) => sql`SELECT o.location_id FROM operations o JOIN locations l ON l.id = o.location_id
      WHERE o.finished_at IS NULL AND o.state IN ('sent', 'unknown') AND o.next_look_at <= ${now}
        AND l.token_state = 'valid' AND l.token_expires_at > ${now}`,
    run: (turn) => look(ports, turn),
  }
}

async function look(ports: LookPorts, turn: LocationTurn): Promise<void> {
  const { locationId } = turn.lease
  const connection = await ports.apple.connect(locationId, 'read', turn.signal)
  const at = ports.clock.now()
  for (const operation of await dueOperations(ports.db, { locationId, state: 'sent', now: at })) {
    const looking = { turn, connection, operation }
    await withVerdict(ports, looking, () => lookAt(ports, looking))
  }
  for (const operation of await dueOperations(ports.db, { locationId, state: 'unknown', now: at })) {
    const looking = { turn, connection, operation }
    await withVerdict(ports, looking, () => readBack(ports, looking))
  }
}

interface Looking {
  readonly turn: LocationTurn
  readonly connection: AppleConnection
  readonly operation: OperationRow
}

async function lookAt(ports: LookPorts, looking: Looking): Promise<void> {
  const { connection, operation } = looking
  const status = await askStatus(connection, operation)
  const now = ports.clock.now()
  if (status === 'forgotten') return settle(ports, looking, (tx) => markUnknown(tx, operation.id, now))
  if (status.eventStatus === 'COMPLETE') return settle(ports, looking, (tx) => settleDone(tx, operation, now))
  if (status.eventStatus === 'FAILED') return settleFailed(ports, looking, status)
  const step = pendingStep(operation.sent_at ?? now, now)
  if (step.kind === 'give_up')
    return settle(ports, looking, (tx) => markUnknown(tx, operation.id, readBackAt(now)))
  await lookAgainAt(ports.db, operation.id, step.at, status.numCompleted ?? null)
}

/** Apple's word on an event; `forgotten` when Apple does not know it (9708). */
async function askStatus(
  connection: AppleConnection,
  operation: OperationRow,
): Promise<StatusResponse | 'forgotten'> {
  if (operation.event_id === null) return 'forgotten'
  try {
    return await connection.client.status(operation.event_id)
  } catch (error) {
    if (error instanceof AppleError && error.errorNumber === 9708) return 'forgotten'
    throw error
  }
}

async function settleFailed(ports: LookPorts, looking: Looking, status: StatusResponse): Promise<void> {
  const { operation } = looking
  const keys = await assetKeys(ports.db, operation.asset_ids)
  const outcome = outcomeOf({
    assetIds: operation.asset_ids,
    holders: operation.holders,
    completed: status.numCompleted ?? null,
    failures: (status.failures ?? []).map((failure) => failedGroup(failure, keys)),
  })
  const at = ports.clock.now()
  if (outcome.kind === 'read_back') return settle(ports, looking, (tx) => markUnknown(tx, operation.id, at))
  await settle(ports, looking, (tx) => settlePartly(tx, operation, { failed: outcome.failed, at }))
}

function failedGroup(failure: ApiError, keys: readonly AssetKey[]): FailedGroup {
  const { assets, serialNumbers, clientUserIds } = failure.errorInfo ?? {}
  const named = assets?.map((ref) =>
    keys.find(
      (key) => key.adamId === ref.adamId && key.pricingParam === (ref.pricingParam ?? key.pricingParam),
    ),
  )
  const holders = serialNumbers ?? clientUserIds
  return {
    errorNumber: failure.errorNumber,
    message: failure.errorMessage ?? `Apple's error ${failure.errorNumber}`,
    ...(named === undefined ? {} : { assetIds: named.flatMap((key) => (key === undefined ? [] : [key.id])) }),
    ...(holders === undefined ? {} : { holders }),
  }
}

async function readBack(ports: LookPorts, looking: Looking): Promise<void> {
  const { connection, operation } = looking
  const keys = await assetKeys(ports.db, operation.asset_ids)
  const found = await holdersOf(connection.client, { keys, operation })
  const at = ports.clock.now()
  await settle(ports, looking, (tx) => settleReadBack(tx, operation, { ...found, at }))
}

/** Writes under the lease, and only while nobody else has ended the operation. */
function settle(
  ports: LookPorts,
  { turn, operation }: Looking,
  write: (tx: Tx) => Promise<void>,
): Promise<void> {
  return inTransaction(ports.db, async (tx) => {
    await holdLease(tx, turn.lease)
    const { rows } =
      await sql`SELECT 1 FROM operations WHERE id = ${operation.id} AND finished_at IS NULL FOR UPDATE`.execute(
        tx,
      )
    if (rows.length > 0) await write(tx)
  })
}

/** One that Apple does not answer for now is asked for later, so that it does not hold up the others. */
async function withVerdict(ports: LookPorts, looking: Looking, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const isApples = error instanceof AppleError || error instanceof AppsBooksError
    if (!isApples || tokenVerdict(error) !== null) {
      await noteVerdict(ports.db, looking.connection.location, error)
      throw error
    }
    await lookAgainAt(ports.db, looking.operation.id, readBackAt(ports.clock.now()), null)
  }
}
