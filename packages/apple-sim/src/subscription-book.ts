/**
 * The subscriptions of one location: seats bought for a period, who sits on them, and who administers them.
 *
 * Invariant, for renewing and for expiring seats alike: assigned + available = total, none negative. No clock and
 * no network here.
 */
import type { Random } from './random.ts'
import { monthsLater, type SeatCounts, seatCounts, sumOfSeats } from './seats.ts'
import { VersionLog, type VersionLogSnapshot } from './version-log.ts'

export interface Seat {
  /** Grows with each seat given; pages are in this order. */
  readonly order: number
  readonly clientUserId: string
  /** Which kind of seat it is. */
  renewing: boolean
  /** Given to a group in Apple's portal; the API can neither give nor take it. */
  readonly viaGroup: boolean
  /** The event that takes the seat when the period ends. */
  leavesBy: string | undefined
}

export interface SubscriptionAdmin {
  readonly order: number
  readonly clientUserId: string
}

export interface Subscription {
  readonly order: number
  /** An integer in this family, where assets have texts. */
  readonly adamId: number
  /** The app that the subscription belongs to. */
  readonly parentAdamId: number | null
  status: 'ACTIVE' | 'INACTIVE' | 'PAUSED'
  /** `YYYY-MM-DD`; the period ends as this day begins in UTC. */
  periodEndDate: string
  /** Length of the periods that follow. */
  readonly periodMonths: number
  total: SeatCounts
  readonly seats: Map<string, Seat>
  readonly admins: Map<string, SubscriptionAdmin>
}

export interface SubscriptionBookSnapshot {
  readonly enabled: boolean
  readonly order: number
  readonly subscriptions: readonly (Omit<Subscription, 'seats' | 'admins'> & {
    readonly seats: readonly Seat[]
    readonly admins: readonly SubscriptionAdmin[]
  })[]
  readonly versions: readonly [VersionLogSnapshot, VersionLogSnapshot, VersionLogSnapshot]
}

/** What a period's end took. */
export interface PeriodEnd {
  /** Seats that a deferred disassociate gave up, by its event. */
  readonly left: ReadonlyMap<string, readonly Seat[]>
  /** Seats that were not renewed. */
  readonly lapsed: readonly Seat[]
}

export class SubscriptionBook {
  /** Whether an administrator allowed subscriptions; nothing can be bought before. */
  enabled = false
  readonly versions: {
    readonly subscriptions: VersionLog
    readonly assignments: VersionLog
    readonly admins: VersionLog
  }
  readonly #byId = new Map<number, Subscription>()
  #order = 0

  constructor(random: Random) {
    this.versions = {
      subscriptions: new VersionLog(random),
      assignments: new VersionLog(random),
      admins: new VersionLog(random),
    }
  }

