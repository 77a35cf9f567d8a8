/**
 * Assignments of one asset as they are being edited: what is saved, and what would be.
 * Nothing here changes anything at the server; the plan and the save do.
 */
import type { Assignment, WantedAssignment } from '../../../shared/api/shapes.ts'

/** What a group gets: the app, its removal, or nothing because it is left out. */
export type Wish = 'required' | 'uninstall' | 'exclude'

export const wishes = ['required', 'uninstall', 'exclude'] as const satisfies readonly Wish[]

export interface DraftGroup {
  readonly id: number
  readonly name: string
  readonly kind: 'device' | 'user'
}

/** One group. `saved` is null when it is new, `wanted` is null when it is to be removed. */
export interface DraftLine {
  readonly group: DraftGroup
  readonly saved: Wish | null
  readonly wanted: Wish | null
}

export type LineChange = 'same' | 'added' | 'changed' | 'removed'

/** The draft that changes nothing, by name of the group. */
export function draftOf(assignments: readonly Assignment[]): readonly DraftLine[] {
  return assignments
    .map((assignment): DraftLine => {
      const wish: Wish = assignment.mode === 'exclude' ? 'exclude' : (assignment.intent ?? 'required')
      return { group: assignment.group, saved: wish, wanted: wish }
    })
    .toSorted((one, other) => one.group.name.localeCompare(other.group.name))
}

/** With another wish for a group, which is added when it was not there. */
export function withWish(draft: readonly DraftLine[], group: DraftGroup, wish: Wish): readonly DraftLine[] {
  const present = draft.some((line) => line.group.id === group.id)
  if (!present) return [...draft, { group, saved: null, wanted: wish }]
  return draft.map((line) => (line.group.id === group.id ? { ...line, wanted: wish } : line))
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
  if (saved === wanted) return 'same'
  if (saved === null) return 'added'
  return wanted === null ? 'removed' : 'changed'
}

export function isChanged(draft: readonly DraftLine[]): boolean {
  return draft.some((line) => changeOf(line) !== 'same')
}

/** The whole set as the API wants it. */
export function wantedOf(draft: readonly DraftLine[]): readonly WantedAssignment[] {
  return draft.flatMap(({ group, wanted }): WantedAssignment[] => {
    if (wanted === null) return []
    if (wanted === 'exclude') return [{ groupId: group.id, mode: 'exclude' }]
    return [{ groupId: group.id, mode: 'include', intent: wanted }]
  })
}
