/** Installations as they are shown: of a device, of an app, and how each came to be so (D4). */
import type { Cause, InstallState, Wanted } from '@apportion/core/installs/install'
import { sql } from 'kysely'
import type { z } from 'zod'
import { unknownDevice } from '../directory/remove-device.ts'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { targetsForDevices } from './book-targets.ts'
import { presentCause } from './present.ts'
import type * as contract from './schema.ts'

type ShownInstall = z.output<(typeof contract.deviceInstalls.response)[200]>['items'][number]

interface InstallRow {
  readonly asset_id: number
  readonly adam_id: string
  readonly asset_name: string
  readonly token_name: string
  readonly state: ShownInstall['state']
  readonly wanted: Wanted
  readonly since: Date
  readonly cause: Cause | null
  readonly attempts: number
  readonly due_at: Date | null
  readonly update_state: 'available' | 'commanded' | 'failed' | null
  readonly update_since: Date | null
  readonly settings_problem: ShownInstall['settingsProblem']
}

const name = sql`coalesce(s.name, a.adam_id)`
const named = sql`JOIN locations o ON o.id = a.location_id
  LEFT JOIN titles s ON s.country = o.country AND s.adam_id = a.adam_id`

/**
 * What is installed, on its way or went wrong on a device, and what waits for its license, by name. A device that is not
 * under management has none.
 *
 * @throws Refusal `device.unknown`
 */
export async function installsOfDevice(
  db: Db,
  deviceId: number,
  assetId: number | null = null,
): Promise<readonly ShownInstall[]> {
  const device = await sql`SELECT FROM devices WHERE id = ${deviceId}`.execute(db)
  if (device.rows.length === 0) throw unknownDevice(deviceId)
  const only = assetId === null ? sql`true` : sql`a.id = ${assetId}`
  const { rows } = await sql<InstallRow>`
    SELECT a.id AS asset_id, a.adam_id, ${name} AS asset_name, o.name AS token_name, i.state, i.wanted, i.since, i.cause,
      i.attempts, i.due_at, i.update_state, i.update_since, i.settings_problem
    FROM installs i JOIN assets a ON a.id = i.asset_id ${named} WHERE i.device_id = ${deviceId} AND ${only}
    UNION ALL
    SELECT a.id, a.adam_id, ${name}, o.name, 'waiting_for_license', 'installed', t.entered_at, NULL, 0, NULL, NULL, NULL, NULL
    FROM (${targetsForDevices(sql`d.id = ${deviceId}`)}) AS t JOIN assets a ON a.id = t.asset_id ${named}
    WHERE ${only} AND t.wants
      AND EXISTS (SELECT FROM enrollments e WHERE e.device_id = t.for_device AND e.state = 'enrolled')
      AND NOT EXISTS (SELECT FROM installs i WHERE i.device_id = t.for_device AND i.adam_id = a.adam_id)
    ORDER BY 3, 1`.execute(db)
  return rows.map(presentInstall)
}

function presentInstall(row: InstallRow): ShownInstall {
  return {
    assetId: row.asset_id,
    adamId: row.adam_id,
    assetName: row.asset_name,
    tokenName: row.token_name,
    state: row.state,
    wanted: row.wanted,
    since: row.since.toISOString(),
    cause: row.cause === null ? null : presentCause(row.cause),
    attempts: row.attempts,
    nextAt: row.due_at?.toISOString() ?? null,
    update:
      row.update_state === null || row.update_since === null
        ? null
        : { state: row.update_state, since: row.update_since.toISOString() },
    settingsProblem: row.settings_problem,
  }
}

export interface StepRow {
  readonly seq: number
  readonly at: Date
  readonly state: InstallState
  readonly cause: Cause
}

/** The states that an app was in on a device, the latest first. */
export async function pageOfSteps(
  db: Db,
  app: { readonly deviceId: number; readonly adamId: string },
  page: { readonly before: number | null; readonly limit: number },
): Promise<readonly StepRow[]> {
  const { rows } = await sql<StepRow>`SELECT seq, at, state, cause FROM install_steps
    WHERE device_id = ${app.deviceId} AND adam_id = ${app.adamId} AND (${page.before}::bigint IS NULL OR seq < ${page.before})
    ORDER BY seq DESC LIMIT ${page.limit}`.execute(db)
  return rows
}

export interface DeviceOfAssetRow {
  readonly device_id: number
  readonly device_name: string
  readonly serial_number: string
  readonly user_name: string | null
  readonly state: InstallState
  readonly since: Date
  readonly cause: Cause
  readonly due_at: Date | null
}

/** The devices that an app is on, or on its way to, by serial number. */
export async function pageOfDevices(
  db: Db,
  filter: {
    readonly assetId: number
    readonly state: InstallState | null
    /** In lower case. */
    readonly search: string
    readonly after: string | null
    readonly limit: number
  },
): Promise<readonly DeviceOfAssetRow[]> {
  const { assetId, state, search, after, limit } = filter
  const { rows } = await sql<DeviceOfAssetRow>`
    SELECT d.id AS device_id, d.name AS device_name, d.serial_number, u.user_name, i.state, i.since, i.cause, i.due_at
    FROM installs i JOIN devices d ON d.id = i.device_id LEFT JOIN users u ON u.id = d.user_id
    WHERE i.location_id = (SELECT location_id FROM assets WHERE id = ${assetId}) AND i.asset_id = ${assetId}
      AND (${state}::text IS NULL OR i.state = ${state})
      AND (${after}::text IS NULL OR d.serial_number > ${after})
      AND (${search} = '' OR strpos(lower(d.name), ${search}) > 0 OR starts_with(d.serial_number, upper(${search}))
        OR strpos(lower(coalesce(u.user_name, '')), ${search}) > 0)
    ORDER BY d.serial_number LIMIT ${limit}`.execute(db)
  return rows
}

/** How many devices an app is in which state on. */
export async function countInstalls(
  db: Db,
  assetId: number,
): Promise<z.output<(typeof contract.assetInstallCounts.response)[200]>> {
  const { rows } = await sql<{
    state: InstallState
    devices: number
  }>`SELECT state, count(*)::int AS devices FROM installs
    WHERE location_id = (SELECT location_id FROM assets WHERE id = ${assetId}) AND asset_id = ${assetId}
    GROUP BY state`.execute(db)
  const meant = await sql<{ managed: number; waiting: number }>`
    SELECT count(*)::int AS managed, (count(*) FILTER (WHERE i.device_id IS NULL AND t.wants))::int AS waiting
    FROM (${targetsForDevices(sql`t.location_id = (SELECT location_id FROM assets WHERE id = ${assetId})
      AND t.asset_id = ${assetId} AND t.intent <> 'uninstall'`)}) AS t JOIN assets a ON a.id = t.asset_id
    JOIN enrollments e ON e.device_id = t.for_device AND e.state = 'enrolled'
    LEFT JOIN installs i ON i.device_id = t.for_device AND i.adam_id = a.adam_id`.execute(db)
  return {
    managedDevices: meant.rows[0]?.managed ?? 0,
    waitingForLicense: meant.rows[0]?.waiting ?? 0,
    states: rows,
  }
}

/** The title of an asset. @throws Refusal `asset.unknown` */
export async function adamIdOf(db: Db, assetId: number): Promise<string> {
  const { rows } = await sql<{ adam_id: string }>`SELECT adam_id FROM assets WHERE id = ${assetId}`.execute(
    db,
  )
  const [asset] = rows
  if (asset !== undefined) return asset.adam_id
  throw new Refusal('asset.unknown', `There is no app or book with the id ${assetId}.`, { assetId })
}
