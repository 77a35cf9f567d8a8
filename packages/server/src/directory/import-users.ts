/** The SQL of importing users. */
import { readUserRow, type UserRow } from '@apportion/core/directory/import-rows'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { lookAgainAtGroups } from '../platform/outbox.ts'
import { applyMemberships, checkGroupNames, countPlan, type ImportCounts } from './import-memberships.ts'
import { noteProblems, type Staging } from './import-staging.ts'

/** How rows of users are staged. */
export const userStaging: Staging<UserRow> = {
  read: readUserRow,
  columns: { name: 'text', email: 'text', department: 'text', groups: 'text' },
  values: (row) => [row.name, row.email, row.department, row.groups],
}

/** Finds rows of the same user and groups that cannot be joined. */
export async function checkUsers(tx: Tx): Promise<void> {
  await noteProblems(
    tx,
    sql`SELECT line, 'user_name', key, 'duplicate', first_line
        FROM (SELECT line, key, min(line) OVER (PARTITION BY lower(key)) AS first_line FROM import_rows) r
        WHERE line > first_line`,
  )
  await checkGroupNames(tx, 'user')
}

/** Carries out the good rows and asks to look again at the groups whose members changed. */
export async function applyUsers(tx: Tx, at: Date): Promise<ImportCounts> {
  await sql`CREATE TEMP TABLE import_plan ON COMMIT DROP AS
    SELECT w.*, w.member_id IS NULL AS created,
      w.member_id IS NOT NULL AND (w.name, w.email, w.department)
        IS DISTINCT FROM (w.old_name, w.old_email, w.old_department) AS changed
    FROM (
      SELECT r.line, r.key, u.id AS member_id, coalesce(r.name, u.name, '') AS name, u.name AS old_name,
        nullif(coalesce(r.email, u.email), '') AS email, u.email AS old_email,
        nullif(coalesce(r.department, u.department), '') AS department, u.department AS old_department
      FROM import_rows r LEFT JOIN users u ON lower(u.user_name) = lower(r.key)
      WHERE NOT r.bad
    ) w`.execute(tx)
  await sql`ANALYZE import_plan`.execute(tx)
  await sql`UPDATE users u SET name = p.name, email = p.email, department = p.department, updated_at = ${at}
    FROM import_plan p WHERE p.changed AND u.id = p.member_id`.execute(tx)
  await sql`WITH added AS (
      INSERT INTO users (user_name, name, email, department, created_at, updated_at)
      SELECT key, name, email, department, ${at}::timestamptz, ${at}::timestamptz
      FROM import_plan WHERE created ORDER BY line RETURNING id, user_name
    ) UPDATE import_plan p SET member_id = a.id FROM added a WHERE a.user_name = p.key`.execute(tx)
  await applyMemberships(tx, 'user', at)
  await lookAgainAtGroups(tx, await movedGroups(tx))
  return countPlan(tx)
}

async function movedGroups(tx: Tx): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT group_id AS id FROM import_moves
    UNION SELECT g.id FROM groups g WHERE g.built_in = 'all_users' AND EXISTS (SELECT FROM import_plan WHERE created)`.execute(
    tx,
  )
  return rows.map(({ id }) => id)
}
