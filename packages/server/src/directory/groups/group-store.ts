/** The SQL of groups and their members. */
import type { GroupRule } from '@apportion/core/directory/group-rule'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/database.ts'

/** A group as stored; `built_in` is null for one that people made. */
export interface GroupRow {
  readonly id: number
  readonly kind: 'device' | 'user'
  readonly name: string
  readonly description: string
  readonly built_in: 'all_devices' | 'all_users' | null
  /** By which its members are found, as stored; null where they are picked by hand. */
  readonly rule: unknown
  readonly created_at: Date
  readonly updated_at: Date
}

const columns = sql`g.id, g.kind, g.name, g.description, g.built_in, g.rule, g.created_at, g.updated_at`

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
  /** Devices or people in it and in the groups in it, each once; without who has left. */
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
    nested AS (SELECT w.id FROM wanted w WHERE EXISTS (SELECT FROM group_groups n WHERE n.group_id = w.id)),
    members AS (
      -- Without groups in it nobody is in a group twice, and counting needs no sorting.
      SELECT m.group_id AS id, count(*) AS members FROM group_devices m
      WHERE m.group_id = ANY(${ids}::int[]) AND m.group_id NOT IN (SELECT id FROM nested) GROUP BY 1
      UNION ALL
      SELECT m.group_id, count(*) FROM group_users m JOIN users u ON u.id = m.user_id AND u.active
      WHERE m.group_id = ANY(${ids}::int[]) AND m.group_id NOT IN (SELECT id FROM nested) GROUP BY 1
      UNION ALL
      SELECT c.group_id, count(DISTINCT m.device_id) FROM nested n JOIN group_closure c ON c.group_id = n.id
      JOIN group_devices m ON m.group_id = c.member_group_id GROUP BY 1
      UNION ALL
      SELECT c.group_id, count(DISTINCT m.user_id) FROM nested n JOIN group_closure c ON c.group_id = n.id
      JOIN group_users m ON m.group_id = c.member_group_id JOIN users u ON u.id = m.user_id AND u.active GROUP BY 1
      UNION ALL
      SELECT id, ${deviceCount()} FROM wanted WHERE built_in = 'all_devices'
      UNION ALL
      SELECT id, ${userCount()} FROM wanted WHERE built_in = 'all_users'
    )
    SELECT w.id, coalesce(m.members, 0)::int AS members,
      (SELECT count(*)::int FROM assignments a WHERE a.group_id = w.id) AS assignments
    FROM wanted w LEFT JOIN members m ON m.id = w.id`.execute(db)
  return new Map(rows.map(({ id, members, assignments }) => [id, { members, assignments }]))
}

function deviceCount() {
  const few = sql`(SELECT count(*) FROM (SELECT FROM devices LIMIT ${countedExactly + 1}) few)`
  return sql`CASE WHEN ${few} <= ${countedExactly} THEN ${few} ELSE ${estimated('devices')} END`
}

/** Without who has left. */
function userCount() {
  const few = sql`(SELECT count(*) FROM (SELECT FROM users WHERE active LIMIT ${countedExactly + 1}) few)`
  const left = sql`(SELECT count(*) FROM users WHERE NOT active)`
  return sql`CASE WHEN ${few} <= ${countedExactly} THEN ${few} ELSE ${estimated('users')} - ${left} END`
}

function estimated(table: 'devices' | 'users') {
  return sql`greatest(${countedExactly + 1}, (SELECT reltuples FROM pg_class WHERE oid = ${table}::regclass))::bigint`
}

/** Stores a new group; undefined when the name is taken, in any case. */
export async function insertGroup(
  tx: Tx,
  group: {
    readonly kind: 'device' | 'user'
    readonly name: string
    readonly description: string
    readonly rule: GroupRule | null
  },
  at: Date,
): Promise<GroupRow | undefined> {
  const { rows } = await sql<GroupRow>`
    INSERT INTO groups AS g (kind, name, description, rule, created_at, updated_at)
    VALUES (${group.kind}, ${group.name}, ${group.description}, ${asJson(group.rule)}::jsonb, ${at}, ${at})
    ON CONFLICT DO NOTHING RETURNING ${columns}`.execute(tx)
  return rows[0]
}

const asJson = (rule: GroupRule | null) => (rule === null ? null : JSON.stringify(rule))

/** Another group that has this name, in any case. */
export async function otherGroupNamed(tx: Tx, name: string, id: number): Promise<GroupRow | undefined> {
  const { rows } = await sql<GroupRow>`SELECT ${columns} FROM groups g
    WHERE lower(g.name) = lower(${name}) AND g.id <> ${id}`.execute(tx)
  return rows[0]
}

/** Writes name, description and rule of a group; undefined when it is gone. */
export async function writeGroup(
  tx: Tx,
  id: number,
  group: { readonly name: string; readonly description: string; readonly rule: GroupRule | null },
  at: Date,
): Promise<GroupRow | undefined> {
  const { rows } =
    await sql<GroupRow>`UPDATE groups g SET name = ${group.name}, description = ${group.description},
    rule = ${asJson(group.rule)}::jsonb, updated_at = ${at} WHERE g.id = ${id} RETURNING ${columns}`.execute(
      tx,
    )
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
