/** The SQL of users. */
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import type { GroupRow } from './groups/group-store.ts'
import { beginsWith, literal, type Placed, type Range, type Section } from './keyset.ts'

/** A user of the directory. */
export interface UserRow {
  readonly id: number
  readonly user_name: string
  readonly name: string
  readonly email: string | null
  readonly department: string | null
  /** False for who has left: in no group any more. */
  readonly active: boolean
  readonly managed_apple_account: string | null
  readonly created_at: Date
  readonly updated_at: Date
}

const columns = sql`u.id, u.user_name, u.name, u.email, u.department, u.active,
  u.managed_apple_account, u.created_at, u.updated_at`

/** The user with this name, in any case. */
export async function findUser(db: Db | Tx, userName: string): Promise<UserRow | undefined> {
  const { rows } = await sql<UserRow>`SELECT ${columns} FROM users u
    WHERE lower(u.user_name) = lower(${userName})`.execute(db)
  return rows[0]
}

/** The same, locked until the transaction ends. */
export async function lockUser(tx: Tx, userName: string): Promise<UserRow | undefined> {
  const { rows } = await sql<UserRow>`SELECT ${columns} FROM users u
    WHERE lower(u.user_name) = lower(${userName}) FOR UPDATE`.execute(tx)
  return rows[0]
}

/** What an administrator says of a user. */
export interface UserFacts {
  readonly name: string
  readonly email: string | null
  readonly department: string | null
  readonly active: boolean
  readonly managedAppleAccount: string | null
}

/** Stores a new user. */
export async function insertUser(tx: Tx, userName: string, facts: UserFacts, at: Date): Promise<UserRow> {
  const { rows } = await sql<UserRow>`
    INSERT INTO users AS u (user_name, name, email, department, active, managed_apple_account, created_at, updated_at)
    VALUES (${userName}, ${facts.name}, ${facts.email}, ${facts.department}, ${facts.active},
      ${facts.managedAppleAccount}, ${at}, ${at})
    RETURNING ${columns}`.execute(tx)
  return written(rows[0], userName)
}

/** Writes all facts of a user, who is locked. */
export async function updateUser(tx: Tx, id: number, facts: UserFacts, at: Date): Promise<UserRow> {
  const { rows } = await sql<UserRow>`
    UPDATE users AS u SET name = ${facts.name}, email = ${facts.email}, department = ${facts.department},
      active = ${facts.active}, managed_apple_account = ${facts.managedAppleAccount}, updated_at = ${at}
    WHERE u.id = ${id} RETURNING ${columns}`.execute(tx)
  return written(rows[0], String(id))
}

function written(row: UserRow | undefined, name: string): UserRow {
  if (row === undefined) throw new Error(`User ${name} was not stored`)
  return row
}

/** The user with this id. */
export async function findUserById(db: Db | Tx, id: number): Promise<UserRow | undefined> {
  const { rows } = await sql<UserRow>`SELECT ${columns} FROM users u WHERE u.id = ${id}`.execute(db)
  return rows[0]
}

/** The user with this id, locked until the transaction ends. */
export async function lockUserById(tx: Tx, id: number): Promise<UserRow | undefined> {
  const { rows } = await sql<UserRow>`SELECT ${columns} FROM users u WHERE u.id = ${id} FOR UPDATE`.execute(
    tx,
  )
  return rows[0]
}

/** Removes a user with the memberships and targets; devices of the user belong to nobody then. */
export async function removeUserRow(tx: Tx, id: number): Promise<void> {
  await sql`DELETE FROM users WHERE id = ${id}`.execute(tx)
}

/** How many devices some users have, by user id; those without one are left out. */
export async function deviceCounts(db: Db | Tx, userIds: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await sql<{ user_id: number; devices: number }>`
    SELECT user_id, count(*)::int AS devices FROM devices WHERE user_id = ANY(${[...userIds]}::int[])
    GROUP BY user_id`.execute(db)
  return new Map(rows.map((row) => [row.user_id, row.devices]))
}

/** Which users a list shows. */
export interface UserFilter {
  readonly search: string
  /** Those in it or in a group in it, except who has left. */
  readonly group: GroupRow | undefined
  /** Leaves out who is in the group only by way of another group. */
  readonly direct?: boolean
  /** A further condition for users `u`. */
  readonly isFit?: RawBuilder<unknown>
}

/** The sections of a list of users: all, or those that match a search; of a user group when one is given. */
export function userSections(
  db: Db,
  { search, group, direct = false, isFit = sql`true` }: UserFilter,
): readonly Section<UserRow & Placed>[] {
  const isMember = group === undefined ? sql`true` : memberOf(group, direct)
  const section = (text: RawBuilder<unknown>, matching: RawBuilder<unknown>, isUnique: boolean) => ({
    text,
    id: sql`u.id`,
    isUnique,
    rows: async ({ condition, order, limit }: Range) => {
      const { rows } = await sql<UserRow & Placed>`SELECT ${columns}, ${text} AS place FROM users u
        WHERE ${condition} AND ${matching} AND ${isMember} AND ${isFit} ORDER BY ${order} LIMIT ${limit}`.execute(
        db,
      )
      return rows
    },
  })
  const userName = sql`lower(u.user_name)`
  const name = sql`lower(u.name)`
  if (search === '') return [section(userName, sql`true`, true)]
  const beginning = sql<string>`lower(${literal(search)}::text)`
  const byUserName = beginsWith(userName, beginning)
  return [
    section(userName, byUserName, true),
    section(name, sql`${beginsWith(name, beginning)} AND NOT (${byUserName})`, false),
  ]
}

function memberOf(group: GroupRow, direct: boolean): RawBuilder<unknown> {
  if (group.built_in !== null) return sql`u.active`
  if (direct)
    return sql`u.active AND u.id IN (SELECT m.user_id FROM group_users m WHERE m.group_id = ${group.id})`
  return sql`u.id IN (SELECT p.user_id FROM group_people p WHERE p.group_id = ${group.id})`
}
