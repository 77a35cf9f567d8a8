/** The SQL of changing who is in a group. */
import { sql } from 'kysely'
import type { Tx } from '../../platform/db/database.ts'
import type { GroupRow } from './group-store.ts'

/** A name that was given for a member, and the device or user that it is, if any. */
export interface NamedMember {
  readonly given: string
  readonly member_id: number | null
}

/** Looks up serial numbers or user names, in one query. */
export async function membersNamed(
  tx: Tx,
  kind: GroupRow['kind'],
  given: readonly string[],
): Promise<readonly NamedMember[]> {
  const join =
    kind === 'device'
      ? sql`devices m ON m.serial_number = upper(n.given)`
      : sql`users m ON lower(m.user_name) = lower(n.given)`
  const { rows } = await sql<NamedMember>`SELECT n.given, m.id AS member_id
    FROM unnest(${[...given]}::text[]) WITH ORDINALITY AS n(given, place) LEFT JOIN ${join} ORDER BY n.place`.execute(
    tx,
  )
  return rows
}

const tables = {
  device: { table: sql.table('group_devices'), member: sql.ref('device_id') },
  user: { table: sql.table('group_users'), member: sql.ref('user_id') },
} as const

/** Adds members, and gives those that were not in the group before. */
export async function addMembers(
  tx: Tx,
  group: GroupRow,
  memberIds: readonly number[],
  at: Date,
): Promise<readonly number[]> {
  const { table, member } = tables[group.kind]
  const { rows } = await sql<{ id: number }>`INSERT INTO ${table} (group_id, ${member}, added_at)
    SELECT DISTINCT ${group.id}::int, id, ${at}::timestamptz FROM unnest(${[...memberIds]}::int[]) AS m(id) ORDER BY id
    ON CONFLICT DO NOTHING RETURNING ${member} AS id`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Takes members out, and gives those that were in the group. */
export async function removeMembers(
  tx: Tx,
  group: GroupRow,
  memberIds: readonly number[],
): Promise<readonly number[]> {
  const { table, member } = tables[group.kind]
  const { rows } = await sql<{ id: number }>`DELETE FROM ${table} WHERE group_id = ${group.id}
    AND ${member} = ANY(${[...memberIds]}::int[]) RETURNING ${member} AS id`.execute(tx)
  return rows.map(({ id }) => id)
}
