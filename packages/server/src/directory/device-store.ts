/** The SQL of devices. */
import type { EnrollmentType, Ownership, Platform } from '@apportion/core/directory/device-facts'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import type { GroupRow } from './groups/group-store.ts'
import { beginsWith, literal, type Placed, type Range, type Section } from './keyset.ts'

/** A device with the person it belongs to. */
export interface DeviceRow {
  readonly id: number
  readonly serial_number: string
  readonly name: string
  readonly model: string | null
  readonly platform: Platform | null
  readonly os_version: string | null
  readonly ownership: Ownership
  readonly supervised: boolean
  readonly kiosk: boolean
  readonly enrollment_type: EnrollmentType
  readonly country: string | null
  readonly site: string | null
  readonly tags: readonly string[]
  readonly last_seen_at: Date | null
  readonly user_id: number | null
  readonly user_name: string | null
  readonly user_full_name: string | null
  readonly created_at: Date
  readonly updated_at: Date
}

const columns = sql`d.id, d.serial_number, d.name, d.model, d.platform, d.os_version, d.ownership, d.supervised,
  d.kiosk, d.enrollment_type, d.country, d.site, d.tags, d.last_seen_at, d.user_id, u.user_name, u.name AS user_full_name, d.created_at, d.updated_at`
const source = sql`devices d LEFT JOIN users u ON u.id = d.user_id`

/** One device, or undefined. */
export async function findDevice(db: Db | Tx, id: number): Promise<DeviceRow | undefined> {
  const { rows } = await sql<DeviceRow>`SELECT ${columns} FROM ${source} WHERE d.id = ${id}`.execute(db)
  return rows[0]
}

/** The device with this serial number, or undefined. */
export async function findDeviceBySerialNumber(
  db: Db | Tx,
  serialNumber: string,
): Promise<DeviceRow | undefined> {
  const { rows } =
    await sql<DeviceRow>`SELECT ${columns} FROM ${source} WHERE d.serial_number = ${serialNumber}`.execute(db)
  return rows[0]
}

/** Notes that a device was heard of, which is no change of the directory. */
export async function noteDeviceSeen(tx: Tx, id: number, at: Date): Promise<void> {
  await sql`UPDATE devices SET last_seen_at = greatest(last_seen_at, ${at}::timestamptz) WHERE id = ${id}`.execute(
    tx,
  )
}

/** The device with this serial number, locked until the transaction ends. */
export async function lockDevice(tx: Tx, serialNumber: string): Promise<DeviceRow | undefined> {
  const { rows } =
    await sql<DeviceRow>`SELECT ${columns} FROM ${source} WHERE d.serial_number = ${serialNumber}
    FOR UPDATE OF d`.execute(tx)
  return rows[0]
}

/** What an administrator says of a device. */
export interface DeviceFacts {
  readonly name: string
  readonly model: string | null
  readonly platform: Platform | null
  readonly osVersion: string | null
  readonly ownership: Ownership
  readonly supervised: boolean
  readonly kiosk: boolean
  readonly enrollmentType: EnrollmentType
  readonly country: string | null
  readonly site: string | null
  readonly tags: readonly string[]
  readonly lastSeenAt: Date | null
  readonly userId: number | null
}

/** The column that holds each fact, in the order in which they are written. */
export const deviceColumns = {
  name: 'name',
  model: 'model',
  platform: 'platform',
  osVersion: 'os_version',
  ownership: 'ownership',
  supervised: 'supervised',
  kiosk: 'kiosk',
  enrollmentType: 'enrollment_type',
  country: 'country',
  site: 'site',
  tags: 'tags',
  lastSeenAt: 'last_seen_at',
  userId: 'user_id',
} as const satisfies Readonly<Record<keyof DeviceFacts, string>>

