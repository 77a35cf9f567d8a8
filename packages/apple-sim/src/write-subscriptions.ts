/** The writes of the subscription family: seats are asynchronous, administrators and the switch are not. */
import { envelope } from './envelope.ts'
import { type Batch, chunksOf } from './event.ts'
import { limitsOf } from './knobs.ts'
import { type KnownErrorNumber, Refusal } from './refusal.ts'
import { listOf, objectBody, text } from './request-body.ts'
import type { Call } from './simulation.ts'
import type { Subscription } from './subscription-book.ts'
import { accepted } from './write-assets.ts'

interface SubscriptionRequest {
  readonly subscriptions: readonly Subscription[]
  readonly clientUserIds: readonly string[]
}

/** Seats for users: 9814 unless all are associated, 9817 for who has it by a group, 9811 unless it is active. */
export function associateSubscriptions(call: Call): string {
  const request = subscriptionRequest(call)
  const { renewing } = objectBody(call.body)
  if (typeof renewing !== 'boolean') throw new Refusal(9602)
  if (request.subscriptions.some(({ status }) => status !== 'ACTIVE')) throw new Refusal(9811)
  refuseUsers(request, 9814, (id) => call.location.activeUsers.get(id)?.status !== 'Associated')
  refuseUsers(request, 9817, (id, { seats }) => seats.get(id)?.viaGroup === true)
  return acceptSeats(call, request, { gives: true, renewing, deferred: false })
}

/** Seats back, at once or with `deferred` at the end of the period: 9815 for who has none, 9811 for a group's. */
export function disassociateSubscriptions(call: Call): string {
  const request = subscriptionRequest(call)
  const { deferred = false } = objectBody(call.body)
  if (typeof deferred !== 'boolean') throw new Refusal(9602)
  refuseUsers(request, 9815, (id, { seats }) => !seats.has(id))
  refuseUsers(request, 9811, (id, { seats }) => seats.get(id)?.viaGroup === true)
  return acceptSeats(call, request, { gives: false, deferred })
}

/** Makes users administrators of subscriptions; done when the answer comes. */
export function addSubscriptionAdmins(call: Call): string {
  const request = subscriptionRequest(call)
  refuseUsers(request, 9814, (id) => call.location.activeUsers.get(id)?.status !== 'Associated')
  return setAdmins(call, request, true)
}

/** 9815 for who is no administrator of one of them. */
export function removeSubscriptionAdmins(call: Call): string {
  const request = subscriptionRequest(call)
  refuseUsers(request, 9815, (id, { admins }) => !admins.has(id))
  return setAdmins(call, request, false)
}

/** Allows buying subscriptions; again is no error. */
export function enableSubscriptions(call: Call): string {
  call.location.subscriptions.enabled = true
  return switchAnswer(call)
}

/** 9818 while any seat is owned. */
export function disableSubscriptions(call: Call): string {
  if (call.location.subscriptions.hasSeats) throw new Refusal(9818)
  call.location.subscriptions.enabled = false
  return switchAnswer(call)
}

/** Here alone an absent claim is written out as null. */
function switchAnswer(call: Call): string {
  const { subscriptions } = call.location
  return JSON.stringify({ mdmInfo: null, subscriptionManagement: subscriptions.enabled, ...envelope(call) })
}

function setAdmins(
  call: Call,
  { subscriptions, clientUserIds }: SubscriptionRequest,
  isAdmin: boolean,
): string {
  const { simulation, location } = call
  for (const subscription of subscriptions) {
    for (const id of clientUserIds) location.subscriptions.setAdmin(subscription, id, isAdmin)
  }
  const versionId = location.subscriptions.versions.admins.current(simulation.clock.now())
  return JSON.stringify({ versionId, ...envelope(call) })
}

type SeatTask = { readonly gives: boolean; readonly deferred: boolean; readonly renewing?: boolean }

function acceptSeats(
  call: Call,
  { subscriptions, clientUserIds }: SubscriptionRequest,
  { gives, deferred, renewing }: SeatTask,
): string {
  const parts = chunksOf(clientUserIds, call.simulation.knobs().notificationElements)
  const batches = subscriptions.flatMap(({ adamId, seats }) =>
    parts.flatMap((part) => {
      // What is taken is of the kind that the user has; batches of one kind report it truly.
      const kinds = Map.groupBy(part, (id) => renewing ?? seats.get(id)?.renewing ?? false)
      return [...kinds].map(
        ([kind, ids]): Batch => ({
          kind: 'seats',
          adamId,
          clientUserIds: ids,
          gives,
          deferred,
          renewing: kind,
        }),
      )
    }),
  )
  return accepted(call, { type: gives ? 'ASSOCIATE' : 'DISASSOCIATE', batches })
}

/** 9811 for an empty or doubled list, 9816 for too long ones, 9813 for a subscription that is not owned. */
function subscriptionRequest({ simulation, location, body }: Call): SubscriptionRequest {
  const { adamIds: wanted, clientUserIds: named } = objectBody(body)
  const limits = limitsOf(simulation.knobs())
  const adamIds = listOf(wanted, integer)
  const clientUserIds = listOf(named, text)
  if (adamIds.length === 0 || clientUserIds.length === 0) throw new Refusal(9811)
  if (adamIds.length > limits.maxSubscriptions) throw new Refusal(9816)
  if (clientUserIds.length > limits.maxSubscriptionClientUserIds) throw new Refusal(9816)
  const hasDoubles = (list: readonly unknown[]): boolean => new Set(list).size < list.length
  if (hasDoubles(adamIds) || hasDoubles(clientUserIds)) throw new Refusal(9811)
  const subscriptions = adamIds.map((adamId) => location.subscriptions.find(adamId))
  const found = subscriptions.filter((subscription) => subscription !== undefined)
  if (found.length < subscriptions.length) throw new Refusal(9813)
  return { subscriptions: found, clientUserIds }
}

function refuseUsers(
  { subscriptions, clientUserIds }: SubscriptionRequest,
  errorNumber: KnownErrorNumber,
  isWrong: (clientUserId: string, subscription: Subscription) => boolean,
): void {
  const wrong = clientUserIds.filter((id) => subscriptions.some((each) => isWrong(id, each)))
  if (wrong.length > 0) throw new Refusal(errorNumber, { info: { clientUserIds: wrong } })
}

function integer(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) throw new Refusal(9602)
  return value
}
