/** InstallProfile, RemoveProfile, ProfileList. */
import type { PlistDict } from '@apportion/apple-wire/plist'
import { bytesField, textField } from '@apportion/apple-wire/plist-fields'
import { type Answer, acknowledged, formatError, refused } from './command-answer.ts'
import type { DeviceState } from './device-state.ts'
import { EnrollmentFailed, renew } from './enroll.ts'
import { isEnrollment, type Profile, ProfileRefused, payloadNames, readProfile } from './profile-reading.ts'

/** A profile that manages the device takes the place of the one it has: a new identity, and the same enrollment. */
export async function installProfile(device: DeviceState, command: PlistDict): Promise<Answer> {
  const payload = bytesField(command, 'Payload')
  if (payload === undefined) return formatError('Payload is missing')
  try {
    const profile = readProfile(payload)
    if (isEnrollment(profile)) return await replaceEnrollment(device, profile)
    device.profiles.install(profile, device.identity.supervised)
    return acknowledged()
  } catch (error) {
    if (error instanceof ProfileRefused) {
      const { domain, number, message } = error
      return { status: 'Error', chain: [{ domain, number, text: message }] }
    }
    if (error instanceof EnrollmentFailed) return refused(error.number ?? 12002, error.message)
    throw error
  }
}

async function replaceEnrollment(device: DeviceState, profile: Profile): Promise<Answer> {
  if (device.enrollment === undefined) return refused(12013, 'The device is not managed')
  device.enrollment = await renew(device, device.enrollment, profile)
  return acknowledged()
}

export function removeProfile({ profiles }: DeviceState, command: PlistDict): Answer {
  const identifier = textField(command, 'Identifier') ?? ''
  if (!profiles.installed.delete(identifier)) return refused(12075, `There is no profile ${identifier}`)
  return acknowledged()
}

export function profileList({ profiles, enrollment }: DeviceState): Answer {
  const own = enrollment === undefined ? [] : [enrollment.profile.profile]
  const list = [
    ...own.map((profile) => entryOf(profile, false)),
    ...[...profiles.installed.values()].map((profile) => entryOf(profile, true)),
  ]
  return acknowledged({ ProfileList: list })
}

function entryOf(profile: Profile, isManaged: boolean): PlistDict {
  return {
    PayloadIdentifier: profile.identifier,
    PayloadUUID: profile.uuid,
    PayloadVersion: 1,
    PayloadDisplayName: profile.displayName,
    ...(profile.organization === undefined ? {} : { PayloadOrganization: profile.organization }),
    HasRemovalPasscode: false,
    IsEncrypted: false,
    IsManaged: isManaged,
    PayloadRemovalDisallowed: profile.removalDisallowed,
    PayloadContent: profile.payloads.map(payloadNames),
  }
}
