/**
 * When a title counts as removed from the store of a country (C4).
 *
 * Apple's lookup leaves out what it does not know, what a token may not see and what it fails to find just now, and
 * says nothing in any of these cases. So a missing title means nothing by itself: it counts only where the same answer
 * told of others, and only when it is still missing a day later.
 */

/** Two observations that are this far apart agree. */
const absenceLastsMs = 86_400_000

/** What one request of the lookup said. */
export interface LookupSaid {
  readonly asked: readonly string[]
  /** What it told of: custom apps of the organization, and titles that anyone can see. */
  readonly told: readonly { readonly adamId: string; readonly isCustomApp: boolean }[]
  /** Another country's store answered; Apple answers for the United States where it does not know one. */
  readonly isOtherCountry: boolean
}

/** A title that was asked for. */
export interface AskedTitle {
  readonly adamId: string
  /** As it was last known: a custom app shows only to a token that Apple accepted. */
  readonly isCustomApp: boolean
}

/** Whether an answer shows that a title is there, or is not; `unclear` proves neither. */
export type Sighting = 'there' | 'absent' | 'unclear'

/** What an answer says of one title that it was asked for. */
export function sightingOf(title: AskedTitle, said: LookupSaid): Sighting {
  if (said.isOtherCountry || !said.asked.includes(title.adamId)) return 'unclear'
  if (said.told.some(({ adamId }) => adamId === title.adamId)) return 'there'
  const witnesses = title.isCustomApp ? said.told.filter(({ isCustomApp }) => isCustomApp) : said.told
  return witnesses.length > 0 ? 'absent' : 'unclear'
}

/** What is known of a title's absence. */
export interface Absence {
  /** The first of the observations without it since it was last there. */
  readonly absentSince: Date | null
  /** When it began to count as removed. */
  readonly notInStoreSince: Date | null
}

/** An absence after one more look, and the change to tell of, if it is one. */
export function afterSighting(
  known: Absence,
  sighting: Sighting,
  at: Date,
): Absence & { readonly change: 'not_in_store' | 'in_store_again' | null } {
  if (sighting === 'unclear') return { ...known, change: null }
  if (sighting === 'there') {
    const change = known.notInStoreSince === null ? null : 'in_store_again'
    return { absentSince: null, notInStoreSince: null, change }
  }
  const absentSince = known.absentSince ?? at
  const lasts = at.getTime() - absentSince.getTime() >= absenceLastsMs
  if (known.notInStoreSince !== null || !lasts) return { ...known, absentSince, change: null }
  return { absentSince, notInStoreSince: at, change: 'not_in_store' }
}
