/**
 * Writes what an operation came to into the books, and asks to look again at what that changes: a grant that never
 * happened is derived anew, a license that came back goes to whoever waits.
 */
import { type FailedBlock, retryAfterRefusal } from '@apportion/core/licenses/outcome'
import type { Tx } from '../platform/db/database.ts'
import { lookAgainAtAssets } from '../platform/outbox.ts'
import { type Block, confirmGrants, confirmReleases, dropGrants, dropReleases, noteRefusal } from './books.ts'
import { blockOf, finishOperation, type OperationRow } from './operations.ts'

/** Apple did all of it. */
export async function settleDone(tx: Tx, operation: OperationRow, at: Date): Promise<void> {
  await confirm(tx, { operation, block: blockOf(operation), at, cause: 'confirmed by Apple' })
  await finishOperation(tx, operation.id, { at, completed: operation.tasks, problem: null })
  if (operation.kind === 'disassociate') await lookAgainAtAssets(tx, operation.asset_ids)
}

/** Apple refused the whole request before starting anything. */
export async function settleRefused(
  tx: Tx,
  operation: OperationRow,
  refusal: { readonly number: number; readonly detail: string; readonly at: Date },
): Promise<void> {
  await refuse(tx, operation, { block: blockOf(operation), ...refusal })
  const { number, detail } = refusal
  await finishOperation(tx, operation.id, { at: refusal.at, completed: 0, problem: { number, detail } })
  await lookAgainAtAssets(tx, operation.asset_ids)
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
  await confirm(tx, { operation, block: blockOf(operation), at, cause: 'confirmed by Apple' })
  const [first] = failed
  const problem = first === undefined ? null : { number: first.errorNumber, detail: first.message }
  const missing = failed.reduce((sum, block) => sum + block.assetIds.length * block.holders.length, 0)
  await finishOperation(tx, operation.id, { at, completed: Math.max(0, operation.tasks - missing), problem })
  await lookAgainAtAssets(tx, operation.asset_ids)
}

/** What was read back from Apple: for each asset, which of the operation's holders have it now. */
export async function settleReadBack(
  tx: Tx,
  operation: OperationRow,
  found: { readonly holdersByAsset: ReadonlyMap<number, readonly string[]>; readonly at: Date },
): Promise<void> {
  const { holdersByAsset, at } = found
  let held = 0
  for (const assetId of operation.asset_ids) {
    const have = holdersByAsset.get(assetId) ?? []
    held += have.length
    const haveNot = operation.holders.filter((holder) => !have.includes(holder))
    const changed = operation.kind === 'associate' ? have : haveNot
    const unchanged = operation.kind === 'associate' ? haveNot : have
    const part = { ...blockOf(operation), assetIds: [assetId] }
    await confirm(tx, { operation, block: { ...part, holders: changed }, at, cause: 'read back from Apple' })
    await drop(tx, operation, {
      block: { ...part, holders: unchanged },
      at,
      again: null,
      cause: 'not done by Apple',
    })
  }
  const completed = operation.kind === 'associate' ? held : operation.tasks - held
  const detail = 'The answer was lost; what Apple did was read back.'
  const problem = completed < operation.tasks ? { number: null, detail } : null
  await finishOperation(tx, operation.id, { at, completed, problem })
  await lookAgainAtAssets(tx, operation.asset_ids)
}

async function confirm(
  tx: Tx,
  done: {
    readonly operation: OperationRow
    readonly block: Block
    readonly at: Date
    readonly cause: string
  },
): Promise<number> {
  const cause = { at: done.at, cause: done.cause, operationId: done.operation.id }
  return done.operation.kind === 'associate'
    ? confirmGrants(tx, done.block, cause)
    : confirmReleases(tx, done.block, cause)
}

async function refuse(
  tx: Tx,
  operation: OperationRow,
  refusal: { readonly block: Block; readonly number: number; readonly detail: string; readonly at: Date },
): Promise<void> {
  const { block, number, detail, at } = refusal
  const again = retryAfterRefusal(number, at)
  await drop(tx, operation, { block, at, again, cause: `refused by Apple (${number})` })
  if (operation.kind === 'associate') await noteRefusal(tx, block, { number, detail, retryAt: again })
}

async function drop(
  tx: Tx,
  operation: OperationRow,
  dropped: { readonly block: Block; readonly at: Date; readonly again: Date | null; readonly cause: string },
): Promise<void> {
  const { block, at, again } = dropped
  if (operation.kind === 'disassociate') return dropReleases(tx, block, { at, again })
  const cause = { at, cause: dropped.cause, operationId: operation.id }
  await dropGrants(tx, block, cause, again === null ? null : 'refused')
}
