/** The SQL behind the ledger (L13): its lines, newest first, and who held what at a moment. */

import type { LedgerChange, StoredCause } from '@apportion/core/licenses/ledger-cause'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'

/** A holder as lines and lists of the past show it. */
export interface PastHolderRow {
  readonly asset_id: number
  readonly asset_name: string
  readonly location_id: number
  readonly token_name: string
  readonly holder_kind: 'device' | 'user'
  readonly holder: string
  readonly device_id: number | null
  readonly holder_name: string | null
}

export interface LedgerRow extends PastHolderRow {
  readonly id: number
  readonly at: Date
  readonly change: LedgerChange
  readonly cause: string
  readonly group_name: string | null
  readonly operation_id: string | null
  readonly intervention_id: string | null
  readonly intervention: StoredCause['intervention']
  readonly applied_by: string | null
}

/** What is null does not narrow. */
export interface LedgerFilter {
  readonly assetId: number | null
  readonly locationId: number | null
  readonly holder: { readonly kind: 'device' | 'user'; readonly id: string } | null
  readonly userId: number | null
  readonly change: LedgerChange | null
  readonly from: Date | null
  readonly to: Date | null
  readonly interventionId: string | null
}

/** One page, newest first: lines older than `before`. */
export async function pageOfLedger(
  db: Db,
  filter: LedgerFilter,
  page: { readonly before: number | null; readonly limit: number },
): Promise<readonly LedgerRow[]> {
  const { rows } = await sql<LedgerRow>`
    SELECT g.id, g.at, g.change, g.cause, g.operation_id, g.intervention_id, v.kind AS intervention, v.applied_by,
      p.name AS group_name, ${holderColumns(sql`g`)}
    FROM (${linesOf(filter, page)}) AS g ${holderJoins(sql`g`)}
    LEFT JOIN assignments s ON s.id = g.assignment_id LEFT JOIN groups p ON p.id = s.group_id
    LEFT JOIN interventions v ON v.id = g.intervention_id
    ORDER BY g.id DESC`.execute(db)
  return rows
}

const holderColumns = (
  row: RawBuilder<unknown>,
) => sql`${row}.asset_id, coalesce(n.name, a.adam_id) AS asset_name,
  ${row}.location_id, a.location_name AS token_name, ${row}.holder_kind, ${row}.holder, d.id AS device_id,
  coalesce(nullif(d.name, ''), nullif(u.name, ''), u.user_name) AS holder_name`

const holderJoins = (row: RawBuilder<unknown>) => sql`JOIN known_assets a ON a.asset_id = ${row}.asset_id
  LEFT JOIN titles n ON n.country = a.country AND n.adam_id = a.adam_id
  LEFT JOIN devices d ON ${row}.holder_kind = 'device' AND d.serial_number = ${row}.holder
  LEFT JOIN users u ON ${row}.holder_kind = 'user' AND u.client_user_id::text = ${row}.holder`

/**
 * The newest lines that fit. The lines of an asset, a holder or a record are in the order of an index; those of a
 * location are the newest of each of its assets, of which the newest remain.
 */
function linesOf(
  filter: LedgerFilter,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): RawBuilder<unknown> {
  const newest = sql`ORDER BY x.id DESC LIMIT ${limit}`
  const fits = sql.join(
    [...conditions(filter), before === null ? sql`true` : sql`x.id < ${before}`],
    sql` AND `,
  )
  if (
    filter.locationId !== null &&
    filter.assetId === null &&
    filter.holder === null &&
    filter.userId === null
  ) {
    return sql`SELECT * FROM (
      SELECT y.* FROM known_assets o CROSS JOIN LATERAL (
        SELECT x.* FROM ledger x WHERE x.location_id = o.location_id AND x.asset_id = o.asset_id AND ${fits} ${newest}) AS y
      WHERE o.location_id = ${filter.locationId}) AS x ${newest}`
  }
  return sql`SELECT x.* FROM ledger x WHERE ${fits} ${newest}`
}

