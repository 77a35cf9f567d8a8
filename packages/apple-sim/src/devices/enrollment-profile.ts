/** Checks an enrollment profile by Apple's rules, and gives what enrolling takes. */
import { ACCESS_RIGHTS, isPushTopic, PAYLOAD_TYPES } from '@apportion/apple-wire/mdm-profile'
import type { PlistDict, PlistValue } from '@apportion/apple-wire/plist'
import {
  booleanField,
  bytesField,
  dictField,
  listField,
  numberField,
  textField,
} from '@apportion/apple-wire/plist-fields'
import type { NameParts } from './certificates.ts'
import type { DeviceIdentity } from './device-identity.ts'
import { OID } from './oids.ts'
import { invalid, type Profile, ProfileRefused, payloadsOf } from './profile-reading.ts'
import type { ScepSettings } from './scep-authority.ts'

/** The payload `com.apple.mdm`, read. */
export interface Management {
  readonly topic: string
  readonly serverUrl: string
  readonly checkInUrl: string
  readonly signMessage: boolean
  readonly checkOutWhenRemoved: boolean
  /** Bits; in a User Enrollment everything that one allows. */
  readonly accessRights: number
  /** Of a User Enrollment. */
  readonly managedAccount: string | undefined
  /** The one app that a User Enrollment installs without a question. */
  readonly requiredApp: string | undefined
}

export interface EnrollmentProfile {
  readonly profile: Profile
  readonly management: Management
  readonly identity: ScepSettings
  /** DER. */
  readonly authorities: readonly Uint8Array[]
}

/** Whom a profile is for, and which addresses may be in it. */
export interface ProfileReader {
  readonly device: DeviceIdentity
  readonly accepts: (address: string) => boolean
}

const EVERY_RIGHT = 8191

/** Throws `ProfileRefused`. */
export function readEnrollmentProfile(profile: Profile, reader: ProfileReader): EnrollmentProfile {
  const [payload, ...more] = payloadsOf(profile, PAYLOAD_TYPES.mdm)
  if (payload === undefined) throw new ProfileRefused(12011, 'The profile has no MDM payload')
  if (more.length > 0) throw new ProfileRefused(12001, 'The profile has more than one MDM payload')
  return {
    profile,
    management: readManagement(payload, reader),
    identity: readIdentity(profile, payload, reader),
    authorities: payloadsOf(profile, PAYLOAD_TYPES.rootCertificate).map(certificateOf),
  }
}

function readManagement(payload: PlistDict, { device, accepts }: ProfileReader): Management {
  const topic = textField(payload, 'Topic') ?? ''
  if (!isPushTopic(topic))
    throw new ProfileRefused(12022, `The topic ${topic || 'is missing and'} is invalid`)
  const serverUrl = textField(payload, 'ServerURL') ?? ''
  const checkInUrl = textField(payload, 'CheckInURL') ?? serverUrl
  for (const address of [serverUrl, checkInUrl]) {
    if (!accepts(address))
      throw new ProfileRefused(12034, `The address ${address || 'is missing or'} is not https`)
  }
  const isUserEnrollment = textField(payload, 'EnrollmentMode') === 'BYOD'
  if (isUserEnrollment !== (device.kind === 'user_enrollment')) {
    throw new ProfileRefused(12011, 'The EnrollmentMode is not the one in which the device enrolls')
  }
  return {
    topic,
    serverUrl,
    checkInUrl,
    signMessage: booleanField(payload, 'SignMessage') ?? false,
    checkOutWhenRemoved: booleanField(payload, 'CheckOutWhenRemoved') ?? false,
    accessRights: readRights(payload, isUserEnrollment),
    managedAccount: isUserEnrollment ? assignedAccount(payload) : undefined,
    requiredApp: isUserEnrollment ? requiredApp(payload) : undefined,
  }
}

function readRights(payload: PlistDict, isUserEnrollment: boolean): number {
  const rights = numberField(payload, 'AccessRights')
  if (isUserEnrollment) {
    if (rights !== undefined) throw new ProfileRefused(12000, 'A User Enrollment has no AccessRights')
    return EVERY_RIGHT
  }
  const has = (right: number): boolean => ((rights ?? 0) & right) !== 0
  const isValid =
    rights !== undefined &&
    Number.isInteger(rights) &&
    rights > 0 &&
    rights <= EVERY_RIGHT &&
    (!has(ACCESS_RIGHTS.changeProfiles) || has(ACCESS_RIGHTS.inspectProfiles)) &&
    (!has(ACCESS_RIGHTS.changeProvisioning) || has(ACCESS_RIGHTS.inspectProvisioning))
  if (!isValid) throw new ProfileRefused(12000, `The AccessRights ${rights ?? 'are missing and'} are invalid`)
  return rights
}

