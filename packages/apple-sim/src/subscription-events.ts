/** What an accepted write does to the seats of subscriptions, and what the end of a period does. */
import type { SimClock } from './clock.ts'
import { type AppleEvent, chunksOf, noteLicenseFailures, type SeatBatch } from './event.ts'
import type { FaultPlan } from './faults.ts'
import type { Knobs } from './knobs.ts'
import type { Location } from './location.ts'
import { type ErrorFields, errorFields } from './notification-errors.ts'
import type { Notifications } from './notifications.ts'
import type { KnownErrorNumber } from './refusal.ts'
import { seatCounts } from './seats.ts'
import type { Seat, Subscription } from './subscription-book.ts'

/** An assignment of the subscription family, as pages and notifications show it: ids are integers here. */
export interface SubscriptionAssignment {
  readonly adamId: number
  readonly clientUserId: string
  readonly renewing: boolean
}

/** The payload of `SUBSCRIPTION_MANAGEMENT`. */
export interface SubscriptionManagementNotification {
  readonly assignments: readonly SubscriptionAssignment[]
  readonly eventId: string
  readonly result: 'SUCCESS' | 'FAILURE'
  readonly type: 'ASSOCIATE' | 'DISASSOCIATE'
}

interface SeatPorts {
  readonly clock: SimClock
  readonly knobs: () => Knobs
  readonly faults: FaultPlan
  readonly notify: Notifications['send']
  readonly changed: () => void
}

/**
 * Gives or takes the batch's seats; what no seat was left for fails with 9709, a user who is gone with 9609. A
 * deferred disassociate succeeds now, and takes the seat and notifies when the period ends.
 */
export function performSeats(
  ports: SeatPorts,
  location: Location,
  { event, batch }: { readonly event: AppleEvent; readonly batch: SeatBatch },
): void {
  const asset = { adamId: String(batch.adamId), pricingParam: 'STDQ' }
  const outcomes = Map.groupBy(batch.clientUserIds, (clientUserId) =>
    ports.faults.isMaintenance ? 9644 : seatTask(location, event, { batch, clientUserId }),
  )
  for (const [errorNumber, clientUserIds] of outcomes) {
    const targets = clientUserIds.map((clientUserId) => ({ kind: 'user', clientUserId }) as const)
    if (errorNumber === undefined) event.completed += targets.length
    else noteLicenseFailures(event, errorNumber, { asset, targets })
    if (errorNumber === undefined && batch.deferred) continue
    notifySeats(ports, location, {
      eventId: event.id,
      type: batch.gives ? 'ASSOCIATE' : 'DISASSOCIATE',
      assignments: clientUserIds.map((clientUserId) => assignment(batch, clientUserId)),
      errorNumber,
    })
  }
}

function seatTask(
  { subscriptions, activeUsers }: Location,
  event: AppleEvent,
  { batch, clientUserId }: { readonly batch: SeatBatch; readonly clientUserId: string },
): KnownErrorNumber | undefined {
  const subscription = subscriptions.find(batch.adamId)
  if (activeUsers.get(clientUserId)?.status !== 'Associated') return 9609
  if (!subscription) return 9709
  if (batch.gives) {
    return subscriptions.seat(subscription, { clientUserId, renewing: batch.renewing }) ? undefined : 9709
  }
  const seat = subscription.seats.get(clientUserId)
  if (!batch.deferred) subscriptions.unseat(subscription, clientUserId)
  else if (seat) seat.leavesBy = event.id
  return undefined
}

function assignment({ adamId, renewing }: SeatBatch, clientUserId: string): SubscriptionAssignment {
  return { adamId, clientUserId, renewing }
}

type SeatsDone = Omit<SubscriptionManagementNotification, 'result'> & {
  readonly errorNumber?: KnownErrorNumber | undefined
}

function notifySeats(
  { notify, knobs }: SeatPorts,
  location: Location,
  { assignments, errorNumber, ...rest }: SeatsDone,
): void {
  for (const part of chunksOf(assignments, knobs().notificationElements)) {
    const clientUserIds = part.map(({ clientUserId }) => clientUserId)
    const notification: SubscriptionManagementNotification & ErrorFields = {
      assignments: part,
      ...rest,
      result: errorNumber === undefined ? 'SUCCESS' : 'FAILURE',
      ...errorFields(knobs(), errorNumber, { clientUserIds }),
    }
    notify(location, 'SUBSCRIPTION_MANAGEMENT', notification)
  }
}

/** Tells that the number of seats changed; `assigned` is not part of this notification. */
export function notifySeatCount({ notify }: SeatPorts, location: Location, subscription: Subscription): void {
  const { adamId, parentAdamId } = subscription
  const { available, total } = seatCounts(subscription)
  notify(location, 'SUBSCRIPTION_COUNT', { parentAdamId, adamId, counts: { available, total } })
}

/** Ends the period now: deferred seats leave and are announced, the others that do not renew go silently. */
export function endPeriod(ports: SeatPorts, location: Location, subscription: Subscription): void {
  const { adamId } = subscription
  const { left } = location.subscriptions.endPeriod(subscription)
  for (const [eventId, seats] of left) {
    const assignments = seats.map(({ clientUserId, renewing }: Seat) => ({ adamId, clientUserId, renewing }))
    notifySeats(ports, location, { eventId, type: 'DISASSOCIATE', assignments })
  }
  notifySeatCount(ports, location, subscription)
  ports.changed()
  planPeriodEnd(ports, location, subscription)
}

/** Lets the period end by itself when the simulated clock reaches its last day. */
export function planPeriodEnd(ports: SeatPorts, location: Location, subscription: Subscription): void {
  if (subscription.status === 'INACTIVE') return
  const { clock } = ports
  const end = Date.parse(`${subscription.periodEndDate}T00:00:00Z`)
  // Not on the timeline: "let everything planned happen" must not run through the years.
  clock.wakeAt(end, () => {
    // A period that was ended before has an end of its own, later than this one.
    const isThisPeriod = Date.parse(`${subscription.periodEndDate}T00:00:00Z`) === end
    if (isThisPeriod && subscription.status !== 'INACTIVE') endPeriod(ports, location, subscription)
  })
}
