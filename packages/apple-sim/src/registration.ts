/**
 * How users come and go at a location: created, associated with an Apple Account, updated, retired.
 *
 * Apple's rules for repeated registration are those of the older version of the API; the present pages are silent.
 */
import { createHash } from 'node:crypto'
import type { ResponseUser } from '@apportion/apple-wire/messages'
import type { UserTask } from './event.ts'
import { noteLicenseWrite, takeLicense } from './licensing.ts'
import type { Location, UserRow } from './location.ts'
import type { Random } from './random.ts'
import type { KnownErrorNumber } from './refusal.ts'

export interface UserOutcome {
  readonly task: UserTask
  /** The user as a notification shows it; missing where nothing came of the task. */
  readonly announced?: ResponseUser
}

export interface UserWork {
  readonly type: 'CREATE' | 'UPDATE' | 'RETIRE'
  readonly users: readonly UserTask[]
  /** All tasks fail with this number, as during maintenance. */
  readonly refuseWith: KnownErrorNumber | undefined
  /** Tasks that name a Managed Apple Account fail with 9635. */
  readonly refusesAccounts?: boolean
}

type Result = UserRow | KnownErrorNumber

/** Does the tasks in order; the answer groups them by error number, `undefined` for success. */
export function performUserTasks(
  { random, clock }: { readonly random: Random; readonly clock: { readonly now: () => number } },
  location: Location,
  { type, users, refuseWith, refusesAccounts }: UserWork,
): ReadonlyMap<KnownErrorNumber | undefined, readonly UserOutcome[]> {
  const outcomes = new Map<KnownErrorNumber | undefined, UserOutcome[]>()
  for (const task of users) {
    const inviteCode = location.activeUsers.get(task.clientUserId)?.inviteCode
    const isRefused = refusesAccounts && type !== 'RETIRE' && task.managedAppleId !== undefined
    const result =
      refuseWith ??
      (isRefused ? 9635 : undefined) ??
      performOne(random, location, { type, task, now: clock.now() })
    const errorNumber = typeof result === 'number' ? result : undefined
    const outcome: UserOutcome =
      typeof result === 'number' ? { task } : { task, announced: announcement(type, result, inviteCode) }
    outcomes.set(errorNumber, [...(outcomes.get(errorNumber) ?? []), outcome])
  }
  return outcomes
}

/** The row as `GET /users` and notifications show it. */
export function userPresentation({ clientUserId, email, idHash, inviteCode, status }: UserRow): ResponseUser {
  return {
    clientUserId,
    ...(email !== undefined && { email }),
    ...(idHash !== undefined && { idHash }),
    ...(inviteCode !== undefined && { inviteCode }),
    status,
  }
}

/** Apple's sample of a RETIRE still shows the code of an invitation that was open. */
function announcement(type: UserWork['type'], row: UserRow, inviteCode: string | undefined): ResponseUser {
  const shown = userPresentation(row)
  return type === 'RETIRE' && inviteCode !== undefined ? { ...shown, inviteCode } : shown
}

/**
 * The person opens the invitation and signs in with `appleAccount`; answers the row that is associated now, and the
 * user as the `USER_ASSOCIATED` notification shows it. Refused with 9609 or 9641 as a number.
 */
export function acceptInvitation(
  location: Location,
  clientUserId: string,
  appleAccount: string,
): { readonly row: UserRow; readonly announced: ResponseUser } | KnownErrorNumber {
  const invited = location.activeUsers.get(clientUserId)
  if (invited?.status !== 'Registered') return 9609
  if (accountIsTaken(location, appleAccount, invited)) return 9641
  const { inviteCode } = invited
  const former = formerRow(location, clientUserId, (row) => row.appleAccount !== undefined)
  const returns = former?.appleAccount === appleAccount
  const row = returns ? former : invited
  if (former && returns) {
    moveLicenses(location, invited, former)
    change(location, invited, { status: 'Retired', inviteCode: undefined })
  } else if (former) {
    moveLicenses(location, former, invited)
    change(location, former, { status: 'Deleted' })
  }
  associateRow(location, row, appleAccount)
  // Books that a retired row kept are ordinary again with an active one.
  if (former) for (const asset of location.assets) recountRetired(location, asset)
  const announced = { ...userPresentation(row), ...(inviteCode !== undefined && { inviteCode }) }
  return { row, announced }
}

