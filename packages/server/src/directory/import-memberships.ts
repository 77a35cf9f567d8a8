/**
 * The `groups` cells of devices and of users: the groups that are named are joined, a hyphen leaves all groups.
 *
 * Works on `import_rows.groups` and on `import_plan (line, member_id, created, changed)`; who joined or left what
 * is in `import_moves` afterwards.
 */
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import {
  lookAgainAtGroups,
  lookAgainAtMembers,
  lookAgainAtPeople,
  mostDevicesNamed,
} from '../platform/outbox.ts'
import { devicesOfUsers } from './device-store.ts'
import { noteProblems } from './import-staging.ts'

/** What members a group has, with the table that says so. */
const membership = {
  device: { table: sql.table('group_devices'), member: sql.ref('device_id'), wrongKind: 'group_of_users' },
  user: { table: sql.table('group_users'), member: sql.ref('user_id'), wrongKind: 'group_of_devices' },
} as const

/** What the members of a group are. */
export type MemberKind = keyof typeof membership

const named = sql`import_rows r CROSS JOIN LATERAL unnest(string_to_array(r.groups, '|')) AS n(name)
  LEFT JOIN groups g ON lower(g.name) = lower(n.name)`

/** Finds groups that are unknown, of the other kind, built in, or have their members by a rule. */
export async function checkGroupNames(tx: Tx, kind: MemberKind): Promise<void> {
  await noteProblems(
    tx,
    sql`SELECT r.line, 'groups', n.name, CASE WHEN g.id IS NULL THEN 'group_unknown'
          WHEN g.built_in IS NOT NULL THEN 'group_built_in' WHEN g.kind <> ${kind} THEN ${membership[kind].wrongKind}
          ELSE 'group_by_rule' END, NULL
        FROM ${named} WHERE r.groups <> ''
          AND (g.id IS NULL OR g.built_in IS NOT NULL OR g.kind <> ${kind} OR g.rule IS NOT NULL)`,
  )
}

/** Joins and leaves groups as the good rows say. */
export async function applyMemberships(tx: Tx, kind: MemberKind, at: Date): Promise<void> {
  const { table, member } = membership[kind]
  await sql`CREATE TEMP TABLE import_moves ON COMMIT DROP AS
    SELECT ${member} AS member_id, group_id FROM ${table} WHERE false`.execute(tx)
  await sql`WITH joined AS (
      INSERT INTO ${table} (group_id, ${member}, added_at)
      SELECT DISTINCT g.id, p.member_id, ${at}::timestamptz
      FROM ${named} JOIN import_plan p ON p.line = r.line WHERE r.groups <> ''
      ORDER BY 1, 2 ON CONFLICT DO NOTHING RETURNING ${member}, group_id
    ), left_behind AS (
      DELETE FROM ${table} m USING import_rows r JOIN import_plan p ON p.line = r.line
      WHERE r.groups = '' AND m.${member} = p.member_id
        AND NOT EXISTS (SELECT FROM groups g WHERE g.id = m.group_id AND g.rule IS NOT NULL) RETURNING m.${member}, m.group_id
    )
    INSERT INTO import_moves SELECT * FROM joined UNION ALL SELECT * FROM left_behind`.execute(tx)
  await sql`ANALYZE import_moves`.execute(tx)
}

/**
 * Asks to look again at devices or people who joined or left a group. `import_moves` says who; one by one when they are few, else
 * at the groups.
 */
export async function lookAgainAtMoves(tx: Tx, kind: MemberKind): Promise<void> {
  const { rows } = await sql<{ groups: readonly number[]; members: readonly number[] }>`
    WITH moved AS (SELECT m.* FROM import_moves m JOIN groups g ON g.id = m.group_id AND g.kind = ${kind})
    SELECT ARRAY(SELECT DISTINCT group_id FROM moved) AS groups,
      ARRAY(SELECT DISTINCT member_id FROM moved LIMIT ${mostDevicesNamed + 1}) AS members`.execute(tx)
  const { groups = [], members = [] } = rows[0] ?? {}
  const deviceIds = kind === 'device' ? members : await devicesOfUsers(tx, members)
  if (members.length > mostDevicesNamed || deviceIds.length > mostDevicesNamed) {
    await lookAgainAtGroups(tx, groups)
    return
  }
  await lookAgainAtMembers(tx, { groupIds: groups, deviceIds })
  if (kind === 'user') await lookAgainAtPeople(tx, members)
}

/** What became of the good rows. */
export interface ImportCounts {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
}

/** Counts `import_plan`; who only joined or left a group counts as updated. */
export async function countPlan(tx: Tx): Promise<ImportCounts> {
  const { rows } = await sql<ImportCounts>`
    SELECT count(*) FILTER (WHERE p.created)::int AS created,
      count(*) FILTER (WHERE NOT p.created AND (p.changed OR m.member_id IS NOT NULL))::int AS updated,
      count(*) FILTER (WHERE NOT p.created AND NOT p.changed AND m.member_id IS NULL)::int AS unchanged
    FROM import_plan p LEFT JOIN (SELECT DISTINCT member_id FROM import_moves) m ON m.member_id = p.member_id`.execute(
    tx,
  )
  return rows[0] ?? { created: 0, updated: 0, unchanged: 0 }
}
