/**
 * What the person holding the device is asked before a licensed app appears (A5).
 *
 * Apple decides this, not us. We predict it, so that an administrator sees the interruptions a choice will cause
 * before making it.
 */
import {
  type EnrolmentKind,
  enrolmentKinds,
  type LicenseRefusal,
  type LicenseType,
  licenseRefusal,
} from './license-rule.ts'

/** In the order the person meets them: joining Apps and Books, agreeing to the installation, the Apple Account. */
export const prompts = ['join-program', 'confirm-install', 'sign-in'] as const
export type Prompt = (typeof prompts)[number]

/** The questions before an installation, or why there can be none. */
export type InstallExperience =
  | { readonly installable: true; readonly prompts: readonly Prompt[] }
  | { readonly installable: false; readonly reason: LicenseRefusal }

/** What is asked on a device of this kind whose user is known. No prompts: the app appears silently. */
export function installExperience(enrolment: EnrolmentKind, license: LicenseType): InstallExperience {
  const reason = licenseRefusal({ enrolment, license, hasUser: true })
  if (reason !== null) return { installable: false, reason }

  // A Managed Apple Account is signed in by User Enrollment itself and joins without an invitation.
  const personalAccount = license === 'user' && enrolment !== 'user_enrolment'
  const asked: Record<Prompt, boolean> = {
    'join-program': personalAccount,
    'confirm-install': !isSupervised(enrolment),
    'sign-in': personalAccount,
  }
  return { installable: true, prompts: prompts.filter((prompt) => asked[prompt]) }
}

/** A kiosk and a Shared iPad exist only under supervision. */
function isSupervised(enrolment: EnrolmentKind): boolean {
  return enrolment === 'kiosk' || enrolment === 'shared_ipad' || enrolment === 'corporate_supervised'
}

/** Names a row of the table of prompts, for counting and labels: `byod_user`. */
export type PromptScenarioId = `${EnrolmentKind}_${LicenseType}`

/** One row of the table of prompts. */
export interface PromptScenario {
  readonly id: PromptScenarioId
  readonly enrolment: EnrolmentKind
  readonly license: LicenseType
  readonly experience: InstallExperience
  /** One of the eight rows that are published; the others follow from User Enrollment and Shared iPad. */
  readonly published: boolean
}

/** The row that a device of this kind with this type of license falls under. */
export function promptScenarioId(enrolment: EnrolmentKind, license: LicenseType): PromptScenarioId {
  return `${enrolment}_${license}`
}

/** Every kind of enrolment with either type of license, once. */
export const promptScenarios: readonly PromptScenario[] = enrolmentKinds.flatMap((enrolment) =>
  (['device', 'user'] as const).map((license) => ({
    id: promptScenarioId(enrolment, license),
    enrolment,
    license,
    experience: installExperience(enrolment, license),
    published: enrolment !== 'user_enrolment' && enrolment !== 'shared_ipad',
  })),
)

/**
 * What the table does not tell, stable. `update_asks_while_open`: although installing is silent, an update asks while
 * the app is open or in the background, and may not install even when accepted. `no_updates_in_single_app_mode`: the
 * app in single-app mode is not updated. `store_must_be_allowed`: a policy that disables the App Store breaks user
 * licenses.
 */
export const promptCaveats = [
  'update_asks_while_open',
  'no_updates_in_single_app_mode',
  'store_must_be_allowed',
] as const
export type PromptCaveat = (typeof promptCaveats)[number]

/** The caveats of a row, in the order of `promptCaveats`; none where nothing can be installed. */
export function caveatsOf(enrolment: EnrolmentKind, license: LicenseType): readonly PromptCaveat[] {
  if (!installExperience(enrolment, license).installable) return []
  const holds: Record<PromptCaveat, boolean> = {
    update_asks_while_open: isSupervised(enrolment) && enrolment !== 'kiosk',
    no_updates_in_single_app_mode: enrolment === 'kiosk',
    store_must_be_allowed: license === 'user',
  }
  return promptCaveats.filter((caveat) => holds[caveat])
}
