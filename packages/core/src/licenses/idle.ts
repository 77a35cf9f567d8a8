/**
 * Which licenses lie idle: held by somebody who cannot use them, as far as the directory and the policies tell (L11).
 *
 * Whether an app is used, Apple tells nobody, and whether it is still installed is not known here; so neither is a
 * reason. The rule is decided for facts, not for single licenses: the database joins its rows with the table that
 * `idleVerdicts` gives.
 */

/** Why a license is idle; stable. In the order in which they are told. */
export const idleReasons = [
  'serial_unknown',
  'user_unknown',
  'user_left',
  'device_unseen',
  'not_assigned',
  'outside_and_unknown',
] as const

export type IdleReason = (typeof idleReasons)[number]

/** What is known of a license that is held, and of its holder. */
export interface HeldFacts {
  readonly holderKind: 'device' | 'user'
  readonly ours: boolean
  /** The directory has the device or the person. */
  readonly known: boolean
  /** The person, or the person whose device it is, has left. */
  readonly personLeft: boolean
  /** The device was seen once, and not since the moment that the setting gives. */
  readonly unseen: boolean
  /** Nobody needs it, and it stays for a while: by an assignment's policy, or since taking it back was undone. */
  readonly kept: 'no' | 'by_policy' | 'undone'
}

/** The setting: a device that was not seen for so many days is unseen. */
export const unseenDays = { usual: 90, least: 1, most: 3650 } as const

/** A device that was last seen before this moment is unseen. */
export function unseenBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000)
}

/** Why a license is idle; the reason that is surest goes first. Null: it is not. */
export function idleReason(facts: HeldFacts): IdleReason | null {
  // An administrator wanted it back with its holder; to offer it again the next day would invite taking it again.
  if (facts.kept === 'undone') return null
  if (!facts.known) {
    if (!facts.ours) return 'outside_and_unknown'
    return facts.holderKind === 'device' ? 'serial_unknown' : 'user_unknown'
  }
  if (facts.personLeft) return 'user_left'
  if (facts.unseen && facts.holderKind === 'device') return 'device_unseen'
  return facts.ours && facts.kept === 'by_policy' ? 'not_assigned' : null
}

/** A line of the table that the database joins with. */
export interface IdleVerdict extends HeldFacts {
  readonly reason: IdleReason
}

const both = [true, false] as const

/** The reason for every combination of facts that is idle. */
export const idleVerdicts: readonly IdleVerdict[] = (['device', 'user'] as const).flatMap((holderKind) =>
  (['no', 'by_policy', 'undone'] as const).flatMap((kept) =>
    both.flatMap((ours) =>
      both.flatMap((known) =>
        both.flatMap((personLeft) =>
          both.flatMap((unseen) => {
            const facts = { holderKind, ours, known, personLeft, unseen, kept }
            const reason = idleReason(facts)
            return reason === null ? [] : [{ ...facts, reason }]
          }),
        ),
      ),
    ),
  ),
)
