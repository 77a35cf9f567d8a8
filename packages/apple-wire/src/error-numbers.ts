/**
 * Apple's error numbers of the App and Book Management API v2, as data.
 *
 * Apple's messages change from year to year and one number can have several; only the number is stable, and new
 * numbers appear without notice. The meanings are in our words.
 */

/**
 * What a repetition of the same request may bring: `no` = change the input or the state first, `later` = it may
 * succeed, `auth` = stop, and ask for a new content token.
 */
export type Retry = 'no' | 'later' | 'auth'

export interface ErrorNumber {
  readonly errorNumber: number
  readonly code: AppleErrorCode
  /** The status of the synchronous answer; absent for numbers that only come with an event's failures. */
  readonly httpStatus?: number
  readonly meaning: string
  readonly retry: Retry
  /**
   * `sync` in the answer to the request, `async` in an event's failures and in notifications; `legacy` in neither,
   * as far as Apple tells.
   */
  readonly when: 'sync' | 'async' | 'both' | 'legacy'
}

type Row = readonly [
  errorNumber: number,
  httpStatus: number | undefined,
  code: string,
  meaning: string,
  retry?: Retry,
]

const SYNCHRONOUS = [
  [9601, 401, 'login_required', 'a login is required', 'auth'],
  [9602, 400, 'invalid_argument', 'an argument is invalid'],
  [9621, 401, 'token_expired', 'the content token has expired', 'auth'],
  // Seen with 401 and with 200; missing from Apple's table of 2026.
  [9622, 401, 'token_invalid', 'the content token is invalid', 'auth'],
  [9623, 400, 'push_token_invalid', 'the push token is invalid'],
  [9625, 401, 'token_revoked', 'the content token was revoked', 'auth'],
  [9634, 410, 'service_removed', 'the service was removed'],
  [9637, 403, 'facilitator_not_allowed', 'the call is not available to facilitator accounts'],
  [9646, 429, 'too_many_requests', 'too many requests for this organization', 'later'],
  [9647, 403, 'token_kind_not_accepted', 'this kind of content token is not accepted', 'auth'],
  [9650, 400, 'page_index_invalid', 'the page index is outside the pages'],
  [9700, 400, 'too_many_assets', 'too many assets in one request'],
  [9701, 400, 'too_many_client_user_ids', 'too many users in one request'],
  [9702, 400, 'too_many_serial_numbers', 'too many serial numbers in one request'],
  [9703, 400, 'duplicate_assets', 'an asset is listed twice'],
  [9704, 400, 'duplicate_client_user_ids', 'a user is listed twice'],
  [9705, 400, 'duplicate_serial_numbers', 'a serial number is listed twice'],
  [9706, 400, 'asset_not_revocable', 'the asset cannot be revoked'],
  [9707, 400, 'asset_not_device_assignable', 'the asset cannot be assigned to devices'],
  [9708, 400, 'event_not_found', 'the event is not known'],
  [9710, 400, 'notification_config_incomplete', 'a notification address and its token must come together'],
  [9711, 400, 'notification_config_too_long', 'the notification address or its token is too long'],
  [9712, 400, 'notification_url_invalid', 'the notification address is not a valid https address'],
  [9713, 400, 'mdm_metadata_too_long', 'the metadata of mdmInfo is too long'],
  [9714, 400, 'too_many_users', 'too many users in one request'],
  [9715, 400, 'duplicate_users', 'a user is listed twice'],
  [9717, 400, 'email_invalid', 'an e-mail address is invalid'],
  [9718, 400, 'no_assets', 'no assets were given'],
  [9719, 400, 'no_holders', 'neither users nor serial numbers were given'],
  [9720, 400, 'no_users', 'no users were given'],
  [9721, 400, 'version_unknown', 'the version is not known, a full walk is needed'],
  [9722, 401, 'authorization_malformed', 'the authorization header has the wrong form', 'auth'],
  [9723, 400, 'mdm_info_incomplete', 'mdmInfo is incomplete'],
  [9724, 400, 'mdm_id_too_long', 'the id of mdmInfo is too long'],
  [9725, 400, 'mdm_name_too_long', 'the name of mdmInfo is too long'],
  [9726, 405, 'method_not_allowed', 'the method is not allowed'],
  [9727, 415, 'content_type_not_json', 'the content type is not JSON'],
  [
    9728,
    400,
    'notification_url_unreachable',
    'Apple could not deliver a test to the notification address',
    'later',
  ],
  [9729, 503, 'unavailable', 'the service is unavailable for a while', 'later'],
  [9811, 400, 'subscription_association_invalid', 'the subscription association is invalid'],
  [9812, 400, 'cursor_invalid', 'the cursor is invalid'],
  [9813, 400, 'subscription_not_found', 'the subscription is not known'],
  [9814, 400, 'no_associated_user', 'the user has no associated account'],
  [9815, 400, 'subscription_not_held', 'the user does not hold this subscription'],
  [9816, 400, 'too_many_subscriptions', 'too many subscriptions or users in one request'],
  [9817, 400, 'subscription_held_through_group', 'the user holds the subscription through a group'],
  [9818, 400, 'subscriptions_exist', 'subscriptions cannot be disabled while some exist'],
] as const satisfies readonly Row[]

