/**
 * What Apple tells of people. Of our own open request it is the outcome; that somebody joined is noted at once. All else
 * may be repeated or late, and is read from Apple rather than believed.
 */
import type { UsersAssociated, UsersManaged } from '@apportion/apple-wire/notifications'
import { type SealedUser, upsertAppleUsers } from '../licenses/apple-users.ts'
import type { HeardOfPeople } from '../licenses/hear.ts'
import type { Tx } from '../platform/db/database.ts'
import { settleRegistered } from './settle-registrations.ts'
import { finishUserOperation, isAwaited, lockUserOperation, lookAt } from './user-operations.ts'

/** Writes what is told. `unsure`: only reading the users tells. */
export async function hearPeople(tx: Tx, heard: HeardOfPeople): Promise<'sure' | 'unsure'> {
  const { told } = heard
  if (told.kind === 'user-management') return hearManaged(tx, heard, told)
  await hearAssociated(tx, heard, told)
  return 'unsure'
}

/** Of a request. That of somebody else, or one that has ended, is not believed. */
async function hearManaged(
  tx: Tx,
  { locationId, at }: HeardOfPeople,
  told: UsersManaged,
): Promise<'sure' | 'unsure'> {
  const operation = await lockUserOperation(tx, { locationId, eventId: told.eventId })
  if (operation === undefined || operation.finished_at !== null) return 'unsure'
  const users = told.result === 'SUCCESS' ? completeUsers(told.users) : []
  await upsertAppleUsers(tx, { locationId, users, at, isTold: true })
  await settleRegistered(tx, { operation, ids: users.map((user) => user.clientUserId), at })
  // Refusals are read with the status, which names whom they are about, and beside whom Apple knows.
  if (told.result !== 'SUCCESS' || users.length < told.users.length) await lookAt(tx, operation.id, at)
  else if (!(await isAwaited(tx, operation.id))) {
    const completed = operation.client_user_ids.length
    await finishUserOperation(tx, operation, { at, completed, problem: null })
  }
  return 'sure'
}

/** Persons accepted their invitations. It may be a late copy, so users are read all the same. */
async function hearAssociated(
  tx: Tx,
  { locationId, at }: HeardOfPeople,
  told: UsersAssociated,
): Promise<void> {
  const users = told.users.map((user) => ({ ...user, status: 'Associated' }))
  await upsertAppleUsers(tx, { locationId, users, at, isTold: true })
}

/** Those of whom everything is told that a read would tell. */
function completeUsers(users: UsersManaged['users']): readonly SealedUser[] {
  return users.flatMap(({ inviteCode: invitation, status, ...user }): SealedUser[] => {
    if (status === 'Associated') return [{ ...user, status }]
    if (status !== 'Registered' || invitation === undefined) return []
    return [{ ...user, status, invitation }]
  })
}
