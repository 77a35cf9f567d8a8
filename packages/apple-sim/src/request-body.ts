/**
 * The bodies of writes, checked as Apple checks them: refused as a whole, before anything starts.
 *
 * Unknown extra fields are tolerated. The order of the checks is not documented; this one goes from shape to size
 * to content.
 */
import type { ErrorInfo } from '@apportion/apple-wire/messages'
import type { Target, UserTask } from './event.ts'
import type { Limits } from './knobs.ts'
import type { AssetIdentity } from './location.ts'
import { type KnownErrorNumber, Refusal } from './refusal.ts'

type JsonObject = Readonly<Record<string, unknown>>

/** 9602 unless the body is a JSON object. */
export function objectBody(body: unknown): JsonObject {
  if (!isObject(body)) throw new Refusal(9602)
  return body
}

/** The `assets` list; a missing `pricingParam` means `STDQ`. */
export function requestedAssets(body: JsonObject, limits: Limits): readonly AssetIdentity[] {
  const assets = listOf(body.assets, (entry): AssetIdentity => {
    if (!isObject(entry)) throw new Refusal(9602)
    return { adamId: text(entry.adamId), pricingParam: optionalText(entry.pricingParam) ?? 'STDQ' }
  })
  if (assets.length === 0) throw new Refusal(9718)
  if (assets.length > limits.maxAssets) throw new Refusal(9700)
  const keys = assets.map(({ adamId, pricingParam }) => `${adamId}/${pricingParam}`)
  const doubled = assets.filter((_, index) => keys.indexOf(keys[index] ?? '') !== index)
  if (doubled.length > 0) throw new Refusal(9703, { info: { assets: doubled } })
  return assets
}

/** Users and devices of a write, with the numbers allowed of each; users come first. */
export function requestedTargets(
  body: JsonObject,
  { users, devices }: { readonly users: number; readonly devices: number },
): readonly Target[] {
  const clientUserIds = listOf(body.clientUserIds, text)
  const serialNumbers = listOf(body.serialNumbers, text)
  if (clientUserIds.length === 0 && serialNumbers.length === 0) throw new Refusal(9719)
  if (clientUserIds.length > users) throw new Refusal(9701)
  if (serialNumbers.length > devices) throw new Refusal(9702)
  refuseDoubles(clientUserIds, 9704, (doubled) => ({ clientUserIds: doubled }))
  refuseDoubles(serialNumbers, 9705, (doubled) => ({ serialNumbers: doubled }))
  return [
    ...clientUserIds.map((clientUserId): Target => ({ kind: 'user', clientUserId })),
    ...serialNumbers.map((serialNumber): Target => ({ kind: 'device', serialNumber })),
  ]
}

/** The `users` list of create, update and retire. */
export function requestedUsers(body: JsonObject, limits: Limits): readonly UserTask[] {
  const users = listOf(body.users, (entry): UserTask => {
    if (!isObject(entry)) throw new Refusal(9602)
    const email = optionalText(entry.email)
    const managedAppleId = optionalText(entry.managedAppleId)
    return {
      clientUserId: text(entry.clientUserId),
      ...(email !== undefined && { email }),
      ...(managedAppleId !== undefined && { managedAppleId }),
    }
  })
  if (users.length === 0) throw new Refusal(9720)
  if (users.length > limits.maxUsers) throw new Refusal(9714)
  const ids = users.map((user) => user.clientUserId)
  refuseDoubles(ids, 9715, (doubled) => ({ clientUserIds: doubled }))
  const badMail = users.filter(
    ({ email }) => email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email),
  )
  if (badMail.length > 0) {
    throw new Refusal(9717, { info: { clientUserIds: badMail.map((user) => user.clientUserId) } })
  }
  return users
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list whose entries `read` accepts; absent or null is empty, anything else 9602. */
export function listOf<Item>(value: unknown, read: (entry: unknown) => Item): readonly Item[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Refusal(9602)
  return value.map(read)
}

/** A text that is not empty; anything else is 9602. */
export function text(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new Refusal(9602)
  return value
}

function optionalText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : text(value)
}

function refuseDoubles(
  names: readonly string[],
  errorNumber: KnownErrorNumber,
  info: (doubled: readonly string[]) => ErrorInfo,
): void {
  const seen = new Set(names)
  if (seen.size === names.length) return
  const doubled = names.filter((name) => !seen.delete(name))
  throw new Refusal(errorNumber, { info: info([...new Set(doubled)]) })
}