function assignedAccount(payload: PlistDict): string {
  const account = textField(payload, 'AssignedManagedAppleID')
  if (!account) throw new ProfileRefused(12011, 'A User Enrollment is bound to a Managed Apple Account')
  return account
}

function requiredApp(payload: PlistDict): string | undefined {
  const adamId = numberField(payload, 'RequiredAppIDForMDM')
  return adamId === undefined ? undefined : String(adamId)
}

function readIdentity(profile: Profile, mdm: PlistDict, { device, accepts }: ProfileReader): ScepSettings {
  const uuid = textField(mdm, 'IdentityCertificateUUID')
  const payload = payloadsOf(profile, PAYLOAD_TYPES.scep).find(
    (one) => textField(one, 'PayloadUUID') === uuid,
  )
  const content = payload && dictField(payload, 'PayloadContent')
  if (uuid === undefined || content === undefined) {
    throw new ProfileRefused(12016, 'IdentityCertificateUUID names no SCEP payload of the profile')
  }
  const url = textField(content, 'URL') ?? ''
  if (!accepts(url)) throw new ProfileRefused(12034, `The address ${url || 'is missing or'} is not https`)
  expectUsage(content)
  const fingerprint = bytesField(content, 'CAFingerprint')
  return {
    url,
    name: textField(content, 'Name') ?? '',
    subject: readSubject(listField(content, 'Subject') ?? [], device),
    challenge: textField(content, 'Challenge') ?? '',
    keySize: readKeySize(content),
    retries: numberField(content, 'Retries') ?? 3,
    ...(fingerprint === undefined ? {} : { fingerprint }),
  }
}

function readKeySize(content: PlistDict): number {
  const size = numberField(content, 'Keysize') ?? 1024
  const isRsa = (textField(content, 'Key Type') ?? 'RSA') === 'RSA'
  if (!isRsa || ![1024, 2048, 4096].includes(size))
    throw invalid('The SCEP payload asks for a key of another kind')
  return size
}

function expectUsage(content: PlistDict): void {
  const usage = numberField(content, 'Key Usage') ?? 5
  if (![1, 4, 5].includes(usage))
    throw new ProfileRefused(22000, 'The key usage is invalid', 'MCSCEPErrorDomain')
}

const NAME_TYPES: Readonly<Record<string, string>> = {
  CN: OID.commonName,
  O: OID.organization,
  OU: '2.5.4.11',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
}

/** A list of levels, each a list of pairs of attribute and value; variables stand for facts of the device. */
function readSubject(levels: readonly PlistValue[], device: DeviceIdentity): NameParts {
  return levels.flatMap((level) =>
    pairsOf(level).map(([type, value]) => [typeOf(type), filled(value, device)] as const),
  )
}

function pairsOf(level: PlistValue): readonly (readonly [string, string])[] {
  if (!Array.isArray(level)) throw invalid('The subject of the SCEP payload is no list of lists')
  return level.map((pair: PlistValue) => {
    const [type, value] = Array.isArray(pair) ? pair : []
    if (typeof type !== 'string' || typeof value !== 'string')
      throw invalid('The subject has a level that is no pair')
    return [type, value] as const
  })
}

function typeOf(name: string): string {
  const type = NAME_TYPES[name] ?? (/^\d+(\.\d+)+$/.test(name) ? name : undefined)
  if (type === undefined) throw invalid(`The subject has an attribute ${name.slice(0, 40)}`)
  return type
}

function filled(value: string, { kind, udid, serialNumber }: DeviceIdentity): string {
  const hidden = kind === 'user_enrollment'
  return value
    .replaceAll('%HardwareUUID%', hidden ? '' : udid)
    .replaceAll('%SerialNumber%', hidden ? '' : serialNumber)
}

function certificateOf(payload: PlistDict): Uint8Array {
  const certificate = bytesField(payload, 'PayloadContent')
  if (certificate === undefined) throw invalid('A certificate payload has no content')
  return certificate
}

type Installed = Pick<EnrollmentProfile, 'profile' | 'management'>

/**
 * Whether a profile may take the place of another: same identifier, same signer, same addresses and topic, no right more.
 * Throws `ProfileRefused`.
 */
export function expectReplacement(before: Installed, after: Installed): void {
  if (before.profile.identifier !== after.profile.identifier) {
    throw new ProfileRefused(12001, 'The device is managed by another profile')
  }
  if (before.profile.signer !== after.profile.signer) {
    throw new ProfileRefused(12009, 'The profile is not signed by who signed the one on the device')
  }
  const [old, now] = [before.management, after.management]
  for (const key of ['topic', 'serverUrl', 'checkInUrl', 'managedAccount'] as const) {
    if (old[key] !== now[key]) throw new ProfileRefused(12012, `The profile changes ${key}`)
  }
  if ((now.accessRights & ~old.accessRights) !== 0) throw new ProfileRefused(12012, 'The profile adds rights')
}
