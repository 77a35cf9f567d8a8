/**
 * What Apple tells of licenses that were given or taken back, compared with the books rather than believed: of our own
 * open operation it ends the pairs, of others it makes us know licenses held outside, and what makes no sense any more
 * is passed over.
 */
import type { AssetManagementNotification } from '@apportion/apple-wire/messages'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { lookAgainAtAssets } from '../platform/outbox.ts'
import { type Block, confirmGrants, confirmReleases } from './books.ts'
import { doubtAssets, impossibleAssets } from './doubt.ts'
import { finishOperation } from './operations.ts'
import { assetsNotNeeded, findGivenUp, findLicenses, holdsOurs, loseLicenses } from './outside.ts'
import { confirm, confirmed, refuse } from './settle.ts'

/** A notification of type ASSET_MANAGEMENT. */
export interface Told {
  readonly locationId: number
  readonly managed: AssetManagementNotification
  readonly receivedAt: Date
  readonly at: Date
}

/**
 * Apple delivers within 5 minutes or not at all. A license of ours that is younger than this when a release is told of
 * may have been given after it.
 */
const deliveryMilliseconds = 10 * 60_000

/** Writes what a notification means. `unsure`: only a sync can say who holds what now. */
export async function hearAssignments(tx: Tx, told: Told): Promise<'sure' | 'unsure'> {
  const { locationId, managed } = told
  const operation = await operationOf(tx, locationId, managed.eventId)
  let answer: 'sure' | 'unsure' = 'sure'
  for (const block of await blocksOf(tx, locationId, managed)) {
    if (operation === undefined)
      answer = (await hearOfOthers(tx, told, block)) === 'unsure' ? 'unsure' : answer
    else if (operation.finished_at !== null)
      await hearLate(tx, told, { block, endedAt: operation.finished_at })
    else await hearOfOurs(tx, told, { block, operation })
  }
  if (operation?.finished_at === null) await finishIfComplete(tx, operation, told.at)
  return answer
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

/** An operation that is under way. */
async function hearOfOurs(
  tx: Tx,
  { managed, at }: Told,
  { block, operation }: { readonly block: Block; readonly operation: EventOperation },
): Promise<void> {
  if (managed.result === 'SUCCESS') {
    await confirm(tx, operation, { block, at, cause: confirmed(operation) })
    return
  }
  const number = managed.error?.errorNumber ?? null
  const detail = managed.error?.errorMessage ?? 'Apple did not say why.'
  const refused = await refuse(tx, operation, { block, number, detail, at })
  await sql`UPDATE operations SET refused = refused + ${refused}, problem_number = ${number}, problem_detail = ${detail}
    WHERE id = ${operation.id}`.execute(tx)
}

/** An operation that ended already: by its status, by an earlier copy, or because it was given up. */
async function hearLate(
  tx: Tx,
  { managed, at }: Told,
  { block, endedAt }: { readonly block: Block; readonly endedAt: Date },
): Promise<void> {
  if (managed.result !== 'SUCCESS') return
  const cause = { at, cause: 'done_late', operationId: null }
  // Younger than its end is what was given again since.
  const oursBefore = new Date(endedAt.getTime() + 1)
  const changed =
    managed.type === 'ASSOCIATE'
      ? await findGivenUp(tx, block, cause)
      : await loseLicenses(tx, block, { ...cause, oursBefore })
  await noteChanged(tx, block, { changed, at })
}

/** Somebody else's event, or one of ours whose answer was lost. A doubt that it leaves is resolved by a sync. */
async function hearOfOthers(
  tx: Tx,
  { managed, receivedAt, at }: Told,
  block: Block,
): Promise<'sure' | 'unsure'> {
  if (managed.result !== 'SUCCESS') return 'sure'
  const ours = { at, operationId: null }
  if (managed.type === 'ASSOCIATE') {
    const confirmed = await confirmGrants(tx, block, { ...ours, cause: 'assigned' })
    const found = await findLicenses(tx, block, { ...ours, cause: 'given_outside' })
    await noteChanged(tx, block, { changed: confirmed + found, at })
    return 'sure'
  }
  const released = await confirmReleases(tx, block, { ...ours, cause: 'no_longer_required' })
  const oursBefore = new Date(receivedAt.getTime() - deliveryMilliseconds)
  const lost = await loseLicenses(tx, block, { ...ours, cause: 'taken_outside', oursBefore })
  await noteChanged(tx, block, { changed: released + lost, at })
  if (!(await holdsOurs(tx, block))) return 'sure'
  await doubtAssets(tx, { ...block, at }, 'now')
  return 'unsure'
}

/**
 * Licenses that went are free for others; those that came may be of no use any more. What somebody else did may be
 * told late and out of order, so the next sync reads the assets anew.
 */
async function noteChanged(
  tx: Tx,
  block: Block,
  { changed, at }: { readonly changed: number; readonly at: Date },
): Promise<void> {
  if (changed === 0) return
  await lookAgainAtAssets(tx, await assetsNotNeeded(tx, block))
  await lookAgainAtAssets(tx, block.assetIds)
  await doubtAssets(tx, { ...block, at }, 'sync')
  await doubtAssets(tx, { ...block, assetIds: await impossibleAssets(tx, block.assetIds), at }, 'now')
}

/** Once no license waits for it any more, the operation has ended. */
async function finishIfComplete(tx: Tx, operation: EventOperation, at: Date): Promise<void> {
  const { rows } = await sql<{
    open: boolean
    refused: number
    problem_number: number | null
    problem_detail: string | null
  }>`UPDATE operations o SET heard_at = ${at} WHERE o.id = ${operation.id}
    RETURNING EXISTS (SELECT 1 FROM licenses l WHERE l.operation_id = ${operation.id}) AS open,
      o.refused, o.problem_number, o.problem_detail`.execute(tx)
  const [state] = rows
  if (state === undefined || state.open) return
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
    WHERE e.holder <> '' GROUP BY a.id, e.kind ORDER BY a.id, e.kind`.execute(tx)
  return rows.map(({ id, kind, holders }) => ({ locationId, assetIds: [id], holderKind: kind, holders }))
}
