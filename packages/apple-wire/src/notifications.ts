/**
 * Reads what Apple posts to the notification address.
 *
 * Apple documents one `error` for all elements of a notification, others have seen a list `failures`; ids are texts in
 * the asset family and whole numbers in that of subscriptions. Both ways are read everywhere. What does not have its
 * documented shape comes back as `unknown` with its body, to be kept and answered with 2xx like any other: Apple
 * would only repeat it.
 */
import type {
  ApiError,
  AssetManagementNotification,
  Assignment,
  Open,
  PricingParam,
  ResponseUser,
} from './messages.ts'
import {
  assignmentOf,
  errorOf,
  idNumber,
  idText,
  isJsonObject,
  type JsonObject,
  listOf,
  seatOf,
  seatsOf,
  textOf,
  userOf,
} from './notification-fields.ts'
import type { Seats, SubscriptionAssignment } from './subscriptions.ts'

interface Head {
  /** Repeats come with the same id; it is unique for one `uId`. */
  readonly notificationId: string
  readonly uId: string
}

type Result = Open<'SUCCESS' | 'FAILURE'>

/** `error` is what all elements failed with; elements of one event come in any number of notifications. */
export interface AssetsManaged extends Head, AssetManagementNotification {
  readonly kind: 'asset-management'
}

export interface UsersManaged extends Head {
  readonly kind: 'user-management'
  readonly eventId: string
  readonly result: Result
  readonly type: Open<'CREATE' | 'UPDATE' | 'RETIRE'>
  /** After a failure perhaps the ids alone, so every other field may be missing. */
  readonly users: readonly (Partial<ResponseUser> & Pick<ResponseUser, 'clientUserId'>)[]
  readonly error?: ApiError
}

/** Persons accepted their invitations. */
export interface UsersAssociated extends Head {
  readonly kind: 'user-associated'
  readonly users: readonly (Partial<ResponseUser> & Pick<ResponseUser, 'clientUserId'>)[]
}

/** The total changed, by purchase, transfer or refund. Repeated or lost, so read the asset instead of adding up. */
export interface AssetCounted extends Head {
  readonly kind: 'asset-count'
  readonly adamId: string
  readonly pricingParam: PricingParam
  readonly countDelta: number
}

export interface SubscriptionsManaged extends Head {
  readonly kind: 'subscription-management'
  readonly eventId: string
  readonly result: Result
  readonly type: Open<'ASSOCIATE' | 'DISASSOCIATE'>
  readonly assignments: readonly SubscriptionAssignment[]
  readonly error?: ApiError
}

export interface SubscriptionCounted extends Head {
  readonly kind: 'subscription-count'
  readonly parentAdamId: number | null
  readonly adamId: number
  readonly counts: { readonly available: Seats; readonly total: Seats }
}

/** An asset became limited or unlimited. What it carries is not documented: read the assets again. */
export interface UnlimitedAssetChanged extends Head {
  readonly kind: 'unlimited-asset'
  readonly adamId?: string
  readonly raw: unknown
}

/** Apple tries the address; answer 2xx while the request that set it is still open. */
export interface TestNotification extends Head {
  readonly kind: 'test'
}

/** Of a type that this version does not know, or not of the documented shape. */
export interface UnknownNotification extends Head {
  readonly kind: 'unknown'
  readonly notificationType: string
  readonly raw: unknown
}

export type ParsedNotification =
  | AssetsManaged
  | UsersManaged
  | UsersAssociated
  | AssetCounted
  | SubscriptionsManaged
  | SubscriptionCounted
  | UnlimitedAssetChanged
  | TestNotification
  | UnknownNotification

/**
 * The notification of a parsed JSON body; `undefined` when it is none at all: no object, or without its id, its type
 * or its `uId`.
 */
