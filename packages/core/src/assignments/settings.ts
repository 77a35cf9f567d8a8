/**
 * What an assignment says beside its intent: how the app is kept on the device (A3), and what holds when several
 * assignments reach the same device.
 */

/** The settings of one assignment. */
export interface AssignmentSettings {
  /** `token`: as the content token of the location says. */
  readonly automaticUpdates: 'token' | 'on' | 'off'
  /** Whether the person may delete the app. */
  readonly removable: boolean
  /** Keeps the app's documents out of backups. */
  readonly preventBackup: boolean
  /** Removes the app when the device leaves management. */
  readonly removeWhenManagementEnds: boolean
  /** The per-app VPN of the device management, by its id; null for none. */
  readonly vpnId: string | null
  /** The app's managed configuration; null for none. */
  readonly configuration: Record<string, unknown> | null
}

/** What holds where nothing is said: Apple's own behavior of a managed app. */
export const defaultSettings: AssignmentSettings = {
  automaticUpdates: 'token',
  removable: true,
  preventBackup: false,
  removeWhenManagementEnds: false,
  vpnId: null,
  configuration: null,
}

/** Every setting's name, in the order in which they are shown. */
export const settingNames = [
  'automaticUpdates',
  'removable',
  'preventBackup',
  'removeWhenManagementEnds',
  'vpnId',
  'configuration',
] as const satisfies readonly (keyof AssignmentSettings)[]
export type SettingName = (typeof settingNames)[number]

/** One of the assignments that reach a device. */
export interface SettledBy {
  readonly assignmentId: number
  readonly settings: AssignmentSettings
  /** It is the one that decided the intent; of several the first holds. */
  readonly decides: boolean
}

/** A setting of which the assignments say different things. */
export interface SettingConflict {
  readonly setting: SettingName
  /** The assignments that say what holds, and those that say otherwise. */
  readonly held: readonly number[]
  readonly overruled: readonly number[]
}

/** What holds on the device. */
export interface MergedSettings {
  readonly settings: AssignmentSettings
  /** The assignment that each setting came from; null for a default. */
  readonly from: Readonly<Record<SettingName, number | null>>
  readonly conflicts: readonly SettingConflict[]
}

/**
 * Puts the settings of all assignments that reach a device together. The deciding assignment's hold, and the defaults
 * where none decides; but the app stays when management ends as soon as one assignment says so, whichever decides.
 */
export function mergeSettings(all: readonly SettledBy[]): MergedSettings {
  const decider = all.find((each) => each.decides) ?? null
  const keeper = all.find((each) => !each.settings.removeWhenManagementEnds) ?? null
  const decided = decider?.settings ?? defaultSettings
  const keeps = decided.removeWhenManagementEnds && keeper !== null
  const settings = keeps ? { ...decided, removeWhenManagementEnds: false } : decided
  const by = decider?.assignmentId ?? null
  const from = {
    automaticUpdates: by,
    removable: by,
    preventBackup: by,
    removeWhenManagementEnds: keeps ? keeper.assignmentId : by,
    vpnId: by,
    configuration: by,
  }
  return { settings, from, conflicts: settingNames.flatMap((name) => conflictOf(all, name, settings)) }
}

function conflictOf(
  all: readonly SettledBy[],
  setting: SettingName,
  merged: AssignmentSettings,
): readonly SettingConflict[] {
  const ids = (agree: boolean): readonly number[] =>
    all
      .filter((each) => isSameJson(each.settings[setting], merged[setting]) === agree)
      .map((each) => each.assignmentId)
  const overruled = ids(false)
  return overruled.length === 0 ? [] : [{ setting, held: ids(true), overruled }]
}

/** Whether two JSON values say the same; the order of an object's names does not matter. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return one === other
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSameJson(one[name], other[name]))
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !Array.isArray(value)

/**
 * Reads stored settings and fills what is missing with the defaults. A value that a setting cannot have, or a name
 * that is none, is a TypeError: whoever stores settings has parsed them before.
 */
export function parseSettings(json: unknown): AssignmentSettings {
  if (!isRecord(json)) throw new TypeError(`settings are not an object: ${JSON.stringify(json)}`)
  for (const name of Object.keys(json))
    if (!settingNames.some((known) => known === name))
      throw new TypeError(`no setting has the name "${name}"`)
  return {
    automaticUpdates: read(json, 'automaticUpdates', isUpdates),
    removable: read(json, 'removable', isBoolean),
    preventBackup: read(json, 'preventBackup', isBoolean),
    removeWhenManagementEnds: read(json, 'removeWhenManagementEnds', isBoolean),
    vpnId: read(json, 'vpnId', (value) => value === null || typeof value === 'string'),
    configuration: read(json, 'configuration', (value) => value === null || isRecord(value)),
  }
}

function read<Name extends SettingName>(
  json: Record<string, unknown>,
  name: Name,
  isFit: (value: unknown) => value is AssignmentSettings[Name],
): AssignmentSettings[Name] {
  const value = json[name] === undefined ? defaultSettings[name] : json[name]
  if (!isFit(value)) throw new TypeError(`the setting "${name}" cannot be ${JSON.stringify(value)}`)
  return value
}

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'

const isUpdates = (value: unknown): value is AssignmentSettings['automaticUpdates'] =>
  value === 'token' || value === 'on' || value === 'off'
