/** Adds, renames and deletes groups (A1). */
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { changedFacts } from './changed-facts.ts'
import {
  assetsUsing,
  type GroupRow,
  insertGroup,
  lockGroup,
  otherGroupNamed,
  removeGroup,
  renameGroup,
} from './group-store.ts'
import type { DirectoryPorts } from './put-device.ts'

/** @throws Refusal `group.name_taken` */
export async function createGroup(
  { db, clock }: DirectoryPorts,
  wanted: { readonly kind: 'device' | 'user'; readonly name: string; readonly description: string },
  actor: Actor,
): Promise<GroupRow> {
  const name = wanted.name.normalize('NFC')
  return await inTransaction(db, async (tx) => {
    const at = clock.now()
    const group = await insertGroup(tx, { ...wanted, name }, at)
    if (group === undefined) throw await nameTaken(tx, name, 0)
    const subject = { kind: 'group', id: group.id, name }
    const details = { kind: wanted.kind, description: wanted.description }
    await record(tx, { actor, at, action: 'group.created', subject, details })
    return group
  })
}

/** @throws Refusal `not_found`, `group.built_in`, `group.name_taken` */
export async function updateGroup(
  { db, clock }: DirectoryPorts,
  {
    id,
    ...change
  }: { readonly id: number; readonly name?: string | undefined; readonly description?: string | undefined },
  actor: Actor,
): Promise<GroupRow> {
  return await inTransaction(db, async (tx) => {
    const at = clock.now()
    const group = await ownGroup(tx, id)
    const known = { name: group.name, description: group.description }
    const wanted = {
      name: change.name?.normalize('NFC') ?? known.name,
      description: change.description ?? known.description,
    }
    const changed = changedFacts(known, wanted)
    if (changed === null) return group
    if ((await otherGroupNamed(tx, wanted.name, id)) !== undefined) throw await nameTaken(tx, wanted.name, id)
    const renamed = await renameGroup(tx, id, wanted, at)
    const subject = { kind: 'group', id, name: wanted.name }
    await record(tx, { actor, at, action: 'group.changed', subject, details: changed })
    return renamed ?? group
  })
}

/** Deletes a group that no assignment uses. @throws Refusal `not_found`, `group.built_in`, `group.in_use` */
export async function deleteGroup({ db, clock }: DirectoryPorts, id: number, actor: Actor): Promise<void> {
  await inTransaction(db, async (tx) => {
    const group = await ownGroup(tx, id)
    await refuseInUse(tx, group)
    await removeGroup(tx, id)
    const subject = { kind: 'group', id, name: group.name }
    await record(tx, { actor, at: clock.now(), action: 'group.deleted', subject })
  })
}

/** A group that people made, locked. @throws Refusal `not_found`, `group.built_in` */
export async function ownGroup(tx: Tx, id: number): Promise<GroupRow> {
  const group = await lockGroup(tx, id)
  if (group === undefined) throw unknownGroup(id)
  if (group.built_in === null) return group
  throw new Refusal(
    'group.built_in',
    `"${group.name}" is built in: it always has every ${group.kind} as a member and cannot be changed. Make a group of your own.`,
    { id },
  )
}

/** The refusal of a group that is not there. */
export function unknownGroup(id: number): Refusal {
  return new Refusal('not_found', `There is no group with the id ${id}. It may have been deleted.`, { id })
}

async function nameTaken(tx: Tx, name: string, id: number): Promise<Refusal> {
  const other = await otherGroupNamed(tx, name, id)
  return new Refusal(
    'group.name_taken',
    `There is a group "${other?.name ?? name}" already; choose another name. Upper and lower case count as the same.`,
    { name, ...(other === undefined ? {} : { groupId: other.id }) },
  )
}

const mostNamed = 20

async function refuseInUse(tx: Tx, group: GroupRow): Promise<void> {
  const { total, names } = await assetsUsing(tx, group.id, mostNamed)
  if (total === 0) return
  const more = total > names.length ? ` and ${total - names.length} more` : ''
  throw new Refusal(
    'group.in_use',
    `"${group.name}" is assigned to ${names.join(', ')}${more}. Remove these assignments first.`,
    { id: group.id, assets: names, total },
  )
}
