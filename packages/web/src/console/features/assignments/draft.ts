/**
 * Assignments of one asset as they are being edited: what is saved, and what would be.
 * Nothing here changes anything at the server; the plan and the save do.
 */
import type { Assignment, WantedAssignment } from '../../../shared/api/shapes.ts'
import { isSameTerms, type Terms, termsOf, wantedFrom } from './terms.ts'

export interface DraftGroup {
  readonly id: number
  readonly name: string
  readonly kind: 'device' | 'user'
}

/** One group. `saved` is null when it is new, `wanted` is null when it is to be removed. */
export interface DraftLine {
  readonly group: DraftGroup
  readonly saved: Terms | null
  readonly wanted: Terms | null
}

export type LineChange = 'same' | 'added' | 'changed' | 'removed'

/** The draft that changes nothing, by name of the group. */
export function draftOf(assignments: readonly Assignment[]): readonly DraftLine[] {
  return assignments
    .map((assignment): DraftLine => {
      const terms = termsOf(assignment)
      return { group: assignment.group, saved: terms, wanted: terms }
    })
    .toSorted((one, other) => one.group.name.localeCompare(other.group.name))
}

/** With a group that was not there. */
export function withGroup(
  draft: readonly DraftLine[],
  group: DraftGroup,
  wanted: Terms,
): readonly DraftLine[] {
  return [...draft, { group, saved: null, wanted }]
}

/** With other terms for a group that is there and is not being removed; what is not named stays as it is. */
export function withTerms(
  draft: readonly DraftLine[],
  groupId: number,
  terms: Partial<Terms>,
): readonly DraftLine[] {
  return draft.map((line) =>
    line.group.id === groupId && line.wanted !== null
      ? { ...line, wanted: { ...line.wanted, ...terms } }
      : line,
  )
}

/** With a wish for a group: its terms stay when it is there already, else it begins with these. */
export function withWish(draft: readonly DraftLine[], group: DraftGroup, terms: Terms): readonly DraftLine[] {
  const isThere = draft.some((line) => line.group.id === group.id)
  return isThere ? withTerms(draft, group.id, { wish: terms.wish }) : withGroup(draft, group, terms)
}

/** Without a group: a new one is forgotten, a saved one is marked for removal so that it can come back. */
export function withoutGroup(draft: readonly DraftLine[], groupId: number): readonly DraftLine[] {
  return draft
    .filter((line) => line.group.id !== groupId || line.saved !== null)
    .map((line) => (line.group.id === groupId ? { ...line, wanted: null } : line))
}

/** As it is saved again, for one group. */
export function restored(draft: readonly DraftLine[], groupId: number): readonly DraftLine[] {
  return draft.map((line) => (line.group.id === groupId ? { ...line, wanted: line.saved } : line))
}

export function changeOf({ saved, wanted }: DraftLine): LineChange {
  if (wanted === null) return 'removed'
  if (saved === null) return 'added'
  return isSameTerms(saved, wanted) ? 'same' : 'changed'
}

export function isChanged(draft: readonly DraftLine[]): boolean {
  return draft.some((line) => changeOf(line) !== 'same')
}

/** The whole set as the API wants it. */
export function wantedOf(draft: readonly DraftLine[]): readonly WantedAssignment[] {
  return draft.flatMap(({ group, wanted }) => (wanted === null ? [] : [wantedFrom(group.id, wanted)]))
}