function conditions(filter: LedgerFilter): RawBuilder<unknown>[] {
  const { assetId, locationId, change, from, to, interventionId } = filter
  const found = narrowed(filter)
  if (assetId === null && locationId !== null) found.push(sql`x.location_id = ${locationId}::int`)
  if (change !== null) found.push(sql`x.change = ${change}`)
  if (from !== null) found.push(sql`x.at >= ${from}`)
  if (to !== null) found.push(sql`x.at < ${to}`)
  if (interventionId !== null) found.push(sql`x.intervention_id = ${interventionId}::uuid`)
  return found
}

type Narrowing = Pick<LedgerFilter, 'assetId' | 'holder' | 'userId'>

/** Narrows rows `x` of `ledger` or of `licenses`. */
function narrowed({ assetId, holder, userId }: Narrowing): RawBuilder<unknown>[] {
  const found: RawBuilder<unknown>[] = []
  if (assetId !== null) {
    // As a value, so that the primary key, which begins with the location, is used.
    found.push(sql`x.location_id = (SELECT location_id FROM known_assets WHERE asset_id = ${assetId})`)
    found.push(sql`x.asset_id = ${assetId}::int`)
  }
  if (holder !== null)
    found.push(sql`x.holder_kind = ${holder.kind}::holder_kind AND x.holder = ${holder.id}`)
  if (userId !== null) {
    found.push(sql`(x.holder_kind, x.holder) IN (
      SELECT 'user'::holder_kind, u.client_user_id::text FROM users u WHERE u.id = ${userId}::int
      UNION ALL SELECT 'device'::holder_kind, d.serial_number FROM devices d WHERE d.user_id = ${userId}::int)`)
  }
  return found
}

/** A moment, and where the page begins. */
export interface HoldersAt {
  readonly at: Date
  readonly after: readonly [assetId: number, kind: 'device' | 'user', holder: string] | null
  readonly limit: number
}

/**
 * Who held a license at a moment, by asset and holder. The last line until then decides; where there is none, the first
 * one after it tells how it was before, and who has no line at all holds it since it was found.
 */
export async function pageOfHoldersAt(
  db: Db,
  narrowing: Narrowing,
  { at, after, limit }: HoldersAt,
): Promise<readonly PastHolderRow[]> {
  const [assetId, kind, holder] = after ?? [null, null, null]
  const fits = sql.join(
    [
      ...narrowed(narrowing),
      assetId === null
        ? sql`true`
        : sql`(x.asset_id, x.holder_kind, x.holder) > (${assetId}::int, ${kind}::holder_kind, ${holder}::text)`,
    ],
    sql` AND `,
  )
  const key = sql`x.location_id, x.asset_id, x.holder_kind, x.holder`
  const { rows } = await sql<PastHolderRow>`
    WITH until AS (
      SELECT DISTINCT ON (${key}) ${key}, x.change FROM ledger x
      WHERE ${fits} AND x.at <= ${at} AND x.change IN ('granted', 'released', 'found', 'vanished')
      ORDER BY ${key}, x.id DESC
    ), later AS (
      SELECT DISTINCT ON (${key}) ${key}, x.change FROM ledger x
      WHERE ${fits} AND x.at > ${at} AND x.change <> 'refused' ORDER BY ${key}, x.id
    ), now AS (
      SELECT ${key}, x.since FROM licenses x WHERE ${fits} AND x.state <> 'granting'
    ), held AS (
      SELECT location_id, asset_id, holder_kind, holder FROM until
        FULL JOIN later USING (location_id, asset_id, holder_kind, holder)
        FULL JOIN now USING (location_id, asset_id, holder_kind, holder)
      WHERE CASE WHEN until.change IS NOT NULL THEN until.change IN ('granted', 'found')
        WHEN later.change IS NOT NULL THEN later.change IN ('released', 'vanished', 'adopted')
        ELSE now.since <= ${at} END
        AND NOT EXISTS (SELECT FROM assets a WHERE a.id = asset_id AND a.first_seen_at > ${at})
      ORDER BY asset_id, holder_kind, holder LIMIT ${limit}
    )
    SELECT ${holderColumns(sql`h`)} FROM held h ${holderJoins(sql`h`)}
    ORDER BY h.asset_id, h.holder_kind, h.holder`.execute(db)
  return rows
}
