/**
 * What a device's refusals mean (D4, D7): how the installation stands then, whether it is tried again, and Intune's number
 * for the same thing.
 *
 * Apple calls its numbers no stable interface, so what is not in the table is kept as the device said it, shown, and
 * tried again like a fault of the device.
 */

/** What went wrong, stable; texts and advice go by it. */
export const failureCodes = [
  'license_not_found',
  'rejected_by_person',
  'takeover_rejected',
  'unmanaged_copy',
  'sign_in_required',
  'store_disabled',
  'installs_disabled',
  'locked_to_one_app',
  'unknown_to_store',
  'cannot_be_purchased',
  'needs_redemption_code',
  'not_an_app',
  'system_app',
  'not_supported',
  'right_missing',
  'command_malformed',
  'download_failed',
  'device_fault',
  'device_failed',
  'other',
] as const
export type FailureCode = (typeof failureCodes)[number]

/**
 * When it is tried again: soon (30 s, 2 min, 10 min), then daily; daily at once, so that no person is asked more often; or
 * not before something about the device or the assignment changes.
 */
export type RetryRule = 'soon' | 'daily' | 'never'

/** How an installation stands that ended without the app. */
export type FailedState = 'refused' | 'failed' | 'cannot_install'

/** What a refusal comes to. */
export interface Failure {
  readonly code: FailureCode
  readonly state: FailedState
  readonly retry: RetryRule
}

/** An item of a device's error chain. */
export interface ChainedError {
  readonly domain: string
  readonly code: number
  readonly text: string
}

/** What a device said of a command that it did not carry out. */
export interface DeviceRefusal {
  /** Apple's `RejectionReason`; an open list. */
  readonly reason: string | null
  /** Outermost first. */
  readonly errors: readonly ChainedError[]
  /** The device is one that shows one app only, as far as is known. */
  readonly singleApp?: boolean
}

/** How each failure ends, and Intune's number for it where Intune has one of its own. */
const failures: Readonly<Record<FailureCode, Omit<Failure, 'code'> & { readonly intune: number | null }>> = {
  license_not_found: { state: 'failed', retry: 'soon', intune: 0x87d13b95 },
  rejected_by_person: { state: 'refused', retry: 'daily', intune: 0x87d13b62 },
  takeover_rejected: { state: 'refused', retry: 'daily', intune: 0x87d13b68 },
  unmanaged_copy: { state: 'cannot_install', retry: 'daily', intune: 0x87d13b61 },
  sign_in_required: { state: 'failed', retry: 'daily', intune: 0x87d13b99 },
  store_disabled: { state: 'failed', retry: 'daily', intune: 0x87d13b94 },
  installs_disabled: { state: 'failed', retry: 'daily', intune: null },
  locked_to_one_app: { state: 'failed', retry: 'daily', intune: 0x87d13b98 },
  unknown_to_store: { state: 'failed', retry: 'soon', intune: 0x87d13b80 },
  cannot_be_purchased: { state: 'failed', retry: 'daily', intune: null },
  needs_redemption_code: { state: 'failed', retry: 'daily', intune: 0x87d13b60 },
  not_an_app: { state: 'cannot_install', retry: 'never', intune: null },
  system_app: { state: 'cannot_install', retry: 'never', intune: 0x87d13b96 },
  not_supported: { state: 'cannot_install', retry: 'never', intune: null },
  right_missing: { state: 'cannot_install', retry: 'never', intune: null },
  command_malformed: { state: 'cannot_install', retry: 'never', intune: null },
  download_failed: { state: 'failed', retry: 'soon', intune: 0x87d13b64 },
  device_fault: { state: 'failed', retry: 'soon', intune: 0x87d13b9b },
  device_failed: { state: 'failed', retry: 'soon', intune: 0x87d13b64 },
  other: { state: 'failed', retry: 'soon', intune: 0x87d13b9a },
}

/** Apple's numbers in `MCMDMErrorDomain`, and of the store's parts beneath it. */
const byNumber: ReadonlyMap<number, FailureCode> = new Map([
  [9610, 'license_not_found'],
  [2605, 'license_not_found'],
  [12026, 'license_not_found'],
  [12047, 'license_not_found'],
  [12064, 'license_not_found'],
  [12063, 'rejected_by_person'],
  [12025, 'takeover_rejected'],
  [12040, 'sign_in_required'],
  [12031, 'installs_disabled'],
  [12023, 'unknown_to_store'],
  [12046, 'unknown_to_store'],
  [12035, 'cannot_be_purchased'],
  [12027, 'not_an_app'],
  [12044, 'not_an_app'],
  [12065, 'system_app'],
  [12021, 'not_supported'],
  [12007, 'right_missing'],
  [12008, 'command_malformed'],
  [12043, 'download_failed'],
  [12010, 'device_fault'],
] as const)

