/**
 * What saving a set of assignments would change (A4): the arithmetic of a plan. The sets are resolved by the
 * database; here they are only counted.
 */

/** What the database found. Devices are counted once. */
export interface PlanFacts {
  /** Required, and the app runs on them, but no license yet. */
  readonly wanting: number
  /** Licenses of ours whose device is no longer required. */
  readonly superfluous: number
  /** Required and licensed already; of these held outside. */
  readonly kept: number
  readonly keptOutside: number
  /** Required, but the app does not run there. */
  readonly unfit: number
  /** Required, but taken back by hand: they get none until it is given again. */
  readonly withheld: number
  readonly asset: PlannedAsset
}

/** The pool as it is now. */
export interface PlannedAsset {
  readonly unlimited: boolean
  readonly total: number
  readonly retired: number
  /** Held and on their way. */
  readonly used: number
  readonly revocable: boolean
  readonly deviceAssignable: boolean
}

/** A thing to know before saving; `code` is stable. */
export interface PlanWarning {
  readonly code: 'shortage' | 'not_revocable' | 'releases' | 'unfit' | 'withheld'
  /** Devices that it concerns. */
  readonly count: number
  readonly text: string
}

/** The changes by kind. `available…` is null for unlimited assets. */
export interface PlanNumbers {
  readonly grants: number
  readonly waits: number
  readonly releases: number
  readonly usedBefore: number
  readonly usedAfter: number
  readonly availableBefore: number | null
  readonly availableAfter: number | null
  readonly warnings: readonly PlanWarning[]
}

/** Counts who gets a license, who waits and what comes back. Licenses that come back are given out again. */
export function planNumbers(facts: PlanFacts): PlanNumbers {
  const { asset } = facts
  const releases = asset.revocable ? facts.superfluous : 0
  const free = asset.unlimited
    ? Number.POSITIVE_INFINITY
    : Math.max(0, asset.total - asset.retired - asset.used)
  const grants = Math.min(facts.wanting, free + releases)
  const usedAfter = asset.used - releases + grants
  return {
    grants,
    waits: facts.wanting - grants,
    releases,
    usedBefore: asset.used,
    usedAfter,
    availableBefore: asset.unlimited ? null : free,
    availableAfter: asset.unlimited ? null : Math.max(0, asset.total - asset.retired - usedAfter),
    warnings: warningsOf(facts, { waits: facts.wanting - grants, releases }),
  }
}

function warningsOf(
  facts: PlanFacts,
  { waits, releases }: { waits: number; releases: number },
): readonly PlanWarning[] {
  const warnings: PlanWarning[] = []
  if (releases > 0) {
    const text = `${devices(releases)} will lose the license: the app stops working there within 30 days.`
    warnings.push({ code: 'releases', count: releases, text })
  }
  if (!facts.asset.revocable && facts.superfluous > 0) {
    const text = `Apple does not take this back: ${devices(facts.superfluous)} will keep the license.`
    warnings.push({ code: 'not_revocable', count: facts.superfluous, text })
  }
  if (waits > 0) {
    const text = `${waits} more ${waits === 1 ? 'license is' : 'licenses are'} needed: ${devices(waits)} will wait until licenses are bought or come back.`
    warnings.push({ code: 'shortage', count: waits, text })
  }
  if (facts.unfit > 0) {
    const text = `The app does not run on ${devices(facts.unfit)}.`
    warnings.push({ code: 'unfit', count: facts.unfit, text })
  }
  if (facts.withheld > 0) {
    const text = `It was taken back from ${devices(facts.withheld)}, and stays withheld there until it is given again.`
    warnings.push({ code: 'withheld', count: facts.withheld, text })
  }
  return warnings
}

const devices = (count: number): string => (count === 1 ? '1 device' : `${count} devices`)
