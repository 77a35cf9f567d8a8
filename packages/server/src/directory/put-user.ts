/** Adds a user, or changes the one with this user name. What is not said stays as it is. */
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { changedFacts } from './changed-facts.ts'
import { ruleMovingUserFacts } from './facts-that-count.ts'
import { devicesOfThese, refreshRuleMembers } from './groups/rule-members.ts'
import { lookAgainAtUsers } from './look-at-users.ts'
import type { DirectoryPorts } from './put-device.ts'
import { takeDirectoryTurn } from './turn.ts'
import { insertUser, lockUser, type UserFacts, type UserRow, updateUser } from './user-store.ts'

/** Undefined keeps what is known; null clears it. */
export interface UserChange {
  readonly userName: string
  readonly name?: string | undefined
  readonly email?: string | null | undefined
  readonly department?: string | null | undefined
  /** False for who has left: in no group any more, and the licenses follow the assignments' policy (L7). */
  readonly active?: boolean | undefined
  readonly managedAppleAccount?: string | null | undefined
}

/** The user as it is now, and whether it is new. The user name matches in any case and keeps its first spelling. */
export async function putUser(
  { db, clock }: DirectoryPorts,
  change: UserChange,
  actor: Actor,
): Promise<{ readonly user: UserRow; readonly isNew: boolean }> {
  const userName = change.userName.normalize('NFC')
  return await inTransaction(db, async (tx) => {
    await takeDirectoryTurn(tx)
    const putting = { change, userName, at: clock.now(), actor }
    const before = await lockUser(tx, userName)
    if (before !== undefined) return await changeUser(tx, before, putting)
    return { user: await addUser(tx, putting), isNew: true }
  })
}

interface Putting {
  readonly change: UserChange
  readonly userName: string
  readonly at: Date
  readonly actor: Actor
}

const unknownFacts: UserFacts = {
  name: '',
  email: null,
  department: null,
  active: true,
  managedAppleAccount: null,
}

async function addUser(tx: Tx, { change, userName, at, actor }: Putting): Promise<UserRow> {
  const facts = factsAfter(change, unknownFacts)
  const added = await insertUser(tx, userName, facts, at)
  await lookAgainAtUsers(tx, [added.id])
  const subject = { kind: 'user', id: added.id, name: userName }
  await record(tx, { actor, at, action: 'user.added', subject, details: { ...facts } })
  return added
}

async function changeUser(
  tx: Tx,
  before: UserRow,
  { change, at, actor }: Putting,
): Promise<{ readonly user: UserRow; readonly isNew: false }> {
  const known = factsOf(before)
  const facts = factsAfter(change, known)
  const changed = changedFacts(known, facts)
  if (changed === null) return { user: before, isNew: false }
  const comesOrGoes = 'active' in changed
  if (comesOrGoes) await lookAgainAtUsers(tx, [before.id])
  const user = await updateUser(tx, before.id, facts, at)
  if (ruleMovingUserFacts.some((fact) => fact in changed)) {
    await refreshRuleMembers(tx, devicesOfThese([before.id]), at)
  }
  if (comesOrGoes) await lookAgainAtUsers(tx, [before.id])
  const subject = { kind: 'user', id: before.id, name: before.user_name }
  await record(tx, { actor, at, action: 'user.changed', subject, details: changed })
  return { user, isNew: false }
}

function factsOf({ name, email, department, active, managed_apple_account }: UserRow): UserFacts {
  return { name, email, department, active, managedAppleAccount: managed_apple_account }
}

function factsAfter(change: UserChange, known: UserFacts): UserFacts {
  return {
    name: change.name ?? known.name,
    email: change.email === undefined ? known.email : change.email || null,
    department: change.department === undefined ? known.department : change.department || null,
    active: change.active ?? known.active,
    managedAppleAccount:
      change.managedAppleAccount === undefined
        ? known.managedAppleAccount
        : change.managedAppleAccount || null,
  }
}
