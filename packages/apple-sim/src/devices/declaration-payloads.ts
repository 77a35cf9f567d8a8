/**
 * What stands in declarations, checked as strictly as a device does: one unknown key, and nothing of a declaration holds.
 */
import type { DeclarationKind } from '@apportion/apple-wire/declarative'
import { isObject, isText, type JsonObject, objectIn, textIn } from './json.ts'

/** A declaration as the server gave it. */
export interface GivenDeclaration {
  readonly kind: DeclarationKind
  readonly type: string
  readonly identifier: string
  readonly serverToken: string
  readonly payload: JsonObject
}

/** Why a declaration does not hold. */
export interface DeclarationReason {
  readonly code: string
  readonly description: string
}

const SIMPLE_ACTIVATION = 'com.apple.activation.simple'
export const SUBSCRIPTIONS = 'com.apple.configuration.management.status-subscriptions'
export const MANAGED_APP = 'com.apple.configuration.app.managed'
export const DATA_ASSET = 'com.apple.asset.data'

/** What a declaration is checked against. */
export interface Surroundings {
  readonly osVersion: string
  readonly isUserEnrollment: boolean
  /** Whether a device opens an address. */
  readonly opens: (address: string) => boolean
  /** The configurations and the assets that the device holds. */
  readonly there: ReadonlySet<string>
  readonly assets: ReadonlySet<string>
}

/** The asset with the configuration of an app. */
export function assetOf({ type, payload }: GivenDeclaration): string | undefined {
  return type === MANAGED_APP ? textIn(payload, 'LegacyAppConfigAssetReference') : undefined
}

/** Why a declaration does not hold; empty when it does. */
export function problemsOf(given: GivenDeclaration, around: Surroundings): readonly DeclarationReason[] {
  const { type, payload, kind } = given
  if (kind === 'asset') return problemsOfAsset(given, around)
  if (type === SIMPLE_ACTIVATION) return problemsOfActivation(given, around)
  if (type === SUBSCRIPTIONS) {
    const isList =
      Array.isArray(payload.StatusItems) && namesIn(payload).length === payload.StatusItems.length
    return [...unknownKeys(payload, { StatusItems: '0' }, around), ...(isList ? [] : invalid('StatusItems'))]
  }
  if (type === MANAGED_APP) return problemsOfApp(given, around)
  return [{ code: 'Error.ConfigurationNotSupported', description: `${type} is not known` }]
}

function problemsOfActivation(given: GivenDeclaration, around: Surroundings): readonly DeclarationReason[] {
  const { payload } = given
  const listed = payload.StandardConfigurations
  if (!Array.isArray(listed) || !listed.every(isText)) return invalid('StandardConfigurations')
  const missing = listed.filter((name) => !around.there.has(name))
  return [
    ...unknownKeys(payload, { StandardConfigurations: '0' }, around),
    ...missing.map((name) => ({ code: 'Error.MissingConfigurations', description: `${name} is not there` })),
  ]
}

/** The configurations that an activation names. */
export function configurationsOf({ payload }: GivenDeclaration): readonly string[] {
  const listed = payload.StandardConfigurations
  return Array.isArray(listed) ? listed.filter(isText) : []
}

/** The status items that a subscription names. */
export function namesIn(payload: JsonObject): readonly string[] {
  const items = payload.StatusItems
  if (!Array.isArray(items)) return []
  return items.flatMap((item: unknown) => (isObject(item) ? (textIn(item, 'Name') ?? []) : []))
}

/** The keys of a payload with the version that brought each, and those beneath them. */
interface Keys {
  readonly [key: string]: string | readonly [from: string, beneath: Keys]
}

const APP_KEYS: Keys = {
  AppStoreID: '17.2',
  BundleID: '17.2',
  ManifestURL: '17.2',
  InstallBehavior: [
    '17.2',
    {
      Install: '17.2',
      License: ['17.2', { Assignment: '17.2' }],
      Version: '26',
      AllowDownloadsOverCellular: '26',
    },
  ],
  UpdateBehavior: ['26', { AutomaticAppUpdates: '26' }],
  IncludeInBackup: '17.2',
  Attributes: [
    '17.2',
    {
      AssociatedDomains: '17.2',
      AssociatedDomainsEnableDirectDownloads: '17.2',
      CellularSliceUUID: '17.2',
      ContentFilterUUID: '17.2',
      DNSProxyUUID: '17.2',
      RelayUUID: '17.2',
      TapToPayScreenLock: '17.2',
      VPNUUID: '17.2',
      Hideable: '18.1',
      Lockable: '18.1',
    },
  ],
  LegacyAppConfigAssetReference: '18.4',
  AppConfig: '18.4',
  ExtensionConfigs: '18.4',
}

