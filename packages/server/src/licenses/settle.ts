/**
 * Writes what an operation came to into the books, and asks to look again at what that changes: a grant that never
 * happened is derived anew, a license that came back goes to whoever waits, one that nobody needs any more comes back.
 */
import { causeWithNumber, type LedgerCause } from '@apportion/core/licenses/ledger-cause'
import { type FailedBlock, retryAfterRefusal } from '@apportion/core/licenses/outcome'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { lookAgainAtAssets } from '../platform/outbox.ts'
import { askForDriftSync } from '../tokens/sync-runs.ts'
import { forgetAppleUsers } from './apple-users.ts'
import {
  type Block,
  confirmGrants,
  confirmReleases,
  dropReleases,
  giveUpGrants,
  noteRefusal,
  refuseGrants,
  refuseReleases,
} from './books.ts'
import { doubtAssets } from './doubt.ts'
import { assetsOfGifts, noteRefusedGifts } from './gifts.ts'
import { noteRefusedReleases } from './intervention-items.ts'
import { blockOf, finishOperation, type OperationRow, unpack } from './operations.ts'
import { assetsNotNeeded } from './outside.ts'

/** Apple did all of it. */
export async function settleDone(tx: Tx, operation: OperationRow, at: Date): Promise<void> {
  await confirm(tx, operation, { block: blockOf(operation), at, cause: confirmed(operation) })
  await finishOperation(tx, operation.id, { at, completed: operation.tasks, problem: null })
}

/** A refusal of a whole request, and the pairs that Apple names as its cause. */
export interface WholeRefusal {
  readonly number: number
  readonly detail: string
  readonly named: Pick<Block, 'assetIds' | 'holders'>
}

/** Apple refused the request before starting anything. What it does not blame is packed anew, without the rest. */
export async function settleRefused(
  tx: Tx,
  operation: OperationRow,
  { number, detail, named, at }: WholeRefusal & { readonly at: Date },
): Promise<void> {
  await refuse(tx, operation, { block: { ...blockOf(operation), ...named }, number, detail, at })
  await unpack(tx, operation.id, at)
  await finishOperation(tx, operation.id, { at, completed: 0, problem: { number, detail } })
}

/** Apple's failures account for everything that did not succeed. */
export async function settlePartly(
  tx: Tx,
  operation: OperationRow,
  ended: { readonly failed: readonly FailedBlock[]; readonly at: Date },
): Promise<void> {
  const { failed, at } = ended
  for (const block of failed) {
    const { errorNumber: number, message: detail } = block
    await refuse(tx, operation, { block: { ...blockOf(operation), ...block }, number, detail, at })
  }
  await confirm(tx, operation, { block: blockOf(operation), at, cause: confirmed(operation) })
  const [first] = failed
  const problem = first === undefined ? null : { number: first.errorNumber, detail: first.message }
  const missing = failed.reduce((sum, block) => sum + block.assetIds.length * block.holders.length, 0)
  await finishOperation(tx, operation.id, { at, completed: Math.max(0, operation.tasks - missing), problem })
}

/** What was read back: for each asset the holders that have it now; `exact` when nothing changed meanwhile. */
export interface ReadBack {
  readonly holdersByAsset: ReadonlyMap<number, readonly string[]>
  readonly exact: boolean
  readonly at: Date
}

/**
 * What was read back from Apple decides. What is not certain counts as not done: doing it again changes nothing at
 * Apple, while a license that is wrongly taken for released would never come back.
 */
