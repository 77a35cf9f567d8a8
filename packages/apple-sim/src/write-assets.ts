/** `POST /assets/associate`, `/assets/disassociate` and `/assets/revoke`: licenses given and taken back. */
import { envelope } from './envelope.ts'
import { type EventWork, licenseBatches } from './event.ts'
import { limitsOf } from './knobs.ts'
import { revocableHoldings } from './licensing.ts'
import type { Asset, AssetIdentity, Location } from './location.ts'
import { type KnownErrorNumber, Refusal } from './refusal.ts'
import { objectBody, requestedAssets, requestedTargets } from './request-body.ts'
import type { Call } from './simulation.ts'
import { acceptEvent } from './worker.ts'

/** Tasks are assets × (users + serial numbers); 9707 when devices are named for what cannot go to devices. */
export function associateAssets(call: Call): string {
  const { assets, targets } = manageRequest(call)
  if (targets.some((target) => target.kind === 'device')) {
    refuseAssets(call.location, assets, { errorNumber: 9707, unless: (asset) => asset.deviceAssignable })
  }
  if (call.simulation.knobs().unknownUser === 'sync') refuseUnknownUsers(call.location, targets)
  return accepted(call, {
    type: 'ASSOCIATE',
    batches: licenseBatches(assets, targets, batchSize(call)),
  })
}

/** 9706 for books and whatever else cannot come back. */
export function disassociateAssets(call: Call): string {
  const { assets, targets } = manageRequest(call)
  refuseAssets(call.location, assets, { errorNumber: 9706, unless: (asset) => asset.revocable })
  if (call.simulation.knobs().unknownUser === 'sync') refuseUnknownUsers(call.location, targets)
  return accepted(call, {
    type: 'DISASSOCIATE',
    batches: licenseBatches(assets, targets, batchSize(call)),
  })
}

/** Everything revocable that these users and devices hold at the moment of the request. */
export function revokeAssets(call: Call): string {
  const limits = limitsOf(call.simulation.knobs())
  const targets = requestedTargets(objectBody(call.body), {
    users: limits.maxRevokeClientUserIds,
    devices: limits.maxRevokeSerialNumbers,
  })
  const countsTargets = call.simulation.knobs().revokeRequested === 'targets'
  return accepted(call, {
    type: 'REVOKE',
    batches: revocableHoldings(call.location, targets),
    ...(countsTargets && { countedTargets: targets.length }),
  })
}

/** The answer to an accepted write. */
export function accepted(call: Call, work: EventWork): string {
  const { simulation, location } = call
  const eventId = acceptEvent(simulation, location, work)
  return JSON.stringify({ eventId, ...envelope(call) })
}

function manageRequest(call: Call): {
  readonly assets: readonly AssetIdentity[]
  readonly targets: ReturnType<typeof requestedTargets>
} {
  const limits = limitsOf(call.simulation.knobs())
  const body = objectBody(call.body)
  const most = { users: limits.maxClientUserIds, devices: limits.maxSerialNumbers }
  const { validationOrder, unownedAsset } = call.simulation.knobs()
  if (validationOrder === 'targets-first') requestedTargets(body, most)
  const assets = requestedAssets(body, limits)
  const targets = requestedTargets(body, most)
  const unowned = assets.filter(({ adamId, pricingParam }) => !call.location.asset(adamId, pricingParam))
  if (unownedAsset === 'sync' && unowned.length > 0) throw new Refusal(9602, { info: { assets: unowned } })
  return { assets, targets }
}

function refuseAssets(
  location: Location,
  assets: readonly AssetIdentity[],
  {
    errorNumber,
    unless,
  }: { readonly errorNumber: KnownErrorNumber; readonly unless: (asset: Asset) => boolean },
): void {
  const refused = assets.filter(({ adamId, pricingParam }) => {
    const asset = location.asset(adamId, pricingParam)
    return asset && !unless(asset)
  })
  if (refused.length > 0) throw new Refusal(errorNumber, { info: { assets: refused } })
}

function refuseUnknownUsers(location: Location, targets: ReturnType<typeof requestedTargets>): void {
  const unknown = targets.flatMap((target) =>
    target.kind === 'user' && !location.activeUsers.has(target.clientUserId) ? [target.clientUserId] : [],
  )
  if (unknown.length > 0) throw new Refusal(9609, { info: { clientUserIds: unknown } })
}

const batchSize = (call: Call): number => call.simulation.knobs().notificationElements