export function parseNotification(body: unknown): ParsedNotification | undefined {
  if (!isJsonObject(body)) return undefined
  const notificationId = textOf(body.notificationId)
  const notificationType = textOf(body.notificationType)
  const uId = idText(body.uId)
  if (notificationId === undefined || notificationType === undefined || uId === undefined) return undefined
  const head: Head = { notificationId, uId }
  const raw = body.notification
  const read = Object.hasOwn(READERS, notificationType) ? READERS[notificationType] : undefined
  return (
    read?.(head, isJsonObject(raw) ? raw : {}, raw) ?? { ...head, kind: 'unknown', notificationType, raw }
  )
}

type Reader = (head: Head, content: JsonObject, raw: unknown) => ParsedNotification | undefined

const READERS: Readonly<Record<string, Reader>> = {
  TEST_NOTIFICATION: (head) => ({ ...head, kind: 'test' }),
  ASSET_MANAGEMENT: readAssetManagement,
  USER_MANAGEMENT: readUserManagement,
  USER_ASSOCIATED: readUserAssociated,
  ASSET_COUNT: readAssetCount,
  SUBSCRIPTION_MANAGEMENT: readSubscriptionManagement,
  SUBSCRIPTION_COUNT: readSubscriptionCount,
  UNLIMITED_ASSET: readUnlimitedAsset,
}

function readAssetManagement(head: Head, content: JsonObject): AssetsManaged | undefined {
  const event = eventOf(content)
  const assignments = listOf<Assignment>(content.assignments, assignmentOf)
  return event && assignments && { ...head, kind: 'asset-management', ...event, assignments }
}

function readUserManagement(head: Head, content: JsonObject): UsersManaged | undefined {
  const event = eventOf(content)
  const users = listOf(content.users, userOf)
  return event && users && { ...head, kind: 'user-management', ...event, users }
}

function readUserAssociated(head: Head, content: JsonObject): UsersAssociated | undefined {
  const users = listOf(content.associatedUsers, userOf)
  return users && { ...head, kind: 'user-associated', users }
}

function readAssetCount(head: Head, content: JsonObject): AssetCounted | undefined {
  const adamId = idText(content.adamId)
  const { countDelta } = content
  if (adamId === undefined || typeof countDelta !== 'number' || !Number.isInteger(countDelta))
    return undefined
  return {
    ...head,
    kind: 'asset-count',
    adamId,
    pricingParam: textOf(content.pricingParam) ?? 'STDQ',
    countDelta,
  }
}

function readSubscriptionManagement(head: Head, content: JsonObject): SubscriptionsManaged | undefined {
  const event = eventOf(content)
  const assignments = listOf(content.assignments, seatOf)
  return event && assignments && { ...head, kind: 'subscription-management', ...event, assignments }
}

function readSubscriptionCount(head: Head, content: JsonObject): SubscriptionCounted | undefined {
  const adamId = idNumber(content.adamId)
  const counts = isJsonObject(content.counts) ? content.counts : {}
  const available = seatsOf(counts.available)
  const total = seatsOf(counts.total)
  if (adamId === undefined || available === undefined || total === undefined) return undefined
  const parentAdamId = idNumber(content.parentAdamId) ?? null
  return { ...head, kind: 'subscription-count', parentAdamId, adamId, counts: { available, total } }
}

function readUnlimitedAsset(head: Head, content: JsonObject, raw: unknown): UnlimitedAssetChanged {
  const adamId = idText(content.adamId)
  return { ...head, kind: 'unlimited-asset', ...(adamId === undefined ? {} : { adamId }), raw }
}

interface EventPart {
  readonly eventId: string
  readonly result: Result
  readonly type: string
  readonly error?: ApiError
}

/** A failure is one by its error, whatever `result` says or leaves out. */
function eventOf(content: JsonObject): EventPart | undefined {
  const eventId = textOf(content.eventId)
  const type = textOf(content.type)
  if (eventId === undefined || type === undefined) return undefined
  const error = errorOf(content)
  const result = textOf(content.result) ?? (error === undefined ? undefined : 'FAILURE')
  if (result === undefined) return undefined
  return { eventId, result, type, ...(error === undefined ? {} : { error }) }
}
