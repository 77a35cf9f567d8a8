/**
 * Apps over the command channel (MDM protocol): what InstallApplication takes and answers, and what the two lists of
 * apps tell. States and reasons are open: Apple adds values, and one that nobody knows is kept as it came.
 */
import { booleanField, dictField, dictsField, numberField, textField } from './plist-fields.ts'
import type { PlistDict } from './plist-value.ts'

/** Which app: exactly one of the three. `iTunesStoreID` is a number, never a text. */
export type AppReference =
  | { readonly iTunesStoreID: number }
  | { readonly Identifier: string }
  | { readonly ManifestURL: string }

/** The parameters of InstallApplication. For an app that is installed and managed it asks for an update. */
export type InstallApplication = AppReference & {
  /** 1 takes the license that Apps and Books gave; 0 is the person's own purchase, or a free app. */
  readonly Options?: { readonly PurchaseMethod: 0 | 1 }
  /** 1 removes the app with the profile, 4 keeps its data out of backups, 5 both. */
  readonly ManagementFlags?: 0 | 1 | 4 | 5
  /** Reaches the app in clear: no place for secrets. */
  readonly Configuration?: PlistDict
  readonly Attributes?: AppAttributes
  /** Takes over an app that the person installed; never in a User Enrollment. */
  readonly ChangeManagementState?: 'Managed'
}

/** What a managed app may be given beside its configuration, with the first version of iOS. */
export type AppAttributes = {
  readonly VPNUUID?: string
  readonly AssociatedDomains?: readonly string[]
  /** 14; true when absent. */
  readonly Removable?: boolean
  /** 18.1 */
  readonly Hideable?: boolean
  /** 18.1; false means not hideable either. */
  readonly Lockable?: boolean
}

/** Every state that Apple names, in ManagedApplicationList and in the answer to InstallApplication. */
export type KnownAppState =
  | 'NeedsRedemption'
  | 'Redeeming'
  | 'Prompting'
  | 'PromptingForLogin'
  | 'PromptingForManagement'
  | 'PromptingForUpdate'
  | 'PromptingForUpdateLogin'
  | 'ValidatingPurchase'
  | 'ValidatingUpdate'
  | 'Queued'
  | 'Installing'
  | 'Updating'
  | 'Managed'
  | 'ManagedButUninstalled'
  | 'Unknown'
  | 'UserInstalledApp'
  | 'UserRejected'
  | 'UpdateRejected'
  | 'ManagementRejected'
  | 'Failed'

/** Why a device refused to install. Open. */
export const REJECTION_REASONS = [
  'AppAlreadyInstalled',
  'AppAlreadyQueued',
  'AppStoreDisabled',
  'CouldNotVerifyAppID',
  'LicenseNotFound',
  'ManagementChangeNotSupported',
  'NotAnApp',
  'NotSupported',
  'Other',
  'PurchaseMethodNotSupported',
  'PurchaseMethodNotSupportedInMultiUser',
] as const
export type RejectionReason = (typeof REJECTION_REASONS)[number]

/** The answer to InstallApplication. With a reason it was refused, whatever the status of the report says. */
export interface InstallResult {
  readonly bundleId?: string
  /** Accepted is not installed: only `Managed` is. */
  readonly state?: string
  readonly rejectionReason?: string
}

/** `message` is the whole report. */
export function readInstallResult(message: PlistDict): InstallResult {
  const [bundleId, state, rejectionReason] = [
    textField(message, 'Identifier'),
    textField(message, 'State'),
    textField(message, 'RejectionReason'),
  ]
  return {
    ...(bundleId === undefined ? {} : { bundleId }),
    ...(state === undefined ? {} : { state }),
    ...(rejectionReason === undefined ? {} : { rejectionReason }),
  }
}

/** An entry of ManagedApplicationList. */
export interface ManagedApplication {
  readonly bundleId: string
  readonly state: string
  readonly managementFlags: number
  readonly hasConfiguration: boolean
  readonly hasFeedback: boolean
  readonly externalVersionId?: number
  /** A code that was not needed; reported once. Secret. */
  readonly unusedRedemptionCode?: string
}

