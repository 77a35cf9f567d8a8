/**
 * Apple's error numbers of device management, as data, by their domain.
 *
 * Apple reserves to change numbers and texts, so one that nobody knows names itself. The meanings are in our words.
 */

/**
 * What sending the same command again may bring: `no` = change the input or the state first, `later` = it may succeed,
 * `done` = there is nothing left to do.
 */
export type MdmRetry = 'no' | 'later' | 'done'

export interface MdmErrorNumber {
  /** Such as `mdm.license_not_found`; stable. */
  readonly code: MdmErrorCode
  readonly meaning: string
  readonly retry: MdmRetry
}

type Row = readonly [number: number, code: string, meaning: string, retry?: MdmRetry]

/** `MCMDMErrorDomain`; newer systems also write `MDMErrorDomain`. */
const MANAGEMENT = [
  [12000, 'access_rights_invalid', 'the access rights are invalid'],
  [12001, 'second_mdm_payload', 'the device is managed already'],
  [12002, 'cannot_check_in', 'the device cannot check in', 'later'],
  [12003, 'challenge_response_invalid', 'the response to a challenge is invalid'],
  [12004, 'push_certificate_invalid', 'the push certificate is invalid'],
  [12005, 'certificate_not_found', 'a certificate was not found'],
  [12006, 'redirect_refused', 'the device refused a redirection'],
  [12007, 'not_authorized', 'the profile does not give the right for this command'],
  [12008, 'malformed_request', 'the device does not understand the command'],
  [12009, 'replacement_profile_invalid', 'the profile cannot replace the one on the device'],
  [12010, 'internal_error', 'the device had an internal error', 'later'],
  [12011, 'mdm_configuration_invalid', 'the management payload is invalid'],
  [12012, 'replacement_mismatch', 'the profile differs where a replacement must not'],
  [12013, 'profile_not_managed', 'the profile was not installed by this server'],
  [12015, 'push_token_unavailable', 'the device gets no push token', 'later'],
  [12016, 'identity_missing', 'the device has lost its identity'],
  [12020, 'server_said_unauthorized', 'the server refused the device'],
  [12021, 'request_type_unknown', 'the device does not know this command'],
  [12022, 'topic_invalid', 'the push topic is invalid'],
  [12023, 'app_not_verified', 'the store does not know this app, or cannot be asked', 'later'],
  [12024, 'manifest_not_verified', 'the manifest cannot be verified'],
  [12025, 'app_already_installed', 'the person has installed the app, and it is not managed'],
  [12026, 'app_license_not_found', 'no license was found for the app', 'later'],
  [12027, 'not_an_app', 'the title is no app'],
  [12028, 'not_waiting_for_redemption', 'the app does not wait for a redemption code'],
  [12029, 'app_not_managed', 'the app is not managed'],
  [12030, 'url_invalid', 'an address is invalid'],
  [12031, 'installation_disabled', 'installing apps is not allowed on the device'],
  [12032, 'too_many_apps_in_manifest', 'the manifest names more than one app'],
  [12033, 'manifest_invalid', 'the manifest is invalid'],
  [12034, 'url_not_https', 'an address is not https'],
  [12035, 'app_cannot_be_purchased', 'the app cannot be obtained in this way'],
  [12036, 'app_not_removable_now', 'the app cannot be removed in its present state', 'later'],
  [12037, 'redemption_code_invalid', 'the redemption code is invalid'],
  [12038, 'app_is_not_managed', 'the app is not managed'],
  [12040, 'store_login_required', 'somebody has to sign in to the store on the device'],
  [12043, 'media_download_failed', 'the download failed', 'later'],
  [12044, 'media_type_invalid', 'the media type is invalid'],
  [12045, 'media_replacement_type_invalid', 'the media type differs from the one on the device'],
  [12046, 'media_not_verified', 'the store does not know this book, or cannot be asked', 'later'],
  [12047, 'assignment_not_found', 'no license was found for the title', 'later'],
  [12048, 'no_update_available', 'the app is up to date', 'done'],
  [12063, 'user_rejected', 'the person declined'],
  [12064, 'license_not_found', 'the store has no license for the app', 'later'],
  [12065, 'system_app', 'the app belongs to the system'],
  [12075, 'profile_not_installed', 'the profile is not installed'],
  [12076, 'per_user_connections_unsupported', 'the server does not manage the people of a device'],
  [12081, 'network_tether_required', 'the device has to be connected by cable'],
] as const satisfies readonly Row[]

