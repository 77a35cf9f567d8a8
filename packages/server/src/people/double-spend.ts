/**
 * Licenses of which one would do (L14), found as sets: pairs of assets of one title, then who holds both.
 *
 * A pair is ordered by its two assets and its two holders, which also is the order of the pages.
 */
import type { DoubleSpendKind } from '@apportion/core/people/double-spend'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'

/** Where a page goes on: the assets and holders of the last pair. */
export type PairKey = readonly [
  firstAsset: number,
  secondAsset: number,
  firstHolder: string,
  secondHolder: string,
]

export interface PairFilter {
  readonly kind: DoubleSpendKind
  /** Only pairs with a license of this location; null: of all. */
  readonly locationId: number | null
}

/** One license of a pair. */
interface PairSide {
  readonly asset_id: number
  readonly asset_name: string
  readonly location_id: number
  readonly location_name: string
  readonly holder_kind: 'device' | 'user'
  readonly holder: string
  readonly device_id: number | null
  readonly holder_name: string | null
  readonly ours: boolean
  readonly revocable: boolean
  readonly wanted: boolean
  readonly since: string
}

export interface PairRow {
  readonly adam_id: string
  readonly first: PairSide
  readonly second: PairSide
  readonly user_id: number | null
  readonly user_name: string | null
}

/** The key of a pair. */
export const pairKey = ({ first, second }: PairRow): PairKey => [
  first.asset_id,
  second.asset_id,
  first.holder,
  second.holder,
]

/** The next pairs after a key. */
export async function pageOfPairs(
  db: Db,
  { after, limit, ...filter }: PairFilter & { readonly after: PairKey | null; readonly limit: number },
): Promise<readonly PairRow[]> {
  const isAfter =
    after === null
      ? sql`true`
      : sql`(p.a1, p.a2, p.h1, p.h2) > (${after[0]}, ${after[1]}, ${after[2]}::text, ${after[3]}::text)`
  const { rows } = await sql<PairRow>`
    WITH page AS MATERIALIZED (SELECT * FROM (${pairs(filter)}) AS p WHERE ${isAfter}
      ORDER BY p.a1, p.a2, p.h1, p.h2 LIMIT ${limit})
    SELECT p.adam_id, ${side('p.a1', 'p.k1', 'p.h1')} AS first, ${side('p.a2', 'p.k2', 'p.h2')} AS second,
      p.user_id, u.user_name
    FROM page p LEFT JOIN users u ON u.id = p.user_id ORDER BY p.a1, p.a2, p.h1, p.h2`.execute(db)
  return rows
}

/** How many pairs there are, and of how many one license comes back by itself. */
export async function countPairs(
  db: Db,
  filter: PairFilter,
): Promise<{ readonly found: number; readonly inMigration: number }> {
  const left = (license: string) =>
    sql`${ref(license)}.ours AND ${ref(license)}.revocable AND NOT ${isWanted(license)}`
  const { rows } = await sql<{ found: number; in_migration: number }>`
    SELECT count(*)::int AS found,
      (count(*) FILTER (WHERE (${left('x')} AND ${isWanted('y')}) OR (${left('y')} AND ${isWanted('x')})))::int AS in_migration
    FROM (${pairs(filter)}) AS p
    JOIN LATERAL (${licenseOf('p.a1', 'p.k1', 'p.h1')}) AS x ON true
    JOIN LATERAL (${licenseOf('p.a2', 'p.k2', 'p.h2')}) AS y ON true`.execute(db)
  return { found: rows[0]?.found ?? 0, inMigration: rows[0]?.in_migration ?? 0 }
}

const ref = (name: string) => sql.ref(name)

function licenseOf(asset: string, kind: string, holder: string): RawBuilder<unknown> {
  return sql`SELECT l.location_id, l.asset_id, l.holder_kind, l.holder, l.ours, l.since, s.revocable, s.adam_id
    FROM assets s JOIN licenses l ON l.location_id = s.location_id AND l.asset_id = s.id
      AND l.holder_kind = ${ref(kind)} AND l.holder = ${ref(holder)} WHERE s.id = ${ref(asset)}`
}

/** Whether somebody asks for a license that is called `license`. */
function isWanted(license: string): RawBuilder<unknown> {
  const l = ref(license)
  return sql`(CASE WHEN ${l}.holder_kind = 'device'
    THEN EXISTS (SELECT 1 FROM devices d JOIN targets t ON t.location_id = ${l}.location_id AND t.asset_id = ${l}.asset_id
      AND t.device_id = d.id AND t.wants WHERE d.serial_number = ${l}.holder)
    ELSE EXISTS (SELECT 1 FROM users w JOIN targets t ON t.location_id = ${l}.location_id AND t.asset_id = ${l}.asset_id
      AND t.user_id = w.id AND t.wants WHERE w.client_user_id::text = ${l}.holder) END)`
}

