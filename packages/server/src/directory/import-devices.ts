/** The SQL of importing devices. */
import { type DeviceRow, readDeviceRow } from '@apportion/core/directory/import-rows'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { lookAgainAtGroups } from '../platform/outbox.ts'
import { applyMemberships, checkGroupNames, countPlan, type ImportCounts } from './import-memberships.ts'
import { noteProblems, type Staging } from './import-staging.ts'

/** How rows of devices are staged. */
export const deviceStaging: Staging<DeviceRow> = {
  read: readDeviceRow,
  columns: {
    name: 'text',
    model: 'text',
    platform: 'text',
    os_version: 'text',
    ownership: 'text',
    supervised: 'boolean',
    user_name: 'text',
    groups: 'text',
  },
  values: (row) => [
    row.name,
    row.model,
    row.platform,
    row.osVersion,
    row.ownership,
    row.supervised,
    row.user,
    row.groups,
  ],
}

/** Finds rows of the same device, unknown users and groups that cannot be joined. */
export async function checkDevices(tx: Tx): Promise<void> {
  await noteProblems(
    tx,
    sql`SELECT line, 'serial_number', key, 'duplicate', first_line
        FROM (SELECT line, key, min(line) OVER (PARTITION BY key) AS first_line FROM import_rows) r
        WHERE line > first_line`,
  )
  await noteProblems(
    tx,
    sql`SELECT r.line, 'user', r.user_name, 'user_unknown', NULL::integer FROM import_rows r
        WHERE r.user_name <> '' AND NOT EXISTS (SELECT FROM users u WHERE lower(u.user_name) = lower(r.user_name))`,
  )
  await checkGroupNames(tx, 'device')
}

/** Carries out the good rows and asks to look again where targets can move. */
export async function applyDevices(tx: Tx, at: Date): Promise<ImportCounts> {
  await planDevices(tx)
  await sql`UPDATE devices d SET name = p.name, model = p.model, platform = p.platform, os_version = p.os_version,
      ownership = p.ownership, supervised = p.supervised, user_id = p.user_id, updated_at = ${at}
    FROM import_plan p WHERE p.changed AND d.id = p.member_id`.execute(tx)
  await sql`WITH added AS (
      INSERT INTO devices (serial_number, name, model, platform, os_version, ownership, supervised, user_id, created_at,
        updated_at)
      SELECT key, name, model, platform, os_version, ownership, supervised, user_id, ${at}::timestamptz, ${at}::timestamptz
      FROM import_plan WHERE created ORDER BY line RETURNING id, serial_number
    ) UPDATE import_plan p SET member_id = a.id FROM added a WHERE a.serial_number = p.key`.execute(tx)
  await applyMemberships(tx, 'device', at)
  await lookAgainAtGroups(tx, await movedGroups(tx))
  return countPlan(tx)
}

/** Each good row beside the device as it is: what it will be, and what of it moves targets. */
async function planDevices(tx: Tx): Promise<void> {
  await sql`CREATE TEMP TABLE import_plan ON COMMIT DROP AS
    SELECT w.*, w.member_id IS NULL AS created,
      w.member_id IS NOT NULL AND (w.name, w.model, w.platform, w.os_version, w.ownership, w.supervised, w.user_id)
        IS DISTINCT FROM (w.old_name, w.old_model, w.old_platform, w.old_os_version, w.old_ownership, w.old_supervised,
          w.old_user_id) AS changed
    FROM (
      SELECT r.line, r.key, d.id AS member_id,
        coalesce(r.name, d.name, '') AS name, d.name AS old_name,
        nullif(coalesce(r.model, d.model), '') AS model, d.model AS old_model,
        nullif(coalesce(r.platform, d.platform), '') AS platform, d.platform AS old_platform,
        nullif(coalesce(r.os_version, d.os_version), '') AS os_version, d.os_version AS old_os_version,
        coalesce(r.ownership, d.ownership, 'corporate') AS ownership, d.ownership AS old_ownership,
        coalesce(r.supervised, d.supervised, false) AS supervised, d.supervised AS old_supervised,
        CASE WHEN r.user_name IS NULL THEN d.user_id ELSE u.id END AS user_id, d.user_id AS old_user_id
      FROM import_rows r LEFT JOIN devices d ON d.serial_number = r.key
      LEFT JOIN users u ON lower(u.user_name) = lower(r.user_name)
      WHERE NOT r.bad
    ) w`.execute(tx)
  await sql`ANALYZE import_plan`.execute(tx)
}

/** Groups that gained or lost devices, or have a device that other apps may fit now: by platform, system or model. */
async function movedGroups(tx: Tx): Promise<number[]> {
  const refitted = sql`(platform, os_version, model) IS DISTINCT FROM (old_platform, old_os_version, old_model)`
  const { rows } = await sql<{ id: number }>`
    WITH moved AS (
      SELECT member_id, user_id, old_user_id, created, ${refitted} AS refitted FROM import_plan
      WHERE created OR user_id IS DISTINCT FROM old_user_id OR ${refitted}
    ), people AS (
      SELECT user_id FROM moved WHERE user_id IS NOT NULL
      UNION SELECT old_user_id FROM moved WHERE old_user_id IS NOT NULL
    )
    SELECT group_id AS id FROM import_moves
    UNION SELECT gd.group_id FROM moved m JOIN group_devices gd ON gd.device_id = m.member_id WHERE m.refitted
    UNION SELECT gu.group_id FROM people p JOIN group_users gu ON gu.user_id = p.user_id
    UNION SELECT g.id FROM groups g WHERE g.built_in = 'all_devices'
      AND EXISTS (SELECT FROM moved m WHERE m.created OR m.refitted)
    UNION SELECT g.id FROM groups g WHERE g.built_in = 'all_users' AND EXISTS (SELECT FROM people)`.execute(
    tx,
  )
  return rows.map(({ id }) => id)
}
