/** An enrollment that a device has: its profile, its identity, and where it is woken. */
import type { PlistDict } from '@apportion/apple-wire/plist'
import type { CertificateParts } from './certificates.ts'
import type { EnrollmentProfile } from './enrollment-profile.ts'
import type { KeyPair } from './keys.ts'

/** What a device keeps of the profile: the names of its payloads, not their secrets. */
export type InstalledProfile = Pick<EnrollmentProfile, 'profile' | 'management'>

export interface Enrollment {
  readonly profile: InstalledProfile
  readonly keys: KeyPair
  readonly certificate: CertificateParts
  /** Names the device in every message: `UDID`, or `EnrollmentID` where the device stays unknown. */
  readonly ids: PlistDict
  readonly pushMagic: string
  readonly pushToken: Buffer
}
