/** Adds members to a group and takes others out: all of it or nothing (A1). */
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { lookAgainAtGroups } from '../platform/outbox.ts'
import { ownGroup } from './change-groups.ts'
import { countsOfGroups, type GroupRow } from './group-store.ts'
import { addMembers, membersNamed, removeMembers } from './member-store.ts'
import type { DirectoryPorts } from './put-device.ts'

/** Who joins a group and who leaves it. */
export interface MemberChange {
  readonly groupId: number
  /** Serial numbers, or user names for a group of users. */
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** How many joined and left, and how many there are now. */
export interface MemberOutcome {
  readonly added: number
  readonly removed: number
  readonly members: number
}

/** @throws Refusal `not_found`, `group.built_in`, `device.unknown`, `user.unknown`, `request.invalid` */
export async function changeMembers(
  { db, clock }: DirectoryPorts,
  change: MemberChange,
  actor: Actor,
): Promise<MemberOutcome> {
  return await inTransaction(db, async (tx) => {
    const group = await ownGroup(tx, change.groupId)
    const ids = await lookUp(tx, group, change)
    const added = await addMembers(tx, group, ids.add, clock.now())
    const removed = await removeMembers(tx, group, ids.remove)
    const counts = await countsOfGroups(tx, [group])
    const outcome = { added, removed, members: counts.get(group.id)?.members ?? 0 }
    if (added + removed === 0) return outcome
    await lookAgainAtGroups(tx, [group.id])
    await record(tx, {
      actor,
      at: clock.now(),
      action: 'group.members_changed',
      subject: { kind: 'group', id: group.id, name: group.name },
      details: {
        added,
        removed,
        add: change.add.slice(0, mostNamed),
        remove: change.remove.slice(0, mostNamed),
      },
    })
    return outcome
  })
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
