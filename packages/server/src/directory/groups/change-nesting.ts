/** Puts groups into a group and takes others out, or says why that cannot be (A1). */
import type { Tx } from '../../platform/db/database.ts'
import { Refusal } from '../../platform/errors.ts'
import { lookAgainAtGroups } from '../../platform/outbox.ts'
import { unknownGroup } from './change-groups.ts'
import type { GroupRow } from './group-store.ts'
import {
  addGroups,
  closeOver,
  countGroupsIn,
  deepestNesting,
  groupsById,
  levelsThrough,
  mostGroups,
  removeGroups,
  wayDown,
} from './nesting-store.ts'

/** Which groups join a group and which leave it, by id. */
export interface NestingChange {
  readonly add: readonly number[]
  readonly remove: readonly number[]
}

/** How many groups joined and left, with the names that were given. */
export interface NestingOutcome {
  readonly added: number
  readonly removed: number
  readonly names: { readonly add: readonly string[]; readonly remove: readonly string[] }
}

/**
 * All of it or nothing, in the caller's transaction, which has the directory's turn.
 *
 * @throws Refusal `not_found`, `group.built_in`, `group.wrong_kind`, `group.by_rule`, `group.cycle`,
 * `group.too_deep`, `group.too_many`, `request.invalid`
 */
export async function changeNesting(
  tx: Tx,
  { group, change, at }: { readonly group: GroupRow; readonly change: NestingChange; readonly at: Date },
): Promise<NestingOutcome> {
  const named = await namedGroups(tx, change)
  for (const member of named.add) await refuseMember(tx, group, member)
  const removed = await removeGroups(tx, group.id, change.remove)
  const added = await addGroups(tx, { groupId: group.id, memberIds: change.add, at })
  if (added + removed > 0) {
    await closeOver(tx, group.id)
    await refuseTooMuch(tx, group)
    await lookAgainAtGroups(tx, [group.id])
  }
  const names = { add: named.add.map(({ name }) => name), remove: named.remove.map(({ name }) => name) }
  return { added, removed, names }
}

async function namedGroups(tx: Tx, { add, remove }: NestingChange) {
  const both = add.find((id) => remove.includes(id))
  if (both !== undefined) {
    throw new Refusal(
      'request.invalid',
      `The group ${both} is in body.addGroups and in body.removeGroups; choose one.`,
    )
  }
  const found = new Map((await groupsById(tx, [...add, ...remove])).map((group) => [group.id, group]))
  const named = (ids: readonly number[]) =>
    [...new Set(ids)].map((id) => {
      const group = found.get(id)
      if (group === undefined) throw unknownGroup(id)
      return group
    })
  return { add: named(add), remove: named(remove) }
}

async function refuseMember(tx: Tx, group: GroupRow, member: GroupRow): Promise<void> {
  const facts = { id: group.id, memberId: member.id }
  if (member.built_in !== null) {
    throw new Refusal(
      'group.built_in',
      `"${member.name}" is built in and cannot be a member of a group; assign to it directly.`,
      facts,
    )
  }
  if (member.kind !== group.kind) {
    throw new Refusal(
      'group.wrong_kind',
      `"${member.name}" is a group of ${member.kind}s and "${group.name}" one of ${group.kind}s; only groups of the same kind can be members.`,
      facts,
    )
  }
  const way = await wayDown(tx, member.id, group.id)
  if (way === undefined) return
  const path = [group.name, ...way]
  throw new Refusal(
    'group.cycle',
    `"${member.name}" cannot be a member of "${group.name}", which is in it: ${path.map((name) => `"${name}"`).join(' → ')}. Take one of these out of the one before it first.`,
    { ...facts, path },
  )
}

async function refuseTooMuch(tx: Tx, group: GroupRow): Promise<void> {
  const levels = await levelsThrough(tx, group.id)
  if (levels > deepestNesting) {
    throw new Refusal(
      'group.too_deep',
      `With this change there would be more than ${deepestNesting} groups, one in the other, through "${group.name}". Put the group into one further out.`,
      { id: group.id, deepest: deepestNesting },
    )
  }
  const count = await countGroupsIn(tx, group.id)
  if (count > mostGroups) {
    throw new Refusal(
      'group.too_many',
      `"${group.name}" would have ${count} groups as members; ${mostGroups} are possible. Put some of them into a group of their own.`,
      { id: group.id, most: mostGroups },
    )
  }
}
