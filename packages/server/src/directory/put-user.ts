/** Adds a user, or changes the one with this user name. What is not said stays as it is. */
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { lookAgainAtGroups } from '../platform/outbox.ts'
import { changedFacts } from './changed-facts.ts'
import { builtInGroup } from './group-store.ts'
import type { DirectoryPorts } from './put-device.ts'
import { insertUser, lockUser, type UserFacts, type UserRow, updateUser } from './user-store.ts'

/** Undefined keeps what is known; null clears it. */
export interface UserChange {
  readonly userName: string
  readonly name?: string | undefined
  readonly email?: string | null | undefined
  readonly department?: string | null | undefined
}

/** The user as it is now, and whether it is new. The user name matches in any case and keeps its first spelling. */
export async function putUser(
  { db, clock }: DirectoryPorts,
  change: UserChange,
  actor: Actor,
): Promise<{ readonly user: UserRow; readonly isNew: boolean }> {
  const userName = change.userName.normalize('NFC')
  return await inTransaction(db, async (tx) => {
    const putting = { change, userName, at: clock.now(), actor }
    const before = await lockUser(tx, userName)
    if (before !== undefined) return await changeUser(tx, before, putting)
    const added = await addUser(tx, putting)
    if (added !== undefined) return { user: added, isNew: true }
    // Somebody else added the user a moment ago: now there is one to change.
    const other = await lockUser(tx, userName)
    if (other === undefined) throw new Error(`User ${userName} was removed while it was being changed`)
    return await changeUser(tx, other, putting)
  })
}

interface Putting {
  readonly change: UserChange
  readonly userName: string
  readonly at: Date
  readonly actor: Actor
}

async function addUser(tx: Tx, { change, userName, at, actor }: Putting): Promise<UserRow | undefined> {
  const facts = factsAfter(change, { name: '', email: null, department: null })
  const added = await insertUser(tx, userName, facts, at)
  if (added === undefined) return undefined
  await lookAgainAtGroups(tx, await builtInGroup(tx, 'all_users'))
  const subject = { kind: 'user', id: added.id, name: userName }
  await record(tx, { actor, at, action: 'user.added', subject, details: { ...facts } })
  return added
}

async function changeUser(
  tx: Tx,
  before: UserRow,
  { change, at, actor }: Putting,
): Promise<{ readonly user: UserRow; readonly isNew: false }> {
  const known = { name: before.name, email: before.email, department: before.department }
  const facts = factsAfter(change, known)
  const changed = changedFacts(known, facts)
  if (changed === null) return { user: before, isNew: false }
  await updateUser(tx, before.id, facts, at)
  const subject = { kind: 'user', id: before.id, name: before.user_name }
  await record(tx, { actor, at, action: 'user.changed', subject, details: changed })
  return { user: { ...before, ...facts, updated_at: at }, isNew: false }
}

function factsAfter(change: UserChange, known: UserFacts): UserFacts {
  return {
    name: change.name ?? known.name,
    email: change.email === undefined ? known.email : change.email || null,
    department: change.department === undefined ? known.department : change.department || null,
  }
}