function performOne(
  random: Random,
  location: Location,
  { type, task, now }: { readonly type: UserWork['type']; readonly task: UserTask; readonly now: number },
): Result {
  if (type === 'CREATE') return create(random, location, task)
  const row = location.activeUsers.get(task.clientUserId)
  if (!row) return 9609
  return type === 'UPDATE' ? update(location, row, task) : retire(location, row, now)
}

function create(random: Random, location: Location, task: UserTask): Result {
  if (location.activeUsers.has(task.clientUserId)) return 9716
  const refused = accountRefusal(location, task.managedAppleId)
  if (refused) return refused
  const retired = formerRow(location, task.clientUserId, (row) => row.appleAccount === undefined)
  const row = retired ?? appendRow(location, task.clientUserId)
  change(location, row, { email: task.email, status: 'Registered', inviteCode: random.hex(32) })
  location.activeUsers.set(task.clientUserId, row)
  if (task.managedAppleId !== undefined) associateRow(location, row, task.managedAppleId)
  return row
}

function update(location: Location, row: UserRow, { email, managedAppleId }: UserTask): Result {
  const refused = accountRefusal(location, managedAppleId, row)
  if (refused) return refused
  if (email !== undefined) change(location, row, { email })
  if (managedAppleId !== undefined) associateRow(location, row, managedAppleId)
  return row
}

/** Revocable licenses return to the pool; books stay consumed and count as retired from now on. */
function retire(location: Location, row: UserRow, now: number): Result {
  const holder = location.book.findUser(row.row)
  for (const asset of holder === undefined ? [] : location.assets) {
    if (holder === undefined || !location.book.has(asset, holder)) continue
    if (asset.revocable) takeLicense(location, { asset, holder, now })
    else asset.retired++
    noteLicenseWrite(location)
  }
  change(location, row, { status: 'Retired', inviteCode: undefined })
  location.activeUsers.delete(row.clientUserId)
  location.subscriptions.dropUser(row.clientUserId)
  location.formerUserIds.add(row.clientUserId)
  return row
}

/** The latest retired row of an id. */
function formerRow(
  location: Location,
  clientUserId: string,
  matches: (row: UserRow) => boolean,
): UserRow | undefined {
  return location.rowsNamed(clientUserId).findLast((row) => row.status === 'Retired' && matches(row))
}

function accountRefusal(
  location: Location,
  account: string | undefined,
  row?: UserRow,
): KnownErrorNumber | undefined {
  if (account === undefined) return undefined
  if (!location.managedAppleAccounts.has(account)) return 9635
  return accountIsTaken(location, account, row) ? 9641 : undefined
}

function accountIsTaken(location: Location, account: string, by?: UserRow): boolean {
  const row = location.rowByAccount.get(account)
  if (!row || row === by || row.appleAccount !== account) return false
  return location.activeUsers.get(row.clientUserId) === row
}

function appendRow(location: Location, clientUserId: string): UserRow {
  const row: UserRow = {
    row: location.users.length,
    clientUserId,
    email: undefined,
    status: 'Registered',
    inviteCode: undefined,
    idHash: undefined,
    appleAccount: undefined,
    stamp: 0,
  }
  location.users.push(row)
  return row
}

function associateRow(location: Location, row: UserRow, appleAccount: string): void {
  const idHash = createHash('sha1').update(`${location.organizationName}/${appleAccount}`).digest('base64')
  change(location, row, { status: 'Associated', appleAccount, idHash, inviteCode: undefined })
  location.activeUsers.set(row.clientUserId, row)
  location.rowByAccount.set(appleAccount, row)
}

function change(location: Location, row: UserRow, changes: Partial<UserRow>): void {
  Object.assign(row, changes, { stamp: location.versions.users.bump() })
}

function moveLicenses(location: Location, from: UserRow, to: UserRow): void {
  const giver = location.book.findUser(from.row)
  if (giver === undefined) return
  const taker = location.book.user(to.clientUserId, to.row)
  const stamp = location.versions.assignments.stamp + 1
  for (const asset of location.assets) {
    if (location.book.remove(asset, giver)) location.book.add(asset, taker, stamp)
  }
  noteLicenseWrite(location)
}

function recountRetired(location: Location, asset: Location['assets'][number]): void {
  if (asset.retired === 0) return
  let retired = 0
  location.book.eachHolder(asset, 0, asset.slots.length, (number) => {
    const { row } = location.book.holder(number)
    const status = location.users[row]?.status
    if (status === 'Retired' || status === 'Deleted') retired++
  })
  if (asset.retired === retired) return
  asset.retired = retired
  location.versions.assets.bump()
}
