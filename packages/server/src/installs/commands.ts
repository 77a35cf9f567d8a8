/** The commands by which titles come to devices and go (D3), as Apple's MDM protocol has them. */
import { INSTALLED_ITEMS } from '@apportion/apple-wire/mdm-apps'
import type { InstallMedia } from '@apportion/apple-wire/mdm-books'
import { PROGRAM_ID } from '@apportion/apple-wire/mdm-program'
import type { PlistDict } from '@apportion/apple-wire/plist'
import type { AssignmentSettings } from '@apportion/core/assignments/settings'
import type { ToldSettings } from '@apportion/core/installs/care'
import type { NewCommand } from '../devices/channel.ts'
import { configurationDict } from './app-configuration.ts'
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
  {
    id,
    settings,
    purpose = 'install',
  }: {
    readonly id: string
    readonly settings: AssignmentSettings
    /** For an app that is there the command asks for its update. */
    readonly purpose?: 'install' | 'update'
  },
): NewCommand {
  const parameters: PlistDict = {
    iTunesStoreID: Number(facts.adamId),
    Options: { PurchaseMethod: volumeLicense },
    ManagementFlags:
      (settings.removeWhenManagementEnds ? removedWithManagement : 0) +
      (settings.preventBackup ? notInBackups : 0),
    ...(facts.enrollmentKind === 'user' ? {} : { ChangeManagementState: 'Managed' }),
    ...attributesOf(settings),
    ...(settings.configuration === null ? {} : { Configuration: configurationDict(settings.configuration) }),
  }
  return {
    enrollmentId: facts.enrollmentId,
    id,
    requestType: 'InstallApplication',
    purpose,
    subject: { adamId: facts.adamId },
    parameters,
  }
}

/** InstallMedia, for a book whose license Apple confirmed to a person who has joined (U2). */
export function bookCommand(
  { enrollmentId, adamId }: Pick<DeliveryFacts, 'enrollmentId' | 'adamId'>,
  id: string,
): NewCommand {
  const parameters: InstallMedia = { MediaType: 'Book', iTunesStoreID: Number(adamId) }
  return {
    enrollmentId,
    id,
    requestType: 'InstallMedia',
    purpose: 'install',
    subject: { adamId },
    parameters,
  }
}

/** `Attributes`, where something differs from Apple's own defaults. */
function attributesOf({ removable, vpnId }: ToldSettings): PlistDict {
  const attributes: PlistDict = {
    ...(removable ? {} : { Removable: false }),
    ...(vpnId === null ? {} : { VPNUUID: vpnId }),
  }
  return Object.keys(attributes).length === 0 ? {} : { Attributes: attributes }
}

/** Settings for an app that is there: its configuration and attributes; what is left out of an item is cleared. */
export function settingsCommand(
  { enrollmentId, adamId }: Pick<DeliveryFacts, 'enrollmentId' | 'adamId'>,
  {
    id,
    bundleId,
    settings,
  }: { readonly id: string; readonly bundleId: string; readonly settings: ToldSettings },
): NewCommand {
  const { configuration } = settings
  return {
    enrollmentId,
    id,
    requestType: 'Settings',
    purpose: 'settings',
    subject: { adamId, settings },
    parameters: {
      Settings: [
        {
          Item: 'ApplicationConfiguration',
          Identifier: bundleId,
          ...(configuration === null ? {} : { Configuration: configurationDict(configuration) }),
        },
        { Item: 'ApplicationAttributes', Identifier: bundleId, ...attributesOf(settings) },
      ],
    },
  }
}

/**
 * InstalledApplicationList of what is under management, which tells of updates; what a person installed is none of our
 * business.
 */
export function installedAppsCommand(enrollmentId: number, id: string): NewCommand {
  return {
    enrollmentId,
    id,
    requestType: 'InstalledApplicationList',
    purpose: 'installed_apps',
    parameters: { ManagedAppsOnly: true, Items: [...INSTALLED_ITEMS] },
  }
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

/** ManagedMediaList: every book that the device was told of. */
export function managedMediaCommand(enrollmentId: number, id: string): NewCommand {
  return { enrollmentId, id, requestType: 'ManagedMediaList', purpose: 'managed_media', parameters: {} }
}

/** InviteToProgram. The address is a secret: it stands in what is sent, until it was answered, and nowhere else. */
export function invitationCommand(
  { enrollmentId, locationId, userId }: Readonly<Record<'enrollmentId' | 'locationId' | 'userId', number>>,
  { id, address }: { readonly id: string; readonly address: string },
): NewCommand {
  return {
    enrollmentId,
    id,
    requestType: 'InviteToProgram',
    purpose: 'invitation',
    subject: { locationId, userId },
    parameters: { ProgramID: PROGRAM_ID, InvitationURL: address },
  }
}
