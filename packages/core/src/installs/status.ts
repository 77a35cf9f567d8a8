/** What the status that devices report by themselves means for an installation (D6): it spares asking them. */
import { advanceByFailure, advanceBySight } from './advance-by-device.ts'
import { type FailureCode, failureOf, whereOneAppShows } from './failures.ts'
import type { Install } from './install.ts'

/** What a device says of an app or of a declaration that it does not follow. */
export interface Said {
  readonly state: string
  /** Apple's codes; the first that is an error counts. */
  readonly reasons: readonly { readonly code: string; readonly description: string }[]
  /** The device is one that shows one app only, as far as is known. */
  readonly singleApp?: boolean
}

/** Apple's words in `app.managed.list`, as ManagedApplicationList has them; both lead to the same steps. */
const declaredWords: ReadonlyMap<string, string> = new Map([
  ['queued', 'Queued'],
  ['prompting-for-consent', 'Prompting'],
  ['prompting-for-login', 'PromptingForLogin'],
  ['prompting-for-management', 'PromptingForManagement'],
  ['downloading', 'Installing'],
  ['installing', 'Installing'],
  ['managed', 'Managed'],
  ['managed-but-uninstalled', 'ManagedButUninstalled'],
])

const byReason: ReadonlyMap<string, FailureCode> = new Map([
  ['Error.AppStoreDisabled', 'store_disabled'],
  ['Error.DownloadFailed', 'download_failed'],
  ['Error.InstallFailed', 'device_failed'],
  ['Error.InvalidAppID', 'unknown_to_store'],
  ['Error.IsSystemApp', 'system_app'],
  ['Error.LicenseNotFound', 'license_not_found'],
  ['Error.NotAnApp', 'not_an_app'],
  ['Error.NotSupported', 'not_supported'],
  ['Error.UnmanagedAppAlreadyInstalled', 'unmanaged_copy'],
  ['Error.UserRejected', 'rejected_by_person'],
  ['Error.ConfigurationNotSupported', 'not_supported'],
  ['Error.ConfigurationIsInvalid', 'command_malformed'],
  ['Error.ConfigurationCannotBeDeserialized', 'command_malformed'],
  ['Error.InvalidPayload', 'command_malformed'],
  ['Error.UnknownPayloadKeys', 'command_malformed'],
  ['Error.AssetCannotBeDownloaded', 'download_failed'],
  ['Error.AssetCannotBeVerified', 'download_failed'],
  ['Error.MissingAssets', 'download_failed'],
  ['Error.AssetCannotBeDeserialized', 'command_malformed'],
] as const)

/** A line of `app.managed.list`. A word that is not known is kept and shown. */
export function advanceByDeclared(present: Install, said: Said, now: Date): Install {
  if (said.state === 'failed') return refused(present, said, now)
  // "Not there yet" of an app that was there means that it is gone.
  if (said.state === 'not-present' && present.state === 'installed') {
    return advanceBySight(present, 'ManagedButUninstalled', now)
  }
  return advanceBySight(present, declaredWords.get(said.state) ?? said.state, now)
}

/** The device does not follow the declaration of an app. */
export function advanceByInvalid(present: Install, reasons: Said['reasons'], now: Date): Install {
  return refused(present, { state: 'invalid', reasons }, now)
}

function refused(present: Install, { state, reasons, singleApp = false }: Said, now: Date): Install {
  const isOver = present.wanted === 'removed' || present.state === 'removing' || present.state === 'installed'
  const error = reasons.find(({ code }) => code.startsWith('Error.'))
  const word = error?.code ?? state
  // The same failure, told again, is no other attempt.
  if (isOver || present.cause.word === word) return present
  const known = error === undefined ? 'device_failed' : (byReason.get(error.code) ?? 'other')
  const code = singleApp ? whereOneAppShows(known) : known
  const said = { word, errors: error ? [{ domain: word, code: 0, text: error.description }] : [] }
  return advanceByFailure(present, failureOf(code), said, now)
}

/** A line of `mdm.app`: the words of ManagedApplicationList, in lower case with hyphens. */
export function advanceByCommanded(present: Install, state: string, now: Date): Install {
  const word = state.replace(/(^|-)([a-z])/g, (_match, _hyphen, letter: string) => letter.toUpperCase())
  return advanceBySight(present, word, now)
}
