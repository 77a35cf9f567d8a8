/** How long the licenses of an asset would last after a plan (A4, L10): from its own days, and the waves that lie ahead. */
import { forecast } from '@apportion/core/forecast/forecast'
import type { DayOfUse } from '@apportion/core/forecast/history'
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import type { PlanAsset } from './plan.ts'
import { type StoredWaves, wavesOf } from './rollouts.ts'

/** What a plan leaves. */
export interface LeftByPlan {
  readonly free: number
  readonly waiting: number
  /** Devices that get it or wait once everybody is reached, of which the percentage in force says how many are already. */
  readonly reached: number
  readonly now: Date
}

/** The forecast of one asset after a plan; null for an unlimited one. */
export interface ForecastAfter {
  readonly state: 'short_now' | 'runs_out' | 'lasts' | 'never'
  readonly daysLeft: number | null
  readonly earliest: number | null
  readonly latest: number | null
  readonly confidence: 'enough_history' | 'little_history'
}

const historyDays = 90
const dayInMilliseconds = 86_400_000

/** Works the forecast out. Reads the asset's days of use and its waves. */
export async function forecastAfter(
  db: Db | Tx,
  asset: Pick<PlanAsset, 'id' | 'location_id' | 'unlimited'>,
  left: LeftByPlan,
): Promise<ForecastAfter | null> {
  if (asset.unlimited) return null
  const made = forecast({
    history: await daysOfUse(db, asset, left.now),
    free: left.free,
    waiting: left.waiting,
    planned: await wavesAhead(db, asset, left),
  })
  const { expected: daysLeft, earliest, latest } = made.daysLeft
  return { state: made.state, daysLeft, earliest, latest, confidence: made.confidence }
}

async function daysOfUse(
  db: Db | Tx,
  { id, location_id }: Pick<PlanAsset, 'id' | 'location_id'>,
  now: Date,
): Promise<readonly DayOfUse[]> {
  const today = now.toISOString().slice(0, 10)
  const { rows } = await sql<{ granted: number; released: number }>`
    SELECT coalesce(d.granted, 0) AS granted, coalesce(d.released, 0) AS released
    FROM assets a CROSS JOIN generate_series(greatest(${today}::date - ${historyDays}::int,
      (a.first_seen_at AT TIME ZONE 'UTC')::date + 1), ${today}::date - 1, interval '1 day') AS s(day)
    LEFT JOIN license_days d ON d.location_id = ${location_id} AND d.asset_id = a.id AND d.day = s.day::date
    WHERE a.id = ${id} ORDER BY s.day`.execute(db)
  return rows.map((row) => ({ ...row, began: 0 }))
}

/** Each wave asks for its share of those who are reached by now, as if they were spread evenly. */
async function wavesAhead(
  db: Db | Tx,
  { id }: Pick<PlanAsset, 'id'>,
  { reached, now }: LeftByPlan,
): Promise<readonly { readonly day: number; readonly licenses: number }[]> {
  const { rows } = await sql<{ waves: StoredWaves; percent: number }>`SELECT rollout_waves AS waves,
      rollout_percent AS percent FROM assignments
    WHERE asset_id = ${id} AND rollout_next_at IS NOT NULL AND intent = 'required'`.execute(db)
  return rows.flatMap(({ waves, percent }) => {
    const everybody = percent === 0 ? 0 : reached / (percent / 100)
    return wavesOf(waves).flatMap((wave, index, all) => {
      if (wave.at === null || wave.at <= now) return []
      const before = all[index - 1]?.percent ?? 0
      const licenses = Math.round((everybody * (wave.percent - before)) / 100)
      return [{ day: Math.ceil((wave.at.getTime() - now.getTime()) / dayInMilliseconds), licenses }]
    })
  })
}
