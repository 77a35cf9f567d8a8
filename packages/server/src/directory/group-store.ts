/** The SQL of groups and their members. */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

/** A group as stored; `built_in` is null for one that people made. */
export interface GroupRow {
  readonly id: number
  readonly kind: 'device' | 'user'
  readonly name: string
  readonly description: string
  readonly built_in: 'all_devices' | 'all_users' | null
  readonly created_at: Date
  readonly updated_at: Date
}

const columns = sql`g.id, g.kind, g.name, g.description, g.built_in, g.created_at, g.updated_at`

/** One group, or undefined. */
export async function findGroup(db: Db | Tx, id: number): Promise<GroupRow | undefined> {
  const { rows } = await sql<GroupRow>`SELECT ${columns} FROM groups g WHERE g.id = ${id}`.execute(db)
  return rows[0]
}

/** The group, locked until the transaction ends: neither its members nor its assignments change meanwhile. */
export async function lockGroup(tx: Tx, id: number): Promise<GroupRow | undefined> {
  const { rows } = await sql<GroupRow>`SELECT ${columns} FROM groups g WHERE g.id = ${id} FOR UPDATE`.execute(
    tx,
  )
  return rows[0]
}

/** Some groups by name, after a name and id; names that contain `search`, when given. */
export async function pageOfGroups(
  db: Db,
  page: {
    readonly limit: number
    readonly after: readonly [name: string, id: number] | null
    readonly search: string
    readonly kind: 'device' | 'user' | null
  },
): Promise<readonly (GroupRow & { readonly place: string })[]> {
  const [name, id] = page.after ?? ['', 0]
  const { rows } = await sql<
    GroupRow & { place: string }
  >`SELECT ${columns}, lower(g.name) AS place FROM groups g
    WHERE (lower(g.name), g.id) > (${name}, ${id})
      AND (${page.kind}::text IS NULL OR g.kind = ${page.kind})
      AND (${page.search} = '' OR strpos(lower(g.name), lower(${page.search})) > 0)
    ORDER BY lower(g.name), g.id LIMIT ${page.limit}`.execute(db)
  return rows
}

/** How much there is to some groups. */
export interface GroupCounts {
  readonly members: number
  readonly assignments: number
}

/** Below this the members of built-in groups are counted; above, the table's own estimate is as good and free. */
const countedExactly = 10_000

/** Counts of some groups, in one query for all. */
export async function countsOfGroups(
  db: Db | Tx,
  groups: readonly GroupRow[],
): Promise<ReadonlyMap<number, GroupCounts>> {
  const ids = groups.map(({ id }) => id)
  const { rows } = await sql<GroupCounts & { id: number }>`
    WITH wanted AS (SELECT id, built_in FROM groups WHERE id = ANY(${ids}::int[])),
    members AS (
      SELECT group_id AS id, count(*) AS members FROM group_devices WHERE group_id = ANY(${ids}::int[]) GROUP BY 1
      UNION ALL
      SELECT group_id, count(*) FROM group_users WHERE group_id = ANY(${ids}::int[]) GROUP BY 1
      UNION ALL
      SELECT id, ${tableCount('devices')} FROM wanted WHERE built_in = 'all_devices'
      UNION ALL
      SELECT id, ${tableCount('users')} FROM wanted WHERE built_in = 'all_users'
    )
    SELECT w.id, coalesce(m.members, 0)::int AS members,
      (SELECT count(*)::int FROM assignments a WHERE a.group_id = w.id) AS assignments
    FROM wanted w LEFT JOIN members m ON m.id = w.id`.execute(db)
  return new Map(rows.map(({ id, members, assignments }) => [id, { members, assignments }]))
}

function tableCount(table: 'devices' | 'users') {
  const few = sql`(SELECT count(*) FROM (SELECT FROM ${sql.table(table)} LIMIT ${countedExactly + 1}) few)`
  return sql`CASE WHEN ${few} <= ${countedExactly} THEN ${few}
    ELSE greatest(${countedExactly + 1}, (SELECT reltuples FROM pg_class WHERE oid = ${table}::regclass))::bigint END`
}

/** Stores a new group; undefined when the name is taken, in any case. */
export async function insertGroup(
  tx: Tx,
  group: { readonly kind: 'device' | 'user'; readonly name: string; readonly description: string },
  at: Date,
): Promise<GroupRow | undefined> {
  const { rows } = await sql<GroupRow>`
    INSERT INTO groups AS g (kind, name, description, created_at, updated_at)
    VALUES (${group.kind}, ${group.name}, ${group.description}, ${at}, ${at})
    ON CONFLICT DO NOTHING RETURNING ${columns}`.execute(tx)
  return rows[0]
}

/** Another group that has this name, in any case. */
export async function otherGroupNamed(tx: Tx, name: string, id: number): Promise<GroupRow | undefined> {
  const { rows } = await sql<GroupRow>`SELECT ${columns} FROM groups g
    WHERE lower(g.name) = lower(${name}) AND g.id <> ${id}`.execute(tx)
  return rows[0]
}

/** Gives a group its name and description; undefined when it is gone. */
export async function renameGroup(
  tx: Tx,
  id: number,
  group: { readonly name: string; readonly description: string },
  at: Date,
): Promise<GroupRow | undefined> {
  const { rows } =
    await sql<GroupRow>`UPDATE groups g SET name = ${group.name}, description = ${group.description},
    updated_at = ${at} WHERE g.id = ${id} RETURNING ${columns}`.execute(tx)
  return rows[0]
}

/** Removes a group with its memberships; the database refuses while it is assigned. */
export async function removeGroup(tx: Tx, id: number): Promise<void> {
  await sql`DELETE FROM groups WHERE id = ${id}`.execute(tx)
}

/** The names of the assets that a group is assigned to, at most `limit`, and how many there are. */
export async function assetsUsing(
  tx: Tx,
  groupId: number,
  limit: number,
): Promise<{ readonly total: number; readonly names: readonly string[] }> {
  const { rows } = await sql<{ name: string; total: number }>`
    SELECT coalesce(t.name, a.adam_id) || ' (' || l.name || ')' AS name, count(*) OVER ()::int AS total
    FROM assignments s JOIN assets a ON a.id = s.asset_id JOIN locations l ON l.id = a.location_id
    LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id
    WHERE s.group_id = ${groupId} ORDER BY 1 LIMIT ${limit}`.execute(tx)
  return { total: rows[0]?.total ?? 0, names: rows.map(({ name }) => name) }
}

/** Groups that a built-in kind stands for. */
export async function builtInGroup(tx: Tx, builtIn: 'all_devices' | 'all_users'): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`SELECT id FROM groups WHERE built_in = ${builtIn}`.execute(tx)
  return rows.map(({ id }) => id)
}
