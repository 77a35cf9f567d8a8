/** What people do with a location's subscriptions in Apple's portal and store; the hands of a test or a demo. */
import type { Location } from './location.ts'
import { monthsLater, seatCounts } from './seats.ts'
import type { Simulation } from './simulation.ts'
import type { Subscription } from './subscription-book.ts'
import {
  endPeriod,
  notifySeatCount,
  planPeriodEnd,
  type SubscriptionAssignment,
} from './subscription-events.ts'

export interface SeatPurchase {
  readonly adamId: number
  /** The app that the subscription belongs to; counts at the first purchase. */
  readonly parentAdamId?: number
  readonly renewing?: number
  readonly expiring?: number
  /** `YYYY-MM-DD`; a period from now when left out. Counts at the first purchase. */
  readonly periodEndDate?: string
  /** 1 when left out. */
  readonly periodMonths?: number
}

export interface SubscriptionState {
  readonly adamId: number
  readonly parentAdamId: number | null
  readonly status: Subscription['status']
  readonly periodEndDate: string
  readonly counts: ReturnType<typeof seatCounts>
}

export class SubscriptionControl {
  readonly #simulation: Simulation
  readonly #location: Location

  constructor(simulation: Simulation, location: Location) {
    this.#simulation = simulation
    this.#location = location
  }

  /** Whether the client, or an administrator here, allowed subscriptions. */
  get enabled(): boolean {
    return this.#location.subscriptions.enabled
  }

  enable(): void {
    this.#location.subscriptions.enabled = true
    this.#simulation.changed()
  }

  /** Every subscription with its seats, in the order of the first purchase. */
  get all(): readonly SubscriptionState[] {
    return this.#location.subscriptions.subscriptions.map((subscription) => {
      const { adamId, parentAdamId, status, periodEndDate } = subscription
      return { adamId, parentAdamId, status, periodEndDate, counts: seatCounts(subscription) }
    })
  }

  /** Who sits on which seat. */
  get assignments(): readonly SubscriptionAssignment[] {
    return this.#location.subscriptions.subscriptions.flatMap(({ adamId, seats }) =>
      [...seats.values()].map(({ clientUserId, renewing }) => ({ adamId, clientUserId, renewing })),
    )
  }

  /** Seats bought; refused as long as subscriptions are not enabled. */
  buy(purchase: SeatPurchase): void {
    const { adamId, renewing = 0, expiring = 0, parentAdamId, periodMonths = 1 } = purchase
    if (!this.enabled) {
      throw new Error(`Subscriptions are not enabled at ${this.#location.uId}; nothing can be bought before`)
    }
    for (const count of [renewing, expiring]) wholeSeats(count)
    const { subscriptions } = this.#location
    const today = new Date(this.#simulation.clock.now()).toISOString().slice(0, 10)
    const subscription =
      subscriptions.find(adamId) ??
      subscriptions.enter({
        adamId,
        parentAdamId: parentAdamId ?? null,
        periodEndDate: purchase.periodEndDate ?? monthsLater(today, periodMonths),
        periodMonths,
      })
    const lapsed = subscription.status === 'INACTIVE' || seatsOf(subscription) === 0
    if (subscription.status === 'INACTIVE') {
      subscription.status = 'ACTIVE'
      subscription.periodEndDate = monthsLater(today, subscription.periodMonths)
    }
    subscriptions.changeTotal(subscription, { renewing, expiring })
    if (lapsed) planPeriodEnd(this.#simulation, this.#location, subscription)
    this.#told(subscription)
  }

  /** Free renewing seats are cancelled: they stay until the period ends, and go with it. */
  cancelRenewal(adamId: number, count: number): void {
    const subscription = this.#find(adamId)
    wholeSeats(count)
    this.#location.subscriptions.changeTotal(subscription, { renewing: -count, expiring: count })
    this.#told(subscription)
  }

  /** Free seats are given back for money. */
  refund(adamId: number, { renewing = 0, expiring = 0 }: { renewing?: number; expiring?: number }): void {
    const subscription = this.#find(adamId)
    for (const count of [renewing, expiring]) wholeSeats(count)
    this.#location.subscriptions.changeTotal(subscription, { renewing: -renewing, expiring: -expiring })
    this.#told(subscription)
  }

  /** Ends the period before its day. */
  endPeriod(adamId: number): void {
    endPeriod(this.#simulation, this.#location, this.#find(adamId))
  }

  /** As when a payment fails, and when it comes after all. */
  setStatus(adamId: number, status: Subscription['status']): void {
    this.#find(adamId).status = status
    this.#location.subscriptions.versions.subscriptions.bump()
    planPeriodEnd(this.#simulation, this.#location, this.#find(adamId))
    this.#simulation.changed()
  }

  /** A seat that a user has by being in a group in Apple's portal. */
  assignByGroup(adamId: number, clientUserId: string, renewing = true): void {
    const wish = { clientUserId, renewing, viaGroup: true }
    if (!this.#location.subscriptions.seat(this.#find(adamId), wish)) {
      throw new RangeError(`No ${renewing ? 'renewing' : 'expiring'} seat of ${adamId} is free`)
    }
    this.#simulation.changed()
  }

  #find(adamId: number): Subscription {
    const subscription = this.#location.subscriptions.find(adamId)
    if (!subscription)
      throw new RangeError(`The location ${this.#location.uId} has no subscription ${adamId}`)
    return subscription
  }

  #told(subscription: Subscription): void {
    notifySeatCount(this.#simulation, this.#location, subscription)
    this.#simulation.changed()
  }
}

const seatsOf = ({ total }: Subscription): number => total.renewing + total.expiring

function wholeSeats(count: number): void {
  if (!Number.isInteger(count) || count < 0)
    throw new TypeError(`A number of seats is 0 or more, not ${count}`)
}
