/** The commands by which titles come to devices and go (D3), as Apple's MDM protocol has them. */
import type { PlistDict, PlistValue } from '@apportion/apple-wire/plist'
import type { AssignmentSettings } from '@apportion/core/assignments/settings'
import type { NewCommand } from '../devices/channel.ts'
import type { DeliveryFacts } from './facts.ts'

/** `ManagementFlags`: removed when management ends, and kept out of backups. */
const removedWithManagement = 1
const notInBackups = 4

/** `Options.PurchaseMethod` for what is licensed through Apps and Books. */
const volumeLicense = 1

/**
 * InstallApplication, for a title whose license Apple confirmed (invariant 2). It takes a copy of the person's own over,
 * but never in a User Enrollment, where Apple forbids it.
 */
export function installCommand(
  facts: DeliveryFacts,
  { id, settings }: { readonly id: string; readonly settings: AssignmentSettings },
): NewCommand {
  const parameters: PlistDict = {
    iTunesStoreID: Number(facts.adamId),
    Options: { PurchaseMethod: volumeLicense },
    ManagementFlags:
      (settings.removeWhenManagementEnds ? removedWithManagement : 0) +
      (settings.preventBackup ? notInBackups : 0),
    ...(facts.enrollmentKind === 'user' ? {} : { ChangeManagementState: 'Managed' }),
    ...attributesOf(settings),
    ...(settings.configuration === null ? {} : { Configuration: plistOf(settings.configuration) }),
  }
  return {
    enrollmentId: facts.enrollmentId,
    id,
    requestType: 'InstallApplication',
    purpose: 'install',
    subject: { adamId: facts.adamId },
    parameters,
  }
}

/** `Attributes`, where something differs from Apple's own defaults. */
function attributesOf(settings: AssignmentSettings): PlistDict {
  const attributes: PlistDict = {
    ...(settings.removable ? {} : { Removable: false }),
    ...(settings.vpnId === null ? {} : { VPNUUID: settings.vpnId }),
  }
  return Object.keys(attributes).length === 0 ? {} : { Attributes: attributes }
}

/** JSON as a property list, which knows no null: what is null is left out. */
function plistOf(value: Readonly<Record<string, unknown>>): PlistDict {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      const written = plistValueOf(each)
      return written === undefined ? [] : [[key, written]]
    }),
  )
}

function plistValueOf(value: unknown): PlistValue | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.flatMap((each) => plistValueOf(each) ?? [])
  if (typeof value === 'object' && value !== null) return plistOf({ ...value })
  return undefined
}

/** RemoveApplication, which takes managed apps only, with what they stored. */
export function removeCommand(
  { enrollmentId, adamId }: Pick<DeliveryFacts, 'enrollmentId' | 'adamId'>,
  { id, bundleId }: { readonly id: string; readonly bundleId: string },
): NewCommand {
  return {
    enrollmentId,
    id,
    requestType: 'RemoveApplication',
    purpose: 'remove',
    subject: { adamId },
    parameters: { Identifier: bundleId },
  }
}

/** ManagedApplicationList of everything: one question for all that a device is about. */
export function managedAppsCommand(enrollmentId: number, id: string): NewCommand {
  return { enrollmentId, id, requestType: 'ManagedApplicationList', purpose: 'managed_apps', parameters: {} }
}
