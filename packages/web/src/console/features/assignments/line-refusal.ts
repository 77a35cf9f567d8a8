/** What is wrong with one line of a draft: found here by the server's own rule, or told by the server (A2). */
import { Problem } from '@apportion/api-client/client'
import { type AssignmentRefusal, assignmentRefusal } from '@apportion/core/assignments/license-rule'
import type { DraftLine } from './draft.ts'
import type { Licensable } from './terms.ts'

/** Why this line may not be saved, whatever the group's members are; null when it may, or is being removed. */
export function refusalOf({ group, wanted }: DraftLine, asset: Licensable): AssignmentRefusal | null {
  if (wanted === null) return null
  return assignmentRefusal({
    groupKind: group.kind,
    mode: wanted.wish === 'exclude' ? 'exclude' : 'include',
    intent: wanted.wish === 'exclude' ? null : wanted.wish,
    license: wanted.licenseType,
    asset: { isBook: asset.title?.kind === 'book', deviceAssignable: asset.deviceAssignable },
  })
}

/** The group that a refusal of the server speaks about; null when it concerns none, or is another failure. */
export function groupRefused(error: unknown): number | null {
  if (!(error instanceof Problem) || !error.code.startsWith('assignment.')) return null
  const { groupId } = error.facts
  return typeof groupId === 'number' ? groupId : null
}
