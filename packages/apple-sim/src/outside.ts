/** Licenses given and taken back behind the client's back: by another system, or in Apple's portal. */
import type { PricingParam } from '@apportion/apple-wire/messages'
import type { Target } from './event.ts'
import { associate, disassociate } from './licensing.ts'
import type { Asset, Location } from './location.ts'
import { ASSUMED_ANSWERS } from './open-questions.ts'
import { apiError } from './refusal.ts'
import type { Simulation } from './simulation.ts'
import { assignmentOf } from './worker.ts'

export interface Holders {
  readonly serialNumbers?: readonly string[]
  readonly clientUserIds?: readonly string[]
  readonly pricingParam?: PricingParam
}

export interface OutsideWork {
  readonly type: 'ASSOCIATE' | 'DISASSOCIATE'
  readonly asset: Asset
  readonly holders: Holders
}

/** Done at once and announced with an event that the client never asked for; throws when a task fails. */
export function licenseOutside(
  simulation: Simulation,
  location: Location,
  { type, asset, holders }: OutsideWork,
): void {
  const { clock, notify, random, knobs, changed } = simulation
  const targets: readonly Target[] = [
    ...(holders.clientUserIds ?? []).map((clientUserId) => ({ kind: 'user', clientUserId }) as const),
    ...(holders.serialNumbers ?? []).map((serialNumber) => ({ kind: 'device', serialNumber }) as const),
  ]
  const batch = { kind: 'licenses', asset, targets } as const
  const outcomes = (type === 'ASSOCIATE' ? associate : disassociate)(location, batch, {
    ...ASSUMED_ANSWERS,
    now: clock.now(),
  })
  const eventId = random.uuid()
  const done = outcomes.get(undefined) ?? []
  const size = knobs().notificationElements
  for (let from = 0; from < done.length; from += size) {
    const assignments = done.slice(from, from + size).map((target) => assignmentOf(asset, target))
    notify(location, 'ASSET_MANAGEMENT', { assignments, eventId, result: 'SUCCESS', type })
  }
  changed()
  const failed = [...outcomes.keys()].find((errorNumber) => errorNumber !== undefined)
  if (failed)
    throw new Error(`${asset.adamId} at ${location.uId}: ${failed} ${apiError(failed).errorMessage}`)
}
