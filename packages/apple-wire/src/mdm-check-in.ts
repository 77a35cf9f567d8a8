/** Check-in messages (MDM protocol): what a device sends when it enrolls, when its token changes and when it leaves. */
import { booleanField, bytesField, dictField, textField } from './plist-fields.ts'
import type { PlistDict } from './plist-value.ts'

/** Begins an enrollment or renews its identity. All but the topic and the identifier may be missing. */
export interface Authenticate {
  readonly type: 'Authenticate'
  readonly topic: string
  readonly serialNumber?: string
  readonly osVersion?: string
  readonly buildVersion?: string
  readonly productName?: string
  readonly deviceName?: string
  readonly model?: string
  readonly modelName?: string
}

/** Completes an enrollment, and comes again whenever one of its values has changed. */
export interface TokenUpdate {
  readonly type: 'TokenUpdate'
  readonly topic: string
  /** Opaque, of any length. */
  readonly token: Uint8Array
  readonly pushMagic: string
  readonly awaitingConfiguration: boolean
}

export type CheckIn =
  | Authenticate
  | TokenUpdate
  | { readonly type: 'CheckOut'; readonly topic?: string }
  | { readonly type: 'UserAuthenticate' }
  | { readonly type: 'SetBootstrapToken' }
  | { readonly type: 'GetBootstrapToken' }
  | { readonly type: 'GetToken'; readonly service?: string; readonly parameters?: PlistDict }
  | { readonly type: 'DeclarativeManagement'; readonly endpoint?: string; readonly data?: Uint8Array }
  | { readonly type: 'ReturnToService' }
  | { readonly type: 'unknown'; readonly messageType: string }

/**
 * The check-in message in a dictionary; `undefined` when it has no `MessageType` or lacks what its kind cannot do
 * without. Who sent it tells `enrollmentIdentifier`.
 */
export function readCheckIn(dict: PlistDict): CheckIn | undefined {
  const messageType = textField(dict, 'MessageType')
  switch (messageType) {
    case undefined:
      return undefined
    case 'Authenticate':
      return readAuthenticate(dict)
    case 'TokenUpdate':
      return readTokenUpdate(dict)
    case 'CheckOut':
      return { type: 'CheckOut', ...texts(dict, { topic: 'Topic' }) }
    case 'GetToken':
      return readGetToken(dict)
    case 'DeclarativeManagement':
      return readDeclarativeManagement(dict)
    case 'UserAuthenticate':
    case 'SetBootstrapToken':
    case 'GetBootstrapToken':
    case 'ReturnToService':
      return { type: messageType }
    default:
      return { type: 'unknown', messageType }
  }
}

function readAuthenticate(dict: PlistDict): Authenticate | undefined {
  const topic = textField(dict, 'Topic')
  if (topic === undefined) return undefined
  return {
    type: 'Authenticate',
    topic,
    ...texts(dict, {
      serialNumber: 'SerialNumber',
      osVersion: 'OSVersion',
      buildVersion: 'BuildVersion',
      productName: 'ProductName',
      deviceName: 'DeviceName',
      model: 'Model',
      modelName: 'ModelName',
    }),
  }
}

function readTokenUpdate(dict: PlistDict): TokenUpdate | undefined {
  const topic = textField(dict, 'Topic')
  const token = bytesField(dict, 'Token')
  const pushMagic = textField(dict, 'PushMagic')
  if (topic === undefined || token === undefined || token.length === 0 || !pushMagic) return undefined
  const awaitingConfiguration = booleanField(dict, 'AwaitingConfiguration') ?? false
  return { type: 'TokenUpdate', topic, token, pushMagic, awaitingConfiguration }
}

function readGetToken(dict: PlistDict): CheckIn {
  const parameters = dictField(dict, 'TokenParameters')
  return {
    type: 'GetToken',
    ...texts(dict, { service: 'TokenServiceType' }),
    ...(parameters === undefined ? {} : { parameters }),
  }
}

function readDeclarativeManagement(dict: PlistDict): CheckIn {
  const data = bytesField(dict, 'Data')
  return {
    type: 'DeclarativeManagement',
    ...texts(dict, { endpoint: 'Endpoint' }),
    ...(data === undefined ? {} : { data }),
  }
}

/** The texts that a dictionary has, under our names. */
function texts<Name extends string>(
  dict: PlistDict,
  keys: Readonly<Record<Name, string>>,
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {}
  for (const name in keys) {
    const text = textField(dict, keys[name])
    if (text !== undefined) found[name] = text
  }
  return found
}

/** Who sent a message: a device, or a person's own account on it. */
export interface EnrollmentIdentifier {
  /** The UDID, or the EnrollmentID of a User Enrollment; letters, digits and hyphens, at most 255. */
  readonly identifier: string
  /** `device` has a UDID; `user` is a User Enrollment, which has none. */
  readonly kind: 'device' | 'user'
  /** The person on the device (macOS, Shared iPad) whom the message is about. */
  readonly userPart?: string
}

/** On a Shared iPad the person stands in the short name instead. */
const SHARED_IPAD_USER = 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'

/**
 * The enrollment that a message speaks for, check-in or report; the UDID wins over an EnrollmentID. `undefined` when it
 * names none, or names it in a form that no device uses.
 */
export function enrollmentIdentifier(dict: PlistDict): EnrollmentIdentifier | undefined {
  const udid = textField(dict, 'UDID')
  const identifier = udid ?? textField(dict, 'EnrollmentID')
  if (identifier === undefined || !/^[0-9A-Za-z-]{1,255}$/.test(identifier)) return undefined
  const user = udid === undefined ? textField(dict, 'EnrollmentUserID') : userOfDevice(dict)
  if (user === undefined) return { identifier, kind: udid === undefined ? 'user' : 'device' }
  // A person without a name would be taken for the device itself.
  if (user === '' || user.length > 255) return undefined
  return { identifier, kind: udid === undefined ? 'user' : 'device', userPart: user }
}

function userOfDevice(dict: PlistDict): string | undefined {
  const userId = textField(dict, 'UserID')
  return userId === SHARED_IPAD_USER ? (textField(dict, 'UserShortName') ?? '') : userId
}
