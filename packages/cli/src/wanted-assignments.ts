/** Which assignments an app shall have after a change: the present ones, with what the person asked for (A2). */
import type { Item, operations } from '@apportion/api-client/client'

export type Assignment = Item<'listAssignments'>
export type WantedAssignment =
  operations['createPlan']['requestBody']['content']['application/json']['wanted'][number]
export type Intent = NonNullable<WantedAssignment['intent']>

/** What a person asked for; groups by id. */
export interface AssignmentChange {
  readonly include: readonly number[]
  readonly intent: Intent
  readonly exclude: readonly number[]
  /** Groups that shall have no assignment of this app any more. */
  readonly remove: readonly number[]
  /** Forget all present assignments first. */
  readonly only: boolean
}

/**
 * The whole set to plan. A group has one assignment for an app: naming it again replaces the one it had,
 * and a removed group goes, whatever else was said of it. Order: present ones first, then new ones.
 */
export function wantedAssignments(
  present: readonly Assignment[],
  { include, intent, exclude, remove, only }: AssignmentChange,
): readonly WantedAssignment[] {
  const wanted = new Map<number, WantedAssignment>()
  if (!only) {
    for (const { group, mode, intent: kept } of present) {
      wanted.set(group.id, { groupId: group.id, mode, ...(kept === null ? {} : { intent: kept }) })
    }
  }
  for (const groupId of include) wanted.set(groupId, { groupId, mode: 'include', intent })
  for (const groupId of exclude) wanted.set(groupId, { groupId, mode: 'exclude' })
  for (const groupId of remove) wanted.delete(groupId)
  return [...wanted.values()]
}
