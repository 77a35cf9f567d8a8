/**
 * What an operation at Apple came to. Apple reports an event as a whole and groups its failures; here the
 * failures are laid over the operation's pairs of asset and holder.
 */

/** One pair of asset and holder: one task of an operation. */
export interface Pair {
  readonly assetId: number
  readonly holder: string
}

/** A group of pairs that failed for the same reason; a missing list means all of the operation's. */
export interface FailedGroup {
  readonly errorNumber: number
  readonly message: string
  readonly assetIds?: readonly number[]
  readonly holders?: readonly string[]
}

/** The pairs of one reason, ready to be written as a set: assets × holders. */
export interface FailedBlock {
  readonly errorNumber: number
  readonly message: string
  readonly assetIds: readonly number[]
  readonly holders: readonly string[]
}

/** `certain`: exactly these pairs failed and all others succeeded. `read_back`: ask Apple who holds what. */
export type Outcome =
  | { readonly kind: 'certain'; readonly failed: readonly FailedBlock[] }
  | { readonly kind: 'read_back' }

/** What Apple said of an event that ended, and what was asked. */
export interface EndedEvent {
  readonly assetIds: readonly number[]
  readonly holders: readonly string[]
  /** Tasks that succeeded, as Apple counts them; null when it did not say. */
  readonly completed: number | null
  readonly failures: readonly FailedGroup[]
}

/**
 * Lays the failures over what was asked. They are trusted only if they account for every task that did not
 * succeed: Apple's grouping may name more pairs than failed, and then only reading back tells.
 */
export function outcomeOf(event: EndedEvent): Outcome {
  const tasks = event.assetIds.length * event.holders.length
  const failed = event.failures.map((group) => blockOf(group, event))
  if (event.completed === null)
    return failed.length === 0 ? { kind: 'certain', failed } : { kind: 'read_back' }
  return tasks - event.completed === countPairs(failed) ? { kind: 'certain', failed } : { kind: 'read_back' }
}

function blockOf(group: FailedGroup, event: EndedEvent): FailedBlock {
  const { errorNumber, message } = group
  const assets = new Set(group.assetIds ?? event.assetIds)
  const holders = new Set(group.holders ?? event.holders)
  return {
    errorNumber,
    message,
    assetIds: event.assetIds.filter((id) => assets.has(id)),
    holders: event.holders.filter((holder) => holders.has(holder)),
  }
}

/** Distinct pairs, since two groups may name the same one. */
function countPairs(blocks: readonly FailedBlock[]): number {
  if (blocks.length === 1)
    return blocks.reduce((sum, block) => sum + block.assetIds.length * block.holders.length, 0)
  const pairs = new Set<string>()
  for (const block of blocks) {
    for (const assetId of block.assetIds)
      for (const holder of block.holders) pairs.add(`${assetId} ${holder}`)
  }
  return pairs.size
}

/** When a target that Apple refused is tried again, by Apple's error number (facts of August 2026). */
export function retryAfterRefusal(errorNumber: number, now: Date): Date {
  return new Date(now.getTime() + (refusalPauses.get(errorNumber) ?? longPause))
}

const minute = 60_000
const longPause = 12 * 60 * minute
const refusalPauses: ReadonlyMap<number, number> = new Map([
  // Internal error and maintenance pass; a shortage passes when licenses are bought or freed, which is noticed.
  [9603, minute],
  [9644, 10 * minute],
  [9709, 15 * minute],
  // Apple does not know the person: registered anew meanwhile.
  [9609, 5 * minute],
])
