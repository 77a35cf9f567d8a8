/** The SQL behind who holds or waits for a license (L1, L8). */
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'

export interface HolderRow {
  readonly kind: 'device' | 'user'
  readonly holder: string
  readonly device_id: number | null
  /** Of those who wait: the person who waits, and the priority. */
  readonly user_id?: number | null
  readonly priority?: number | null
  readonly device_name: string | null
  readonly user_name: string | null
  readonly state: 'held' | 'granting' | 'releasing' | 'waiting' | 'refused' | 'withheld'
  readonly ours: boolean
  readonly since: Date
  /** Of those who wait, with all its digits: where the next page begins. */
  readonly entered_at?: string | null
  readonly place: number | null
  /** Nobody needs it, and it is kept until then by a policy or an undo; as text, since it may be `infinity`. */
  readonly keep_until?: string | null
  /** A person who has not joined yet. */
  readonly waits_to_join?: boolean
  readonly assignment_id: number | null
  readonly group_name: string | null
  readonly refused_number: number | null
  readonly refused_detail: string | null
  /** Taken back although it is required: when, by whom, and the record of it. */
  readonly withheld_at: Date | null
  readonly withheld_by_name: string | null
  readonly intervention_id: string | null
}

export interface HolderFilter {
  readonly assetId: number
  readonly search: string
  readonly state: 'all' | 'held' | 'outside' | 'granting' | 'releasing' | 'waiting' | 'withheld'
  /** Those who wait come first in their order, then holders, then those it is withheld from, by serial number. */
  readonly after: readonly [section: number, key: string] | null
  readonly limit: number
}

/**
 * One page, by keyset: first those who wait, by their place in the queue, then holders, then those it is withheld from,
 * by serial number. They are separate queries, so that none depends on how long another is.
 */
export async function pageOfHolders(db: Db, filter: HolderFilter): Promise<readonly HolderRow[]> {
  const begun = filter.after?.[0] ?? 0
  const found: HolderRow[] = []
  for (const [section, read] of sections.entries()) {
    if (section < begun || found.length >= filter.limit) continue
    const after = section === begun ? filter.after : null
    found.push(...(await read(db, { ...filter, after, limit: filter.limit - found.length })))
  }
  return found
}

const sections = [
  (db: Db, filter: HolderFilter) => (isAmong(filter, ['waiting']) ? pageOfWaiting(db, filter) : []),
  (db: Db, filter: HolderFilter) =>
    isAmong(filter, ['held', 'outside', 'granting', 'releasing']) ? pageOfHeld(db, filter) : [],
  (db: Db, filter: HolderFilter) => (isAmong(filter, ['withheld']) ? pageOfWithheld(db, filter) : []),
] as const

const isAmong = ({ state }: HolderFilter, states: readonly HolderFilter['state'][]): boolean =>
  state === 'all' || states.includes(state)

/** A moment until which a license is kept, as text: it may be `infinity`. */
export function keptUntilText(moment: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`CASE WHEN ${moment} = 'infinity' THEN 'infinity'
    ELSE to_char(${moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END`
}

/** The cursor key of a row. */
export function holderKey(row: HolderRow): readonly [number, string] {
  if (row.state === 'withheld') return [2, row.holder]
  if (row.place === null) return [1, `${row.kind} ${row.holder}`]
  return [0, [row.place, row.priority, row.device_id ?? none, row.user_id ?? none, row.entered_at].join(' ')]
}

/** The queue from a place on; its index is in this order, so the depth of the page does not matter. */
async function pageOfWaiting(db: Db, filter: HolderFilter): Promise<readonly HolderRow[]> {
  const after = afterPlace(filter.after?.[1])
  const limit = filter.search === '' ? sql`LIMIT ${filter.limit}` : sql``
  const { rows } = await sql<HolderRow>`
    SELECT CASE WHEN q.user_id IS NULL THEN 'device' ELSE 'user' END::holder_kind AS kind,
      coalesce(d.serial_number, p.client_user_id::text) AS holder, d.id AS device_id, q.user_id, q.priority,
      d.name AS device_name, coalesce(u.name, p.name) AS user_name,
      CASE WHEN q.retry_at IS NULL THEN 'waiting' ELSE 'refused' END AS state, true AS ours, q.entered_at AS since, q.entered_at::text, q.assignment_id, g.name AS group_name, q.refused_number, q.refused_detail,
      ${notWithheld},
      ${after?.place ?? 0}::int + q.place AS place
    FROM (
      SELECT t.*, (row_number() OVER (ORDER BY t.priority DESC, t.entered_at, t.device_id, t.user_id))::int AS place
      FROM (${waitingBehind(filter, after, limit)}) AS t ORDER BY t.priority DESC, t.entered_at, t.device_id, t.user_id
      ${limit}) AS q
    LEFT JOIN devices d ON d.id = q.device_id LEFT JOIN users u ON u.id = d.user_id
    LEFT JOIN users p ON p.id = q.user_id
    LEFT JOIN assignments s ON s.id = q.assignment_id LEFT JOIN groups g ON g.id = s.group_id
    WHERE starts_with(coalesce(d.serial_number, p.client_user_id::text), ${filter.search})
    ORDER BY q.place LIMIT ${filter.limit}`.execute(db)
  return rows
}

/** As a value, so that the primary key of `licenses` and `targets`, which begins with the location, is used. */
const locationOf = ({ assetId }: HolderFilter) => sql`(SELECT location_id FROM assets WHERE id = ${assetId})`

/**
 * The queue behind a place: those of the same priority, then those of lower ones. Each part is a range of the queue's
 * index, in which people, who have no device, stand behind the devices of the same moment.
 */
