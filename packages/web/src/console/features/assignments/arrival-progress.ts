/** How far the licenses of a saved plan have come. */
import type { AssetCounts, Plan } from '../../../shared/api/shapes.ts'

export interface Progress {
  /** Licenses that changed hands and were confirmed by Apple. */
  readonly done: number
  readonly total: number
  readonly finished: boolean
}

/** What a plan said of one asset; a plan may change the other pools of the title too (C3). */
export function plannedFor(plan: Plan, assetId: number): Plan['outcome'] {
  return plan.assets.find((asset) => asset.assetId === assetId)?.outcome ?? plan.outcome
}

/**
 * Compares the counts now with what the plan said they would become. Grants that Apple has not
 * confirmed count as used at once, so they are taken off again.
 */
export function arrivalProgress(
  { grants, releases, licenses }: Plan['outcome'],
  counts: AssetCounts,
): Progress {
  const total = grants.count + releases.count
  const missing = Math.max(0, licenses.usedAfter - counts.used) + counts.granting
  const left = Math.max(0, counts.used - licenses.usedAfter)
  const done = Math.max(0, total - missing - left)
  return { done, total, finished: total === 0 || (missing === 0 && left === 0) }
}
