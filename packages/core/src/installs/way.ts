/**
 * By which way an app comes to a device (D6): by a declaration, which the device holds and follows, or by a command. An
 * app that is there stays on the way by which it came: never two ways for one app on one device.
 */
import { type AssignmentSettings, isSameJson } from '../assignments/settings.ts'
import type { Install, InstallState } from './install.ts'

/** What decides about the way of an app that is to begin. */
export interface WayFacts {
  /** The organization wants declarations, and the device asks this server for them and has not refused. */
  readonly declarative: boolean
  readonly platform: string | null
  readonly osVersion: string | null
  readonly intent: 'required' | 'available' | 'available_or_uninstall' | 'uninstall' | null
}

const platforms: ReadonlySet<string | null> = new Set(['iOS', 'iPadOS'])

/** Whether the device can report by itself how its apps stand (iOS 16). */
export function canReport({ declarative, platform, osVersion }: WayFacts): boolean {
  return declarative && platforms.has(platform) && isFrom(osVersion, '16')
}

/** Whether an app by declaration has a configuration on this version (iOS 18.4); before, the device takes none. */
export function canDeclareConfiguration(osVersion: string | null): boolean {
  return isFrom(osVersion, '18.4')
}

/**
 * The way of an app that is to begin. A declaration (iOS 17.2) takes the app away whenever it goes, and its person cannot
 * delete the app: so it is for what is required and is to go with management. With a configuration from iOS 18.4 on.
 */
export function wayOf(
  facts: WayFacts,
  settings: Pick<AssignmentSettings, 'removeWhenManagementEnds' | 'configuration'>,
): 'declaration' | 'command' {
  const hasRoom = settings.configuration === null || canDeclareConfiguration(facts.osVersion)
  const fits = settings.removeWhenManagementEnds && hasRoom
  const isMeant = facts.intent === 'required' && fits && canReport(facts)
  return isMeant && isFrom(facts.osVersion, '17.2') ? 'declaration' : 'command'
}

/** What a declaration of an app says, beside which app. */
export interface Declared {
  readonly license: 'Device' | 'User'
  readonly backup: boolean
  readonly vpnId: string | null
  /** The app's managed configuration; left out where there is none, or the version takes none. */
  readonly configuration?: Readonly<Record<string, unknown>>
  /** Whether the device may update it whenever it likes. */
  readonly updates: boolean
  /** Counts how often the device is to look anew, at first 1: a higher one makes it try, or look for an update. */
  readonly round: number
}

/** States in which an app stands in no declaration of its device, whatever was declared of it before. */
export const notDeclaredStates = [
  'licensed',
  'removing',
  'removed',
  'released',
] as const satisfies readonly InstallState[]

/** Whether an app of which something was declared stands in the declarations of its device. */
export function standsDeclared({ wanted, state }: Pick<Install, 'wanted' | 'state'>): boolean {
  return wanted !== 'removed' && !(notDeclaredStates as readonly InstallState[]).includes(state)
}

/** Whether two say the same, so that the device need not be told. */
export function sameDeclared(one: Declared, other: Declared): boolean {
  const names = ['license', 'backup', 'vpnId', 'updates', 'round'] as const
  const isSame = names.every((name) => one[name] === other[name])
  return isSame && isSameJson(one.configuration, other.configuration)
}

/** What is declared of an app now. The license by which it came stays as long as the declaration does. */
export function declaredOf(
  before: Declared | null,
  {
    deviceLicense,
    settings,
    updatesByToken,
    osVersion,
  }: {
    readonly deviceLicense: boolean
    readonly settings: Pick<
      AssignmentSettings,
      'preventBackup' | 'vpnId' | 'automaticUpdates' | 'configuration'
    >
    readonly updatesByToken: boolean
    readonly osVersion: string | null
  },
): Declared {
  const { preventBackup, vpnId, automaticUpdates: updates, configuration } = settings
  return {
    license: before?.license ?? (deviceLicense ? 'Device' : 'User'),
    backup: !preventBackup,
    vpnId,
    ...(configuration !== null && canDeclareConfiguration(osVersion) ? { configuration } : {}),
    updates: updates === 'on' || (updates === 'token' && updatesByToken),
    round: before?.round ?? 1,
  }
}

/**
 * The payload of the declaration of an app, with no key that the version does not know: one unknown key and the device
 * takes none of it. `asset` names the asset with the configuration, when there is one.
 */
export function appPayload(
  adamId: string,
  declared: Declared,
  { osVersion, asset }: { readonly osVersion: string | null; readonly asset: string | null },
): Readonly<Record<string, unknown>> {
  const { license, backup, vpnId, updates } = declared
  return {
    AppStoreID: adamId,
    InstallBehavior: { Install: 'Required', License: { Assignment: license } },
    ...(backup ? {} : { IncludeInBackup: false }),
    ...(vpnId === null ? {} : { Attributes: { VPNUUID: vpnId } }),
    // The configuration reaches the app as that of InstallApplication does.
    ...(asset === null ? {} : { LegacyAppConfigAssetReference: asset }),
    ...(updates || !isFrom(osVersion, '26') ? {} : { UpdateBehavior: { AutomaticAppUpdates: 'AlwaysOff' } }),
  }
}

/** Whether a version is this one or a later one; one that nobody knows is not. */
export function isFrom(version: string | null, first: string): boolean {
  if (version === null || !/^\d+(\.\d+)*/.test(version)) return false
  const [have, need] = [partsOf(version), partsOf(first)]
  for (const [place, part] of need.entries()) {
    const difference = (have[place] ?? 0) - part
    if (difference !== 0) return difference > 0
  }
  return true
}

const partsOf = (version: string): readonly number[] =>
  (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number)
