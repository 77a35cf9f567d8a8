/** The SQL behind the list of idle licenses and their counts: what the last looks found, never a scan of the books. */
import type { IdleReason } from '@apportion/core/licenses/idle'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'

export interface IdleRow {
  readonly location_id: number
  readonly asset_id: number
  readonly asset_name: string
  readonly token_name: string
  readonly holder_kind: 'device' | 'user'
  readonly holder: string
  readonly device_id: number | null
  readonly holder_name: string | null
  /** Whose device it is. */
  readonly person_name: string | null
  readonly reason: string
  readonly found_at: Date
  readonly ours: boolean
  readonly since: Date
  readonly last_seen_at: Date | null
  readonly keep_until: Date | null
  readonly revocable: boolean
  /** An assignment requires it there. */
  readonly required: boolean
}

export interface IdleFilter {
  readonly reason: IdleReason | null
  readonly locationId: number | null
  readonly assetId: number | null
  /** Start of the serial number or of the user's id; empty for all. */
  readonly search: string
  readonly after:
    | readonly [locationId: number, assetId: number, kind: 'device' | 'user', holder: string]
    | null
  readonly limit: number
}

/** One page, by location, asset and holder. What is no longer held since the last look is left out. */
export async function pageOfIdle(db: Db, filter: IdleFilter): Promise<readonly IdleRow[]> {
  const { rows } = await sql<IdleRow>`
    SELECT i.location_id, i.asset_id, coalesce(n.name, a.adam_id) AS asset_name, c.name AS token_name, i.holder_kind,
      i.holder, d.id AS device_id, coalesce(nullif(d.name, ''), nullif(p.name, ''), p.user_name) AS holder_name,
      coalesce(nullif(o.name, ''), o.user_name) AS person_name, i.reason, i.found_at, i.held_ours AS ours, i.since,
      d.last_seen_at, i.keep_until, a.revocable,
      EXISTS (SELECT 1 FROM targets t WHERE t.location_id = i.location_id AND t.asset_id = i.asset_id
        AND t.withheld_by IS NULL AND t.wants AND (t.device_id = d.id OR t.user_id = p.id)) AS required
    FROM (${page(filter)}) AS i
    JOIN assets a ON a.id = i.asset_id JOIN locations c ON c.id = i.location_id
    LEFT JOIN titles n ON n.country = c.country AND n.adam_id = a.adam_id
    LEFT JOIN devices d ON i.holder_kind = 'device' AND d.serial_number = i.holder
    LEFT JOIN users o ON o.id = d.user_id
    LEFT JOIN users p ON i.holder_kind = 'user' AND p.client_user_id::text = i.holder
    ORDER BY i.location_id, i.asset_id, i.holder_kind, i.holder`.execute(db)
  return rows
}

function page({ reason, locationId, assetId, search, after, limit }: IdleFilter): RawBuilder<unknown> {
  const conditions = [sql`true`]
  if (reason !== null) conditions.push(sql`i.reason = ${reason}`)
  if (locationId !== null) conditions.push(sql`i.location_id = ${locationId}`)
  if (assetId !== null) {
    conditions.push(sql`i.location_id = (SELECT location_id FROM assets WHERE id = ${assetId})
      AND i.asset_id = ${assetId}`)
  }
  if (search !== '') conditions.push(sql`starts_with(i.holder, ${search})`)
  if (after !== null) {
    conditions.push(sql`(i.location_id, i.asset_id, i.holder_kind, i.holder)
      > (${after[0]}::int, ${after[1]}::int, ${after[2]}::holder_kind, ${after[3]}::text)`)
  }
  return sql`SELECT i.*, l.ours AS held_ours, l.since, l.keep_until FROM idle_licenses i
    JOIN licenses l ON l.location_id = i.location_id AND l.asset_id = i.asset_id AND l.holder_kind = i.holder_kind
      AND l.holder = i.holder AND l.state = 'held'
    WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY i.location_id, i.asset_id, i.holder_kind, i.holder LIMIT ${limit}`
}

/** The cursor key of a row. */
export function idleKey(row: IdleRow): readonly [number, number, 'device' | 'user', string] {
  return [row.location_id, row.asset_id, row.holder_kind, row.holder]
}

/** Idle licenses counted. */
export interface IdleCount {
  readonly licenses: number
  /** Of `licenses`: held outside Apportion. */
  readonly outside: number
  /** Of `licenses`: Apple takes them back. */
  readonly revocable: number
}

export interface IdleSums {
  readonly reasons: readonly (IdleCount & { readonly reason: string })[]
  /** The assets with the most that Apple takes back, the most first. */
  readonly assets: readonly (IdleCount & {
    readonly asset_id: number
    readonly asset_name: string
    readonly token_name: string
  })[]
  /** The oldest of the looks that this adds up; null before the first. */
  readonly as_of: Date | null
  /** Some asset is being looked at, or is about to be. */
  readonly looking: boolean
}

/** How many assets a summary names. */
const assetsNamed = 10

/** Adds up what the looks counted, asset by asset: some thousand rows at most, however many licenses there are. */
export async function idleSums(
  db: Db,
  narrowed: Pick<IdleFilter, 'locationId' | 'assetId'>,
): Promise<IdleSums> {
  const { locationId, assetId } = narrowed
  const meant = sql`(${locationId}::int IS NULL OR k.location_id = ${locationId}::int)
    AND (${assetId}::int IS NULL OR k.asset_id = ${assetId}::int)`
  const counts = sql`(c.value->>0)::int + (c.value->>1)::int AS licenses, (c.value->>1)::int AS outside,
    CASE WHEN a.revocable THEN (c.value->>0)::int + (c.value->>1)::int ELSE 0 END AS revocable`
  const counted = sql`SELECT k.asset_id, c.key AS reason, ${counts} FROM idle_looks k
    JOIN assets a ON a.id = k.asset_id CROSS JOIN LATERAL jsonb_each(k.counts) AS c WHERE k.counts <> '{}' AND ${meant}`
  const sums = sql`sum(s.licenses)::int AS licenses, sum(s.outside)::int AS outside, sum(s.revocable)::int AS revocable`
  const { rows: reasons } = await sql<IdleSums['reasons'][number]>`
    SELECT s.reason, ${sums} FROM (${counted}) AS s GROUP BY s.reason`.execute(db)
  const { rows: assets } = await sql<IdleSums['assets'][number]>`
    SELECT g.*, coalesce(n.name, a.adam_id) AS asset_name, p.name AS token_name FROM (
      SELECT s.asset_id, ${sums} FROM (${counted}) AS s GROUP BY s.asset_id
      ORDER BY sum(s.revocable) DESC, sum(s.licenses) DESC, s.asset_id LIMIT ${assetsNamed}) AS g
    JOIN assets a ON a.id = g.asset_id JOIN locations p ON p.id = a.location_id
    LEFT JOIN titles n ON n.country = p.country AND n.adam_id = a.adam_id
    ORDER BY g.revocable DESC, g.licenses DESC, g.asset_id`.execute(db)
  const { rows: looks } = await sql<Pick<IdleSums, 'as_of' | 'looking'>>`
    SELECT min(k.looked_at) AS as_of, coalesce(bool_or(k.asked OR k.reached_holder IS NOT NULL), false) AS looking
    FROM idle_looks k WHERE ${meant}`.execute(db)
  return { reasons, assets, as_of: looks[0]?.as_of ?? null, looking: looks[0]?.looking ?? false }
}
