/**
 * What delivery needs of a way to reach devices (D1): tell them something, and hear what came of it. The built-in MDM
 * endpoint and NanoMDM both are such a channel.
 */
import type { DeclarationKind, StatusFields, StatusList } from '@apportion/apple-wire/declarative'
import type { PlistDict } from '@apportion/apple-wire/plist'
import type { Db, Tx } from '../platform/db/database.ts'

/** The ways to reach a device. */
export const channelNames = ['mdm', 'nanomdm'] as const
export type ChannelName = (typeof channelNames)[number]

/** Which part of the server asked, and hears the answer. */
export const commandPurposes = [
  'device_facts',
  'install',
  'remove',
  'managed_apps',
  'installed_apps',
  'update',
  'settings',
  'managed_media',
  'invitation',
  'renewal',
  'declarations',
] as const
export type CommandPurpose = (typeof commandPurposes)[number]

/** What a device is to be told. */
export interface NewCommand {
  readonly enrollmentId: number
  /** A UUID of ours, the `CommandUUID`. Queueing it again changes nothing. */
  readonly id: string
  readonly requestType: string
  readonly purpose: CommandPurpose
  /** What the asking part needs to know again when the answer comes, as JSON. */
  readonly subject?: Readonly<Record<string, unknown>>
  /** Everything in `Command` beside `RequestType`. */
  readonly parameters: PlistDict
}

/** A command that was queued. */
export interface AskedCommand {
  readonly id: string
  readonly requestType: string
  readonly purpose: CommandPurpose
  readonly subject: Readonly<Record<string, unknown>>
}

/** One item of Apple's error chain, outermost first. The text is the device's: not to be trusted. */
export interface DeviceError {
  readonly domain: string
  readonly code: number
  readonly text: string
}

/** A device's answer to a command, heard once. `NotNow` is no answer: the command stays. */
export interface CommandAnswer {
  readonly enrollment: Enrolled
  readonly command: AskedCommand
  readonly status: 'Acknowledged' | 'Error' | 'CommandFormatError'
  /** The whole message. */
  readonly message: PlistDict
  readonly errors: readonly DeviceError[]
  readonly at: Date
}

/** A device under management. */
export interface Enrolled {
  readonly id: number
  /** Null when it was removed from the directory. */
  readonly deviceId: number | null
  readonly kind: 'device' | 'user'
  readonly ownership: 'personal' | 'corporate'
}

/** How an enrollment ended. */
export const leavingCauses = [
  'checked_out',
  'enrolled_again',
  'removed_by_administrator',
  'identity_revoked',
] as const
export type LeavingCause = (typeof leavingCauses)[number]

/** A line of a status list as it stands after a report. */
export interface StatusLine {
  readonly list: StatusList
  readonly identifier: string
  /** The device has it no more; `fields` are the last that it told. */
  readonly removed: boolean
  readonly fields: StatusFields
}

/** What a device reported by itself, after it was merged with what it had told before. */
export interface StatusHeard {
  readonly enrollment: Enrolled
  /** Everything was told: what stands in no line is not on the device. */
  readonly isWhole: boolean
  /** What the report told. */
  readonly lines: readonly StatusLine[]
  readonly at: Date
}

/** A device that asks for its declarations. */
export interface DeclaringDevice {
  readonly enrollmentId: number
  readonly kind: 'device' | 'user'
  readonly osVersion: string | null
}

/** Something that a device is to hold. */
export interface Declaration {
  readonly kind: DeclarationKind
  /** Apple's name of the type. */
  readonly type: string
  /** At most 64 characters. */
  readonly identifier: string
  /** In one order of keys, since its hash tells whether it changed. */
  readonly payload: Readonly<Record<string, unknown>>
  /** A higher one has the device look at it anew although nothing of it changed. */
  readonly round: number
}

/** A file that a device is to fetch. Its identifier stands in an address: letters, digits, dots and hyphens. */
export interface DeclaredAsset extends Omit<Declaration, 'payload'> {
  readonly kind: 'asset'
  readonly content: { readonly mediaType: string; readonly bytes: Uint8Array }
}

/** Told of what devices do, in the transaction that stores it. */
export interface DeviceListener {
  /**
   * The first TokenUpdate after Authenticate: commands can be sent. Told again when the device was not known then and is
   * now.
   */
  enrolled?(tx: Tx, enrollment: Enrolled, at: Date): Promise<void>
  left?(tx: Tx, enrollment: Enrolled, why: { readonly cause: LeavingCause; readonly at: Date }): Promise<void>
  answered?(tx: Tx, answer: CommandAnswer): Promise<void>
  /** What the device is to hold by this part's wish. */
  declares?(db: Db | Tx, device: DeclaringDevice): Promise<readonly (Declaration | DeclaredAsset)[]>
  reported?(tx: Tx, status: StatusHeard): Promise<void>
}

/** Where commands for devices are put. */
export interface CommandQueue {
  /**
   * Stores commands in their order and has the devices woken once the transaction has committed. Enrollments that have
   * left, or are reached in another way, are passed over.
   */
  queue(tx: Tx, commands: readonly NewCommand[], at: Date): Promise<void>
  /** Takes commands back that the device was not told yet; what it was told stays, and its answer is heard. */
  withdraw(tx: Tx, commands: readonly { readonly enrollmentId: number; readonly id: string }[]): Promise<void>
}

/** A way to reach devices. */
export interface DeviceChannel extends CommandQueue {
  readonly name: ChannelName
}

/** Several ways as one: each takes the commands of the devices that it reaches. */
export function joinChannels(channels: readonly DeviceChannel[]): CommandQueue {
  return {
    async queue(tx, commands, at) {
      for (const channel of channels) await channel.queue(tx, commands, at)
    },
    async withdraw(tx, commands) {
      for (const channel of channels) await channel.withdraw(tx, commands)
    },
  }
}
