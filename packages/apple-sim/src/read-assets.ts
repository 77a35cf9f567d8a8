/** `GET /assets`: what the location owns, with counts. */
import type { ResponseAsset, UnlimitedAsset } from '@apportion/apple-wire/messages'
import { UNLIMITED_TOTAL } from '@apportion/apple-wire/messages'
import { type Asset, assignedCount } from './location.ts'
import type { OpenQuestions } from './open-questions.ts'
import { pageJson, requestedSlice } from './paging.ts'
import { booleanParameter, integerParameter } from './query.ts'
import type { Call } from './simulation.ts'

/** All filters are combined; an adamId that is not owned gives an empty page, not an error. */
export function readAssets(call: Call): string {
  const { location, query } = call
  const unlimited = booleanParameter(query, 'unlimited')
  const knobs = call.simulation.knobs()
  const matches = assetFilter(query, knobs)
  const found = location.assets.filter(
    (asset) => (unlimited === undefined || asset.unlimited === unlimited) && matches(asset),
  )
  const slice = requestedSlice(call, 0, found.length)
  const shown = found.slice(slice.from, slice.to)
  const lists: Record<string, string> =
    unlimited === true
      ? {
          assets: '',
          unlimitedAssets: shown.map((asset) => JSON.stringify(unlimitedAsset(asset, knobs))).join(),
        }
      : { assets: shown.map((asset) => JSON.stringify(responseAsset(asset, knobs))).join() }
  return pageJson(call, slice, { lists, size: shown.length, versions: location.versions.assets })
}

function assetFilter(query: URLSearchParams, knobs: OpenQuestions): (asset: Asset) => boolean {
  const equal: readonly (readonly [string | null, (asset: Asset) => string])[] = [
    [query.get('adamId'), (asset) => asset.adamId],
    [query.get('productType'), (asset) => asset.productType],
    [query.get('pricingParam'), (asset) => asset.pricingParam],
  ]
  const revocable = booleanParameter(query, 'revocable')
  const deviceAssignable = booleanParameter(query, 'deviceAssignable')
  const available = rangeOf(query, 'AvailableCount')
  const assigned = rangeOf(query, 'AssignedCount')
  return (asset) =>
    equal.every(([wanted, value]) => wanted === null || value(asset) === wanted) &&
    (revocable === undefined || asset.revocable === revocable) &&
    (deviceAssignable === undefined || asset.deviceAssignable === deviceAssignable) &&
    available(shownCounts(asset, knobs).availableCount) &&
    assigned(shownAssigned(asset, knobs))
}

function rangeOf(query: URLSearchParams, name: string): (count: number) => boolean {
  const least = integerParameter(query, `min${name}`) ?? Number.NEGATIVE_INFINITY
  const most = integerParameter(query, `max${name}`) ?? Number.POSITIVE_INFINITY
  return (count) => count >= least && count <= most
}

function unlimitedAsset(asset: Asset, knobs: OpenQuestions): UnlimitedAsset {
  return {
    adamId: asset.adamId,
    assignedCount: shownAssigned(asset, knobs),
    deviceAssignable: asset.deviceAssignable,
    pricingParam: asset.pricingParam,
    productType: asset.productType,
    revocable: asset.revocable,
    supportedPlatforms: asset.platforms,
  }
}

function responseAsset(asset: Asset, knobs: OpenQuestions): ResponseAsset {
  return { ...unlimitedAsset(asset, knobs), ...shownCounts(asset, knobs) }
}

/** Books of retired users are assigned when nothing counts as retired. */
function shownAssigned(asset: Asset, { retiredCount }: OpenQuestions): number {
  return retiredCount === 'zero' ? asset.held : assignedCount(asset)
}

/** Apple leaves open what an unlimited asset shows as available; total minus held keeps the sum right. */
function shownCounts(
  asset: Asset,
  knobs: OpenQuestions,
): {
  readonly availableCount: number
  readonly retiredCount: number
  readonly totalCount: number
} {
  const totalCount = asset.unlimited ? UNLIMITED_TOTAL : asset.total
  const rest = totalCount - asset.held
  const ofUnlimited = { 'total-minus-assigned': rest, total: totalCount, zero: 0 }[knobs.unlimitedAvailable]
  return {
    availableCount: asset.unlimited ? ofUnlimited : rest,
    retiredCount: knobs.retiredCount === 'zero' ? 0 : asset.retired,
    totalCount,
  }
}
