/** The SQL of installations: their rows, their steps, and which are to be looked at. */
import type { ToldSettings, UpdateStanding } from '@apportion/core/installs/care'
import type { ChainedError } from '@apportion/core/installs/failures'
import type { Cause, Install, InstallState, Wanted } from '@apportion/core/installs/install'
import type { Declared } from '@apportion/core/installs/way'
import { sql } from 'kysely'
import { storableText } from '../audit/chain.ts'
import type { Tx } from '../platform/db/database.ts'

/** A title on a device. */
export interface InstallKey {
  readonly deviceId: number
  readonly adamId: string
}

/** An installation as it is stored. */
export interface StoredInstall extends InstallKey {
  readonly isBook: boolean
  readonly locationId: number
  readonly assetId: number
  readonly enrollmentId: number
  readonly bundleId: string | null
  readonly commandId: string | null
  readonly externalVersion: number | null
  /** What the device was told of the app's settings; null while that is not known. */
  readonly settingsSent: ToldSettings | null
  /** Why the device could not take them. */
  readonly settingsProblem: readonly ChainedError[] | null
  readonly update: UpdateStanding | null
  /** What is declared of it; null when it comes by a command. */
  readonly declared: Declared | null
  readonly install: Install
}

interface InstallRow {
  readonly is_book: boolean
  readonly device_id: number
  readonly adam_id: string
  readonly location_id: number
  readonly asset_id: number
  readonly enrollment_id: number
  readonly bundle_id: string | null
  readonly command_id: string | null
  readonly external_version: number | null
  readonly wanted: Wanted
  readonly state: InstallState
  readonly since: Date
  readonly cause: Cause
  readonly attempts: number
  readonly polls: number
  readonly due_at: Date | null
  readonly settings_sent: ToldSettings | null
  readonly settings_problem: readonly ChainedError[] | null
  readonly update_state: UpdateStanding['state'] | null
  readonly update_since: Date | null
  readonly declared: Declared | null
}

const stored = (row: InstallRow): StoredInstall => ({
  deviceId: row.device_id,
  adamId: row.adam_id,
  isBook: row.is_book,
  locationId: row.location_id,
  assetId: row.asset_id,
  enrollmentId: row.enrollment_id,
  bundleId: row.bundle_id,
  commandId: row.command_id,
  externalVersion: row.external_version,
  settingsSent: row.settings_sent,
  settingsProblem: row.settings_problem,
  declared: row.declared,
  update:
    row.update_state === null || row.update_since === null
      ? null
      : { state: row.update_state, since: row.update_since },
  install: {
    wanted: row.wanted,
    state: row.state,
    since: row.since,
    cause: row.cause,
    attempts: row.attempts,
    polls: row.polls,
    dueAt: row.due_at,
  },
})

const isBook = sql`a.product_type = 'Book' AS is_book`

/** Locks the installations of these titles on these devices that there are, in one order for everybody. */
export async function lockInstalls(tx: Tx, keys: readonly InstallKey[]): Promise<readonly StoredInstall[]> {
  if (keys.length === 0) return []
  const { rows } =
    await sql<InstallRow>`SELECT i.*, ${isBook} FROM installs i JOIN assets a ON a.id = i.asset_id
    JOIN unnest(${keys.map((key) => key.deviceId)}::int[], ${keys.map((key) => key.adamId)}::text[]) AS k(device_id, adam_id)
      ON k.device_id = i.device_id AND k.adam_id = i.adam_id
    ORDER BY i.device_id, i.adam_id FOR UPDATE OF i`.execute(tx)
  return rows.map(stored)
}

/** Locks every installation of a device that its enrollment brought. */
export async function lockInstallsOf(
  tx: Tx,
  { deviceId, enrollmentId }: { readonly deviceId: number; readonly enrollmentId: number },
): Promise<readonly StoredInstall[]> {
  const { rows } = await sql<InstallRow>`SELECT i.*, ${isBook} FROM installs i
    JOIN assets a ON a.id = i.asset_id WHERE i.device_id = ${deviceId} AND i.enrollment_id = ${enrollmentId}
    ORDER BY i.adam_id FOR UPDATE OF i`.execute(tx)
  return rows.map(stored)
}

/** What was, and what is to be stored; a step is written where state or cause changed. */
export interface InstallChange {
  readonly before: StoredInstall | null
  readonly after: StoredInstall
}

/** As JSON that the database can hold, whatever a device said in its texts and numbers. */
function storableJson(rows: readonly object[]): string {
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'string' ? storableText(value) : value,
  )
}

/** Whether something is to be stored: most of what a device says it has said before. */
function isChanged({ before, after }: InstallChange): boolean {
  return before === null || storableJson([before]) !== storableJson([after])
}