/** Stores a new device and gives its id. */
export async function insertDevice(
  tx: Tx,
  serialNumber: string,
  facts: DeviceFacts,
  at: Date,
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO devices (serial_number, name, model, platform, os_version, ownership, supervised, kiosk, enrollment_type,
      country, site, tags, last_seen_at, user_id, created_at, updated_at)
    VALUES (${serialNumber}, ${facts.name}, ${facts.model}, ${facts.platform}, ${facts.osVersion}, ${facts.ownership},
      ${facts.supervised}, ${facts.kiosk}, ${facts.enrollmentType}, ${facts.country}, ${facts.site},
      ${[...facts.tags]}::text[], ${facts.lastSeenAt}, ${facts.userId}, ${at}, ${at})
    RETURNING id`.execute(tx)
  const [added] = rows
  if (added === undefined) throw new Error(`Device ${serialNumber} was not stored`)
  return added.id
}

/** Writes all facts of a device. */
export async function updateDevice(tx: Tx, id: number, facts: DeviceFacts, at: Date): Promise<void> {
  await sql`UPDATE devices SET name = ${facts.name}, model = ${facts.model}, platform = ${facts.platform},
      os_version = ${facts.osVersion}, ownership = ${facts.ownership}, supervised = ${facts.supervised},
      kiosk = ${facts.kiosk}, enrollment_type = ${facts.enrollmentType}, country = ${facts.country}, site = ${facts.site},
      tags = ${[...facts.tags]}::text[], last_seen_at = ${facts.lastSeenAt}, user_id = ${facts.userId}, updated_at = ${at} WHERE id = ${id}`.execute(
    tx,
  )
}

/** Removes a device with its memberships and targets. */
export async function removeDevice(tx: Tx, id: number): Promise<void> {
  await sql`DELETE FROM devices WHERE id = ${id}`.execute(tx)
}

/** A group that a device is in, or that reaches it through its user. */
export interface ReachingGroup {
  readonly id: number
  readonly name: string
}

/** All groups that reach a device, the built-in ones last. */
export async function groupsReaching(db: Db | Tx, deviceId: number): Promise<readonly ReachingGroup[]> {
  const { rows } = await sql<ReachingGroup>`SELECT g.id, g.name FROM groups g
    WHERE g.id IN (SELECT r.group_id FROM group_reach r WHERE r.device_id = ${deviceId})
    ORDER BY g.built_in IS NOT NULL, lower(g.name), g.id`.execute(db)
  return rows
}

/** The devices of some users. */
export async function devicesOfUsers(tx: Tx, userIds: readonly number[]): Promise<readonly number[]> {
  const { rows } = await sql<{
    id: number
  }>`SELECT id FROM devices WHERE user_id = ANY(${[...userIds]}::int[])
    ORDER BY id`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Which devices a list shows. */
export interface DeviceFilter {
  readonly search: string
  /** Of devices, those in it or in a group in it; of users, those of its people. */
  readonly group: GroupRow | undefined
  /** Leaves out who is in the group only by way of another group. */
  readonly direct?: boolean
  /** Selects the ids of the devices that are possible at all. */
  readonly among?: RawBuilder<unknown>
}

/** The sections of a list of devices: all, or those that match a search; of a group when one is given. */
export function deviceSections(
  db: Db,
  { search, group, direct = false, among }: DeviceFilter,
): readonly Section<DeviceRow & Placed>[] {
  const isAmong = among === undefined ? sql`true` : sql`d.id IN (${among})`
  const reached = group === undefined ? isAmong : sql`${isAmong} AND ${reachedBy(group, direct)}`
  const section = (text: RawBuilder<unknown>, matching: RawBuilder<unknown>, isUnique: boolean) => ({
    text,
    id: sql`d.id`,
    isUnique,
    rows: async ({ condition, order, limit }: Range) => {
      const { rows } = await sql<DeviceRow & Placed>`SELECT ${columns}, ${text} AS place FROM ${source}
        WHERE ${condition} AND ${matching} AND ${reached} ORDER BY ${order} LIMIT ${limit}`.execute(db)
      return rows
    },
  })
  const serial = sql`d.serial_number`
  const name = sql`lower(d.name)`
  if (search === '') return [section(serial, sql`true`, true)]
  const beginning = literal(search)
  const bySerial = beginsWith(serial, sql`${beginning.toUpperCase()}::text`)
  const byName = beginsWith(name, sql`lower(${beginning}::text)`)
  const byUser = sql`d.user_id IN (SELECT s.id FROM users s
    WHERE ${beginsWith(sql`lower(s.user_name)`, sql`lower(${beginning}::text)`)}
       OR ${beginsWith(sql`lower(s.name)`, sql`lower(${beginning}::text)`)})`
  return [
    section(serial, bySerial, true),
    section(name, sql`${byName} AND NOT (${bySerial})`, false),
    section(serial, sql`${byUser} AND NOT (${bySerial}) AND NOT (${byName})`, true),
  ]
}

function reachedBy({ id, kind, built_in: builtIn }: GroupRow, direct: boolean): RawBuilder<unknown> {
  if (builtIn === 'all_devices') return sql`true`
  if (builtIn === 'all_users') return sql`d.user_id IN (SELECT p.id FROM users p WHERE p.active)`
  const within = direct
    ? sql`m.group_id = ${id}`
    : sql`m.group_id IN (SELECT c.member_group_id FROM group_closure c WHERE c.group_id = ${id})`
  if (kind === 'device') return sql`d.id IN (SELECT m.device_id FROM group_devices m WHERE ${within})`
  return sql`d.user_id IN (SELECT m.user_id FROM group_users m JOIN users p ON p.id = m.user_id AND p.active
    WHERE ${within})`
}
