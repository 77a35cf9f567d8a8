/** What assignments may not say, each with what to do (A2, A6, L9). */
import { type AssignmentRefusal, assignmentRefusal } from '@apportion/core/assignments/license-rule'
import { wavesProblem } from '@apportion/core/assignments/rollout'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import type { PlanAsset } from './plan.ts'
import { wavesOf } from './rollouts.ts'
import type { WantedAssignment } from './store.ts'

/** @throws Refusal `assignment.conflict`, `assignment.rollout`, `assignment.share` */
export function refuseContradictions(wanted: readonly WantedAssignment[]): void {
  const seen = new Set<number>()
  for (const { groupId, mode, intent, ...each } of wanted) {
    if (seen.has(groupId)) {
      throw new Refusal(
        'assignment.conflict',
        `Group ${groupId} is named twice; a group has one intent per app.`,
        { groupId },
      )
    }
    seen.add(groupId)
    if (mode === 'include' && intent === null) {
      throw new Refusal(
        'assignment.conflict',
        `Group ${groupId} is included without an intent; give "required", "available" or "uninstall".`,
        { groupId },
      )
    }
    if (each.reserve !== null && each.quota !== null && each.reserve > each.quota) {
      throw new Refusal(
        'assignment.share',
        `Group ${groupId} has ${each.reserve} licenses kept for it and may hold ${each.quota}; keep at most as many as it may hold.`,
        { groupId },
      )
    }
    const problem = wavesProblem(wavesOf(each.rollout?.waves ?? []))
    if (problem !== null) throw new Refusal('assignment.rollout', `Group ${groupId}: ${problem}`, { groupId })
  }
}

const sentences: Readonly<Record<AssignmentRefusal, (name: string, group: string) => string>> = {
  book_cannot_be_removed: (name) =>
    `"${name}" is a book: Apple never takes books back, so it cannot be uninstalled.`,
  book_needs_users: (name, group) =>
    `"${name}" is a book, and books go to people: "${group}" is a group of devices. Choose a group of users.`,
  book_needs_user_licenses: (name) =>
    `"${name}" is a book, and books only have user licenses. Choose user licenses.`,
  available_needs_users: (name, group) =>
    `"${name}" can be available only to groups of users, since a person asks for it: "${group}" is a group of devices. Choose a group of users, or require it.`,
  not_device_assignable: (name) =>
    `Apple does not give "${name}" to devices, only to people. Choose user licenses for it.`,
}

/** @throws Refusal `group.unknown`, `assignment.not_device_assignable`, or `assignment.` with what else cannot be */
export async function refuseUnfitAssignments(
  tx: Tx,
  asset: PlanAsset,
  wanted: readonly WantedAssignment[],
): Promise<void> {
  const { rows } = await sql<{
    id: number
    kind: 'device' | 'user'
    name: string
  }>`SELECT id, kind, name FROM groups
    WHERE id = ANY(${wanted.map((each) => each.groupId)}::int[])`.execute(tx)
  const groups = new Map(rows.map((row) => [row.id, row]))
  for (const { groupId, mode, intent, licenseType, rollout } of wanted) {
    const group = groups.get(groupId)
    if (group === undefined)
      throw new Refusal('group.unknown', `There is no group with the id ${groupId}.`, { groupId })
    if (asset.is_book && rollout !== null) {
      const text = `"${asset.name}" is a book: books go to people, and waves are made of devices. Leave the waves out.`
      throw new Refusal('assignment.rollout', text, { assetId: asset.id, groupId })
    }
    const refusal = assignmentRefusal({
      groupKind: group.kind,
      mode,
      intent,
      license: licenseType,
      asset: { isBook: asset.is_book, deviceAssignable: asset.device_assignable },
    })
    if (refusal === null) continue
    throw new Refusal(`assignment.${refusal}`, sentences[refusal](asset.name, group.name), {
      assetId: asset.id,
      groupId,
    })
  }
}
