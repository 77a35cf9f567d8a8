/** The SQL of importing devices. */
import { type DeviceRow, readDeviceRow } from '@apportion/core/directory/import-rows'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import {
  lookAgainAtDevices,
  lookAgainAtGroups,
  lookAgainAtPeople,
  mostDevicesNamed,
} from '../platform/outbox.ts'
import { type DeviceFacts, deviceColumns } from './device-store.ts'
import { fittingFacts, movingFacts, ruleMovingFacts } from './facts-that-count.ts'
import { refreshRuleMembers } from './groups/rule-members.ts'
import {
  applyMemberships,
  checkGroupNames,
  countPlan,
  type ImportCounts,
  lookAgainAtMoves,
} from './import-memberships.ts'
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
    kiosk: 'boolean',
    enrollment_type: 'text',
    country: 'text',
    site: 'text',
    tags: 'text',
    last_seen_at: 'text',
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
    row.kiosk,
    row.enrollmentType,
    row.country,
    row.site,
    row.tags,
    row.lastSeenAt,
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

/** The facts of a device that a file can change. */
const written = Object.values(deviceColumns)
const columnsOf = (facts: readonly (keyof DeviceFacts)[]) => facts.map((fact) => deviceColumns[fact])
const fitting = columnsOf(fittingFacts)
const moving = columnsOf(movingFacts)
const ruled = columnsOf(ruleMovingFacts)

const listed = (names: readonly string[], prefix = '') =>
  sql.join(names.map((name) => sql.id(`${prefix}${name}`)))
const planned = sql.join(written.map((name) => sql.ref(`p.${name}`)))
const differs = (names: readonly string[]) =>
  sql`(${listed(names)}) IS DISTINCT FROM (${listed(names, 'old_')})`

/** Carries out the good rows and asks to look again where targets can move. */
export async function applyDevices(tx: Tx, at: Date): Promise<ImportCounts> {
  await planDevices(tx)
  const named = await fewMoved(tx)
  if (named !== undefined) await lookAgainAtDevices(tx, named.devices)
  await sql`UPDATE devices d SET (${listed(written)}, updated_at) = ROW(${planned}, ${at}::timestamptz)
    FROM import_plan p WHERE p.changed AND p.member_id = d.id`.execute(tx)
  await sql`WITH added AS (
      INSERT INTO devices (serial_number, ${listed(written)}, created_at, updated_at)
      SELECT key, ${listed(written)}, ${at}::timestamptz, ${at}::timestamptz
      FROM import_plan WHERE created ORDER BY line RETURNING id, serial_number
    ) UPDATE import_plan p SET member_id = a.id FROM added a WHERE a.serial_number = p.key`.execute(tx)
  await applyMemberships(tx, 'device', at)
  const inOtherGroups = sql`SELECT member_id FROM import_plan WHERE created OR ${differs(ruled)}`
  await refreshRuleMembers(tx, sql`d.id IN (${inOtherGroups})`, at)
  const moved = await fewMoved(tx)
  if (moved === undefined) await lookAgainAtGroups(tx, await movedGroups(tx))
  else await lookAgainAtFew(tx, moved)
  return countPlan(tx)
}

/** Each good row beside the device as it is: what it will be, and what of it moves targets. */
async function planDevices(tx: Tx): Promise<void> {
  await sql`CREATE TEMP TABLE import_plan ON COMMIT DROP AS
    SELECT w.*, w.member_id IS NULL AS created, w.member_id IS NOT NULL AND ${differs(written)} AS changed
    FROM (
      SELECT r.line, r.key, d.id AS member_id,
        coalesce(r.name, d.name, '') AS name, d.name AS old_name,
        nullif(coalesce(r.model, d.model), '') AS model, d.model AS old_model,
        nullif(coalesce(r.platform, d.platform), '') AS platform, d.platform AS old_platform,
        nullif(coalesce(r.os_version, d.os_version), '') AS os_version, d.os_version AS old_os_version,
        coalesce(r.ownership, d.ownership, 'corporate') AS ownership, d.ownership AS old_ownership,
        coalesce(r.supervised, d.supervised, false) AS supervised, d.supervised AS old_supervised,
        coalesce(r.kiosk, d.kiosk, false) AS kiosk, d.kiosk AS old_kiosk,
        coalesce(r.enrollment_type, d.enrollment_type, 'device') AS enrollment_type,
        d.enrollment_type AS old_enrollment_type,
        nullif(coalesce(r.country, d.country), '') AS country, d.country AS old_country,
        nullif(coalesce(r.site, d.site), '') AS site, d.site AS old_site,
        CASE WHEN r.tags IS NULL THEN coalesce(d.tags, '{}') ELSE coalesce(string_to_array(nullif(r.tags, ''), '|'), '{}') END AS tags,
        d.tags AS old_tags,
        CASE WHEN r.last_seen_at IS NULL THEN d.last_seen_at ELSE nullif(r.last_seen_at, '')::timestamptz END
          AS last_seen_at, d.last_seen_at AS old_last_seen_at,
        CASE WHEN r.user_name IS NULL THEN d.user_id ELSE u.id END AS user_id, d.user_id AS old_user_id
      FROM import_rows r LEFT JOIN devices d ON d.serial_number = r.key
      LEFT JOIN users u ON lower(u.user_name) = lower(r.user_name)
      WHERE NOT r.bad
    ) w`.execute(tx)
  await sql`ANALYZE import_plan`.execute(tx)
}

interface FewMoved {
  /** Devices that are new, changed hands, or may fit otherwise now. */
  readonly devices: readonly number[]
  /** Whom a device was taken from. */
  readonly users: readonly number[]
}

/** The devices that moved, when they are few enough to be named one by one. */
async function fewMoved(tx: Tx): Promise<FewMoved | undefined> {
  const { rows } = await sql<FewMoved & { many: boolean }>`
    WITH moved AS (
      SELECT member_id, old_user_id FROM import_plan WHERE created OR ${differs(moving)}
    ) SELECT count(*) > ${mostDevicesNamed} AS many,
      coalesce(array_agg(member_id) FILTER (WHERE member_id IS NOT NULL), '{}') AS devices,
      coalesce(array_agg(DISTINCT old_user_id) FILTER (WHERE old_user_id IS NOT NULL), '{}') AS users
    FROM (SELECT * FROM moved LIMIT ${mostDevicesNamed + 1}) AS m`.execute(tx)
  const [found] = rows
  return found === undefined || found.many ? undefined : found
}

async function lookAgainAtFew(tx: Tx, { devices, users }: FewMoved): Promise<void> {
  await lookAgainAtDevices(tx, devices)
  await lookAgainAtPeople(tx, users)
  await lookAgainAtMoves(tx, 'device')
}

/** Groups that gained or lost devices, or have a device that other apps may fit now. */
async function movedGroups(tx: Tx): Promise<number[]> {
  const refitted = differs(fitting)
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