/** Stores the installations that changed, and a step for each that changed its state or its cause. */
export async function storeInstalls(tx: Tx, all: readonly InstallChange[], at: Date): Promise<void> {
  const changes = all.filter(isChanged)
  if (changes.length === 0) return
  const rows = changes.map(({ after: { install, update, ...each } }) => ({
    ...each,
    ...install,
    externalVersion: Number.isSafeInteger(each.externalVersion) ? each.externalVersion : null,
    updateState: update?.state ?? null,
    updateSince: update?.since ?? null,
  }))
  await sql`
    INSERT INTO installs AS i (device_id, adam_id, location_id, asset_id, enrollment_id, bundle_id, command_id,
      external_version, wanted, state, since, cause, attempts, polls, due_at, settings_sent, settings_problem,
      update_state, update_since, declared)
    SELECT "deviceId", "adamId", "locationId", "assetId", "enrollmentId", "bundleId", "commandId", "externalVersion",
      wanted, state, since, cause, attempts, polls, "dueAt", "settingsSent", "settingsProblem", "updateState",
      "updateSince", nullif(declared, 'null')
    FROM jsonb_to_recordset(${storableJson(rows)}::jsonb) AS r("deviceId" int, "adamId" text, "locationId" int,
      "assetId" int, "enrollmentId" int, "bundleId" text, "commandId" uuid, "externalVersion" bigint, wanted text,
      state text, since timestamptz, cause jsonb, attempts smallint, polls smallint, "dueAt" timestamptz,
      "settingsSent" jsonb, "settingsProblem" jsonb, "updateState" text, "updateSince" timestamptz,
      declared jsonb)
    ORDER BY 1, 2
    ON CONFLICT (device_id, adam_id) DO UPDATE SET location_id = excluded.location_id, asset_id = excluded.asset_id,
      enrollment_id = excluded.enrollment_id, bundle_id = excluded.bundle_id, command_id = excluded.command_id,
      external_version = excluded.external_version, wanted = excluded.wanted, state = excluded.state,
      since = excluded.since, cause = excluded.cause, attempts = excluded.attempts, polls = excluded.polls,
      due_at = excluded.due_at, settings_sent = excluded.settings_sent, settings_problem = excluded.settings_problem,
      update_state = excluded.update_state, update_since = excluded.update_since,
      declared = excluded.declared`.execute(tx)
  const steps = changes
    .filter(({ before, after: { install } }) => isStep(before?.install ?? null, install))
    .map(({ after }) => after)
  if (steps.length === 0) return
  const lines = steps.map(({ deviceId, adamId, commandId, install: { state, cause } }) => ({
    deviceId,
    adamId,
    commandId,
    state,
    cause,
  }))
  await sql`INSERT INTO install_steps (device_id, adam_id, at, state, cause, command_id)
    SELECT "deviceId", "adamId", ${at}, state, cause, "commandId" FROM jsonb_to_recordset(${storableJson(lines)}::jsonb)
      AS r("deviceId" int, "adamId" text, state text, cause jsonb, "commandId" uuid)`.execute(tx)
}

const isStep = (before: Install | null, after: Install): boolean =>
  before === null ||
  before.state !== after.state ||
  before.cause.code !== after.cause.code ||
  before.cause.word !== after.cause.word

/** A title of a pool on a device, that is to be looked at. */
export interface Look {
  readonly assetId: number
  readonly deviceId: number
}

/** Takes looks of a location that somebody asked for; waits for whoever asks at this moment. */
export async function takeLooks(tx: Tx, locationId: number, limit: number): Promise<readonly Look[]> {
  const { rows } = await sql<Look>`
    WITH first AS MATERIALIZED (
      SELECT location_id, asset_id, device_id FROM delivery_looks WHERE location_id = ${locationId}
      ORDER BY asset_id, device_id LIMIT ${limit} FOR UPDATE
    )
    DELETE FROM delivery_looks l USING first s
    WHERE l.location_id = s.location_id AND l.asset_id = s.asset_id AND l.device_id = s.device_id
    RETURNING l.asset_id AS "assetId", l.device_id AS "deviceId"`.execute(tx)
  return rows
}

/** Installations of a location whose moment has come, the longest due first. */
export async function dueLooks(
  tx: Tx,
  { locationId, now, limit }: { readonly locationId: number; readonly now: Date; readonly limit: number },
): Promise<readonly Look[]> {
  const { rows } = await sql<Look>`SELECT asset_id AS "assetId", device_id AS "deviceId" FROM installs
    WHERE location_id = ${locationId} AND due_at <= ${now} ORDER BY due_at LIMIT ${limit}`.execute(tx)
  return rows
}
