/**
 * The SQL of importing groups: one row for each group, or one for each member.
 *
 * `import_groups` is the file by group: its name as first spelled, its kind, and the group that it is, if any.
 */
import { type GroupRow, readGroupRow } from '@apportion/core/directory/import-rows'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { type ImportCounts, lookAgainAtMoves } from './import-memberships.ts'
import { noteProblems, type Staging } from './import-staging.ts'

/** How rows of groups are staged. */
export const groupStaging: Staging<GroupRow> = {
  read: readGroupRow,
  columns: { kind: 'text', description: 'text', member: 'text' },
  values: (row) => [row.kind, row.description, row.member],
}

/** Finds rows that say the same twice or contradict each other, groups that cannot be changed, unknown members. */
export async function checkGroups(tx: Tx): Promise<void> {
  await collectGroups(tx)
  await noteProblems(
    tx,
    sql`SELECT line, CASE WHEN member IS NULL THEN 'name' ELSE 'member' END, coalesce(member, key), 'duplicate', first_line
        FROM (SELECT *, min(line) OVER (PARTITION BY lower(key), lower(member)) AS first_line FROM import_rows) r
        WHERE line > first_line`,
  )
  await noteProblems(
    tx,
    sql`SELECT r.line, problem.cell, problem.value, problem.code, problem.line
        FROM import_rows r JOIN import_groups g ON g.folded = lower(r.key)
        CROSS JOIN LATERAL (VALUES
          ('name', r.key, 'group_built_in', NULL::integer, g.built_in IS NOT NULL),
          ('name', r.key, 'group_by_rule', NULL, g.by_rule AND r.member IS NOT NULL),
          ('kind', r.key, 'kind_missing', NULL, g.kind IS NULL),
          ('kind', r.kind, 'kind_differs', NULL, g.group_id IS NOT NULL AND r.kind <> g.kind),
          ('kind', r.kind, 'kind_differs_in_file', g.kind_line, g.group_id IS NULL AND r.kind <> g.kind),
          ('description', r.description, 'description_differs_in_file', g.description_line, r.description <> g.description)
        ) AS problem(cell, value, code, line, is_there)
        WHERE problem.is_there`,
  )
  await noteProblems(
    tx,
    sql`SELECT r.line, 'member', r.member, g.kind || '_unknown', NULL::integer
        FROM import_rows r JOIN import_groups g ON g.folded = lower(r.key)
        LEFT JOIN devices d ON g.kind = 'device' AND d.serial_number = upper(r.member)
        LEFT JOIN users u ON g.kind = 'user' AND lower(u.user_name) = lower(r.member)
        WHERE r.member IS NOT NULL AND g.kind IS NOT NULL AND d.id IS NULL AND u.id IS NULL`,
  )
}

async function collectGroups(tx: Tx): Promise<void> {
  await sql`CREATE TEMP TABLE import_groups ON COMMIT DROP AS
    SELECT lower(r.key) AS folded, (array_agg(r.key ORDER BY r.line))[1] AS name,
      coalesce(max(g.kind), (array_agg(r.kind ORDER BY r.line) FILTER (WHERE r.kind IS NOT NULL))[1]) AS kind,
      min(r.line) FILTER (WHERE r.kind IS NOT NULL) AS kind_line,
      (array_agg(r.description ORDER BY r.line) FILTER (WHERE r.description IS NOT NULL))[1] AS description,
      min(r.line) FILTER (WHERE r.description IS NOT NULL) AS description_line,
      max(g.id) AS group_id, max(g.built_in) AS built_in,
      coalesce(bool_or(g.rule IS NOT NULL), false) AS by_rule, false AS fresh, false AS described, NULL::integer AS first_line
    FROM import_rows r LEFT JOIN groups g ON lower(g.name) = lower(r.key) GROUP BY lower(r.key)`.execute(tx)
  await sql`ANALYZE import_groups`.execute(tx)
}

