/** Devices, users, groups and imports as the API shows them. */
import type { z } from 'zod'
import type { DeviceRow } from './device-store.ts'
import type { GroupCounts, GroupRow } from './group-store.ts'
import type { ImportRow } from './import-store.ts'
import type * as contract from './schema.ts'
import type { UserRow } from './user-store.ts'

/** One device with its user. */
export function presentDevice(row: DeviceRow): z.output<typeof contract.device> {
  return {
    id: row.id,
    serialNumber: row.serial_number,
    name: row.name,
    model: row.model,
    platform: row.platform,
    osVersion: row.os_version,
    ownership: row.ownership,
    supervised: row.supervised,
    user:
      row.user_id === null
        ? null
        : { id: row.user_id, userName: row.user_name ?? '', name: row.user_full_name ?? '' },
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/** `devices`: how many the user has. */
export function presentUser(row: UserRow, devices: number): z.output<typeof contract.user> {
  return {
    id: row.id,
    userName: row.user_name,
    name: row.name,
    email: row.email,
    department: row.department,
    devices,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/** One group with its counts. */
export function presentGroup(
  row: GroupRow,
  counts: GroupCounts | undefined,
): z.output<typeof contract.group> {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    description: row.description,
    builtIn: row.built_in,
    members: counts?.members ?? 0,
    assignments: counts?.assignments ?? 0,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/** The result of an import. */
export function presentImport(row: ImportRow): z.output<typeof contract.importResult> {
  return { ...row, at: row.at.toISOString(), rejections: [...row.rejections] }
}
