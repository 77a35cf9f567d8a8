/** What a device tells of itself (MDM protocol, DeviceInformation). */
import { booleanField, dictField, numberField, textField } from './plist-fields.ts'
import type { PlistDict } from './plist-value.ts'

/** Queries that every enrollment may ask. */
const OF_EVERY_DEVICE = [
  'DeviceName',
  'ModelName',
  'Model',
  'ProductName',
  'OSVersion',
  'BuildVersion',
  'IsSupervised',
  'IsMultiUser',
  'TimeZone',
] as const

/** Queries that a User Enrollment does not answer: they would name the device, or the person's own account. */
const NOT_OF_USER_ENROLLMENTS = [
  'UDID',
  'SerialNumber',
  'AwaitingConfiguration',
  'iTunesStoreAccountIsActive',
  'iTunesStoreAccountHash',
] as const

/**
 * The `Queries` to send: what delivery needs, and nothing that is personal without need. Devices drop silently what
 * they may not tell, so an absent answer is no error.
 */
export function deviceQueries(kind: 'device' | 'user'): readonly string[] {
  return kind === 'user' ? OF_EVERY_DEVICE : [...OF_EVERY_DEVICE, ...NOT_OF_USER_ENROLLMENTS]
}

/** Everything may be missing. Texts are the device's: not to be trusted. */
export interface DeviceFacts {
  readonly udid?: string
  readonly serialNumber?: string
  readonly deviceName?: string
  readonly modelName?: string
  readonly model?: string
  /** Such as `iPad14,3`. */
  readonly productName?: string
  readonly osVersion?: string
  readonly buildVersion?: string
  readonly supervised?: boolean
  /** A Shared iPad. */
  readonly multiUser?: boolean
  /** IANA name, such as `Europe/Amsterdam`; of iOS and iPadOS 14 and later. */
  readonly timeZone?: string
  readonly awaitingConfiguration?: boolean
  /** Somebody is signed in to the store. */
  readonly storeAccountActive?: boolean
  /** Equals the `idHash` of a user in Apps and Books. */
  readonly storeAccountHash?: string
  /** Gigabytes. */
  readonly capacity?: number
  /** Gigabytes. */
  readonly availableCapacity?: number
}

const TEXTS = {
  udid: 'UDID',
  serialNumber: 'SerialNumber',
  deviceName: 'DeviceName',
  modelName: 'ModelName',
  model: 'Model',
  productName: 'ProductName',
  osVersion: 'OSVersion',
  buildVersion: 'BuildVersion',
  timeZone: 'TimeZone',
  storeAccountHash: 'iTunesStoreAccountHash',
} as const
const TRUTHS = {
  supervised: 'IsSupervised',
  multiUser: 'IsMultiUser',
  awaitingConfiguration: 'AwaitingConfiguration',
  storeAccountActive: 'iTunesStoreAccountIsActive',
} as const
const NUMBERS = { capacity: 'DeviceCapacity', availableCapacity: 'AvailableDeviceCapacity' } as const

/** The facts in the answer to DeviceInformation; `undefined` when the report holds no answers at all. */
export function readDeviceFacts(message: PlistDict): DeviceFacts | undefined {
  const answers = dictField(message, 'QueryResponses')
  if (answers === undefined) return undefined
  return {
    ...taken(TEXTS, (key) => textField(answers, key)),
    ...taken(TRUTHS, (key) => booleanField(answers, key)),
    ...taken(NUMBERS, (key) => numberField(answers, key)),
  }
}

function taken<Name extends string, Value>(
  keys: Readonly<Record<Name, string>>,
  read: (key: string) => Value | undefined,
): Partial<Record<Name, Value>> {
  const found: Partial<Record<Name, Value>> = {}
  for (const name in keys) {
    const value = read(keys[name])
    if (value !== undefined) found[name] = value
  }
  return found
}
