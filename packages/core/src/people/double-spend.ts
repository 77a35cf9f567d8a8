/** Licenses of which one would do (L14): how they come about, and which of the two can go. */

/**
 * - `device_and_user`: a device holds a license of its own, and its user another that serves the device as well
 * - `two_accounts`: one person holds the title with two Apple Accounts
 * - `two_locations`: one holder has a license of the title from two locations
 */
export const doubleSpendKinds = ['device_and_user', 'two_accounts', 'two_locations'] as const
export type DoubleSpendKind = (typeof doubleSpendKinds)[number]

/** One of the two licenses. */
export interface SpentLicense {
  /** An assignment or a person's wish asks for it. */
  readonly wanted: boolean
  /** Given by us; what is not is never taken back by itself. */
  readonly ours: boolean
  /** Apple takes it back. */
  readonly revocable: boolean
}

/**
 * What to do about two licenses. `in_migration`: one of them comes back by itself, since only the other is wanted still.
 * `free_first`, `free_second`: that one can go. `choose`: both are wanted or neither is, so an assignment has to change.
 * `keep`: Apple takes neither back.
 */
export type DoubleSpendAdvice = 'in_migration' | 'free_first' | 'free_second' | 'choose' | 'keep'

/**
 * Advises on two licenses. Of a device's license and its user's, `second` is the user's: it goes first, since the device's
 * needs no Apple Account.
 */
export function adviceOn(
  kind: DoubleSpendKind,
  { first, second }: { readonly first: SpentLicense; readonly second: SpentLicense },
): DoubleSpendAdvice {
  if (!first.revocable && !second.revocable) return 'keep'
  if (comesBack(first) && second.wanted) return 'in_migration'
  if (comesBack(second) && first.wanted) return 'in_migration'
  if (!first.revocable) return 'free_second'
  if (!second.revocable) return 'free_first'
  if (kind === 'device_and_user') return 'free_second'
  if (first.wanted === second.wanted) return 'choose'
  return first.wanted ? 'free_second' : 'free_first'
}

const comesBack = ({ wanted, ours, revocable }: SpentLicense): boolean => !wanted && ours && revocable
