/**
 * Processes stored notifications (S3). Apple repeats, delays and reorders them, so each is compared with the books
 * rather than believed: what it says of our own operation ends that operation's pairs, what it says of others makes
 * us know licenses held outside, and what makes no sense any more is passed over.
 */
import type { AssetCountNotification, AssetManagementNotification } from '@apportion/apple-wire/messages'
import { retryAfterRefusal } from '@apportion/core/licenses/outcome'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { holdLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import { lookAgainAtAssets } from '../platform/outbox.ts'
import type { AppleConnections } from '../tokens/apple.ts'
import { findLocation } from '../tokens/store.ts'
import { upsertAssets } from './asset-store.ts'
import {
  type Block,
  confirmGrants,
  confirmReleases,
  dropGrants,
  dropReleases,
  findOutside,
  loseOutside,
  noteRefusal,
} from './books.ts'
import { finishOperation } from './operations.ts'

export interface HearPorts {
  readonly db: Db
  readonly clock: Clock
  readonly apple: AppleConnections
}

/** The step that processes notifications. */
export function hearStep(ports: HearPorts): LocationStep {
  return {
    name: 'hear',
    alone: true,
    due: () => sql`SELECT l.id AS location_id FROM notifications n JOIN locations l ON l.uid = n.uid
      WHERE n.processed_at IS NULL`,
    run: (turn) => hear(ports, turn),
  }
}

interface Heard {
  readonly notification_id: string
  readonly type: string
  readonly body: unknown
}

async function hear(ports: HearPorts, turn: LocationTurn): Promise<void> {
  const location = await findLocation(ports.db, turn.lease.locationId)
  if (location === undefined) return
  for (const heard of await waiting(ports.db, location.uid)) {
    turn.signal.throwIfAborted()
    // Counts are read from Apple rather than added up: a repeated or late delta then does no harm.
    const count = heard.type === 'ASSET_COUNT' ? parseCount(heard.body) : undefined
    const counted = count === undefined ? [] : await readAsset(ports, turn, count)
    await inTransaction(ports.db, async (tx) => {
      await holdLease(tx, turn.lease)
      const at = ports.clock.now()
      if (counted.length > 0) {
        await upsertAssets(tx, { locationId: location.id, assets: counted, at })
        await lookAgainAtCounted(tx, location.id, counted)
      }
      const managed = heard.type === 'ASSET_MANAGEMENT' ? parseManaged(heard.body) : undefined
      if (managed !== undefined) await apply(tx, { locationId: location.id, managed, at })
      await sql`UPDATE notifications SET processed_at = ${at}
        WHERE uid = ${location.uid} AND notification_id = ${heard.notification_id}`.execute(tx)
    })
  }
}

async function waiting(db: Db, uid: string): Promise<readonly Heard[]> {
  const { rows } = await sql<Heard>`SELECT notification_id, type, body FROM notifications
    WHERE uid = ${uid} AND processed_at IS NULL ORDER BY received_at, notification_id LIMIT 200`.execute(db)
  return rows
}

async function readAsset(ports: HearPorts, turn: LocationTurn, count: AssetCountNotification) {
  const { client } = await ports.apple.connect(turn.lease.locationId, 'read', turn.signal)
  const found = []
  for await (const page of client.assets({ adamId: count.adamId }).pages) found.push(...page.records)
  return found
}

async function lookAgainAtCounted(
  tx: Tx,
  locationId: number,
  counted: readonly { readonly adamId: string }[],
): Promise<void> {
  const { rows } = await sql<{ id: number }>`SELECT id FROM assets
    WHERE location_id = ${locationId} AND adam_id = ANY(${counted.map((each) => each.adamId)}::text[])`.execute(
    tx,
  )
  await lookAgainAtAssets(
    tx,
    rows.map((row) => row.id),
  )
}

interface Managed {
  readonly locationId: number
  readonly managed: AssetManagementNotification
  readonly at: Date
}

async function apply(tx: Tx, { locationId, managed, at }: Managed): Promise<void> {
  const operation = await operationOf(tx, locationId, managed.eventId)
  // It ended already, by its status or by an earlier copy of this notification.
  if (operation?.finished_at != null) return
  for (const block of await blocksOf(tx, locationId, managed)) {
    if (managed.result === 'SUCCESS') {
      await applySuccess(tx, { block, type: managed.type, operation, at })
    } else if (operation !== undefined) {
      await applyFailure(tx, { block, managed, operation, at })
    }
  }
  if (operation !== undefined) await finishIfComplete(tx, operation, at)
}

interface EventOperation {
  readonly id: string
  readonly tasks: number
  readonly kind: 'associate' | 'disassociate'
  readonly finished_at: Date | null
}

async function operationOf(tx: Tx, locationId: number, eventId: string): Promise<EventOperation | undefined> {
  const { rows } = await sql<EventOperation>`SELECT id, tasks, kind, finished_at FROM operations
    WHERE location_id = ${locationId} AND event_id = ${eventId} FOR UPDATE`.execute(tx)
  return rows[0]
}

async function applySuccess(
  tx: Tx,
  done: {
    readonly block: Block
    readonly type: string
    readonly operation: EventOperation | undefined
    readonly at: Date
  },
): Promise<void> {
  const { block, type, operation, at } = done
  const cause = { at, cause: 'confirmed by Apple', operationId: operation?.id ?? null }
  if (type === 'ASSOCIATE') {
    await confirmGrants(tx, block, cause)
    // What is not on its way by us now was given by somebody else.
    if (operation === undefined) await findOutside(tx, block, { ...cause, cause: 'given outside Apportion' })
  } else {
    await confirmReleases(tx, block, cause)
    if (operation === undefined)
      await loseOutside(tx, block, { ...cause, cause: 'taken back outside Apportion' })
  }
  await lookAgainAtAssets(tx, type === 'ASSOCIATE' ? [] : block.assetIds)
}

async function applyFailure(
  tx: Tx,
  failed: {
    readonly block: Block
    readonly managed: AssetManagementNotification
    readonly operation: EventOperation
    readonly at: Date
  },
): Promise<void> {
  const { block, managed, operation, at } = failed
  const number = managed.error?.errorNumber ?? null
  const detail = managed.error?.errorMessage ?? 'Apple did not say why.'
  const again = retryAfterRefusal(number ?? 0, at)
  if (operation.kind === 'associate') {
    const cause = { at, cause: `refused by Apple (${number ?? 'no number'})`, operationId: operation.id }
    await dropGrants(tx, block, cause, 'refused')
    await noteRefusal(tx, block, { number, detail, retryAt: again })
  } else {
    await dropReleases(tx, block, { at, again })
  }
  await sql`UPDATE operations SET problem_number = ${number}, problem_detail = ${detail} WHERE id = ${operation.id}`.execute(
    tx,
  )
  await lookAgainAtAssets(tx, block.assetIds)
}

/** Once no license waits for it any more, the operation has ended. */
async function finishIfComplete(tx: Tx, operation: EventOperation, at: Date): Promise<void> {
  const { rows } = await sql<{
    left: number
    refused: number
    problem_number: number | null
    problem_detail: string | null
  }>`
    SELECT (SELECT count(*)::int FROM licenses WHERE operation_id = ${operation.id}) AS left,
      (SELECT count(*)::int FROM ledger g WHERE g.operation_id = ${operation.id} AND g.location_id = o.location_id
        AND g.asset_id = ANY(o.asset_ids) AND g.change = 'refused') AS refused,
      o.problem_number, o.problem_detail
    FROM operations o WHERE o.id = ${operation.id}`.execute(tx)
  const [state] = rows
  if (state === undefined || state.left > 0) {
    await sql`UPDATE operations SET heard_at = ${at} WHERE id = ${operation.id}`.execute(tx)
    return
  }
  const problem =
    state.problem_detail === null ? null : { number: state.problem_number, detail: state.problem_detail }
  await finishOperation(tx, operation.id, { at, completed: operation.tasks - state.refused, problem })
}

/** The notification's elements as blocks, one for each asset and kind of holder; unknown assets are left to a sync. */
async function blocksOf(
  tx: Tx,
  locationId: number,
  managed: AssetManagementNotification,
): Promise<readonly Block[]> {
  const { rows } = await sql<{ id: number; kind: 'device' | 'user'; holders: string[] }>`
    SELECT a.id, e.kind, array_agg(DISTINCT e.holder) AS holders
    FROM jsonb_to_recordset(${JSON.stringify(managed.assignments)}::jsonb)
      AS r("adamId" text, "pricingParam" text, "serialNumber" text, "clientUserId" text)
    CROSS JOIN LATERAL (VALUES (CASE WHEN r."serialNumber" IS NULL THEN 'user' ELSE 'device' END,
      coalesce(r."serialNumber", r."clientUserId"))) AS e(kind, holder)
    JOIN assets a ON a.location_id = ${locationId} AND a.adam_id = r."adamId"
      AND a.pricing_param = coalesce(r."pricingParam", 'STDQ')
    WHERE e.holder IS NOT NULL GROUP BY a.id, e.kind ORDER BY a.id, e.kind`.execute(tx)
  return rows.map(({ id, kind, holders }) => ({ locationId, assetIds: [id], holderKind: kind, holders }))
}

const managedShape: z.ZodType<AssetManagementNotification> = z.object({
  assignments: z.array(
    z.object({
      adamId: z.string(),
      pricingParam: z.string().default('STDQ'),
      serialNumber: z.string().exactOptional(),
      clientUserId: z.string().exactOptional(),
    }),
  ),
  eventId: z.string(),
  result: z.string(),
  type: z.string(),
  error: z.object({ errorNumber: z.int(), errorMessage: z.string().exactOptional() }).exactOptional(),
})

const countShape: z.ZodType<AssetCountNotification> = z.object({
  adamId: z.string(),
  pricingParam: z.string().default('STDQ'),
  countDelta: z.int(),
})

/** Undefined for what does not have the documented shape: it stays stored, and the next sync finds what it meant. */
function parseManaged(body: unknown): AssetManagementNotification | undefined {
  return managedShape.safeParse(body).data
}

function parseCount(body: unknown): AssetCountNotification | undefined {
  return countShape.safeParse(body).data
}
