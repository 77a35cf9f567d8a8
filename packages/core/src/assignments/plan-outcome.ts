/**
 * What saving a set of assignments would change (A4): the arithmetic of a plan. The sets are resolved by the
 * database; here they are only counted.
 */

/** What the database found. Devices and people are counted once. */
export interface PlanFacts {
  /** Wanted, and it works there, but no license yet. */
  readonly wanting: number
  /** Licenses of ours that nobody needs any more and no policy keeps. */
  readonly superfluous: number
  /** Licenses of ours that nobody needs any more and that a policy keeps for now (L7). */
  readonly keptByPolicy: number
  /** Wanted and licensed already; of these held outside. */
  readonly kept: number
  readonly keptOutside: number
  /** Wanted, but it does not work there. */
  readonly unfit: number
  /** Wanted, but taken back by hand: they get none until it is given again. */
  readonly withheld: number
  /** Of `wanting`, people who have to join first. */
  readonly joining: number
  /** Devices or people of `wanting` that hold the other type of license of the same asset (L12). */
  readonly moving: number
  /** Of `superfluous`: user licenses in whose place the person's devices have device licenses. */
  readonly replaced: number
  /** Who is served where assignments have reserves or quotas (L9); null where they have none. */
  readonly serving: PlanServing | null
  readonly asset: PlannedAsset
}

/** How far a queue is served. */
export interface PlanServing {
  readonly count: number
  readonly stoppedBy: { readonly quota: number; readonly reserve: number; readonly none: number }
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

/** What is to be known before saving, the irrevocable first. */
export const planWarningCodes = [
  'irrevocable',
  'releases',
  'not_revocable',
  'shortage',
  'quota',
  'reserve',
  'moving_without_spare',
  'joining',
  'store_must_be_allowed',
  'unfit',
  'withheld',
] as const
export type PlanWarningCode = (typeof planWarningCodes)[number]

/** A thing to know before saving; `code` is stable. */
export interface PlanWarning {
  readonly code: PlanWarningCode
  /** Devices or people that it concerns. */
  readonly count: number
  readonly text: string
}

/** The changes by kind. `available…` is null for unlimited assets. */
export interface PlanNumbers {
  readonly grants: number
  readonly waits: number
  readonly waitsBy: {
    readonly no_license_left: number
    readonly quota_reached: number
    readonly kept_for_others: number
  }
  readonly releases: number
  readonly irrevocable: number
  readonly usedBefore: number
  readonly usedAfter: number
  readonly availableBefore: number | null
  readonly availableAfter: number | null
  readonly warnings: readonly PlanWarning[]
}

/** Licenses that may be given now, or once those that come back are back; Infinity for an unlimited asset. */
export function licensesToGive(asset: PlannedAsset, superfluous: number): number {
  if (asset.unlimited) return Number.POSITIVE_INFINITY
  return freeOf(asset) + (asset.revocable ? superfluous : 0)
}

const freeOf = ({ total, retired, used }: PlannedAsset): number => Math.max(0, total - retired - used)

/** Counts who gets a license, who waits and what comes back. Licenses that come back are given out again. */
export function planNumbers(facts: PlanFacts): PlanNumbers {
  const { asset, serving } = facts
  const releases = asset.revocable ? facts.superfluous : 0
  const grants = serving?.count ?? Math.min(facts.wanting, licensesToGive(asset, facts.superfluous))
  const usedAfter = asset.used - releases + grants
  const waits = facts.wanting - grants
  const counted = { grants, waits, releases, irrevocable: asset.revocable ? 0 : grants }
  return {
    ...counted,
    waitsBy: {
      no_license_left: serving?.stoppedBy.none ?? waits,
      quota_reached: serving?.stoppedBy.quota ?? 0,
      kept_for_others: serving?.stoppedBy.reserve ?? 0,
    },
    usedBefore: asset.used,
    usedAfter,
    availableBefore: asset.unlimited ? null : freeOf(asset),
    availableAfter: asset.unlimited ? null : Math.max(0, asset.total - asset.retired - usedAfter),
    warnings: warningsOf(facts, counted),
  }
}

type Counted = Pick<PlanNumbers, 'grants' | 'waits' | 'releases' | 'irrevocable'>

/** Whom each warning concerns, and how it is said; those of nobody are left out. */
function warningsOf(facts: PlanFacts, { waits, releases, irrevocable }: Counted): readonly PlanWarning[] {
  const { asset, serving } = facts
  // Whoever changes to device licenses keeps the user license until they are there (L12).
  const losing = Math.max(0, releases - facts.replaced)
  const short = serving?.stoppedBy.none ?? waits
  // With no license free at all, those who move give up the old one only after the new one came.
  const stuck = facts.moving > 0 && !asset.unlimited && freeOf(asset) === 0 ? facts.moving : 0
  const sentences: readonly (readonly [PlanWarningCode, number, string])[] = [
    [
      'irrevocable',
      irrevocable,
      `Apple never takes these back: ${licenses(irrevocable)} will be used up for good.`,
    ],
    [
      'releases',
      losing,
      `${holders(losing)} will lose the license: the app stops working there within 30 days.`,
    ],
    [
      'not_revocable',
      asset.revocable ? 0 : facts.superfluous,
      `Apple does not take this back: ${holders(facts.superfluous)} will keep the license.`,
    ],
    [
      'shortage',
      short,
      `${short} more ${short === 1 ? 'license is' : 'licenses are'} needed: ${holders(short)} will wait until licenses are bought or come back.`,
    ],
    [
      'quota',
      serving?.stoppedBy.quota ?? 0,
      `A quota is reached: ${holders(serving?.stoppedBy.quota ?? 0)} will wait.`,
    ],
    [
      'reserve',
      serving?.stoppedBy.reserve ?? 0,
      `What is left is kept for others: ${holders(serving?.stoppedBy.reserve ?? 0)} will wait.`,
    ],
    [
      'moving_without_spare',
      stuck,
      `Moving to the other type of license needs a spare license at a time, and none is free: ${holders(stuck)} will wait.`,
    ],
    [
      'joining',
      facts.joining,
      `${people(facts.joining)} will be invited and must join before the app can be installed.`,
    ],
    ['unfit', facts.unfit, `It does not work on ${devices(facts.unfit)}.`],
    [
      'withheld',
      facts.withheld,
      `It was taken back from ${holders(facts.withheld)}, and stays withheld there until it is given again.`,
    ],
  ]
  return sentences.flatMap(([code, count, text]) => (count > 0 ? [{ code, count, text }] : []))
}

const devices = (count: number): string => (count === 1 ? '1 device' : `${count} devices`)
const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`)
const holders = (count: number): string => (count === 1 ? '1 device or person' : `${count} devices or people`)
const licenses = (count: number): string => (count === 1 ? '1 license' : `${count} licenses`)
