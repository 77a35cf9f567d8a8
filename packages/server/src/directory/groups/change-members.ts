/** Adds members to a group and takes others out: all of it or nothing (A1). */
import { record } from '../../audit/record.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Tx } from '../../platform/db/database.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { Refusal } from '../../platform/errors.ts'
import {
  lookAgainAtGroups,
  lookAgainAtMembers,
  lookAgainAtPeople,
  mostDevicesNamed,
} from '../../platform/outbox.ts'
import { devicesOfUsers } from '../device-store.ts'
import type { DirectoryPorts } from '../put-device.ts'
import { takeDirectoryTurn } from '../turn.ts'
import { ownGroup } from './change-groups.ts'
import { changeNesting } from './change-nesting.ts'
import { countsOfGroups, type GroupRow } from './group-store.ts'
import { addMembers, membersNamed, removeMembers } from './member-store.ts'

/** Who joins a group and who leaves it. */
export interface MemberChange {
  readonly groupId: number
  /** Serial numbers, or user names for a group of users. */
  readonly add: readonly string[]
  readonly remove: readonly string[]
  /** Groups of the same kind, by id. */
  readonly addGroups: readonly number[]
  readonly removeGroups: readonly number[]
}

/** How many joined and left, and how many there are now. */
export interface MemberOutcome {
  readonly added: number
  readonly removed: number
  readonly groupsAdded: number
  readonly groupsRemoved: number
  readonly members: number
}

/**
 * @throws Refusal `not_found`, `group.built_in`, `group.by_rule`, `device.unknown`, `user.unknown`, `request.invalid`,
 * and what `changeNesting` refuses
 */
export async function changeMembers(
  { db, clock }: DirectoryPorts,
  change: MemberChange,
  actor: Actor,
): Promise<MemberOutcome> {
  return await inTransaction(db, (tx) => changeMembersIn(tx, change, { at: clock.now(), actor }))
}

/**
 * The same in a transaction of the caller's. Without an actor it is only tried, to be rolled back: nobody is told of it.
 *
 * @throws Refusal as `changeMembers`
 */
export async function changeMembersIn(
  tx: Tx,
  change: MemberChange,
  { at, actor }: { readonly at: Date; readonly actor: Actor | null },
): Promise<MemberOutcome> {
  await takeDirectoryTurn(tx)
  const group = await ownGroup(tx, change.groupId)
  refuseByRule(group)
  const ids = await lookUp(tx, group, change)
  const nesting = { add: change.addGroups, remove: change.removeGroups }
  const groups = await changeNesting(tx, { group, change: nesting, at })
  const moved = await moveMembers(tx, { group, ...ids, at })
  const counts = await countsOfGroups(tx, [group])
  const outcome = {
    added: moved.added,
    removed: moved.removed,
    groupsAdded: groups.added,
    groupsRemoved: groups.removed,
    members: counts.get(group.id)?.members ?? 0,
  }
  if (actor === null || moved.added + moved.removed + groups.added + groups.removed === 0) return outcome
  const details = {
    added: moved.added,
    removed: moved.removed,
    add: change.add.slice(0, mostNamed),
    remove: change.remove.slice(0, mostNamed),
    ...(groups.added > 0 ? { addGroups: groups.names.add.slice(0, mostNamed) } : {}),
    ...(groups.removed > 0 ? { removeGroups: groups.names.remove.slice(0, mostNamed) } : {}),
  }
  const subject = { kind: 'group', id: group.id, name: group.name }
  await record(tx, { actor, at, action: 'group.members_changed', subject, details })
  return outcome
}

function refuseByRule(group: GroupRow): void {
  if (group.rule === null) return
  throw new Refusal(
    'group.by_rule',
    `"${group.name}" has its members by a rule. Change the rule, or make it a group of members picked by hand first.`,
    { id: group.id },
  )
}

interface Moving {
  readonly group: GroupRow
  readonly add: readonly number[]
  readonly remove: readonly number[]
  readonly at: Date
}

/** Moves devices or people, and asks to look again at them. */
async function moveMembers(
  tx: Tx,
  { group, add, remove, at }: Moving,
): Promise<{ readonly added: number; readonly removed: number }> {
  // Whom the group gives a user license is reached only while being a member.
  if (group.kind === 'user') await lookAgainAtPeople(tx, remove)
  const added = await addMembers(tx, group, add, at)
  const removed = await removeMembers(tx, group, remove)
  const members = [...added, ...removed]
  if (group.kind === 'user') await lookAgainAtPeople(tx, added)
  const deviceIds = group.kind === 'user' ? await devicesOfUsers(tx, members) : members
  if (deviceIds.length > mostDevicesNamed) await lookAgainAtGroups(tx, [group.id])
  else await lookAgainAtMembers(tx, { groupIds: [group.id], deviceIds })
  return { added: added.length, removed: removed.length }
}

const mostNamed = 20

async function lookUp(
  tx: Tx,
  group: GroupRow,
  { add, remove }: MemberChange,
): Promise<{ readonly add: readonly number[]; readonly remove: readonly number[] }> {
  const given = [...add, ...remove].map((name) => name.trim().normalize('NFC'))
  const named = await membersNamed(tx, group.kind, given)
  const unknown = named.filter(({ member_id }) => member_id === null).map((member) => member.given)
  if (unknown.length > 0) throw unknownMembers(group, [...new Set(unknown)])
  const ids = named.map(({ member_id }) => member_id).filter((id) => id !== null)
  const adding = ids.slice(0, add.length)
  const removing = ids.slice(add.length)
  const added = new Set(adding)
  const contradiction = removing.findIndex((id) => added.has(id))
  if (contradiction >= 0) {
    throw new Refusal(
      'request.invalid',
      `"${remove[contradiction]}" is in body.add and in body.remove; choose one.`,
    )
  }
  return { add: adding, remove: removing }
}

function unknownMembers(group: GroupRow, unknown: readonly string[]): Refusal {
  const listed = unknown.slice(0, mostNamed)
  const more = unknown.length > listed.length ? ` and ${unknown.length - listed.length} more` : ''
  const what = group.kind === 'device' ? 'no device with the serial number' : 'no user'
  const quoted = listed.map((name) => `"${name}"`).join(', ')
  return new Refusal(
    group.kind === 'device' ? 'device.unknown' : 'user.unknown',
    `There is ${what} ${quoted}${more}. Nothing was changed; import ${group.kind}s first or correct the list.`,
    { unknown: listed, total: unknown.length },
  )
}