export async function settleReadBack(tx: Tx, operation: OperationRow, found: ReadBack): Promise<void> {
  const { at, exact } = found
  let done = 0
  for (const assetId of operation.asset_ids) {
    const have = new Set(found.holdersByAsset.get(assetId))
    const isDone = (holder: string) =>
      operation.kind === 'associate' ? have.has(holder) : exact && !have.has(holder)
    const part = { ...blockOf(operation), assetIds: [assetId] }
    const holders = operation.holders.filter(isDone)
    done += holders.length
    await confirm(tx, operation, { block: { ...part, holders }, at, cause: 'read_back' })
    await giveUp(tx, operation, { block: part, at })
  }
  const detail = 'The answer was lost; what Apple did was read back.'
  const problem = done < operation.tasks ? { number: null, detail } : null
  await finishOperation(tx, operation.id, { at, completed: done, problem })
  await lookAgainAtAssets(tx, operation.asset_ids)
}

/** Apple's "registered user not found": it knows these people no more, so they are registered anew. */
const unknownUser = 9609

/** Apple's "not enough licenses". */
const noneLeft = 9709

/**
 * Who was refused keeps the place in the queue, and nothing more is asked for until counts change. That we counted
 * some means that we do not know all who hold one, so a sync reads the assets anew.
 */
async function noteShortage(
  tx: Tx,
  { assetIds, locationId }: Block,
  { at, until }: { readonly at: Date; readonly until: Date },
): Promise<void> {
  await sql`UPDATE assets SET short_until = ${until} WHERE id = ANY(${[...assetIds]}::int[])`.execute(tx)
  await doubtAssets(tx, { locationId, assetIds, at }, 'now')
  await askForDriftSync(tx, locationId, at)
}

/** Apple only confirms; why it was asked is what a person wants to read. */
export const confirmed = ({ kind }: Pick<OperationRow, 'kind'>): LedgerCause =>
  kind === 'associate' ? 'assigned' : 'no_longer_required'

interface Settled {
  readonly block: Block
  readonly at: Date
}

/** What Apple did of a block, as far as it is this operation's. */
export async function confirm(
  tx: Tx,
  operation: Pick<OperationRow, 'id' | 'kind'>,
  { block, at, cause }: Settled & { readonly cause: string },
): Promise<void> {
  const why = { at, cause, operationId: operation.id }
  if (operation.kind === 'disassociate') {
    await confirmReleases(tx, block, why)
    await lookAgainAtAssets(tx, block.assetIds)
  } else {
    await confirmGrants(tx, block, why)
    await lookAgainAtAssets(tx, await assetsNotNeeded(tx, block))
    await lookAgainAtAssets(tx, await assetsOfGifts(tx, block))
  }
}

/** What Apple refused of a block, as far as it is this operation's. Gives how many licenses that concerns. */
export async function refuse(
  tx: Tx,
  operation: Pick<OperationRow, 'id' | 'kind'>,
  refusal: Settled & { readonly number: number | null; readonly detail: string },
): Promise<number> {
  const { block, number, detail, at } = refusal
  const again = retryAfterRefusal(number ?? 0, at)
  const isRelease = operation.kind === 'disassociate'
  const code = isRelease ? 'release_refused_by_apple' : 'refused_by_apple'
  const why = { at, cause: causeWithNumber(code, number), operationId: operation.id }
  const refused = isRelease
    ? await refuseReleases(tx, block, { ...why, again })
    : await refuseGrants(tx, block, why)
  if (refused === 0) return 0
  if (!isRelease) await noteRefusedGifts(tx, block, { number, detail, at })
  if (isRelease) await noteRefusedReleases(tx, block, { number, detail, at })
  else if (number === noneLeft) await noteShortage(tx, block, { at, until: again })
  else await noteRefusal(tx, block, { number, detail, retryAt: again })
  if (number === unknownUser && block.holderKind === 'user')
    await forgetAppleUsers(tx, { locationId: block.locationId, ids: block.holders, at })
  await lookAgainAtAssets(tx, block.assetIds)
  return refused
}

/** What is left of an operation's block is derived anew. */
async function giveUp(tx: Tx, operation: OperationRow, { block, at }: Settled): Promise<void> {
  const cause = { at, cause: 'other', operationId: operation.id }
  if (operation.kind === 'disassociate') await dropReleases(tx, block, cause)
  else await giveUpGrants(tx, block, cause)
}