/**
 * The apps that the device manages, or is to manage; apps of declarative management are not in it. `undefined` when the
 * report holds no such list, so that no answer is not taken for an empty one.
 */
export function readManagedApplications(message: PlistDict): readonly ManagedApplication[] | undefined {
  const list = dictField(message, 'ManagedApplicationList')
  if (list === undefined) return undefined
  return Object.keys(list).flatMap((bundleId) => {
    const entry = dictField(list, bundleId)
    const state = entry && textField(entry, 'Status')
    return entry === undefined || state === undefined ? [] : [managedApplication(bundleId, state, entry)]
  })
}

function managedApplication(bundleId: string, state: string, entry: PlistDict): ManagedApplication {
  const externalVersionId = numberField(entry, 'ExternalVersionIdentifier')
  const unusedRedemptionCode = textField(entry, 'UnusedRedemptionCode')
  return {
    bundleId,
    state,
    managementFlags: numberField(entry, 'ManagementFlags') ?? 0,
    hasConfiguration: booleanField(entry, 'HasConfiguration') ?? false,
    hasFeedback: booleanField(entry, 'HasFeedback') ?? false,
    ...(externalVersionId === undefined ? {} : { externalVersionId }),
    ...(unusedRedemptionCode === undefined ? {} : { unusedRedemptionCode }),
  }
}

/** The `Items` of InstalledApplicationList that delivery needs (iOS 14); sizes are left out, they take time. */
export const INSTALLED_ITEMS = [
  'DeviceBasedVPP',
  'ExternalVersionIdentifier',
  'HasUpdateAvailable',
  'Identifier',
  'Installing',
  'Name',
  'ShortVersion',
  'Version',
] as const

/** An entry of InstalledApplicationList. */
export interface InstalledApplication {
  readonly bundleId: string
  readonly name?: string
  /** As people see it. */
  readonly shortVersion?: string
  /** `CFBundleVersion`. */
  readonly version?: string
  readonly externalVersionId?: number
  readonly installing: boolean
  /** Proof of a device license. */
  readonly deviceBasedLicense: boolean
  /** Refreshed about daily. */
  readonly hasUpdateAvailable: boolean
  /** A download that does not go on: failed, cancelled or paused. */
  readonly download?: 'failed' | 'cancelled' | 'paused'
}

/** The apps on the device; `undefined` when the report holds no such list. Entries without a bundle id are passed over. */
export function readInstalledApplications(message: PlistDict): readonly InstalledApplication[] | undefined {
  if (message.InstalledApplicationList === undefined) return undefined
  return dictsField(message, 'InstalledApplicationList').flatMap((entry) => {
    const bundleId = textField(entry, 'Identifier')
    return bundleId === undefined ? [] : [installedApplication(bundleId, entry)]
  })
}

function installedApplication(bundleId: string, entry: PlistDict): InstalledApplication {
  const name = textField(entry, 'Name')
  const shortVersion = textField(entry, 'ShortVersion')
  const version = textField(entry, 'Version')
  const externalVersionId = numberField(entry, 'ExternalVersionIdentifier')
  const download = downloadOf(entry)
  return {
    bundleId,
    ...(name === undefined ? {} : { name }),
    ...(shortVersion === undefined ? {} : { shortVersion }),
    ...(version === undefined ? {} : { version }),
    ...(externalVersionId === undefined ? {} : { externalVersionId }),
    installing: booleanField(entry, 'Installing') ?? false,
    deviceBasedLicense: booleanField(entry, 'DeviceBasedVPP') ?? false,
    hasUpdateAvailable: booleanField(entry, 'HasUpdateAvailable') ?? false,
    ...(download === undefined ? {} : { download }),
  }
}

function downloadOf(entry: PlistDict): InstalledApplication['download'] {
  if (booleanField(entry, 'DownloadFailed')) return 'failed'
  if (booleanField(entry, 'DownloadCancelled')) return 'cancelled'
  return booleanField(entry, 'DownloadPaused') ? 'paused' : undefined
}