const BOTH_WAYS = [
  [9603, 500, 'internal_error', 'Apple had an internal error or was too slow', 'later'],
  [9609, 400, 'user_not_found', 'the user is not registered'],
] as const satisfies readonly Row[]

const ASYNCHRONOUS = [
  [9635, undefined, 'account_not_associable', 'the Apple Account cannot be associated with this user'],
  [9641, undefined, 'account_taken', 'the Apple Account belongs to another user already'],
  [9644, undefined, 'maintenance', 'the service is under maintenance', 'later'],
  [9709, undefined, 'not_enough_licenses', 'not enough licenses are available'],
  [9716, undefined, 'user_already_registered', 'the user is registered already'],
] as const satisfies readonly Row[]

/** Numbers of the older version of the API whose meaning is published; version 2 is not expected to send them. */
const LEGACY = [
  [9605, undefined, 'storefront_invalid', 'the storefront does not fit'],
  [9607, undefined, 'license_irrevocable', 'the license cannot be revoked'],
  [9610, undefined, 'license_not_found', 'the license is not known'],
  [9616, undefined, 'license_already_assigned', 'the license is assigned already'],
  [9617, undefined, 'address_moved', 'the address of the service moved'],
  [9618, undefined, 'user_retired', 'the user is retired'],
  [9619, undefined, 'license_not_associated', 'the license is not associated'],
  [9620, undefined, 'user_deleted', 'the user is deleted'],
  [9624, undefined, 'license_refunded', 'the license was refunded'],
  [9626, undefined, 'license_assigned_to_other', 'the license is assigned to another user'],
  [9627, undefined, 'reassociated_too_often', 'the license was associated anew too often'],
  [9628, undefined, 'license_not_device_eligible', 'the license cannot be given to devices'],
  [9643, undefined, 'license_in_transfer', 'the license is locked by a transfer'],
] as const satisfies readonly Row[]

type KnownCode = (
  | (typeof SYNCHRONOUS)[number]
  | (typeof BOTH_WAYS)[number]
  | (typeof ASYNCHRONOUS)[number]
  | (typeof LEGACY)[number]
)[2]

type CodedRow = readonly [number, number | undefined, KnownCode, string, Retry?]

/** The stable name of a failure, such as `apple.not_enough_licenses`; a number that nobody knows yet names itself. */
export type AppleErrorCode = `apple.${KnownCode}` | `apple.${number}`

/** Every number whose meaning Apple publishes, and 9622, which Apple sends without documenting it. */
export const ERROR_NUMBERS: readonly ErrorNumber[] = [
  ...SYNCHRONOUS.map((row) => described(row, 'sync')),
  ...BOTH_WAYS.map((row) => described(row, 'both')),
  ...ASYNCHRONOUS.map((row) => described(row, 'async')),
  ...LEGACY.map((row) => described(row, 'legacy')),
].toSorted((a, b) => a.errorNumber - b.errorNumber)

const byNumber = new Map(ERROR_NUMBERS.map((entry) => [entry.errorNumber, entry]))

/**
 * What a number means. Numbers that Apple adds later are judged by the status they came with: 401 asks for a new
 * token, 429 and 5xx may be repeated, all else (200 included) may not.
 */
export function describeErrorNumber(errorNumber: number, httpStatus?: number): ErrorNumber {
  const known = byNumber.get(errorNumber)
  if (known !== undefined) return known
  return {
    errorNumber,
    code: `apple.${errorNumber}`,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    meaning: 'a failure that this version does not know',
    retry: retryByStatus(httpStatus),
    when: 'both',
  }
}

function retryByStatus(httpStatus = 200): Retry {
  if (httpStatus === 401) return 'auth'
  return httpStatus === 429 || httpStatus >= 500 ? 'later' : 'no'
}

function described(
  [errorNumber, httpStatus, code, meaning, retry = 'no']: CodedRow,
  when: ErrorNumber['when'],
): ErrorNumber {
  const status = httpStatus === undefined ? {} : { httpStatus }
  return { errorNumber, code: `apple.${code}`, ...status, meaning, retry, when }
}
