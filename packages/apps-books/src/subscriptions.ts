/** Subscriptions of one organizational unit: seats of users, and who administers them. Ids are whole numbers. */
import type { EventResponse } from '@apportion/apple-wire/messages'
import type {
  AssociateSubscriptionsRequest,
  DisassociateSubscriptionsRequest,
  Subscription,
  SubscriptionAdmin,
  SubscriptionAdminsRequest,
  SubscriptionAdminsResponse,
  SubscriptionAssignment,
  SubscriptionManagementResponse,
} from '@apportion/apple-wire/subscriptions'
import { envelopeOf, type JsonObject } from './answer.ts'
import type { Caller } from './caller.ts'
import { type CursorWalk, walkByCursor } from './cursor-walk.ts'
import { AppsBooksError } from './errors.ts'
import { readEvent } from './events.ts'
import type { Query } from './filters.ts'
import type { Endpoint } from './service-config.ts'
import {
  readAdmin,
  readCursorPage,
  readSeat,
  readSubscription,
  type SubscriptionShape,
} from './subscription-pages.ts'

export interface SubscriptionsFilter {
  readonly parentAdamId?: number
  readonly adamId?: number
}

export interface SubscriptionAssignmentsFilter extends SubscriptionsFilter {
  readonly clientUserId?: string
  /** Adds `userStatus` and `idHash`. */
  readonly includeUserState?: boolean
}

export interface SubscriptionAdminsFilter {
  readonly adamId?: number
  readonly includeUserState?: boolean
}

/** Failures as everywhere in the client. There are no changes since a version: each list is read whole. */
export interface SubscriptionsClient {
  list(filter?: SubscriptionsFilter): CursorWalk<Subscription>
  assignments(filter?: SubscriptionAssignmentsFilter): CursorWalk<SubscriptionAssignment>
  admins(filter?: SubscriptionAdminsFilter): CursorWalk<SubscriptionAdmin>
  /** Limits: `maxSubscriptions` and `maxSubscriptionClientUserIds`, else 9816. */
  associate(request: AssociateSubscriptionsRequest): Promise<EventResponse>
  disassociate(request: DisassociateSubscriptionsRequest): Promise<EventResponse>
  /** Done when it returns, without an event. */
  addAdmins(request: SubscriptionAdminsRequest): Promise<SubscriptionAdminsResponse>
  removeAdmins(request: SubscriptionAdminsRequest): Promise<SubscriptionAdminsResponse>
  /** Needed once for each token before anything can be bought. */
  enable(): Promise<SubscriptionManagementResponse>
  /** Refused with 9818 while subscriptions exist. */
  disable(): Promise<SubscriptionManagementResponse>
}

export function createSubscriptions(call: Caller): SubscriptionsClient {
  const walk = <T>(endpoint: Endpoint, shape: SubscriptionShape<T>, query: Query): CursorWalk<T> =>
    walkByCursor(async (cursor) => readCursorPage(await call.ask(endpoint, { ...query, cursor }), shape))
  const event = async (endpoint: Endpoint, body: object): Promise<EventResponse> =>
    readEvent(await call.tell(endpoint, body))
  const admins = async (endpoint: Endpoint, body: object): Promise<SubscriptionAdminsResponse> =>
    readAdminsAnswer(await call.tell(endpoint, body))
  const manage = async (endpoint: Endpoint): Promise<SubscriptionManagementResponse> =>
    readManagement(await call.tell(endpoint))

  return {
    list: (filter = {}) => walk('getSubscriptions', SUBSCRIPTIONS, { ...filter }),
    assignments: (filter = {}) => walk('getSubscriptionAssignments', SEATS, { ...filter }),
    admins: (filter = {}) => walk('getSubscriptionAdmins', ADMINS, { ...filter }),
    associate: (request) => event('associateSubscriptions', request),
    disassociate: (request) => event('disassociateSubscriptions', request),
    addAdmins: (request) => admins('addSubscriptionAdmins', request),
    removeAdmins: (request) => admins('removeSubscriptionAdmins', request),
    enable: () => manage('enableSubscriptions'),
    disable: () => manage('disableSubscriptions'),
  }
}

const SUBSCRIPTIONS: SubscriptionShape<Subscription> = { key: 'subscriptions', read: readSubscription }
const SEATS: SubscriptionShape<SubscriptionAssignment> = { key: 'assignments', read: readSeat }
const ADMINS: SubscriptionShape<SubscriptionAdmin> = { key: 'admins', read: readAdmin }

function readAdminsAnswer(body: JsonObject): SubscriptionAdminsResponse {
  const { versionId } = body
  return { ...envelopeOf(body), ...(typeof versionId === 'string' ? { versionId } : {}) }
}

/** @throws {AppsBooksError} `apple.outcome_unknown` when the answer does not say what holds now */
function readManagement(body: JsonObject): SubscriptionManagementResponse {
  const { subscriptionManagement } = body
  if (typeof subscriptionManagement === 'boolean') return { ...envelopeOf(body), subscriptionManagement }
  throw new AppsBooksError(
    'apple.outcome_unknown',
    'Apple’s answer does not say whether subscriptions are managed now. Send the command again: it sets a state.',
  )
}
