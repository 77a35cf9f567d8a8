/** Reads the pages of the list endpoints: checks what is used, tolerates what Apple leaves out. */
import {
  type Assignment,
  type ResponseAsset,
  type ResponseUser,
  UNLIMITED_TOTAL,
  type UnlimitedAsset,
} from '@apportion/apple-wire/messages'
import { isObject, type JsonObject } from './answer.ts'
import { AppsBooksError } from './errors.ts'
import type { SentPage } from './walk.ts'

/** The key of the list, and how one record of it is read. */
export interface ListShape<T> {
  readonly key: 'assets' | 'unlimitedAssets' | 'assignments' | 'users'
  readonly read: (record: JsonObject) => T
}

export const ASSETS: ListShape<ResponseAsset> = { key: 'assets', read: readAsset }
export const UNLIMITED_ASSETS: ListShape<UnlimitedAsset> = {
  key: 'unlimitedAssets',
  read: readUnlimitedAsset,
}
export const ASSIGNMENTS: ListShape<Assignment> = { key: 'assignments', read: readAssignment }
export const USERS: ListShape<ResponseUser> = { key: 'users', read: readUser }

/**
 * The page of a body. A missing list is an empty one, as Apple sends it for an empty set. More records than `size`
 * tells are taken as they are; fewer mean that some were lost on the way.
 *
 * @throws {AppsBooksError} `apple.paging_corrupt` when records are missing or a figure is none,
 * `apple.unexpected_answer` when a record lacks what identifies it
 */
export function readPage<T>(body: JsonObject, { key, read }: ListShape<T>): SentPage<T> {
  const list = listAt(body, key)
  // Apple counts limited and unlimited assets of a page together.
  const neighbor = NEIGHBORS.get(key)
  const other = neighbor === undefined ? 0 : listAt(body, neighbor).length
  const size = wholeNumber(body, 'size')
  if (size !== undefined && size > list.length + other) {
    throw corrupt(`"size" tells of ${size} records, ${list.length + other} came`)
  }
  return {
    currentPageIndex: wholeNumber(body, 'currentPageIndex'),
    nextPageIndex: wholeNumber(body, 'nextPageIndex'),
    totalPages: wholeNumber(body, 'totalPages'),
    versionId: typeof body.versionId === 'string' ? body.versionId : undefined,
    records: list.map((record) => read(isObject(record) ? record : {})),
  }
}

const NEIGHBORS: ReadonlyMap<string, string> = new Map([
  ['assets', 'unlimitedAssets'],
  ['unlimitedAssets', 'assets'],
])

function listAt(body: JsonObject, key: string): readonly unknown[] {
  const list = body[key] ?? []
  if (!Array.isArray(list)) throw unexpected(`"${key}" is no list`)
  return list
}

function wholeNumber(body: JsonObject, key: string): number | undefined {
  const value = body[key] ?? undefined
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 0))
    return value
  throw corrupt(`"${key}" is ${JSON.stringify(value)}`)
}

function readUnlimitedAsset(record: JsonObject): UnlimitedAsset {
  const adamId = adamIdOf(record)
  const platforms = record.supportedPlatforms
  return {
    adamId,
    pricingParam: textOr(record.pricingParam, 'STDQ'),
    productType: textOr(record.productType, 'App'),
    assignedCount: count(record, 'assignedCount', adamId),
    // What is not said to be possible is not tried.
    deviceAssignable: record.deviceAssignable === true,
    revocable: record.revocable === true,
    ...(Array.isArray(platforms)
      ? { supportedPlatforms: platforms.filter((one) => typeof one === 'string') }
      : {}),
  }
}

function readAsset(record: JsonObject): ResponseAsset {
  const asset = readUnlimitedAsset(record)
  const totalCount = count(record, 'totalCount', asset.adamId)
  const retiredCount = record.retiredCount === undefined ? 0 : count(record, 'retiredCount', asset.adamId)
  // What Apple tells as available of an unlimited asset is not documented.
  const mayBeMissing = record.availableCount === undefined && totalCount === UNLIMITED_TOTAL
  const availableCount = mayBeMissing
    ? totalCount - asset.assignedCount
    : count(record, 'availableCount', asset.adamId)
  return { ...asset, availableCount, retiredCount, totalCount }
}

/** Millions of these are read in one walk, so a record that is as Apple describes it is not copied. */
function readAssignment(record: JsonObject): Assignment {
  if (isAssignment(record)) return record
  const adamId = adamIdOf(record)
  const { clientUserId, serialNumber, userStatus, idHash } = record
  if (typeof clientUserId !== 'string' && typeof serialNumber !== 'string') {
    throw unexpected(`an assignment of ${adamId} names neither a user nor a device`)
  }
  return {
    adamId,
    pricingParam: textOr(record.pricingParam, 'STDQ'),
    ...(typeof clientUserId === 'string' ? { clientUserId } : {}),
    ...(typeof serialNumber === 'string' ? { serialNumber } : {}),
    ...(typeof userStatus === 'string' ? { userStatus } : {}),
    ...(typeof idHash === 'string' ? { idHash } : {}),
  }
}

function isAssignment(record: JsonObject): record is JsonObject & Assignment {
  const { adamId, pricingParam, clientUserId, serialNumber, userStatus, idHash } = record
  return (
    typeof adamId === 'string' &&
    adamId !== '' &&
    typeof pricingParam === 'string' &&
    (serialNumber ?? clientUserId) !== undefined &&
    isTextOrAbsent(serialNumber) &&
    isTextOrAbsent(clientUserId) &&
    isTextOrAbsent(userStatus) &&
    isTextOrAbsent(idHash)
  )
}

const isTextOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'string'

function readUser(record: JsonObject): ResponseUser {
  const { clientUserId, status, email, idHash, inviteCode } = record
  if (typeof clientUserId !== 'string' || typeof status !== 'string') {
    throw unexpected('a user lacks "clientUserId" or "status"')
  }
  return {
    clientUserId,
    status,
    ...(typeof email === 'string' ? { email } : {}),
    ...(typeof idHash === 'string' ? { idHash } : {}),
    ...(typeof inviteCode === 'string' ? { inviteCode } : {}),
  }
}

/** Apple sends text here and whole numbers in newer families of its API. */
function adamIdOf({ adamId }: JsonObject): string {
  if (typeof adamId === 'string' && adamId !== '') return adamId
  if (typeof adamId === 'number' && Number.isSafeInteger(adamId)) return String(adamId)
  throw unexpected('a record lacks "adamId"')
}

function count(record: JsonObject, key: string, adamId: string): number {
  const value = record[key]
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw unexpected(`asset ${adamId} lacks "${key}"`)
}

const textOr = (value: unknown, other: string): string => (typeof value === 'string' ? value : other)

function unexpected(what: string): AppsBooksError {
  return new AppsBooksError('apple.unexpected_answer', `Apple’s answer cannot be used: ${what}.`)
}

function corrupt(what: string): AppsBooksError {
  return new AppsBooksError(
    'apple.paging_corrupt',
    `A page of Apple’s answer contradicts itself: ${what}. Start again.`,
  )
}
