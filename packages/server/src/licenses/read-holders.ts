/** The SQL behind who holds or waits for a license (L1, L8). */
import { sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'

export interface HolderRow {
  readonly kind: 'device' | 'user'
  readonly holder: string
  readonly device_id: number | null
  readonly device_name: string | null
  readonly user_name: string | null
  readonly state: 'held' | 'granting' | 'releasing' | 'waiting' | 'refused'
  readonly ours: boolean
  readonly since: Date
  readonly place: number | null
  readonly assignment_id: number | null
  readonly group_name: string | null
  readonly refused_number: number | null
  readonly refused_detail: string | null
}

export interface HolderFilter {
  readonly assetId: number
  readonly search: string
  readonly state: 'all' | 'held' | 'outside' | 'granting' | 'releasing' | 'waiting'
  /** Those who wait come first in their order, then the others by serial number. */
  readonly after: readonly [section: number, key: string] | null
  readonly limit: number
}

/**
 * One page, by keyset: first those who wait, by their place in the queue, then holders by serial number. The two are
 * separate queries, so that neither depends on how long the other is.
 */
export async function pageOfHolders(db: Db, filter: HolderFilter): Promise<readonly HolderRow[]> {
  const section = filter.after?.[0] ?? 0
  const wantsWaiting = (filter.state === 'all' || filter.state === 'waiting') && section === 0
  const waiting = wantsWaiting ? await pageOfWaiting(db, filter) : []
  if (filter.state === 'waiting' || waiting.length >= filter.limit) return waiting
  const held = await pageOfHeld(db, { ...filter, after: section === 1 ? filter.after : null })
  return [...waiting, ...held].slice(0, filter.limit)
}

/** The cursor key of a row. */
export function holderKey(row: HolderRow): readonly [number, string] {
  return row.place === null ? [1, `${row.kind} ${row.holder}`] : [0, String(row.place)]
}

async function pageOfWaiting(db: Db, filter: HolderFilter): Promise<readonly HolderRow[]> {
  const { rows } = await sql<HolderRow>`
    SELECT * FROM (
      SELECT 'device'::holder_kind AS kind, d.serial_number AS holder, d.id AS device_id, d.name AS device_name,
        u.name AS user_name, CASE WHEN t.retry_at IS NULL THEN 'waiting' ELSE 'refused' END AS state, true AS ours,
        t.entered_at AS since, t.assignment_id, g.name AS group_name, t.refused_number, t.refused_detail,
        (row_number() OVER (ORDER BY t.entered_at, t.device_id))::int AS place
      FROM assets a JOIN targets t ON t.location_id = a.location_id AND t.asset_id = a.id AND t.intent = 'required'
      JOIN devices d ON d.id = t.device_id LEFT JOIN users u ON u.id = d.user_id
      LEFT JOIN assignments s ON s.id = t.assignment_id LEFT JOIN groups g ON g.id = s.group_id
      LEFT JOIN licenses l ON l.location_id = t.location_id AND l.asset_id = t.asset_id AND l.holder_kind = 'device'
        AND l.holder = d.serial_number
      WHERE a.id = ${filter.assetId} AND l.holder IS NULL) AS queue
    WHERE place > ${Number(filter.after?.[1] ?? 0)}::int AND (${filter.search} = '' OR starts_with(holder, ${filter.search}))
    ORDER BY place LIMIT ${filter.limit}`.execute(db)
  return rows
}

async function pageOfHeld(db: Db, filter: HolderFilter): Promise<readonly HolderRow[]> {
  const [kind, holder] = splitKey(filter.after?.[1])
  const { rows } = await sql<HolderRow>`
    SELECT l.holder_kind AS kind, l.holder, d.id AS device_id, d.name AS device_name, coalesce(u.name, p.name) AS user_name,
      l.state, l.ours, l.since, l.assignment_id, g.name AS group_name, NULL::int AS refused_number,
      NULL::text AS refused_detail, NULL::int AS place
    FROM (
      SELECT h.* FROM licenses h JOIN assets a ON a.location_id = h.location_id AND a.id = h.asset_id
      WHERE a.id = ${filter.assetId}
        AND (h.holder_kind, h.holder) > (coalesce(${kind}::holder_kind, 'device'), coalesce(${holder}::text, ''))
        AND (${filter.search} = '' OR starts_with(h.holder, ${filter.search}))
        AND CASE ${filter.state} WHEN 'held' THEN h.state = 'held' WHEN 'outside' THEN NOT h.ours
          WHEN 'granting' THEN h.state = 'granting' WHEN 'releasing' THEN h.state = 'releasing' ELSE true END
      ORDER BY h.holder_kind, h.holder LIMIT ${filter.limit}) AS l
    LEFT JOIN devices d ON l.holder_kind = 'device' AND d.serial_number = l.holder
    LEFT JOIN users u ON u.id = d.user_id
    LEFT JOIN users p ON l.holder_kind = 'user' AND p.client_user_id::text = l.holder
    LEFT JOIN assignments s ON s.id = l.assignment_id LEFT JOIN groups g ON g.id = s.group_id
    ORDER BY l.holder_kind, l.holder`.execute(db)
  return rows
}

function splitKey(key: string | undefined): readonly [string | null, string | null] {
  if (key === undefined) return [null, null]
  const space = key.indexOf(' ')
  return [key.slice(0, space), key.slice(space + 1)]
}
