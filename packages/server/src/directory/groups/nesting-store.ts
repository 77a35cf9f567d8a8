/**
 * The SQL of groups in groups (A1): who is in whom, and `group_closure`, which says so for every depth.
 *
 * The caller has the directory's turn, so that no two nestings can close a circle together.
 */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/database.ts'
import type { GroupRow } from './group-store.ts'

/** Groups on the longest way from one that contains others down to its innermost member. */
export const deepestNesting = 10

/** A group by its id and name. */
export interface GroupName {
  readonly id: number
  readonly name: string
}

/** Groups that can be in a group; of those that a group is in, as many are listed. */
export const mostGroups = 100

/** The groups that are in each of these, or that each of these is in, directly; by name, the first hundred. */
export async function groupsBeside(
  db: Db | Tx,
  groupIds: readonly number[],
  side: 'members' | 'containers',
): Promise<ReadonlyMap<number, readonly GroupName[]>> {
  const [own, other] =
    side === 'members'
      ? [sql.ref('group_id'), sql.ref('member_group_id')]
      : [sql.ref('member_group_id'), sql.ref('group_id')]
  const { rows } = await sql<GroupName & { of: number }>`
    SELECT k.id AS of, b.id, b.name FROM unnest(${[...groupIds]}::int[]) AS k(id)
    CROSS JOIN LATERAL (
      SELECT g.id, g.name FROM group_groups n JOIN groups g ON g.id = n.${other}
      WHERE n.${own} = k.id ORDER BY lower(g.name), g.id LIMIT ${mostGroups}) AS b
    ORDER BY k.id, lower(b.name), b.id`.execute(db)
  const found = new Map<number, GroupName[]>()
  for (const { of, id, name } of rows) found.set(of, [...(found.get(of) ?? []), { id, name }])
  return found
}

/** Some groups by id, in the order of their ids. */
export async function groupsById(tx: Tx, ids: readonly number[]): Promise<readonly GroupRow[]> {
  const { rows } =
    await sql<GroupRow>`SELECT id, kind, name, description, built_in, rule, created_at, updated_at
    FROM groups WHERE id = ANY(${[...ids]}::int[]) ORDER BY id`.execute(tx)
  return rows
}

/** How many groups are in a group, directly. */
export async function countGroupsIn(tx: Tx, groupId: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM group_groups
    WHERE group_id = ${groupId}`.execute(tx)
  return rows[0]?.n ?? 0
}

/** Puts groups into a group, and gives how many were not in it before. The closure is stale until it is closed again. */
export async function addGroups(
  tx: Tx,
  {
    groupId,
    memberIds,
    at,
  }: { readonly groupId: number; readonly memberIds: readonly number[]; readonly at: Date },
): Promise<number> {
  const { rows } = await sql`INSERT INTO group_groups (group_id, member_group_id, added_at)
    SELECT DISTINCT ${groupId}::int, id, ${at}::timestamptz FROM unnest(${[...memberIds]}::int[]) AS m(id) ORDER BY id
    ON CONFLICT DO NOTHING RETURNING 1`.execute(tx)
  return rows.length
}

/** Takes groups out of a group, and gives how many were in it. The closure is stale until it is closed again. */
export async function removeGroups(tx: Tx, groupId: number, memberIds: readonly number[]): Promise<number> {
  const { rows } = await sql`DELETE FROM group_groups WHERE group_id = ${groupId}
    AND member_group_id = ANY(${[...memberIds]}::int[]) RETURNING 1`.execute(tx)
  return rows.length
}

/** The way down from a group to another that is in it, both included; undefined when it is not. */
export async function wayDown(tx: Tx, from: number, to: number): Promise<readonly string[] | undefined> {
  const { rows } = await sql<{ names: readonly string[] }>`
    WITH RECURSIVE way(id, path) AS (
      SELECT ${from}::int, ARRAY[${from}::int]
      UNION ALL
      SELECT n.id, w.path || n.id FROM way w CROSS JOIN LATERAL (
        SELECT m.member_group_id AS id FROM group_groups m
        JOIN group_closure c ON c.group_id = m.member_group_id AND c.member_group_id = ${to}
        WHERE m.group_id = w.id ORDER BY 1 LIMIT 1) AS n
      WHERE w.id <> ${to}
    ), found AS (SELECT path FROM way WHERE id = ${to})
    SELECT ARRAY(SELECT g.name FROM unnest(f.path) WITH ORDINALITY AS p(id, place)
      JOIN groups g ON g.id = p.id ORDER BY p.place) AS names FROM found f`.execute(tx)
  return rows[0]?.names
}

/** Works out anew what this group and all that contain it contain. There is no circle. */
export async function closeOver(tx: Tx, groupId: number): Promise<void> {
  await sql`
    WITH RECURSIVE above AS MATERIALIZED (
      SELECT group_id FROM group_closure WHERE member_group_id = ${groupId}
    ), inside(group_id, member_group_id) AS (
      SELECT group_id, group_id FROM above
      UNION
      SELECT i.group_id, n.member_group_id FROM inside i JOIN group_groups n ON n.group_id = i.member_group_id
    ), gone AS (
      DELETE FROM group_closure c USING above a WHERE c.group_id = a.group_id
        AND NOT EXISTS (SELECT FROM inside i WHERE i.group_id = c.group_id AND i.member_group_id = c.member_group_id)
    )
    INSERT INTO group_closure SELECT group_id, member_group_id FROM inside ON CONFLICT DO NOTHING`.execute(tx)
}

/** How many groups the longest way through a group has, it included; counted no further than one past the limit. */
export async function levelsThrough(tx: Tx, groupId: number): Promise<number> {
  const { rows } = await sql<{ levels: number }>`
    WITH RECURSIVE up(id, level) AS (
      SELECT ${groupId}::int, 0 UNION SELECT n.group_id, u.level + 1 FROM up u
      JOIN group_groups n ON n.member_group_id = u.id WHERE u.level < ${deepestNesting}
    ), down(id, level) AS (
      SELECT ${groupId}::int, 0 UNION SELECT n.member_group_id, d.level + 1 FROM down d
      JOIN group_groups n ON n.group_id = d.id WHERE d.level < ${deepestNesting}
    )
    SELECT 1 + (SELECT max(level) FROM up) + (SELECT max(level) FROM down) AS levels`.execute(tx)
  return rows[0]?.levels ?? 1
}