function waitingBehind(
  filter: HolderFilter,
  after: QueuePlace | null,
  limit: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const part = (condition: RawBuilder<unknown>) => sql`(SELECT t.* FROM targets t
    WHERE t.location_id = ${locationOf(filter)} AND t.asset_id = ${filter.assetId} AND t.waits AND ${condition}
    ORDER BY t.priority DESC, t.entered_at, t.device_id, t.user_id ${limit})`
  if (after === null) return part(sql`true`)
  const at = sql`${after.enteredAt}::timestamptz`
  const same = sql`t.priority = ${after.priority}::smallint`
  const isPerson = after.deviceId === none
  const later = isPerson
    ? sql`${same} AND t.entered_at > ${at}`
    : sql`${same} AND (t.entered_at, t.device_id) > (${at}, ${after.deviceId}::int)`
  const people = sql`${same} AND t.entered_at = ${at} AND t.device_id IS NULL
    AND t.user_id > ${isPerson ? after.userId : 0}::int`
  const lower = sql`t.priority < ${after.priority}::smallint`
  return sql.join([part(later), part(people), part(lower)], sql` UNION ALL `)
}

/** Where a page of the queue ended. */
interface QueuePlace {
  readonly place: number
  readonly priority: number
  readonly deviceId: number
  readonly userId: number
  readonly enteredAt: string
}

/** Behind every id: a target is a device or a person, and has no id of the other kind. */
const none = 2_147_483_647

function afterPlace(key: string | undefined): QueuePlace | null {
  if (key === undefined) return null
  const [place = '', priority = '', deviceId = '', userId = '', ...enteredAt] = key.split(' ')
  return {
    place: Number(place),
    priority: Number(priority),
    deviceId: Number(deviceId),
    userId: Number(userId),
    enteredAt: enteredAt.join(' '),
  }
}

const heldStates: Record<HolderFilter['state'], RawBuilder<unknown>> = {
  all: sql`true`,
  held: sql`h.state = 'held'`,
  outside: sql`NOT h.ours`,
  granting: sql`h.state = 'granting' AND h.state <> 'held'`,
  releasing: sql`h.state = 'releasing' AND h.state <> 'held'`,
  waiting: sql`false`,
  withheld: sql`false`,
}

async function pageOfHeld(db: Db, filter: HolderFilter): Promise<readonly HolderRow[]> {
  const [kind, holder] = splitKey(filter.after?.[1])
  const { rows } = await sql<HolderRow>`
    SELECT l.holder_kind AS kind, l.holder, d.id AS device_id, d.name AS device_name, coalesce(u.name, p.name) AS user_name,
      l.state, l.ours, l.since, NULL::text AS entered_at, l.assignment_id, g.name AS group_name,
      NULL::int AS refused_number, NULL::text AS refused_detail, NULL::int AS place,
      w.withheld_at, v.applied_by AS withheld_by_name, w.withheld_by AS intervention_id,
      ${keptUntilText(sql`l.keep_until`)} AS keep_until,
      l.holder_kind = 'user' AND NOT EXISTS (SELECT FROM apple_users k WHERE k.location_id = l.location_id
        AND k.client_user_id = l.holder AND k.status = 'Associated') AS waits_to_join
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
    LEFT JOIN targets w ON w.location_id = l.location_id AND w.asset_id = l.asset_id
      AND (w.device_id = d.id OR w.user_id = p.id) AND w.withheld_by IS NOT NULL
    LEFT JOIN interventions v ON v.id = w.withheld_by
    ORDER BY l.holder_kind, l.holder`.execute(db)
  return rows
}

const notWithheld = sql`NULL::timestamptz AS withheld_at, NULL::text AS withheld_by_name, NULL::uuid AS intervention_id`

/** Targets that were taken back although they are required (L6) and have no license any more. */
async function pageOfWithheld(db: Db, filter: HolderFilter): Promise<readonly HolderRow[]> {
  const name = sql`coalesce(d.serial_number, p.client_user_id::text)`
  const { rows } = await sql<HolderRow>`
    SELECT CASE WHEN t.user_id IS NULL THEN 'device' ELSE 'user' END::holder_kind AS kind, ${name} AS holder,
      d.id AS device_id, d.name AS device_name, coalesce(u.name, p.name) AS user_name, 'withheld' AS state, true AS ours, t.withheld_at AS since, NULL::text AS entered_at,
      t.assignment_id, g.name AS group_name, NULL::int AS refused_number, NULL::text AS refused_detail,
      NULL::int AS place, t.withheld_at, v.applied_by AS withheld_by_name, t.withheld_by AS intervention_id
    FROM targets t LEFT JOIN devices d ON d.id = t.device_id LEFT JOIN users u ON u.id = d.user_id
    LEFT JOIN users p ON p.id = t.user_id LEFT JOIN interventions v ON v.id = t.withheld_by
    LEFT JOIN assignments s ON s.id = t.assignment_id LEFT JOIN groups g ON g.id = s.group_id
    WHERE t.location_id = ${locationOf(filter)} AND t.asset_id = ${filter.assetId} AND t.withheld_by IS NOT NULL
      AND ${name} > coalesce(${filter.after?.[1] ?? null}::text, '')
      AND (${filter.search} = '' OR starts_with(${name}, ${filter.search}))
      AND NOT EXISTS (SELECT 1 FROM licenses l WHERE l.location_id = t.location_id AND l.asset_id = t.asset_id
        AND l.holder_kind = CASE WHEN t.user_id IS NULL THEN 'device' ELSE 'user' END::holder_kind AND l.holder = ${name})
    ORDER BY ${name} LIMIT ${filter.limit}`.execute(db)
  return rows
}

function splitKey(key: string | undefined): readonly [string | null, string | null] {
  if (key === undefined) return [null, null]
  const space = key.indexOf(' ')
  return [key.slice(0, space), key.slice(space + 1)]
}