function side(asset: string, kind: string, holder: string): RawBuilder<unknown> {
  return sql`(SELECT jsonb_build_object('asset_id', l.asset_id, 'asset_name', coalesce(n.name, l.adam_id),
      'location_id', o.id, 'location_name', o.name, 'holder_kind', l.holder_kind, 'holder', l.holder, 'device_id', d.id,
      'holder_name', CASE WHEN l.holder_kind = 'device' THEN nullif(d.name, '')
        ELSE coalesce(nullif(u.name, ''), u.user_name, k.email) END,
      'ours', l.ours, 'revocable', l.revocable, 'wanted', ${isWanted('l')}, 'since', l.since)
    FROM (${licenseOf(asset, kind, holder)}) AS l JOIN locations o ON o.id = l.location_id
    LEFT JOIN titles n ON n.adam_id = l.adam_id AND n.country = o.country
    LEFT JOIN devices d ON l.holder_kind = 'device' AND d.serial_number = l.holder
    LEFT JOIN users u ON l.holder_kind = 'user' AND u.client_user_id::text = l.holder
    LEFT JOIN apple_users k ON l.holder_kind = 'user' AND k.location_id = l.location_id AND k.client_user_id = l.holder)`
}

/** All pairs of a kind: title, assets `a1` and `a2`, holders `k1` `h1` and `k2` `h2`, the person. */
function pairs({ kind, locationId }: PairFilter): RawBuilder<unknown> {
  const here = locationId === null ? sql`true` : sql`${locationId} IN (a.location_id, b.location_id)`
  switch (kind) {
    case 'device_and_user':
      return deviceAndUser(here)
    case 'two_accounts':
      return twoAccounts(here)
    case 'two_locations':
      return twoLocations(here)
  }
}

/** The device's license is the first. */
const deviceAndUser = (here: RawBuilder<unknown>) => sql`
  SELECT a.adam_id, a.id AS a1, b.id AS a2, f.holder_kind AS k1, s.holder_kind AS k2, f.holder AS h1, s.holder AS h2,
    u.id AS user_id
  FROM assets b JOIN assets a ON a.adam_id = b.adam_id
  JOIN licenses s ON s.location_id = b.location_id AND s.asset_id = b.id AND s.holder_kind = 'user'
    AND s.state <> 'releasing'
  JOIN users u ON u.client_user_id::text = s.holder
  JOIN devices d ON d.user_id = u.id
  JOIN licenses f ON f.location_id = a.location_id AND f.asset_id = a.id AND f.holder_kind = 'device'
    AND f.holder = d.serial_number AND f.state <> 'releasing'
  WHERE ${here}`

/** Who is who: by our own id, else by an address that belongs to one person alone. */
const twoAccounts = (here: RawBuilder<unknown>) => sql`
  SELECT a.adam_id, a.id AS a1, b.id AS a2, f.holder_kind AS k1, s.holder_kind AS k2, f.holder AS h1, s.holder AS h2,
    x.user_id
  FROM (${accounts}) AS x JOIN (${accounts}) AS y ON y.person = x.person AND y.id_hash <> x.id_hash
  JOIN licenses f ON f.holder = x.client_user_id AND f.holder_kind = 'user' AND f.location_id = x.location_id
    AND f.state <> 'releasing'
  JOIN licenses s ON s.holder = y.client_user_id AND s.holder_kind = 'user' AND s.location_id = y.location_id
    AND s.state <> 'releasing'
  JOIN assets a ON a.id = f.asset_id JOIN assets b ON b.id = s.asset_id AND b.adam_id = a.adam_id
  WHERE (a.id, f.holder) < (b.id, s.holder) AND ${here}`

const accounts = sql`
  SELECT k.location_id, k.client_user_id, k.id_hash, coalesce(u.id, e.id) AS user_id,
    coalesce(coalesce(u.id, e.id)::text, CASE WHEN e.address IS NULL THEN lower(k.email) END) AS person
  FROM apple_users k LEFT JOIN users u ON u.client_user_id::text = k.client_user_id
  LEFT JOIN (SELECT address, CASE WHEN count(DISTINCT id) = 1 THEN min(id) END AS id FROM (
      SELECT lower(email) AS address, id FROM users WHERE email IS NOT NULL
      UNION SELECT lower(managed_apple_account), id FROM users WHERE managed_apple_account IS NOT NULL) AS named
    GROUP BY address) AS e ON e.address = lower(k.email)
  WHERE k.id_hash IS NOT NULL`

const twoLocations = (here: RawBuilder<unknown>) => sql`
  SELECT a.adam_id, a.id AS a1, b.id AS a2, f.holder_kind AS k1, s.holder_kind AS k2, f.holder AS h1, s.holder AS h2,
    coalesce(d.user_id, u.id) AS user_id
  FROM assets a JOIN assets b ON b.adam_id = a.adam_id AND b.id > a.id AND b.location_id <> a.location_id
  JOIN licenses f ON f.location_id = a.location_id AND f.asset_id = a.id AND f.state <> 'releasing'
  JOIN licenses s ON s.location_id = b.location_id AND s.asset_id = b.id AND s.holder_kind = f.holder_kind
    AND s.holder = f.holder AND s.state <> 'releasing'
  LEFT JOIN devices d ON f.holder_kind = 'device' AND d.serial_number = f.holder
  LEFT JOIN users u ON f.holder_kind = 'user' AND u.client_user_id::text = f.holder
  WHERE ${here}`
