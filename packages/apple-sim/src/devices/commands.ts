/** The commands that a device knows: what they need, when they have to wait, and who carries them out. */
import { ACCESS_RIGHTS } from '@apportion/apple-wire/mdm-profile'
import type { PlistDict } from '@apportion/apple-wire/plist'
import { textField } from '@apportion/apple-wire/plist-fields'
import {
  applyRedemptionCode,
  installedApplicationList,
  managedApplicationAttributes,
  managedApplicationConfiguration,
  managedApplicationFeedback,
  managedApplicationList,
  removeApplication,
} from './app-lists.ts'
import { installMedia, managedMediaList, removeMedia } from './books.ts'
import { type Answer, acknowledged, formatError, NOT_NOW, refused } from './command-answer.ts'
import { declarativeManagement } from './declarative-management.ts'
import { majorVersion } from './device-identity.ts'
import { deviceInformation } from './device-information.ts'
import type { DeviceState } from './device-state.ts'
import { installApplication } from './install-application.ts'
import { inviteToProgram } from './invite-to-program.ts'
import { installProfile, profileList, removeProfile } from './profile-commands.ts'
import { settings } from './settings.ts'

/** Told of work that goes on after the answer. */
export type Track = (work: Promise<unknown>) => void

interface KnownCommand {
  readonly right: number
  /** Whether it is answered before the first unlock. */
  readonly whileLocked: boolean
  /** Whether it waits for the end of Setup Assistant. */
  readonly waitsForSetup?: (device: DeviceState) => boolean
  readonly run: (device: DeviceState, command: PlistDict, track: Track) => Answer | Promise<Answer>
}

const { manageApps, inspectApps, inspectProfiles, changeProfiles } = ACCESS_RIGHTS

const ofApps = (run: KnownCommand['run']): KnownCommand => ({ right: manageApps, whileLocked: false, run })

const commands: Readonly<Record<string, KnownCommand>> = {
  InstallApplication: {
    ...ofApps(installApplication),
    // From iOS 16 on apps come while Setup Assistant is still there.
    waitsForSetup: ({ identity }) => majorVersion(identity) < 16,
  },
  ApplyRedemptionCode: ofApps(applyRedemptionCode),
  RemoveApplication: ofApps(removeApplication),
  ManagedApplicationList: ofApps(managedApplicationList),
  ManagedApplicationAttributes: ofApps(managedApplicationAttributes),
  ManagedApplicationConfiguration: ofApps(managedApplicationConfiguration),
  ManagedApplicationFeedback: ofApps(managedApplicationFeedback),
  ValidateApplications: ofApps(() => acknowledged()),
  InviteToProgram: { ...ofApps(inviteToProgram), waitsForSetup: () => true },
  InstallMedia: ofApps(installMedia),
  RemoveMedia: ofApps(removeMedia),
  ManagedMediaList: ofApps(managedMediaList),
  InstalledApplicationList: { right: inspectApps, whileLocked: true, run: installedApplicationList },
  DeviceInformation: { right: 0, whileLocked: true, run: deviceInformation },
  ProfileList: { right: inspectProfiles, whileLocked: true, run: profileList },
  InstallProfile: { right: changeProfiles, whileLocked: false, run: installProfile },
  RemoveProfile: { right: changeProfiles, whileLocked: false, run: removeProfile },
  Settings: { right: ACCESS_RIGHTS.settings, whileLocked: false, run: settings },
  DeclarativeManagement: { right: 0, whileLocked: true, run: declarativeManagement },
  DeviceConfigured: { right: 0, whileLocked: false, run: deviceConfigured },
}

/** Carries out what stands in `Command`. */
export async function runCommand(device: DeviceState, command: PlistDict, track: Track): Promise<Answer> {
  const type = textField(command, 'RequestType')
  if (type === undefined) return formatError('RequestType is missing')
  const known = Object.hasOwn(commands, type) ? commands[type] : undefined
  if (known === undefined) return refused(12021, `${type} is not a command of this device`)
  if (!device.hasRight(known.right)) return refused(12007, `The profile does not allow ${type}`)
  const { locked, inSetupAssistant } = device.conditions
  if (locked && !known.whileLocked) return NOT_NOW
  if (inSetupAssistant && known.waitsForSetup?.(device)) return NOT_NOW
  return known.run(device, command, track)
}

function deviceConfigured({ conditions, identity }: DeviceState): Answer {
  if (!identity.supervised) return refused(12021, 'Only on a supervised device')
  conditions.inSetupAssistant = false
  return acknowledged()
}
