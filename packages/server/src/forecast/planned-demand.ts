/**
 * Licenses that the waves of staged rollouts will ask for (L10), per asset.
 *
 * How many members a wave reaches is taken from the group's size and from how many the assignment serves already: one
 * count each. Exclusions, other assignments of the asset and devices on which it does not run are not taken off, so it is
 * the most that a wave may ask for.
 */
import { type PlannedWave, plannedWaves } from '@apportion/core/forecast/planned'
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

/** A wave that lies ahead, with what it will ask for. */
export interface AssetWave extends PlannedWave {
  readonly assignmentId: number
  readonly groupName: string
}

interface RolloutRow {
  readonly asset_id: number
  readonly id: number
  readonly group_name: string
  readonly rollout_percent: number
  readonly rollout_waves: readonly { readonly percent: number; readonly at: string | null }[]
  readonly quota: number | null
  readonly members: number
  readonly served: number
}

/** The waves ahead of these assets, soonest first; assets without any are left out. */
export async function plannedDemand(
  db: Db | Tx,
  assetIds: readonly number[],
  now: Date,
): Promise<ReadonlyMap<number, readonly AssetWave[]>> {
  const { rows } = await sql<RolloutRow>`
    SELECT s.asset_id, s.id, g.name AS group_name, s.rollout_percent, s.rollout_waves, s.quota,
      CASE WHEN s.license_type = 'user'
        THEN (SELECT count(DISTINCT p.user_id) FROM group_people p WHERE p.group_id = s.group_id)
        ELSE (SELECT count(DISTINCT r.device_id) FROM group_reach r WHERE r.group_id = s.group_id) END::int AS members,
      (SELECT count(*)::int FROM targets t WHERE t.location_id = a.location_id AND t.asset_id = a.id
        AND t.assignment_id = s.id AND (t.user_id IS NOT NULL) = (s.license_type = 'user')) AS served
    FROM assignments s JOIN assets a ON a.id = s.asset_id JOIN groups g ON g.id = s.group_id
    WHERE s.asset_id = ANY(${[...assetIds]}::int[]) AND s.rollout_waves <> '[]' AND s.rollout_percent < 100
      AND s.mode = 'include' AND s.intent = 'required' AND s.rollout_stopped_at IS NULL`.execute(db)
  const found = new Map<number, readonly AssetWave[]>()
  for (const row of rows) {
    const ahead = wavesOf(row, now)
    if (ahead.length === 0) continue
    const all = [...(found.get(row.asset_id) ?? []), ...ahead]
    found.set(
      row.asset_id,
      all.toSorted((a, b) => a.at.getTime() - b.at.getTime()),
    )
  }
  return found
}

function wavesOf(row: RolloutRow, now: Date): readonly AssetWave[] {
  // Who is in the share in force is served or waits, also before the targets tell.
  const due = Math.round((row.members * row.rollout_percent) / 100)
  const rollout = {
    percent: row.rollout_percent,
    waves: row.rollout_waves.flatMap(({ percent, at }) =>
      at === null ? [] : [{ percent, at: new Date(at) }],
    ),
    remaining: Math.max(0, row.members - Math.max(row.served, due)),
    atMost: row.quota === null ? null : Math.max(0, row.quota - row.served),
  }
  return plannedWaves(rollout, now).map((wave) => ({
    ...wave,
    assignmentId: row.id,
    groupName: row.group_name,
  }))
}