/** Carries out the good rows and asks to look again at the groups that gained members. */
export async function applyGroups(tx: Tx, at: Date): Promise<ImportCounts> {
  // Rows that turned out bad give a group neither its existence nor its description.
  await sql`UPDATE import_groups g SET first_line = r.first_line, description = r.description,
      description_line = r.description_line
    FROM (SELECT lower(key) AS folded, min(line) AS first_line, max(description) AS description,
        min(line) FILTER (WHERE description IS NOT NULL) AS description_line
      FROM import_rows WHERE NOT bad GROUP BY lower(key)) r WHERE r.folded = g.folded`.execute(tx)
  await sql`WITH added AS (
      INSERT INTO groups (kind, name, description, created_at, updated_at)
      SELECT kind, name, coalesce(description, ''), ${at}::timestamptz, ${at}::timestamptz FROM import_groups
      WHERE group_id IS NULL AND first_line IS NOT NULL ORDER BY first_line RETURNING id, name
    ) UPDATE import_groups g SET group_id = a.id, fresh = true FROM added a WHERE a.name = g.name`.execute(tx)
  await sql`WITH changed AS (
      UPDATE groups g SET description = i.description, updated_at = ${at} FROM import_groups i
      WHERE i.group_id = g.id AND NOT i.fresh AND i.first_line IS NOT NULL AND i.description <> g.description
      RETURNING g.id
    ) UPDATE import_groups i SET described = true FROM changed c WHERE c.id = i.group_id`.execute(tx)
  await addMembers(tx, at)
  await lookAgainAtMoves(tx, 'device')
  await lookAgainAtMoves(tx, 'user')
  return countRows(tx)
}

async function addMembers(tx: Tx, at: Date): Promise<void> {
  await sql`CREATE TEMP TABLE import_moves (group_id integer, member_id integer) ON COMMIT DROP`.execute(tx)
  const good = sql`import_rows r JOIN import_groups g ON g.folded = lower(r.key) AND NOT r.bad`
  await sql`WITH joined AS (
      INSERT INTO group_devices (group_id, device_id, added_at) SELECT g.group_id, d.id, ${at}::timestamptz
      FROM ${good} JOIN devices d ON d.serial_number = upper(r.member) WHERE g.kind = 'device'
      ORDER BY 1, 2 ON CONFLICT DO NOTHING RETURNING group_id, device_id
    ) INSERT INTO import_moves SELECT * FROM joined`.execute(tx)
  await sql`WITH joined AS (
      INSERT INTO group_users (group_id, user_id, added_at) SELECT g.group_id, u.id, ${at}::timestamptz
      FROM ${good} JOIN users u ON lower(u.user_name) = lower(r.member) WHERE g.kind = 'user'
      ORDER BY 1, 2 ON CONFLICT DO NOTHING RETURNING group_id, user_id
    ) INSERT INTO import_moves SELECT * FROM joined`.execute(tx)
  await sql`ANALYZE import_moves`.execute(tx)
}

/** By row: the first one of a new group created it, one that added a member or the description updated it. */
async function countRows(tx: Tx): Promise<ImportCounts> {
  const { rows } = await sql<ImportCounts>`
    SELECT count(*) FILTER (WHERE outcome = 'created')::int AS created,
      count(*) FILTER (WHERE outcome = 'updated')::int AS updated,
      count(*) FILTER (WHERE outcome = 'unchanged')::int AS unchanged
    FROM (
      SELECT CASE WHEN g.fresh AND r.line = g.first_line THEN 'created'
        WHEN m.member_id IS NOT NULL OR (g.described AND r.line = g.description_line) THEN 'updated'
        ELSE 'unchanged' END AS outcome
      FROM import_rows r JOIN import_groups g ON g.folded = lower(r.key)
      LEFT JOIN devices d ON g.kind = 'device' AND d.serial_number = upper(r.member)
      LEFT JOIN users u ON g.kind = 'user' AND lower(u.user_name) = lower(r.member)
      LEFT JOIN import_moves m ON m.group_id = g.group_id AND m.member_id = coalesce(d.id, u.id)
      WHERE NOT r.bad
    ) counted`.execute(tx)
  return rows[0] ?? { created: 0, updated: 0, unchanged: 0 }
}
