/** Reads the parts that notifications are made of. Each gives `undefined` for what is not of its kind. */
import type { ApiError, AssetRef, Assignment, ErrorInfo, ResponseUser } from './messages.ts'
import type { Seats, SubscriptionAssignment } from './subscriptions.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** An id as a text, whichever way it came. */
export function idText(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textOf(value)
}

/** An id as a whole number, whichever way it came. */
export function idNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}

/** Every element read, or `undefined` when one of them cannot be: half a list would be taken for the whole. */
export function listOf<T>(value: unknown, read: (element: JsonObject) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined
  const elements = value.map((element) => (isJsonObject(element) ? read(element) : undefined))
  return elements.every((element) => element !== undefined) ? elements : undefined
}

export function assignmentOf(element: JsonObject): Assignment | undefined {
  const adamId = idText(element.adamId)
  const serialNumber = textOf(element.serialNumber)
  const clientUserId = textOf(element.clientUserId)
  if (adamId === undefined || (serialNumber === undefined) === (clientUserId === undefined)) return undefined
  return {
    adamId,
    pricingParam: textOf(element.pricingParam) ?? 'STDQ',
    ...(serialNumber === undefined ? {} : { serialNumber }),
    ...(clientUserId === undefined ? {} : { clientUserId }),
  }
}

type NotedUser = Partial<ResponseUser> & Pick<ResponseUser, 'clientUserId'>

export function userOf(element: JsonObject): NotedUser | undefined {
  const clientUserId = textOf(element.clientUserId)
  if (clientUserId === undefined) return undefined
  const [email, idHash, inviteCode, status] = [
    textOf(element.email),
    textOf(element.idHash),
    textOf(element.inviteCode),
    textOf(element.status),
  ]
  return {
    clientUserId,
    ...(email === undefined ? {} : { email }),
    ...(idHash === undefined ? {} : { idHash }),
    ...(inviteCode === undefined ? {} : { inviteCode }),
    ...(status === undefined ? {} : { status }),
  }
}

export function seatOf(element: JsonObject): SubscriptionAssignment | undefined {
  const adamId = idNumber(element.adamId)
  const clientUserId = textOf(element.clientUserId)
  if (adamId === undefined || clientUserId === undefined) return undefined
  return { adamId, clientUserId, renewing: element.renewing === true }
}

export function seatsOf(value: unknown): Seats | undefined {
  if (!isJsonObject(value)) return undefined
  const { renewing, expiring } = value
  return typeof renewing === 'number' && typeof expiring === 'number' ? { renewing, expiring } : undefined
}

/** The one `error`, else the first of `failures`: all elements of a notification share one failure. */
export function errorOf(content: JsonObject): ApiError | undefined {
  const candidates: readonly unknown[] = [
    content.error,
    ...(Array.isArray(content.failures) ? content.failures : []),
  ]
  for (const candidate of candidates) {
    if (!isJsonObject(candidate)) continue
    const { errorNumber, errorMessage, errorInfo } = candidate
    if (typeof errorNumber !== 'number') continue
    return {
      errorNumber,
      ...(typeof errorMessage === 'string' ? { errorMessage } : {}),
      ...(isJsonObject(errorInfo) ? { errorInfo: errorInfoOf(errorInfo) } : {}),
    }
  }
  return undefined
}

function errorInfoOf({ assets, clientUserIds, serialNumbers }: JsonObject): ErrorInfo {
  const named = listOf(assets, assetOf)
  const users = textsOf(clientUserIds)
  const devices = textsOf(serialNumbers)
  return {
    ...(named === undefined ? {} : { assets: named }),
    ...(users === undefined ? {} : { clientUserIds: users }),
    ...(devices === undefined ? {} : { serialNumbers: devices }),
  }
}

function assetOf({ adamId, pricingParam }: JsonObject): AssetRef | undefined {
  const id = idText(adamId)
  const pricing = textOf(pricingParam)
  return id === undefined
    ? undefined
    : { adamId: id, ...(pricing === undefined ? {} : { pricingParam: pricing }) }
}

const textsOf = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined
