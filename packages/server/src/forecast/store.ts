/** Writes forecasts and what to buy (L10). */
import type { Forecast } from '@apportion/core/forecast/forecast'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'

/** A forecast with the counts that it was made of. */
export interface MadeForecast {
  readonly assetId: number
  readonly forecast: Forecast
  readonly free: number
  readonly waiting: number
  readonly planned: number
}

/** Stores forecasts and their needs; two statements, however many there are. An asset that is gone meanwhile is passed over. */
export async function storeForecasts(tx: Tx, made: readonly MadeForecast[], at: Date): Promise<void> {
  if (made.length === 0) return
  await sql`INSERT INTO forecasts (asset_id, location_id, as_of, state, free, waiting, planned, days_left, earliest, latest,
      use_per_day, confidence, history_days, changes)
    SELECT a.id, a.location_id, ${at}::timestamptz, r.state, r.free, r.waiting, r.planned, r.days_left, r.earliest,
      r.latest, r.use_per_day, r.confidence, r.history_days, r.changes
    FROM jsonb_to_recordset(${JSON.stringify(made.map(rowOf))}::jsonb) AS r(asset_id int, state text, free int,
      waiting int, planned int, days_left int, earliest int, latest int, use_per_day float8, confidence text,
      history_days int, changes int)
    JOIN assets a ON a.id = r.asset_id ORDER BY a.id
    ON CONFLICT (asset_id) DO UPDATE SET as_of = excluded.as_of, state = excluded.state, free = excluded.free,
      waiting = excluded.waiting, planned = excluded.planned, days_left = excluded.days_left,
      earliest = excluded.earliest, latest = excluded.latest, use_per_day = excluded.use_per_day,
      confidence = excluded.confidence, history_days = excluded.history_days, changes = excluded.changes`.execute(
    tx,
  )
  const needs = made.flatMap(({ assetId, forecast }) =>
    forecast.needs.map((need) => ({ asset_id: assetId, ...need })),
  )
  await sql`INSERT INTO forecast_needs AS n (asset_id, horizon, location_id, expected, cautious)
    SELECT f.asset_id, r.horizon, f.location_id, r.expected, r.cautious
    FROM jsonb_to_recordset(${JSON.stringify(needs)}::jsonb) AS r(asset_id int, horizon int, expected int, cautious int)
    JOIN forecasts f ON f.asset_id = r.asset_id ORDER BY f.asset_id, r.horizon
    ON CONFLICT (asset_id, horizon) DO UPDATE SET expected = excluded.expected, cautious = excluded.cautious
    WHERE (n.expected, n.cautious) IS DISTINCT FROM (excluded.expected, excluded.cautious)`.execute(tx)
}

function rowOf({ assetId, forecast, ...counts }: MadeForecast) {
  const { state, daysLeft, usePerDay, confidence, historyDays, changes } = forecast
  return {
    ...counts,
    asset_id: assetId,
    state,
    days_left: daysLeft.expected,
    earliest: daysLeft.earliest,
    latest: daysLeft.latest,
    use_per_day: usePerDay,
    confidence,
    history_days: historyDays,
    changes,
  }
}
