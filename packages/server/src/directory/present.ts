/** Devices, users, groups and imports as the API shows them. */
import { describeRule } from '@apportion/core/directory/describe-rule'
import type { z } from 'zod'
import type { DeviceRow } from './device-store.ts'
import type { GroupCounts, GroupRow } from './groups/group-store.ts'
import type { GroupName } from './groups/nesting-store.ts'
import { storedRule } from './groups/rule-members.ts'
import type { group } from './groups/schema.ts'
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
    kiosk: row.kiosk,
    enrollmentType: row.enrollment_type,
    country: row.country,
    site: row.site,
    tags: [...row.tags],
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
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
    active: row.active,
    managedAppleAccount: row.managed_apple_account,
    devices,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/** What stands beside some groups: counts, and the groups in them and around them. */
export interface AroundGroups {
  readonly counts: ReadonlyMap<number, GroupCounts>
  readonly members: ReadonlyMap<number, readonly GroupName[]>
  readonly containers: ReadonlyMap<number, readonly GroupName[]>
}

/** One group with what stands beside it. */
export function presentGroup(row: GroupRow, around: AroundGroups): z.output<typeof group> {
  const counts = around.counts.get(row.id)
  const rule = row.rule === null ? null : storedRule(row.id, row.rule)
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    description: row.description,
    builtIn: row.built_in,
    rule: rule === null ? null : { ...rule },
    ruleText: rule === null ? null : describeRule(rule),
    memberGroups: [...(around.members.get(row.id) ?? [])],
    isIn: [...(around.containers.get(row.id) ?? [])],
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
