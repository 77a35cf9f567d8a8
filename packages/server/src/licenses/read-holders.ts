/** The SQL behind who holds or waits for a license (L1, L8). */
import { type RawBuilder, sql } from 'kysely'
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
  /** Of those who wait, with all its digits: where the next page begins. */
  readonly entered_at?: string | null
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
  if (row.place === null) return [1, `${row.kind} ${row.holder}`]
  return [0, `${row.place} ${row.device_id} ${row.entered_at}`]
}

/** The queue from a place on; its index is in this order, so the depth of the page does not matter. */
async function pageOfWaiting(db: Db, filter: HolderFilter): Promise<readonly HolderRow[]> {
  const after = afterPlace(filter.after?.[1])
  const start =
    after === null
      ? sql`true`
      : sql`(t.entered_at, t.device_id) > (${after.enteredAt}::timestamptz, ${after.deviceId})`
  const limit = filter.search === '' ? sql`LIMIT ${filter.limit}` : sql``
  const { rows } = await sql<HolderRow>`
    SELECT 'device'::holder_kind AS kind, d.serial_number AS holder, d.id AS device_id, d.name AS device_name,
      u.name AS user_name, CASE WHEN q.retry_at IS NULL THEN 'waiting' ELSE 'refused' END AS state, true AS ours,
      q.entered_at AS since, q.entered_at::text, q.assignment_id, g.name AS group_name, q.refused_number, q.refused_detail,
      ${after?.place ?? 0}::int + q.place AS place
    FROM (
      SELECT t.*, (row_number() OVER (ORDER BY t.entered_at, t.device_id))::int AS place
      FROM targets t WHERE t.location_id = ${locationOf(filter)} AND t.asset_id = ${filter.assetId} AND t.waits
        AND ${start} ORDER BY t.entered_at, t.device_id ${limit}) AS q
    JOIN devices d ON d.id = q.device_id LEFT JOIN users u ON u.id = d.user_id
    LEFT JOIN assignments s ON s.id = q.assignment_id LEFT JOIN groups g ON g.id = s.group_id
    WHERE starts_with(d.serial_number, ${filter.search})
    ORDER BY q.place LIMIT ${filter.limit}`.execute(db)
  return rows
}

/** As a value, so that the primary key of `licenses` and `targets`, which begins with the location, is used. */
const locationOf = ({ assetId }: HolderFilter) => sql`(SELECT location_id FROM assets WHERE id = ${assetId})`

function afterPlace(
  key: string | undefined,
): { readonly place: number; readonly deviceId: number; readonly enteredAt: string } | null {
  if (key === undefined) return null
  const [place = '', deviceId = '', ...enteredAt] = key.split(' ')
  return { place: Number(place), deviceId: Number(deviceId), enteredAt: enteredAt.join(' ') }
}

const heldStates: Record<HolderFilter['state'], RawBuilder<unknown>> = {
  all: sql`true`,
  held: sql`h.state = 'held'`,
  outside: sql`NOT h.ours`,
  granting: sql`h.state = 'granting' AND h.state <> 'held'`,
  releasing: sql`h.state = 'releasing' AND h.state <> 'held'`,
  waiting: sql`false`,
}

async function pageOfHeld(db: Db, filter: HolderFilter): Promise<readonly HolderRow[]> {
  const [kind, holder] = splitKey(filter.after?.[1])
  const { rows } = await sql<HolderRow>`
    SELECT l.holder_kind AS kind, l.holder, d.id AS device_id, d.name AS device_name, coalesce(u.name, p.name) AS user_name,
      l.state, l.ours, l.since, NULL::text AS entered_at, l.assignment_id, g.name AS group_name,
      NULL::int AS refused_number, NULL::text AS refused_detail, NULL::int AS place
    FROM (
      SELECT h.* FROM licenses h
      WHERE h.location_id = ${locationOf(filter)} AND h.asset_id = ${filter.assetId}
        AND (h.holder_kind, h.holder) > (coalesce(${kind}::holder_kind, 'device'), coalesce(${holder}::text, ''))
        AND (${filter.search} = '' OR starts_with(h.holder, ${filter.search})) AND ${heldStates[filter.state]}
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
