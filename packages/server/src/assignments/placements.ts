/**
 * In which pool of a title a device has its place (C3), where an assignment draws on all of them: the one that it holds a
 * license from, else by the assignment's rule. Nobody is moved who has a license.
 */
import { spreadOver } from '@apportion/core/assignments/spread'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import { lookAgainAtAssets } from '../platform/outbox.ts'
import type { Pool } from './pool.ts'
import { signedReach } from './reach.ts'
import type { Rule } from './rules.ts'

/** A pool that devices can have their place in. */
export interface TitlePool {
  readonly id: number
  readonly country: string
  readonly location_name: string
  /** Null when unlimited. */
  readonly free: number | null
}

/** All pools of a title that can give licenses to devices, by id. */
export async function poolsOfTitle(db: Db | Tx, adamId: string): Promise<readonly TitlePool[]> {
  const { rows } = await sql<TitlePool>`
    SELECT a.id, l.country, l.name AS location_name,
      CASE WHEN NOT a.unlimited THEN greatest(0, a.total - a.retired - a.held - a.reserved) END AS free
    FROM assets a JOIN locations l ON l.id = a.location_id
    WHERE a.adam_id = ${adamId} AND a.gone_at IS NULL AND a.device_assignable AND l.leaving_since IS NULL
      AND l.managed_by IS NULL AND l.token_state = 'valid'
    ORDER BY a.id`.execute(db)
  return rows
}

/** Rules that draw on several pools. */
export const spreading = (rules: readonly Rule[]): readonly Rule[] =>
  rules.filter(({ pools, mode }) => mode === 'include' && pools !== 'own')

/**
 * Gives every device that such an assignment reaches its place, and asks to look at the other pools that this concerns.
 * Gives whether it concerns this one.
 *
 * @param all the rules of the pool
 */
export async function placeDevices(tx: Tx, pool: Pool, all: readonly Rule[]): Promise<boolean> {
  const rules = spreading(all)
  if (rules.length === 0) return false
  const pools = await poolsOfTitle(tx, pool.adam_id)
  const wanted = await placesWanted(tx, { rules, pools })
  const { rows } = await sql<{ asset_id: number; before: number | null }>`
    WITH wanted AS MATERIALIZED (${wanted}), changed AS (
      SELECT w.device_id, w.asset_id, p.asset_id AS before FROM wanted w
      LEFT JOIN placements p ON p.adam_id = ${pool.adam_id} AND p.device_id = w.device_id
      WHERE p.asset_id IS DISTINCT FROM w.asset_id
    ), placed AS (
      INSERT INTO placements AS p (adam_id, device_id, asset_id)
      SELECT ${pool.adam_id}::text, c.device_id, c.asset_id FROM changed c
      ON CONFLICT (adam_id, device_id) DO UPDATE SET asset_id = excluded.asset_id
    )
    SELECT DISTINCT c.asset_id, c.before FROM changed c`.execute(tx)
  const concerned = new Set(rows.flatMap(({ asset_id, before }) => [asset_id, before ?? asset_id]))
  // Who was not placed yet was counted to the pool that the assignment names.
  if (rows.some(({ before }) => before === null)) for (const rule of rules) concerned.add(rule.assetId)
  const concernsPool = concerned.delete(pool.id)
  await lookAgainAtAssets(tx, [...concerned])
  return concernsPool
}

interface Placing {
  /** Rules that draw on several pools. */
  readonly rules: readonly Rule[]
  readonly pools: readonly TitlePool[]
}

/**
 * Rows `(device_id, asset_id)`: the place of every device that the rules reach. Who has a place in a pool with enough
 * licenses free stays there, and so does who would find none elsewhere: looking again moves nobody.
 */
export async function placesWanted(db: Db | Tx, { rules, pools }: Placing): Promise<RawBuilder<unknown>> {
  const meant = staying({ rules, pools })
  const { rows } = await sql<{
    stays: number | null
    n: number
  }>`SELECT m.stays, count(*)::int AS n FROM (${meant}) AS m
    WHERE m.spreads GROUP BY m.stays`.execute(db)
  const counts = new Map(rows.map(({ stays, n }) => [stays, n]))
  const takes = spreadOver(
    pools.map(({ id, free }) => (free ?? Number.POSITIVE_INFINITY) - (counts.get(id) ?? 0)),
    counts.get(null) ?? 0,
  )
  const ends = takes.map((_, index) => takes.slice(0, index + 1).reduce((sum, each) => sum + each, 0))
  return sql`
    SELECT n.device_id, coalesce(n.held_in, n.stays, CASE n.pools
        WHEN 'country' THEN (SELECT c.id FROM (${poolTable(pools)}) AS c WHERE c.country = n.country ORDER BY c.id LIMIT 1)
        ELSE (SELECT e.id FROM unnest(${pools.map(({ id }) => id)}::int[], ${ends}::int[]) AS e(id, last)
          WHERE n.place <= e.last ORDER BY e.last LIMIT 1) END,
        CASE WHEN n.spreads THEN n.placed_in END, n.home) AS asset_id
    FROM (SELECT m.*, row_number() OVER (PARTITION BY m.spreads, m.stays ORDER BY m.device_id) AS place
      FROM (${meant}) AS m) AS n`
}

/** Rows of `meantPlaces` with whether they are spread over the pools, and in which pool those of them stay who can. */
function staying(placing: Placing): RawBuilder<unknown> {
  return sql`
    SELECT s.*, CASE WHEN s.spreads AND row_number() OVER (PARTITION BY s.spreads, s.placed_in ORDER BY s.device_id)
      <= (SELECT f.free FROM (${poolTable(placing.pools)}) AS f WHERE f.id = s.placed_in) THEN s.placed_in END AS stays
    FROM (SELECT m.*, m.held_in IS NULL AND m.pools = 'most_free' AS spreads FROM (${meantPlaces(placing)}) AS m) AS s`
}

/**
 * Rows `(device_id, country, home, pools, held_in, placed_in)`: what is meant for each device, the pool it has a license
 * from, and the one in which it has its place.
 */
function meantPlaces({ rules, pools }: Placing): RawBuilder<unknown> {
  const ids = sql`${pools.map(({ id }) => id)}::int[]`
  // Where several reach a device, the first assignment says which pools.
  const firsts = rules.map((rule) => {
    const whole = { ...rule, pools: 'own' as const }
    const reach = signedReach({ assetId: rule.assetId, rules: [whole] })
    return sql`SELECT r.device_id, ${rule.id}::int AS rule, ${rule.assetId}::int AS home, ${rule.pools}::text AS pools
      FROM (${reach}) AS r`
  })
  return sql`
    SELECT f.device_id, d.country, f.home, f.pools, (SELECT min(l.asset_id) FROM licenses l
      WHERE l.holder = d.serial_number AND l.holder_kind = 'device' AND l.asset_id = ANY(${ids})
        AND l.state <> 'releasing') AS held_in,
      (SELECT p.asset_id FROM placements p WHERE p.device_id = f.device_id AND p.asset_id = ANY(${ids})) AS placed_in
    FROM (SELECT DISTINCT ON (a.device_id) a.* FROM (${sql.join(firsts, sql` UNION ALL `)}) AS a
      ORDER BY a.device_id, a.rule) AS f JOIN devices d ON d.id = f.device_id`
}

function poolTable(pools: readonly TitlePool[]): RawBuilder<unknown> {
  return sql`SELECT * FROM unnest(${pools.map(({ id }) => id)}::int[], ${pools.map(({ country }) => country)}::text[],
    ${pools.map(({ free }) => free ?? 2_147_483_647)}::int[]) AS t(id, country, free)`
}