/** Apple's `RejectionReason` of InstallApplication and InstallMedia. */
const byReason: ReadonlyMap<string, FailureCode> = new Map([
  ['LicenseNotFound', 'license_not_found'],
  ['PurchaseNotFound', 'license_not_found'],
  ['AppAlreadyInstalled', 'takeover_rejected'],
  ['AppStoreDisabled', 'store_disabled'],
  ['CouldNotVerifyAppID', 'unknown_to_store'],
  ['CouldNotVerifyITunesStoreID', 'unknown_to_store'],
  ['ManagementChangeNotSupported', 'unmanaged_copy'],
  ['NotAnApp', 'not_an_app'],
  ['WrongMediaType', 'not_an_app'],
  ['NotSupported', 'not_supported'],
  ['PurchaseMethodNotSupported', 'not_supported'],
  ['PurchaseMethodNotSupportedInMultiUser', 'not_supported'],
  ['EnterpriseBooksNotSupportedInMultiUser', 'not_supported'],
  ['DownloadInvalid', 'download_failed'],
] as const)

/** Numbers that say that nothing is wrong: no update to install, and an installation that runs already. */
const noUpdate = 12048
const alreadyRunning = new Set([506])

/**
 * What a refusal comes to; `installed` and `running` when the device only says that there is nothing to do. The reason
 * counts first, then the outermost number that is known: what lies beneath it tells more only where it is not.
 */
export function readRefusal({
  reason,
  errors,
  singleApp = false,
}: DeviceRefusal): Failure | 'installed' | 'running' {
  if (reason === 'AppAlreadyQueued' || errors.some(({ code }) => alreadyRunning.has(code))) return 'running'
  if (errors.some(({ code }) => code === noUpdate)) return 'installed'
  const named = reason === null ? undefined : byReason.get(reason)
  const numbered = errors.map(({ code }) => byNumber.get(code)).find((code) => code !== undefined)
  const code = named ?? numbered ?? (reason === null && errors.length === 0 ? 'device_failed' : 'other')
  return failureOf(singleApp ? whereOneAppShows(code) : code)
}

/** While a device is locked to one app, it refuses others in the words of a restriction. */
export function whereOneAppShows(code: FailureCode): FailureCode {
  return code === 'store_disabled' || code === 'installs_disabled' ? 'locked_to_one_app' : code
}

/** How a failure ends and whether it is tried again. */
export function failureOf(code: FailureCode): Failure {
  const { state, retry } = failures[code]
  return { code, state, retry }
}

const hex = (number: number): string => `0x${number.toString(16).toUpperCase()}`

/** Intune shows Apple's number n as this HRESULT. */
const hresultBase = 0x87d12710

/** Intune's number for what happened, as `0x87D13B95`: its own where it has one, else the one made of Apple's. */
export function intuneNumber(code: FailureCode, appleNumber: number | null): string | null {
  const number = failures[code].intune ?? (appleNumber === null ? null : hresultBase + appleNumber)
  return number === null ? null : hex(number)
}

/** Apple's number that one of Intune's stands for, when it is made of one; null for Intune's own, 5200 and up. */
export function appleNumberOf(intune: number): number | null {
  const number = intune - hresultBase
  const isIntunesOwn = number >= 0x13b60 - 0x12710 && number <= 0x13bff - 0x12710
  return number > 0 && number < 100_000 && !isIntunesOwn ? number : null
}

/** What a failure is known by elsewhere, for whoever looks a number up (D7). */
export interface CatalogedFailure extends Failure {
  /** Apple's error numbers, and its reasons. */
  readonly appleNumbers: readonly number[]
  readonly reasons: readonly string[]
  /** Every number that Intune may show for it, as `0x87D13B95`. */
  readonly intuneNumbers: readonly string[]
}

/** Every failure that is known, in the order of `failureCodes`. */
export function failureCatalog(): readonly CatalogedFailure[] {
  return failureCodes.map((code) => {
    const appleNumbers = [...byNumber].flatMap(([number, named]) => (named === code ? [number] : []))
    const reasons = [...byReason].flatMap(([reason, named]) => (named === code ? [reason] : []))
    const own = intuneNumber(code, null)
    const made = appleNumbers.map((number) => hex(hresultBase + number))
    return {
      ...failureOf(code),
      appleNumbers,
      reasons,
      intuneNumbers: [...(own === null ? [] : [own]), ...made],
    }
  })
}

/** The number by which a chain is known: the outermost. */
export function appleNumberIn(errors: readonly ChainedError[]): number | null {
  return errors[0]?.code ?? null
}
