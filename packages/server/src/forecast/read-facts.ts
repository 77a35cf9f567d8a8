/** The SQL of what a forecast is made of (L10): days of use, who waits since when, what is free. */
import type { DayOfUse } from '@apportion/core/forecast/history'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

/** Days of history that a forecast looks at. */
export const historyDays = 90

/** An asset with what is known of its use. */
export interface UsedAsset {
  readonly id: number
  readonly unlimited: boolean
  readonly gone: boolean
  /** Licenses owned, without those of retired users. */
  readonly owned: number
  readonly held: number
  readonly reserved: number
  readonly waiting: number
  readonly free: number
  /** Complete days since the asset was seen first, at most `historyDays`. */
  readonly days: number
  /** Days with a change: how many days ago, granted, released, began to wait; today is 0. */
  readonly used: readonly (readonly [ago: number, granted: number, released: number, began: number])[]
}

const free = sql`greatest(0, a.total - a.retired - a.held - a.reserved)`

/** The day of a moment, in UTC. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10)

/** One asset, whatever its state; undefined where there is none. */
export async function findUsedAsset(db: Db | Tx, id: number, now: Date): Promise<UsedAsset | undefined> {
  const { rows } = await usedAssets(sql`a.id = ${id}`, now).execute(db)
  return rows[0]
}

/** Which assets of a location to look at. */
export interface StaleAssets {
  readonly locationId: number
  readonly after: number
  readonly limit: number
}

/**
 * The next assets by id whose forecast is not of today, or of other counts, or depends on a rollout and is an hour old. An
 * unlimited one has no forecast, nor has one that Apple no longer lists.
 */
export async function pageOfStaleAssets(
  db: Db | Tx,
  { locationId, after, limit }: StaleAssets,
  now: Date,
): Promise<readonly UsedAsset[]> {
  const hourAgo = new Date(now.getTime() - 3_600_000)
  const isStale = sql`a.location_id = ${locationId} AND a.id > ${after} AND NOT a.unlimited AND a.gone_at IS NULL
    AND NOT EXISTS (SELECT FROM forecasts f WHERE f.asset_id = a.id AND f.as_of >= ${dayOf(now)}::date::timestamp AT TIME ZONE 'UTC'
      AND f.free = ${free} AND f.waiting = a.waiting
      AND (f.as_of > ${hourAgo} OR NOT EXISTS (SELECT FROM assignments s WHERE s.asset_id = a.id AND s.rollout_waves <> '[]')))`
  const { rows } = await usedAssets(sql`${isStale} ORDER BY a.id LIMIT ${limit}`, now).execute(db)
  return rows
}

/** By the day of the rollup and by the queue's index: what is read grows with the days, not with the lines. */
function usedAssets(which: RawBuilder<unknown>, now: Date): RawBuilder<UsedAsset> {
  const today = sql`${dayOf(now)}::date`
  const from = sql`${today} - ${historyDays}::int`
  return sql<UsedAsset>`
    SELECT a.*, coalesce(u.used, '[]') AS used FROM (
      SELECT a.id, a.location_id, a.unlimited, a.gone_at IS NOT NULL AS gone, a.total - a.retired AS owned, a.held,
        a.reserved, a.waiting, ${free} AS free,
        greatest(0, least(${historyDays}::int, ${today} - (a.first_seen_at AT TIME ZONE 'UTC')::date - 1)) AS days
      FROM assets a WHERE ${which}) AS a
    CROSS JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_array(b.ago, b.granted, b.released, b.began) ORDER BY b.ago DESC) AS used FROM (
        SELECT c.ago, sum(c.granted) AS granted, sum(c.released) AS released, sum(c.began) AS began FROM (
          SELECT ${today} - d.day AS ago, d.granted, d.released, 0::bigint AS began FROM license_days d
          WHERE d.location_id = a.location_id AND d.asset_id = a.id AND d.day BETWEEN ${from} AND ${today}
          UNION ALL
          SELECT ${today} - (t.entered_at AT TIME ZONE 'UTC')::date, 0, 0, count(*) FROM targets t
          WHERE a.waiting > 0 AND t.location_id = a.location_id AND t.asset_id = a.id AND t.waits
            AND t.entered_at >= (${from})::timestamp AT TIME ZONE 'UTC' GROUP BY 1
        ) AS c WHERE c.ago >= 0 GROUP BY c.ago
      ) AS b
    ) AS u ORDER BY a.id`
}

/** The complete days of an asset, oldest first; those without a change are zeros. */
export function completeDays({ days, used }: UsedAsset): readonly DayOfUse[] {
  const byAge = new Map(used.map(([ago, granted, released, began]) => [ago, { granted, released, began }]))
  return Array.from({ length: days }, (_, index) => byAge.get(days - index) ?? still)
}

const still: DayOfUse = { granted: 0, released: 0, began: 0 }