/** `MCSCEPErrorDomain`: getting the identity. */
const IDENTITY = [
  [22000, 'identity_key_usage_invalid', 'the key usage is invalid'],
  [22001, 'identity_key_failed', 'the device could not make a key', 'later'],
  [22002, 'identity_ca_response_invalid', 'the answer of the authority is invalid'],
  [22003, 'identity_ra_response_invalid', 'the answer of the registration authority is invalid'],
  [22004, 'identity_server_error', 'the server of identities failed', 'later'],
  [22005, 'identity_network_error', 'the server of identities cannot be reached', 'later'],
  [22006, 'identity_capabilities_insufficient', 'the server of identities can do too little'],
  [22007, 'identity_certificate_invalid', 'the certificate that was issued is invalid'],
] as const satisfies readonly Row[]

/** `MCInstallationErrorDomain`: installing profiles. */
const INSTALLATION = [
  [4001, 'profile_not_installable', 'the profile cannot be installed'],
  [4019, 'second_app_lock', 'the device is locked into an app already'],
] as const satisfies readonly Row[]

/** `MCStoreErrorDomain` and `MCSettingsErrorDomain`. */
const STORE = [
  [30000, 'store_sign_in_failed', 'signing in to the store failed'],
  [30001, 'store_timeout', 'the store did not answer in time', 'later'],
] as const satisfies readonly Row[]
const SETTINGS = [
  [28000, 'setting_unknown', 'the device does not know this setting'],
] as const satisfies readonly Row[]

/** `ASDServerErrorDomain` and `ASDErrorDomain`: the store, as the device hears it; underlying causes. */
const STORE_SERVER = [
  [9610, 'store_license_not_found', 'the store does not see the license, or not yet', 'later'],
] as const satisfies readonly Row[]
const STORE_CLIENT = [
  [506, 'duplicate_request', 'the same installation is under way', 'later'],
] as const satisfies readonly Row[]

type KnownRow =
  | (typeof MANAGEMENT)[number]
  | (typeof IDENTITY)[number]
  | (typeof INSTALLATION)[number]
  | (typeof STORE)[number]
  | (typeof SETTINGS)[number]
  | (typeof STORE_SERVER)[number]
  | (typeof STORE_CLIENT)[number]

/** The stable name of an error; a number that nobody knows yet names itself. */
export type MdmErrorCode = `mdm.${KnownRow[1]}` | `mdm.${number}`

const domains = new Map<string, ReadonlyMap<number, MdmErrorNumber>>([
  ['MCMDMErrorDomain', byNumber(MANAGEMENT)],
  ['MDMErrorDomain', byNumber(MANAGEMENT)],
  ['MCSCEPErrorDomain', byNumber(IDENTITY)],
  ['MCInstallationErrorDomain', byNumber(INSTALLATION)],
  ['MCStoreErrorDomain', byNumber(STORE)],
  ['MCSettingsErrorDomain', byNumber(SETTINGS)],
  ['ASDServerErrorDomain', byNumber(STORE_SERVER)],
  ['ASDErrorDomain', byNumber(STORE_CLIENT)],
])

type CodedRow = readonly [number: number, code: KnownRow[1], meaning: string, retry?: MdmRetry]

function byNumber(rows: readonly CodedRow[]): ReadonlyMap<number, MdmErrorNumber> {
  return new Map(
    rows.map(([number, code, meaning, retry = 'no']) => [number, { code: `mdm.${code}`, meaning, retry }]),
  )
}

/** The domain of the protocol itself. */
export const MDM_ERROR_DOMAIN = 'MCMDMErrorDomain'

/** What an item of an error chain means; `domain` and `number` as the device wrote them. */
export function describeMdmError(domain: string, number: number): MdmErrorNumber {
  const known = domains.get(domain)?.get(number)
  if (known !== undefined) return known
  return { code: `mdm.${number}`, meaning: 'a failure that this version does not know', retry: 'no' }
}

/** Every number that has a name, with its domain. */
export const MDM_ERRORS: readonly (MdmErrorNumber & { readonly domain: string; readonly number: number })[] =
  [...domains].flatMap(([domain, numbers]) =>
    [...numbers].map(([number, error]) => ({ domain, number, ...error })),
  )
