/** What is meant for a title on a device, and whether it may happen now (D3, U2, invariants 2 and 9). */
import { type LicenseUse, licenseRefusal } from '../assignments/license-rule.ts'

/** What the server knows of a title on a device under management. */
export interface WishFacts {
  /** What assignments come to; null when none reaches the device. */
  readonly intent: 'required' | 'available' | 'available_or_uninstall' | 'uninstall' | null
  /** Somebody asked for what is available. */
  readonly asked: boolean
  /** Taken back by hand, and not to be given again. */
  readonly withheld: boolean
  /**
   * Apple confirmed a license for the device or its person, and it is not on its way back. Of a book also: the person has
   * joined, since only an account opens it.
   */
  readonly licensed: boolean
}

/** Install it; install it as soon as there is a license; remove it; or leave the device as it is. */
export type Wish = 'install' | 'wait_for_license' | 'remove' | 'leave'

/** What is meant for the device. */
export function wishOf({ intent, asked, withheld, licensed }: WishFacts): Wish {
  if (intent === 'uninstall') return 'remove'
  const offered = intent === 'available' || intent === 'available_or_uninstall'
  const isMeant = intent === 'required' || (offered && asked)
  if (!isMeant || withheld) return 'leave'
  return licensed ? 'install' : 'wait_for_license'
}

/** What decides whether a device takes its person's books. */
export interface BookDevice extends Omit<LicenseUse, 'license'> {
  readonly platform: string | null
}

/** Where the list of books is, by which a book is verified. */
export const bookPlatforms = ['iOS', 'iPadOS'] as const

/** Whether a book of its person goes to the device. */
export function takesBooks({ platform, enrolment, hasUser }: BookDevice): boolean {
  const isOnPlatform = bookPlatforms.some((each) => each === platform)
  return isOnPlatform && licenseRefusal({ enrolment, hasUser, license: 'user' }) === null
}

/** What is meant for a book on a device. It stays with the person, so it is never removed. */
export function bookWishOf(facts: WishFacts, fits: boolean): Wish {
  const wish = wishOf(facts)
  return wish === 'remove' || !fits ? 'leave' : wish
}
