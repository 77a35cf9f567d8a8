/**
 * By which way an app comes to a device (D6): by a declaration, which the device holds and follows, or by a command. An
 * app that is there stays on the way by which it came: never two ways for one app on one device.
 */
import type { AssignmentSettings } from '../assignments/settings.ts'
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

/**
 * The way of an app that is to begin. A declaration (iOS 17.2) takes the app away whenever it goes, cannot be deleted by
 * the person, and holds no configuration: so it is for what is required, is to go with management, and has none.
 */
export function wayOf(
  facts: WayFacts,
  settings: Pick<AssignmentSettings, 'removeWhenManagementEnds' | 'configuration'>,
): 'declaration' | 'command' {
  const fits = settings.removeWhenManagementEnds && settings.configuration === null
  const isMeant = facts.intent === 'required' && fits && canReport(facts)
  return isMeant && isFrom(facts.osVersion, '17.2') ? 'declaration' : 'command'
}

/** What a declaration of an app says, beside which app. */
export interface Declared {
  readonly license: 'Device' | 'User'
  readonly backup: boolean
  readonly vpnId: string | null
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
  return names.every((name) => one[name] === other[name])
}

/** What is declared of an app now. The license by which it came stays as long as the declaration does. */
export function declaredOf(
  before: Declared | null,
  {
    deviceLicense,
    settings,
    updatesByToken,
  }: {
    readonly deviceLicense: boolean
    readonly settings: Pick<AssignmentSettings, 'preventBackup' | 'vpnId' | 'automaticUpdates'>
    readonly updatesByToken: boolean
  },
): Declared {
  const { preventBackup, vpnId, automaticUpdates: updates } = settings
  return {
    license: before?.license ?? (deviceLicense ? 'Device' : 'User'),
    backup: !preventBackup,
    vpnId,
    updates: updates === 'on' || (updates === 'token' && updatesByToken),
    round: before?.round ?? 1,
  }
}

/**
 * The payload of the declaration of an app, with no key that the version does not know: one unknown key and the device
 * takes none of it.
 */
export function appPayload(
  adamId: string,
  declared: Declared,
  osVersion: string | null,
): Readonly<Record<string, unknown>> {
  const { license, backup, vpnId, updates } = declared
  return {
    AppStoreID: adamId,
    InstallBehavior: { Install: 'Required', License: { Assignment: license } },
    ...(backup ? {} : { IncludeInBackup: false }),
    ...(vpnId === null ? {} : { Attributes: { VPNUUID: vpnId } }),
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
