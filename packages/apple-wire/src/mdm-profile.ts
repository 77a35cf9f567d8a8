/** Configuration profiles (MDM protocol): the payload types that enrollment takes, access rights, push topics. */

/** The type of a profile itself. */
export const CONFIGURATION = 'Configuration'

/** `PayloadType` of the payloads in profiles of ours. */
export const PAYLOAD_TYPES = {
  mdm: 'com.apple.mdm',
  scep: 'com.apple.security.scep',
  rootCertificate: 'com.apple.security.root',
  pemCertificate: 'com.apple.security.pem',
  appLock: 'com.apple.app.lock',
  restrictions: 'com.apple.applicationaccess',
} as const

/** The media type of a profile. */
export const PROFILE_MEDIA_TYPE = 'application/x-apple-aspen-config'
/** The media types of what devices send. */
export const CHECK_IN_MEDIA_TYPE = 'application/x-apple-aspen-mdm-checkin'
export const REPORT_MEDIA_TYPE = 'application/x-apple-aspen-mdm'

/** The bits of `AccessRights`. A new profile of an enrollment may drop rights and cannot add any. */
export const ACCESS_RIGHTS = {
  inspectProfiles: 1,
  /** Only together with `inspectProfiles`. */
  changeProfiles: 2,
  lock: 4,
  erase: 8,
  inspectDevice: 16,
  inspectNetwork: 32,
  inspectProvisioning: 64,
  changeProvisioning: 128,
  inspectApps: 256,
  inspectRestrictions: 512,
  inspectSecurity: 1024,
  settings: 2048,
  manageApps: 4096,
} as const
export type AccessRight = keyof typeof ACCESS_RIGHTS

/** The number that stands for rights. */
export function accessRights(rights: readonly AccessRight[]): number {
  return rights.reduce((sum, right) => sum | ACCESS_RIGHTS[right], 0)
}

/** What managing apps and books takes, and no more: 6419. Locking and erasing are not among it. */
export const RIGHTS_FOR_APPS = accessRights([
  'inspectProfiles',
  'changeProfiles',
  'inspectDevice',
  'inspectApps',
  'settings',
  'manageApps',
])

/** Whether a text has the form of the topic of a push certificate for device management. */
export function isPushTopic(text: string): boolean {
  return /^com\.apple\.mgmt\.[0-9A-Za-z.-]{1,200}$/.test(text)
}
