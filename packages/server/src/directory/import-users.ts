/** The SQL of importing users. */
import { readUserRow, type UserRow } from '@apportion/core/directory/import-rows'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { lookAgainAtGroups, mostDevicesNamed } from '../platform/outbox.ts'
import { ruleMovingUserFacts } from './facts-that-count.ts'
import { refreshRuleMembers } from './groups/rule-members.ts'
import {
  applyMemberships,
  checkGroupNames,
  countPlan,
  type ImportCounts,
  lookAgainAtMoves,
} from './import-memberships.ts'
import { noteProblems, type Staging } from './import-staging.ts'
import { lookAgainAtUsers } from './look-at-users.ts'

/** How rows of users are staged. */
export const userStaging: Staging<UserRow> = {
  read: readUserRow,
  columns: {
    name: 'text',
    email: 'text',
    department: 'text',
    active: 'boolean',
    managed_apple_account: 'text',
    groups: 'text',
  },
  values: (row) => [row.name, row.email, row.department, row.active, row.managedAppleAccount, row.groups],
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

const columns = (names: readonly string[], prefix = '') =>
  sql.join(names.map((name) => sql.id(`${prefix}${name}`)))

/** Carries out the good rows and asks to look again at who comes, goes or changes groups. */
export async function applyUsers(tx: Tx, at: Date): Promise<ImportCounts> {
  await planUsers(tx)
  const named = await fewMoved(tx)
  if (named !== undefined) await lookAgainAtUsers(tx, named)
  await sql`UPDATE users u SET name = p.name, email = p.email, department = p.department, active = p.active,
      managed_apple_account = p.managed_apple_account, updated_at = ${at}
    FROM import_plan p WHERE p.changed AND u.id = p.member_id`.execute(tx)
  await sql`WITH added AS (
      INSERT INTO users (user_name, name, email, department, active, managed_apple_account, created_at, updated_at)
      SELECT key, name, email, department, active, managed_apple_account, ${at}::timestamptz, ${at}::timestamptz
      FROM import_plan WHERE created ORDER BY line RETURNING id, user_name
    ) UPDATE import_plan p SET member_id = a.id FROM added a WHERE a.user_name = p.key`.execute(tx)
  await applyMemberships(tx, 'user', at)
  const ruled = sql`SELECT member_id FROM import_plan WHERE NOT created AND (${columns(ruleMovingUserFacts)})
    IS DISTINCT FROM (${columns(ruleMovingUserFacts, 'old_')})`
  await refreshRuleMembers(tx, sql`d.user_id IN (${ruled})`, at)
  const moved = await fewMoved(tx)
  if (moved === undefined) await lookAgainAtGroups(tx, await movedGroups(tx))
  else await lookAgainAtUsers(tx, moved)
  await lookAgainAtMoves(tx, 'user')
  return countPlan(tx)
}

/** Each good row beside the user as it is: what it will be, and whether the person comes or goes. */
async function planUsers(tx: Tx): Promise<void> {
  await sql`CREATE TEMP TABLE import_plan ON COMMIT DROP AS
    SELECT w.*, w.member_id IS NULL AS created, w.member_id IS NULL OR w.active <> w.old_active AS moved,
      w.member_id IS NOT NULL AND (w.name, w.email, w.department, w.active, w.managed_apple_account)
        IS DISTINCT FROM (w.old_name, w.old_email, w.old_department, w.old_active, w.old_account) AS changed
    FROM (
      SELECT r.line, r.key, u.id AS member_id, coalesce(r.name, u.name, '') AS name, u.name AS old_name,
        nullif(coalesce(r.email, u.email), '') AS email, u.email AS old_email,
        nullif(coalesce(r.department, u.department), '') AS department, u.department AS old_department,
        coalesce(r.active, u.active, true) AS active, u.active AS old_active,
        nullif(coalesce(r.managed_apple_account, u.managed_apple_account), '') AS managed_apple_account,
        u.managed_apple_account AS old_account
      FROM import_rows r LEFT JOIN users u ON lower(u.user_name) = lower(r.key)
      WHERE NOT r.bad
    ) w`.execute(tx)
  await sql`ANALYZE import_plan`.execute(tx)
}

/** Who comes or goes, when they are few enough to be named one by one. */
async function fewMoved(tx: Tx): Promise<readonly number[] | undefined> {
  const { rows } = await sql<{ many: boolean; users: readonly number[] }>`
    SELECT count(*) > ${mostDevicesNamed} AS many,
      coalesce(array_agg(member_id) FILTER (WHERE member_id IS NOT NULL), '{}') AS users
    FROM (SELECT member_id FROM import_plan WHERE moved LIMIT ${mostDevicesNamed + 1}) AS m`.execute(tx)
  const [found] = rows
  return found === undefined || found.many ? undefined : found.users
}

async function movedGroups(tx: Tx): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT m.group_id AS id FROM import_plan p JOIN group_users m ON m.user_id = p.member_id WHERE p.moved
    UNION SELECT g.id FROM groups g WHERE g.built_in = 'all_users' AND EXISTS (SELECT FROM import_plan WHERE moved)`.execute(
    tx,
  )
  return rows.map(({ id }) => id)
}
