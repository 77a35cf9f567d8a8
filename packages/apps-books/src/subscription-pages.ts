/** Reads the pages of subscriptions, their seats and their administrators. */
import type {
  Seats,
  Subscription,
  SubscriptionAdmin,
  SubscriptionAssignment,
} from '@apportion/apple-wire/subscriptions'
import { isObject, type JsonObject } from './answer.ts'
import type { SentCursorPage } from './cursor-walk.ts'
import { AppsBooksError } from './errors.ts'

/** The key of the list, and how one record of it is read. */
export interface SubscriptionShape<T> {
  readonly key: 'subscriptions' | 'assignments' | 'admins'
  readonly read: (record: JsonObject) => T
}

/**
 * The page of a body; a missing list is an empty one.
 *
 * @throws {AppsBooksError} `apple.unexpected_answer` when a record lacks what identifies or counts it
 */
export function readCursorPage<T>(body: JsonObject, { key, read }: SubscriptionShape<T>): SentCursorPage<T> {
  const list = body[key] ?? []
  if (!Array.isArray(list)) throw unexpected(`"${key}" is no list`)
  const { nextCursor, versionId } = body
  return {
    nextCursor: typeof nextCursor === 'string' && nextCursor !== '' ? nextCursor : undefined,
    versionId: typeof versionId === 'string' ? versionId : undefined,
    records: list.map((record: unknown) => read(isObject(record) ? record : {})),
  }
}

export function readSubscription(record: JsonObject): Subscription {
  const adamId = idOf(record.adamId)
  const counts = isObject(record.counts) ? record.counts : {}
  const { status, periodEndDate } = record
  return {
    parentAdamId: record.parentAdamId == null ? null : idOf(record.parentAdamId),
    adamId,
    status: typeof status === 'string' ? status : 'INACTIVE',
    ...(typeof periodEndDate === 'string' ? { periodEndDate } : {}),
    counts: {
      assigned: seatsOf(counts.assigned, adamId),
      available: seatsOf(counts.available, adamId),
      total: seatsOf(counts.total, adamId),
    },
  }
}

export function readSeat(record: JsonObject): SubscriptionAssignment {
  return { ...readAdmin(record), renewing: record.renewing === true }
}

export function readAdmin({ adamId, clientUserId, idHash, userStatus }: JsonObject): SubscriptionAdmin {
  if (typeof clientUserId !== 'string') throw unexpected(`a record of ${String(adamId)} names no user`)
  return {
    adamId: idOf(adamId),
    clientUserId,
    ...(typeof idHash === 'string' ? { idHash } : {}),
    ...(typeof userStatus === 'string' ? { userStatus } : {}),
  }
}

/** Whole numbers here; a text of digits is taken too, since assets have their ids as texts. */
function idOf(value: unknown): number {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof id === 'number' && Number.isSafeInteger(id)) return id
  throw unexpected('a subscription lacks its "adamId"')
}

function seatsOf(value: unknown, adamId: number): Seats {
  const { renewing, expiring } = isObject(value) ? value : {}
  if (typeof renewing === 'number' && typeof expiring === 'number') return { renewing, expiring }
  throw unexpected(`subscription ${adamId} lacks a count of its seats`)
}

function unexpected(what: string): AppsBooksError {
  return new AppsBooksError('apple.unexpected_answer', `Apple’s answer cannot be used: ${what}.`)
}