  /** In the order in which they were first bought. */
  get subscriptions(): readonly Subscription[] {
    return [...this.#byId.values()]
  }

  find(adamId: number): Subscription | undefined {
    return this.#byId.get(adamId)
  }

  /** True as long as any seat is owned. */
  get hasSeats(): boolean {
    return this.subscriptions.some(({ total }) => total.renewing + total.expiring > 0)
  }

  /** Enters a subscription without seats; its adamId must be new. */
  enter(
    wish: Pick<Subscription, 'adamId' | 'parentAdamId' | 'periodEndDate' | 'periodMonths'>,
  ): Subscription {
    if (this.#byId.has(wish.adamId)) throw new Error(`The subscription ${wish.adamId} is there already`)
    const entered: Subscription = {
      ...wish,
      order: ++this.#order,
      status: 'ACTIVE',
      total: { renewing: 0, expiring: 0 },
      seats: new Map(),
      admins: new Map(),
    }
    this.#byId.set(wish.adamId, entered)
    this.versions.subscriptions.bump()
    return entered
  }

  /** Adds to the seats owned; a negative number takes away. Throws rather than leave fewer than are assigned. */
  changeTotal(subscription: Subscription, change: SeatCounts): void {
    const { available } = seatCounts(subscription)
    if (available.renewing + change.renewing < 0 || available.expiring + change.expiring < 0) {
      throw new RangeError(
        `Of ${subscription.adamId} only ${available.renewing} renewing and ${available.expiring} expiring seats are free`,
      )
    }
    subscription.total = sumOfSeats(subscription.total, change)
    this.versions.subscriptions.bump()
  }

  /** Gives a seat of the kind; false when none is free. A user who sits already changes to that kind. */
  seat(subscription: Subscription, { clientUserId, renewing, viaGroup = false }: SeatWish): boolean {
    const known = subscription.seats.get(clientUserId)
    if (known?.renewing === renewing) {
      known.leavesBy = undefined
      return true
    }
    const { available } = seatCounts(subscription)
    if ((renewing ? available.renewing : available.expiring) < 1) return false
    const order = ++this.#order
    subscription.seats.delete(clientUserId)
    subscription.seats.set(clientUserId, { order, clientUserId, renewing, viaGroup, leavesBy: undefined })
    this.#noteSeats()
    return true
  }

  /** Takes the seat at once; false when there was none. */
  unseat(subscription: Subscription, clientUserId: string): boolean {
    if (!subscription.seats.delete(clientUserId)) return false
    this.#noteSeats()
    return true
  }

  /** A user who retires gives up every seat and every administration. */
  dropUser(clientUserId: string): void {
    for (const subscription of this.#byId.values()) {
      this.unseat(subscription, clientUserId)
      this.setAdmin(subscription, clientUserId, false)
    }
  }

  /** Makes somebody an administrator of the subscription, or no longer; false when nothing changed. */
  setAdmin(subscription: Subscription, clientUserId: string, isAdmin: boolean): boolean {
    if (subscription.admins.has(clientUserId) === isAdmin) return false
    if (isAdmin) subscription.admins.set(clientUserId, { order: ++this.#order, clientUserId })
    else subscription.admins.delete(clientUserId)
    this.versions.admins.bump()
    return true
  }

  /** Seats that were given up or not renewed go; the next period begins, unless no seat is left. */
  endPeriod(subscription: Subscription): PeriodEnd {
    const left = new Map<string, Seat[]>()
    const lapsed: Seat[] = []
    for (const seat of subscription.seats.values()) {
      if (seat.renewing && seat.leavesBy === undefined) continue
      subscription.seats.delete(seat.clientUserId)
      if (seat.leavesBy === undefined) lapsed.push(seat)
      else left.set(seat.leavesBy, [...(left.get(seat.leavesBy) ?? []), seat])
    }
    subscription.total = { ...subscription.total, expiring: 0 }
    if (subscription.total.renewing === 0) subscription.status = 'INACTIVE'
    else subscription.periodEndDate = monthsLater(subscription.periodEndDate, subscription.periodMonths)
    this.#noteSeats()
    return { left, lapsed }
  }

  snapshot(): SubscriptionBookSnapshot {
    const { subscriptions, assignments, admins } = this.versions
    return {
      enabled: this.enabled,
      order: this.#order,
      subscriptions: this.subscriptions.map((subscription) => ({
        ...subscription,
        seats: [...subscription.seats.values()].map((seat) => ({ ...seat })),
        admins: [...subscription.admins.values()],
      })),
      versions: [subscriptions.snapshot(), assignments.snapshot(), admins.snapshot()],
    }
  }

  /** Fills this empty book. */
  restore({ enabled, order, subscriptions, versions }: SubscriptionBookSnapshot): void {
    this.enabled = enabled
    this.#order = order
    for (const { seats, admins, ...saved } of subscriptions) {
      this.#byId.set(saved.adamId, {
        ...saved,
        seats: new Map(seats.map((seat) => [seat.clientUserId, { ...seat, leavesBy: seat.leavesBy }])),
        admins: new Map(admins.map((admin) => [admin.clientUserId, admin])),
      })
    }
    this.versions.subscriptions.restore(versions[0])
    this.versions.assignments.restore(versions[1])
    this.versions.admins.restore(versions[2])
  }

  #noteSeats(): void {
    this.versions.assignments.bump()
    this.versions.subscriptions.bump()
  }
}

export interface SeatWish {
  readonly clientUserId: string
  readonly renewing: boolean
  readonly viaGroup?: boolean
}
