/** Enrolling: certificates, then the identity, then management. What fails leaves the device as it was. */
import { randomBytes, randomUUID } from 'node:crypto'
import { PROFILE_MEDIA_TYPE } from '@apportion/apple-wire/mdm-profile'
import type { PlistDict } from '@apportion/apple-wire/plist'
import { compact } from './certificates.ts'
import { Unreachable } from './device-http.ts'
import type { DeviceState } from './device-state.ts'
import type { Enrollment, InstalledProfile } from './enrollment.ts'
import { type EnrollmentProfile, expectReplacement, readEnrollmentProfile } from './enrollment-profile.ts'
import { type MessageKind, sendMessage } from './mdm-channel.ts'
import { type Profile, ProfileRefused, payloadNames, readProfile } from './profile-reading.ts'
import { ScepFailed } from './scep-authority.ts'
import { requestIdentity } from './scep-client.ts'

export type EnrollmentStep = 'fetch' | 'profile' | 'identity' | 'authenticate' | 'token_update'

/** Where enrolling ended, with Apple's number where there is one. */
export class EnrollmentFailed extends Error {
  override readonly name = 'EnrollmentFailed'
  readonly step: EnrollmentStep
  readonly number: number | undefined

  constructor(step: EnrollmentStep, message: string, number?: number) {
    super(`${step}: ${message}`)
    this.step = step
    this.number = number
  }
}

/** What the person's browser downloads. Throws `EnrollmentFailed`. */
export async function fetchProfile({ ports: { http } }: DeviceState, url: string): Promise<Buffer> {
  const reply = await http.send(url, { method: 'GET' }).catch((error: unknown) => {
    throw new EnrollmentFailed('fetch', textOf(error))
  })
  const type = (reply.headers['content-type'] ?? '').split(';')[0]
  if (reply.status !== 200)
    throw new EnrollmentFailed('fetch', `${reply.url.pathname} answers ${reply.status}`)
  if (type !== PROFILE_MEDIA_TYPE)
    throw new EnrollmentFailed('fetch', `${reply.url.pathname} is a ${type ?? ''}`)
  return reply.body
}

/** Where a device that enrolls is going to be woken. */
export type PushAddress = Pick<Enrollment, 'pushMagic' | 'pushToken'> & { readonly topic: string }

/**
 * Installs an enrollment profile on a device that has none. `reachable` is called before the server hears of the push
 * token: its first push may be faster than its answer. Throws `EnrollmentFailed`.
 */
export async function enroll(
  device: DeviceState,
  bytes: Uint8Array,
  reachable: (address: PushAddress) => void,
): Promise<Enrollment> {
  const profile = checked(() => read(device, readProfile(bytes)))
  const ids: PlistDict = device.isUserEnrollment
    ? { EnrollmentID: randomUUID().toUpperCase() }
    : { UDID: device.identity.udid }
  const start = { ids, pushMagic: randomUUID().toUpperCase(), pushToken: randomBytes(32) }
  reachable({ ...start, topic: profile.management.topic })
  return establish(device, profile, start)
}

/** Puts a newer profile in the place of the one that the device has: a new identity. Throws `EnrollmentFailed`. */
export async function renew(device: DeviceState, before: Enrollment, newer: Profile): Promise<Enrollment> {
  const profile = checked(() => {
    const after = read(device, newer)
    expectReplacement(before.profile, after)
    return after
  })
  return establish(device, profile, before)
}

const read = (device: DeviceState, profile: Profile): EnrollmentProfile =>
  readEnrollmentProfile(profile, {
    device: device.identity,
    accepts: (address) => device.ports.http.accepts(address),
  })

function checked(make: () => EnrollmentProfile): EnrollmentProfile {
  try {
    return make()
  } catch (error) {
    if (error instanceof ProfileRefused) throw new EnrollmentFailed('profile', error.message, error.number)
    throw error
  }
}

async function establish(
  device: DeviceState,
  profile: EnrollmentProfile,
  start: Pick<Enrollment, 'ids' | 'pushMagic' | 'pushToken'>,
): Promise<Enrollment> {
  for (const authority of profile.authorities) device.ports.http.trust(authority)
  const keys = await device.ports.keys.next(profile.identity.keySize)
  const certificate = await identityFor(device, profile, keys)
  const { ids, pushMagic, pushToken } = start
  const enrollment = { ids, pushMagic, pushToken, profile: installed(profile), keys, certificate }
  await tell(device, enrollment, { step: 'authenticate', message: authenticate(device, profile) })
  await tell(device, enrollment, { step: 'token_update', message: tokenUpdate(device, enrollment) })
  return enrollment
}

/** Large fleets keep many of these, so texts are copied: as they were read they are pieces of the whole profile. */
function installed({ profile, management }: EnrollmentProfile): InstalledProfile {
  return structuredClone({
    management,
    profile: { ...profile, payloads: profile.payloads.map(payloadNames) },
  })
}

async function identityFor(device: DeviceState, profile: EnrollmentProfile, keys: Enrollment['keys']) {
  const { http, clock } = device.ports
  try {
    const ports = { http, now: () => clock.now(), lengths: device.lengths, pause: async () => {} }
    return compact(await requestIdentity(ports, profile.identity, keys))
  } catch (error) {
    if (error instanceof ScepFailed) throw new EnrollmentFailed('identity', error.message, error.number)
    if (error instanceof Unreachable) throw new EnrollmentFailed('identity', error.message, 22005)
    throw error
  }
}

async function tell(
  device: DeviceState,
  enrollment: Enrollment,
  { step, message }: { readonly step: EnrollmentStep; readonly message: PlistDict },
): Promise<void> {
  const kind: MessageKind = 'check-in'
  const outcome = await sendMessage(device, enrollment, { kind, message })
  if (outcome.kind === 'taken') return
  const why = outcome.kind === 'removed' ? `the server answers ${outcome.status}` : outcome.why
  throw new EnrollmentFailed(step, why)
}

/** A User Enrollment tells nothing that names the device. */
function authenticate(
  { identity, isUserEnrollment }: DeviceState,
  { management }: EnrollmentProfile,
): PlistDict {
  return {
    MessageType: 'Authenticate',
    Topic: management.topic,
    OSVersion: identity.osVersion,
    BuildVersion: identity.buildVersion,
    ProductName: identity.productName,
    ...(isUserEnrollment ? {} : { SerialNumber: identity.serialNumber }),
  }
}

/** Sent again whenever one of its values changes. */
export function tokenUpdate(
  { conditions }: DeviceState,
  { profile, pushMagic, pushToken }: Pick<Enrollment, 'profile' | 'pushMagic' | 'pushToken'>,
): PlistDict {
  return {
    MessageType: 'TokenUpdate',
    Topic: profile.management.topic,
    Token: new Uint8Array(pushToken),
    PushMagic: pushMagic,
    AwaitingConfiguration: conditions.inSetupAssistant,
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