function problemsOfApp(given: GivenDeclaration, around: Surroundings): readonly DeclarationReason[] {
  const { payload } = given
  if (!isFrom(around.osVersion, '17.2')) {
    return [{ code: 'Error.ConfigurationNotSupported', description: `${MANAGED_APP} needs iOS 17.2` }]
  }
  const unknown = unknownKeys(payload, APP_KEYS, around)
  if (unknown.length > 0) return unknown
  const named = ['AppStoreID', 'BundleID', 'ManifestURL'].filter((key) => payload[key] !== undefined)
  const [name] = named
  if (named.length !== 1 || name === undefined || textIn(payload, name) === undefined) {
    return invalid('exactly one of AppStoreID, BundleID, ManifestURL, as a text')
  }
  const behavior = objectIn(payload, 'InstallBehavior') ?? {}
  const install = behavior.Install ?? 'Optional'
  if (install !== 'Optional' && install !== 'Required') return invalid('InstallBehavior.Install')
  const assignment = objectIn(behavior, 'License')?.Assignment
  if (name !== 'ManifestURL' && assignment !== 'Device' && assignment !== 'User') {
    return invalid('InstallBehavior.License.Assignment')
  }
  if (around.isUserEnrollment && assignment === 'Device') return invalid('a device license')
  if (payload.IncludeInBackup !== undefined && typeof payload.IncludeInBackup !== 'boolean') {
    return invalid('IncludeInBackup')
  }
  if (payload.LegacyAppConfigAssetReference === undefined) return []
  const asset = assetOf(given)
  if (asset === undefined) return invalid('LegacyAppConfigAssetReference')
  return around.assets.has(asset)
    ? []
    : [{ code: 'Error.MissingAssets', description: `${asset} is not there` }]
}

const ASSET_KEYS: Keys = {
  Reference: ['17', { DataURL: '17', ContentType: '17', Size: '17', 'Hash-SHA-256': '17' }],
  Authentication: ['17', { Type: '17' }],
}

function problemsOfAsset({ type, payload }: GivenDeclaration, around: Surroundings) {
  if (type !== DATA_ASSET || !isFrom(around.osVersion, '17')) {
    return [{ code: 'Error.ConfigurationNotSupported', description: `${type} is not known` }]
  }
  const unknown = unknownKeys(payload, ASSET_KEYS, around)
  if (unknown.length > 0) return unknown
  const reference = objectIn(payload, 'Reference') ?? {}
  const { Size: size, ContentType: mediaType, 'Hash-SHA-256': hash } = reference
  if (!around.opens(textIn(reference, 'DataURL') ?? '')) return invalid('Reference.DataURL')
  if (size !== undefined && !(Number.isSafeInteger(size) && Number(size) >= 0))
    return invalid('Reference.Size')
  if (mediaType !== undefined && !isText(mediaType)) return invalid('Reference.ContentType')
  if (hash !== undefined && !(isText(hash) && /^[0-9a-f]{64}$/i.test(hash))) {
    return invalid('Reference.Hash-SHA-256')
  }
  const how = objectIn(payload, 'Authentication')
  const isKnown = how === undefined || how.Type === 'MDM' || how.Type === 'None'
  return isKnown ? [] : invalid('Authentication.Type')
}

const invalid = (what: string): readonly DeclarationReason[] => [
  { code: 'Error.ConfigurationIsInvalid', description: `Not as it has to be: ${what}` },
]

function unknownKeys(payload: JsonObject, keys: Keys, around: Surroundings): readonly DeclarationReason[] {
  const unknown = (value: JsonObject, known: Keys, path: string): readonly string[] =>
    Object.keys(value).flatMap((key) => {
      const rule = Object.hasOwn(known, key) ? known[key] : undefined
      const [from, beneath] = typeof rule === 'string' ? [rule, undefined] : (rule ?? [undefined, undefined])
      if (from === undefined || !isFrom(around.osVersion, from)) return [`${path}${key}`]
      const inner = objectIn(value, key)
      return beneath === undefined || inner === undefined ? [] : unknown(inner, beneath, `${path}${key}.`)
    })
  return unknown(payload, keys, '').map((key) => ({
    code: 'Error.UnknownPayloadKeys',
    description: `${key} is not known to ${around.osVersion}`,
  }))
}

/** Whether a version is this one or a later one. */
export function isFrom(version: string, first: string): boolean {
  const [have, need] = [version, first].map((text) =>
    text.split('.').map((part) => Number.parseInt(part, 10)),
  )
  for (const [place, part] of (need ?? []).entries()) {
    const mine = have?.[place] ?? 0
    if (mine !== part) return mine > part
  }
  return true
}
