/**
 * What one license task does to a location: a license is given, taken back, or the task fails with Apple's number.
 *
 * No clock and no network here, the time is handed in; a batch goes in, and what came of each target comes out.
 */
import type { Batch, Target } from './event.ts'
import { type Asset, assetKey, availableCount, type Location } from './location.ts'
import type { OpenQuestions } from './open-questions.ts'
import type { KnownErrorNumber } from './refusal.ts'

type LicenseBatch = Extract<Batch, { readonly kind: 'licenses' }>

/** The targets of a batch by outcome; `undefined` collects the successes. */
export type Outcomes = ReadonlyMap<KnownErrorNumber | undefined, readonly Target[]>

/** Gives the batch's asset to each target, in order, as long as licenses last. Giving twice takes one license. */
export function associate(
  location: Location,
  { asset: { adamId, pricingParam }, targets }: LicenseBatch,
  { alreadyAssigned, storeVisibilityMs }: Pick<OpenQuestions, 'alreadyAssigned' | 'storeVisibilityMs'>,
): Outcomes {
  const asset = location.asset(adamId, pricingParam)
  return eachTarget(location, targets, (target, stamp) => {
    const holder = holderFor(location, target)
    if (holder === undefined) return 9609
    if (!asset) return 9709
    if (location.book.has(asset, holder)) return alreadyAssigned === 'success' ? undefined : alreadyAssigned
    if (availableCount(asset) < 1) return 9709
    location.book.add(asset, holder, stamp)
    if (storeVisibilityMs > 0) location.times.noteGain({ asset: asset.number, holder })
    return undefined
  })
}

/** Takes the batch's asset back from each target; taking what nobody holds succeeds and changes nothing. */
export function disassociate(
  location: Location,
  { asset: { adamId, pricingParam }, targets }: LicenseBatch,
  { notAssigned, now }: Pick<OpenQuestions, 'notAssigned'> & { readonly now: number },
): Outcomes {
  const asset = location.asset(adamId, pricingParam)
  return eachTarget(location, targets, (target) => {
    const holder = holderFor(location, target)
    if (holder === undefined) return 9609
    if (asset && takeLicense(location, { asset, holder, now })) return undefined
    return notAssigned === 'success' ? undefined : notAssigned
  })
}

/** All targets fail with the same number, as during maintenance. */
export function refuseAll(errorNumber: KnownErrorNumber, targets: readonly Target[]): Outcomes {
  return new Map([[errorNumber, targets]])
}

/** The assets for which the location has fewer licenses left than the batches would take. */
export function assetsInShortage(location: Location, batches: readonly Batch[]): readonly string[] {
  const wanted = new Map<Asset, number>()
  for (const batch of batches) {
    if (batch.kind !== 'licenses') continue
    const asset = location.asset(batch.asset.adamId, batch.asset.pricingParam)
    if (!asset) continue
    const missing = batch.targets.filter((target) => {
      const holder = holderFor(location, target)
      return holder !== undefined && !location.book.has(asset, holder)
    })
    wanted.set(asset, (wanted.get(asset) ?? 0) + missing.length)
  }
  return [...wanted]
    .filter(([asset, count]) => count > availableCount(asset))
    .map(([asset]) => assetKey(asset.adamId, asset.pricingParam))
}

/** The revocable assets that each target holds now, one batch list an asset. */
export function revocableHoldings(location: Location, targets: readonly Target[]): readonly LicenseBatch[] {
  const batches: LicenseBatch[] = []
  for (const asset of location.assets) {
    if (!asset.revocable) continue
    const holding = targets.filter((target) => {
      const holder = holderFor(location, target)
      return holder !== undefined && location.book.has(asset, holder)
    })
    if (holding.length > 0) batches.push({ kind: 'licenses', asset, targets: holding })
  }
  return batches
}

/** Apple does not check serial numbers: any text is a device. A user must be registered and not retired. */
export function holderFor(location: Location, target: Target): number | undefined {
  if (target.kind === 'device') return location.book.device(target.serialNumber)
  const user = location.activeUsers.get(target.clientUserId)
  return user && location.book.user(user.clientUserId, user.row)
}

function eachTarget(
  location: Location,
  targets: readonly Target[],
  attempt: (target: Target, stamp: number) => KnownErrorNumber | undefined,
): Outcomes {
  const outcomes = new Map<KnownErrorNumber | undefined, Target[]>()
  const before = location.book.writes
  const stamp = location.versions.assignments.stamp + 1
  for (const target of targets) {
    const result = attempt(target, stamp)
    const same = outcomes.get(result)
    if (same) same.push(target)
    else outcomes.set(result, [target])
  }
  if (location.book.writes > before) noteLicenseWrite(location)
  return outcomes
}

/** Takes a license back and keeps when; false when there was none. The caller notes the write. */
export function takeLicense(
  location: Location,
  { asset, holder, now }: { readonly asset: Asset; readonly holder: number; readonly now: number },
): boolean {
  if (!location.book.remove(asset, holder)) return false
  location.times.noteLoss({ asset: asset.number, holder }, location.versions.assignments.stamp + 1, now)
  return true
}

/** Licenses moved: both endpoints that show them have a new version. */
export function noteLicenseWrite(location: Location): void {
  location.versions.assignments.bump()
  location.versions.assets.bump()
}
