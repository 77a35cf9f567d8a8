/**
 * Which licenses work where, and what an assignment may never say (L3, A2).
 *
 * Apple refuses most of these only when a device or a person is served; we say it before anything is saved, with what
 * to choose instead.
 */
import type { Side } from './conflict.ts'

/**
 * How a device is enrolled, as far as it decides which licenses work and what the person is asked; the values of the
 * database's `enrolment_kind`. A kiosk is in single-app mode; `byod` is a personal device that is enrolled as a whole.
 */
export const enrolmentKinds = [
  'user_enrolment',
  'shared_ipad',
  'kiosk',
  'byod',
  'corporate_supervised',
  'corporate_unsupervised',
] as const
export type EnrolmentKind = (typeof enrolmentKinds)[number]

/** A license is held by a device, named by its serial number, or by a person, for up to five of their devices. */
export type LicenseType = 'device' | 'user'

/** Why a license of a type does not work on a device, stable. */
export const licenseRefusals = [
  'device_is_anonymous',
  'kiosk_has_no_user',
  'shared_ipad_has_no_user',
  'no_user',
  'left_management',
] as const
export type LicenseRefusal = (typeof licenseRefusals)[number]

/** One device and the type of license that is meant for it. */
export interface LicenseUse {
  readonly enrolment: EnrolmentKind
  readonly license: LicenseType
  /** Whether somebody is known whose device it is. */
  readonly hasUser: boolean
}

/** Why a license of this type does not work there; null when it does. */
export function licenseRefusal({ enrolment, license, hasUser }: LicenseUse): LicenseRefusal | null {
  // User Enrollment hides the serial number, the only thing that a device license can name.
  if (license === 'device') return enrolment === 'user_enrolment' ? 'device_is_anonymous' : null
  if (enrolment === 'kiosk') return 'kiosk_has_no_user'
  // Whoever signs in to a Shared iPad is gone tomorrow; the apps belong to the device.
  if (enrolment === 'shared_ipad') return 'shared_ipad_has_no_user'
  return hasUser ? null : 'no_user'
}

const sentences: Readonly<Record<LicenseRefusal, string>> = {
  device_is_anonymous:
    'User Enrollment hides the serial number that a device license needs: use a user license with a Managed Apple Account.',
  kiosk_has_no_user:
    'Nobody signs in on a kiosk, so a user license does not work there: use a device license.',
  shared_ipad_has_no_user:
    'A Shared iPad belongs to nobody, so a user license does not work there: use a device license.',
  no_user:
    'No user is known for this device, so nobody can hold the user license: name its user, or use a device license.',
  left_management: 'The device left management, so nothing can be installed on it: enroll it again.',
}

/** The refusal in one sentence, with what to choose instead. */
export function refusalSentence(code: LicenseRefusal): string {
  return sentences[code]
}

/** What an assignment may never say, stable. */
export const assignmentRefusals = [
  'book_cannot_be_removed',
  'book_needs_users',
  'book_needs_user_licenses',
  'available_needs_users',
  'not_device_assignable',
] as const
export type AssignmentRefusal = (typeof assignmentRefusals)[number]

/** What an assignment says, as far as its members do not matter. */
export interface AssignmentSaying {
  /** Of what the group is. */
  readonly groupKind: Side
  readonly mode: 'include' | 'exclude'
  /** Null for an exclusion. */
  readonly intent: 'required' | 'available' | 'uninstall' | null
  readonly license: LicenseType
  readonly asset: { readonly isBook: boolean; readonly deviceAssignable: boolean }
}

/**
 * Why this may not be saved, whatever the group's members are; null when it may. Books go to groups of users, with
 * user licenses, and never come back; an app is available only to groups of users; what Apple does not license to
 * devices takes no device license. An exclusion gives nothing and may always be said; an uninstall takes no license.
 */
export function assignmentRefusal({
  groupKind,
  mode,
  intent,
  license,
  asset,
}: AssignmentSaying): AssignmentRefusal | null {
  if (mode === 'exclude') return null
  if (asset.isBook) return bookRefusal({ groupKind, intent, license })
  if (intent === 'available' && groupKind === 'device') return 'available_needs_users'
  const takesLicense = intent !== 'uninstall'
  return takesLicense && license === 'device' && !asset.deviceAssignable ? 'not_device_assignable' : null
}

function bookRefusal({
  groupKind,
  intent,
  license,
}: Pick<AssignmentSaying, 'groupKind' | 'intent' | 'license'>): AssignmentRefusal | null {
  if (intent === 'uninstall') return 'book_cannot_be_removed'
  if (groupKind === 'device') return 'book_needs_users'
  return license === 'device' ? 'book_needs_user_licenses' : null
}
