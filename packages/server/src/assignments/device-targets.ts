/** What is meant for a device, by which rule, and what is not because of an exclusion (1.3, D8). */
import { type MergedSettings, mergeSettings, parseSettings } from '@apportion/core/assignments/settings'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db, Tx } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import type * as contract from './schema.ts'

type Shown = z.output<(typeof contract.deviceTargets.response)[200]>

interface TargetRow extends Omit<Shown['targets'][number], 'askedAt' | 'settings'> {
  readonly askedAt: Date | null
}

/** @throws Refusal `device.unknown` */
export async function targetsOfDevice(db: Db, id: number): Promise<Shown> {
  const found = await sql`SELECT FROM devices WHERE id = ${id}`.execute(db)
  if (found.rows.length === 0)
    throw new Refusal('device.unknown', `There is no device with the id ${id}. It may have been removed.`, {
      id,
    })
  const { rows } = await sql<TargetRow>`
    SELECT t.asset_id AS "assetId", ${name} AS "assetName", l.name AS "tokenName", t.intent, t.offered,
      t.license_type AS "licenseType", t.assignment_id AS "assignmentId", g.name AS "groupName", t.priority,
      coalesce(t.asked_at, p.asked_at) AS "askedAt"
    FROM targets t JOIN devices d ON d.id = t.device_id JOIN assets a ON a.id = t.asset_id
    JOIN locations l ON l.id = t.location_id LEFT JOIN titles s ON s.country = l.country AND s.adam_id = a.adam_id
    LEFT JOIN targets p ON p.location_id = t.location_id AND p.asset_id = t.asset_id AND p.user_id = d.user_id
      AND t.license_type = 'user'
    LEFT JOIN assignments m ON m.id = t.assignment_id LEFT JOIN groups g ON g.id = m.group_id
    WHERE t.device_id = ${id} ORDER BY lower(${name}), t.asset_id`.execute(db)
  const reaching = await settingsReaching(db, [id])
  return {
    targets: rows.map((row) => ({
      ...row,
      askedAt: row.askedAt?.toISOString() ?? null,
      settings: presentSettings(settingsThatHold(row.assignmentId, reaching)),
    })),
    excluded: await exclusionsOf(db, id),
  }
}

/** What one assignment that reaches a device says of its settings. */
export interface ReachingSettings {
  readonly deviceId: number
  readonly assetId: number
  readonly assignmentId: number
  readonly settings: unknown
}

/** The settings of every assignment that includes these devices; not of those that an exclusion keeps from them. */
export async function settingsReaching(
  db: Db | Tx,
  deviceIds: readonly number[],
): Promise<readonly ReachingSettings[]> {
  const { rows } = await sql<ReachingSettings>`
    WITH reaching AS MATERIALIZED (
      SELECT DISTINCT r.device_id, r.group_id FROM group_reach r WHERE r.device_id = ANY(${[...deviceIds]}::int[])
    ), reached AS (
      SELECT r.device_id, s.*, g.kind FROM assignments s JOIN reaching r ON r.group_id = s.group_id
      JOIN groups g ON g.id = s.group_id
      WHERE s.rollout_percent = 100
        OR rollout_place(r.device_id, s.asset_id, s.group_id) < s.rollout_percent * 100
    )
    SELECT i.device_id AS "deviceId", i.asset_id AS "assetId", i.id AS "assignmentId", i.settings FROM reached i
    WHERE i.mode = 'include' AND NOT EXISTS (SELECT FROM reached x
      WHERE x.mode = 'exclude' AND x.device_id = i.device_id AND x.asset_id = i.asset_id AND x.kind = i.kind)
    ORDER BY i.id`.execute(db)
  return rows
}

/** What holds on a device where several assignments say different things (A3); `reaching` are those of that device. */
export function settingsThatHold(
  assignmentId: number | null,
  reaching: readonly Omit<ReachingSettings, 'deviceId'>[],
): MergedSettings {
  // In another pool of the title the deciding assignment is one of the pool that it draws from (C3).
  const assetId = reaching.find((each) => each.assignmentId === assignmentId)?.assetId
  return mergeSettings(
    reaching
      .filter((each) => each.assetId === assetId)
      .map((each) => ({
        assignmentId: each.assignmentId,
        settings: parseSettings(each.settings),
        decides: each.assignmentId === assignmentId,
      })),
  )
}

function presentSettings({ settings, conflicts }: MergedSettings): Shown['targets'][number]['settings'] {
  return {
    ...settings,
    conflicts: conflicts.map(({ setting, held, overruled }) => ({
      setting,
      held: [...held],
      overruled: [...overruled],
    })),
  }
}

const name = sql`coalesce(s.name, a.adam_id)`

/** Exclusions that keep from the device what an inclusion of the same kind would give it. */
async function exclusionsOf(db: Db, deviceId: number): Promise<Shown['excluded']> {
  const { rows } = await sql<Shown['excluded'][number]>`
    WITH reaching AS MATERIALIZED (
      SELECT DISTINCT r.group_id FROM group_reach r WHERE r.device_id = ${deviceId}
    )
    SELECT x.asset_id AS "assetId", ${name} AS "assetName", l.name AS "tokenName", x.id AS "assignmentId",
      g.name AS "groupName"
    FROM assignments x JOIN reaching r ON r.group_id = x.group_id JOIN groups g ON g.id = x.group_id
    JOIN assets a ON a.id = x.asset_id JOIN locations l ON l.id = a.location_id
    LEFT JOIN titles s ON s.country = l.country AND s.adam_id = a.adam_id
    WHERE x.mode = 'exclude' AND EXISTS (SELECT FROM assignments i JOIN reaching o ON o.group_id = i.group_id
      JOIN groups h ON h.id = i.group_id
      WHERE i.asset_id = x.asset_id AND i.mode = 'include' AND h.kind = g.kind)
    ORDER BY lower(${name}), x.id`.execute(db)
  return rows
}
