/** The SQL of assignments. */

import type { ReclaimPolicy } from '@apportion/core/assignments/reclaim'
import { rolloutNow } from '@apportion/core/assignments/rollout'
import type { AssignmentSettings } from '@apportion/core/assignments/settings'
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import { type StoredWaves, wavesOf } from './rollouts.ts'

/** One assignment as it is wanted. `intent` is null for an exclusion. */
export interface WantedAssignment {
  readonly groupId: number
  readonly mode: 'include' | 'exclude'
  readonly intent: 'required' | 'available' | 'uninstall' | null
  readonly licenseType: 'device' | 'user'
  readonly priority: number
  readonly reserve: number | null
  readonly quota: number | null
  readonly pools: 'own' | 'country' | 'most_free'
  /** What differs from the defaults. */
  readonly settings: Partial<AssignmentSettings>
  readonly reclaim: Partial<ReclaimPolicy>
  readonly rollout: { readonly waves: StoredWaves; readonly stopAtPercent: number | null } | null
}

export interface AssignmentRow {
  readonly id: number
  readonly asset_id: number
  readonly asset_name: string
  readonly token_name: string
  readonly group_id: number
  readonly group_name: string
  readonly group_kind: 'device' | 'user'
  readonly mode: 'include' | 'exclude'
  readonly intent: WantedAssignment['intent']
  readonly license_type: 'device' | 'user'
  readonly priority: number
  readonly reserve: number | null
  readonly quota: number | null
  readonly pools: WantedAssignment['pools']
  readonly settings: Partial<AssignmentSettings>
  readonly reclaim: Partial<ReclaimPolicy>
  readonly rollout_percent: number
  readonly rollout_waves: StoredWaves
  readonly rollout_stop_at: number | null
  readonly rollout_next_at: Date | null
  readonly rollout_stopped_at: Date | null
  readonly rollout_stopped_why: string | null
  readonly created_at: Date
  readonly created_by: string
}

/** Some assignments by id, of one asset, one group, or all. */
export async function pageOfAssignments(
  db: Db | Tx,
  page: {
    readonly assetId: number | null
    readonly groupId: number | null
    readonly id?: number
    readonly after: number
    readonly limit: number
  },
): Promise<readonly AssignmentRow[]> {
  const { rows } = await sql<AssignmentRow>`
    SELECT s.*, coalesce(t.name, a.adam_id) AS asset_name, l.name AS token_name, g.name AS group_name,
      g.kind AS group_kind
    FROM assignments s JOIN assets a ON a.id = s.asset_id JOIN locations l ON l.id = a.location_id
    JOIN groups g ON g.id = s.group_id LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id
    WHERE s.id > ${page.after} AND (${page.assetId}::int IS NULL OR s.asset_id = ${page.assetId})
      AND (${page.groupId}::int IS NULL OR s.group_id = ${page.groupId})
      AND (${page.id ?? null}::int IS NULL OR s.id = ${page.id ?? null})
    ORDER BY s.id LIMIT ${page.limit}`.execute(db)
  return rows
}

/** What replaces the assignments of an asset. */
export interface Replacement {
  readonly assetId: number
  readonly wanted: readonly WantedAssignment[]
  readonly at: Date
  readonly by: string
}

/**
 * The assignments of an asset become exactly these; who stays keeps its id. What a removed one said of taking back still
 * holds for the licenses that it gave (L7), and a rollout that was stopped stays stopped while its waves are the same.
 */
export async function replaceAssignments(tx: Tx, { assetId, wanted, at, by }: Replacement): Promise<void> {
  const groups = wanted.map((each) => each.groupId)
  await sql`
    WITH removed AS (
      DELETE FROM assignments WHERE asset_id = ${assetId} AND group_id <> ALL(${groups}::int[]) RETURNING *
    )
    INSERT INTO former_assignments (id, asset_id, group_id, group_name, reclaim, removed_at, removed_by)
    SELECT r.id, r.asset_id, r.group_id, g.name, r.reclaim, ${at}, ${by} FROM removed r JOIN groups g ON g.id = r.group_id
    WHERE r.mode = 'include' AND r.reclaim <> '{}'`.execute(tx)
  await sql`
    INSERT INTO assignments AS s (asset_id, group_id, mode, intent, license_type, priority, reserve, quota, pools, settings,
      reclaim, rollout_percent, rollout_waves, rollout_stop_at, rollout_next_at, created_at, created_by)
    SELECT ${assetId}::int, w.group_id, w.mode, w.intent, w.license_type, w.priority, w.reserve, w.quota, w.pools,
      w.settings, w.reclaim, w.percent, w.waves, w.stop_at, w.next_at, ${at}::timestamptz, ${by}
    FROM jsonb_to_recordset(${JSON.stringify(wanted.map((each) => recordOf(each, at)))}::jsonb) AS w(group_id int, mode text,
      intent text, license_type text, priority smallint, reserve int, quota int, pools text, settings jsonb, reclaim jsonb,
      percent smallint, waves jsonb, stop_at smallint, next_at timestamptz)
    ON CONFLICT (asset_id, group_id) DO UPDATE SET mode = excluded.mode, intent = excluded.intent,
      license_type = excluded.license_type, priority = excluded.priority, reserve = excluded.reserve,
      quota = excluded.quota, pools = excluded.pools, settings = excluded.settings, reclaim = excluded.reclaim,
      rollout_percent = CASE WHEN s.rollout_stopped_at IS NOT NULL AND s.rollout_waves = excluded.rollout_waves
        THEN s.rollout_percent ELSE excluded.rollout_percent END,
      rollout_next_at = CASE WHEN s.rollout_stopped_at IS NOT NULL AND s.rollout_waves = excluded.rollout_waves
        THEN NULL ELSE excluded.rollout_next_at END,
      rollout_stopped_at = CASE WHEN s.rollout_waves = excluded.rollout_waves THEN s.rollout_stopped_at END,
      rollout_stopped_why = CASE WHEN s.rollout_waves = excluded.rollout_waves THEN s.rollout_stopped_why END,
      rollout_waves = excluded.rollout_waves, rollout_stop_at = excluded.rollout_stop_at,
      created_at = excluded.created_at, created_by = excluded.created_by
    WHERE (s.mode, s.intent, s.license_type, s.priority, s.reserve, s.quota, s.pools, s.settings, s.reclaim,
        s.rollout_waves, s.rollout_stop_at)
      IS DISTINCT FROM (excluded.mode, excluded.intent, excluded.license_type, excluded.priority, excluded.reserve,
        excluded.quota, excluded.pools, excluded.settings, excluded.reclaim, excluded.rollout_waves,
        excluded.rollout_stop_at)`.execute(tx)
}

function recordOf(wanted: WantedAssignment, at: Date) {
  const waves = wanted.rollout?.waves ?? []
  const { percent, nextAt } = rolloutNow(wavesOf(waves), at)
  return {
    group_id: wanted.groupId,
    mode: wanted.mode,
    intent: wanted.intent,
    license_type: wanted.licenseType,
    priority: wanted.priority,
    reserve: wanted.reserve,
    quota: wanted.quota,
    pools: wanted.pools,
    settings: wanted.settings,
    reclaim: wanted.reclaim,
    percent,
    waves,
    stop_at: wanted.rollout?.stopAtPercent ?? null,
    next_at: nextAt,
  }
}
