/**
 * Subscriptions, Apple's addition of 2026. Their ids are whole numbers, where those of assets are texts; their pages
 * are led through by a cursor; they are for users only.
 */
import type { Envelope, Open, UserStatus } from './messages.ts'

/** Seats that renew at the end of the period, and seats that end with it. */
export interface Seats {
  readonly renewing: number
  readonly expiring: number
}

/** `assigned + available = total`, over both kinds of seats; all may be zero. */
export interface SubscriptionCounts {
  readonly assigned: Seats
  readonly available: Seats
  readonly total: Seats
}

/** A subscription that the organization has bought. */
export interface Subscription {
  /** The app it belongs to, `null` for none. */
  readonly parentAdamId: number | null
  readonly adamId: number
  readonly status: Open<'ACTIVE' | 'INACTIVE' | 'PAUSED'>
  /** The last day of the period, `YYYY-MM-DD`. */
  readonly periodEndDate?: string
  readonly counts: SubscriptionCounts
}

/** One seat, held by a user. */
export interface SubscriptionAssignment {
  readonly adamId: number
  readonly clientUserId: string
  readonly renewing: boolean
  readonly userStatus?: UserStatus
  readonly idHash?: string
}

/** A user who administers a subscription. */
export interface SubscriptionAdmin {
  readonly adamId: number
  readonly clientUserId: string
  readonly idHash?: string
  readonly userStatus?: UserStatus
}

/** What every list of subscriptions carries; without `nextCursor` it was the last page. */
export interface CursorPage extends Envelope {
  readonly nextCursor?: string
  readonly versionId?: string
}

export interface SubscriptionsPage extends CursorPage {
  readonly subscriptions?: readonly Subscription[]
}

export interface SubscriptionAssignmentsPage extends CursorPage {
  readonly assignments?: readonly SubscriptionAssignment[]
}

export interface SubscriptionAdminsPage extends CursorPage {
  readonly admins?: readonly SubscriptionAdmin[]
}

/** Gives each subscription to each user. Limits: `maxSubscriptions`, `maxSubscriptionClientUserIds`. */
export interface AssociateSubscriptionsRequest {
  readonly adamIds: readonly number[]
  readonly clientUserIds: readonly string[]
  /** Whether the seats are renewed at the end of the period. */
  readonly renewing: boolean
}

export interface DisassociateSubscriptionsRequest {
  readonly adamIds: readonly number[]
  readonly clientUserIds: readonly string[]
  /** The seat stays with the user to the end of the period, and so does the notification. */
  readonly deferred?: boolean
}

/** Body of adding and removing administrators; answered without an event. */
export interface SubscriptionAdminsRequest {
  readonly adamIds: readonly number[]
  readonly clientUserIds: readonly string[]
}

export interface SubscriptionAdminsResponse extends Envelope {
  readonly versionId?: string
}

/** Answer of enable and disable. */
export interface SubscriptionManagementResponse extends Envelope {
  readonly subscriptionManagement: boolean
}
