/** Which assignments an app shall have after a change: the present ones, with what the person asked for (A2). */
import type { Item } from '@apportion/api-client/client'
import { type AssignmentTerms, type WantedAssignment, withTerms } from './assignment-terms.ts'

export type Assignment = Item<'listAssignments'>

/** What a person asked for; groups by id. */
export interface AssignmentChange {
  readonly include: readonly number[]
  /** What the assignments of these groups shall say. */
  readonly terms: AssignmentTerms
  readonly exclude: readonly number[]
  /** Groups that shall have no assignment of this app any more. */
  readonly remove: readonly number[]
  /** Forget all present assignments first. */
  readonly only: boolean
}

/**
 * The whole set to plan. A group has one assignment for an app: naming it again changes what is named and leaves what
 * else its assignment says; a removed group goes, whatever else was said of it. The other assignments are sent as they
 * are, with everything they say. Order: present ones first, then new ones.
 */
export function wantedAssignments(
  present: readonly Assignment[],
  { include, terms, exclude, remove, only }: AssignmentChange,
): readonly WantedAssignment[] {
  const wanted = new Map<number, WantedAssignment>()
  if (!only) for (const assignment of present) wanted.set(assignment.group.id, asWanted(assignment))
  for (const groupId of include) {
    wanted.set(groupId, withTerms(included(wanted.get(groupId), groupId), terms))
  }
  for (const groupId of exclude) wanted.set(groupId, { groupId, mode: 'exclude' })
  for (const groupId of remove) wanted.delete(groupId)
  return [...wanted.values()]
}

/** An inclusion as it is; a new one where the group has none. An exclusion says nothing that an inclusion could keep. */
function included(present: WantedAssignment | undefined, groupId: number): WantedAssignment {
  return present?.mode === 'include' ? present : { groupId, mode: 'include' }
}

/** A saved assignment, to be saved again as it is. The progress of its rollout is the server's to keep. */
function asWanted({ group, mode, intent, rollout, ...assignment }: Assignment): WantedAssignment {
  const { licenseType, priority, reserve, quota, pools, settings, reclaim } = assignment
  return {
    groupId: group.id,
    mode,
    ...(intent === null ? {} : { intent }),
    licenseType,
    priority,
    reserve,
    quota,
    pools,
    settings,
    reclaim,
    rollout: rollout === null ? null : { waves: rollout.waves, stopAtPercent: rollout.stopAtPercent },
  }
}
