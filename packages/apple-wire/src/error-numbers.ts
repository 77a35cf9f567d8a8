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
  /** The status of the synchronous answer; absent for numbers that only come with an event's failures. */
  readonly httpStatus?: number
  readonly meaning: string
  readonly retry: Retry
  /** `sync` in the answer to the request, `async` in an event's failures and in notifications. */
  readonly when: 'sync' | 'async' | 'both'
}

type Row = readonly [errorNumber: number, httpStatus: number | undefined, meaning: string, retry?: Retry]

const SYNCHRONOUS: readonly Row[] = [
  [9601, 401, 'a login is required', 'auth'],
  [9602, 400, 'an argument is invalid'],
  [9621, 401, 'the content token has expired', 'auth'],
  // Seen with 401 and with 200; missing from Apple's table of 2026.
  [9622, 401, 'the content token is invalid', 'auth'],
  [9623, 400, 'the push token is invalid'],
  [9625, 401, 'the content token was revoked', 'auth'],
  [9634, 410, 'the service was removed'],
  [9637, 403, 'the call is not available to facilitator accounts'],
  [9646, 429, 'too many requests for this organization', 'later'],
  [9647, 403, 'this kind of content token is not accepted', 'auth'],
  [9650, 400, 'the page index is outside the pages'],
  [9700, 400, 'too many assets in one request'],
  [9701, 400, 'too many users in one request'],
  [9702, 400, 'too many serial numbers in one request'],
  [9703, 400, 'an asset is listed twice'],
  [9704, 400, 'a user is listed twice'],
  [9705, 400, 'a serial number is listed twice'],
  [9706, 400, 'the asset cannot be revoked'],
  [9707, 400, 'the asset cannot be assigned to devices'],
  [9708, 400, 'the event is not known'],
  [9710, 400, 'a notification address and its token must come together'],
  [9711, 400, 'the notification address or its token is too long'],
  [9712, 400, 'the notification address is not a valid https address'],
  [9713, 400, 'the metadata of mdmInfo is too long'],
  [9714, 400, 'too many users in one request'],
  [9715, 400, 'a user is listed twice'],
  [9717, 400, 'an e-mail address is invalid'],
  [9718, 400, 'no assets were given'],
  [9719, 400, 'neither users nor serial numbers were given'],
  [9720, 400, 'no users were given'],
  [9721, 400, 'the version is not known, a full walk is needed'],
  [9722, 401, 'the authorization header has the wrong form', 'auth'],
  [9723, 400, 'mdmInfo is incomplete'],
  [9724, 400, 'the id of mdmInfo is too long'],
  [9725, 400, 'the name of mdmInfo is too long'],
  [9726, 405, 'the method is not allowed'],
  [9727, 415, 'the content type is not JSON'],
  [9728, 400, 'Apple could not deliver a test to the notification address', 'later'],
  [9729, 503, 'the service is unavailable for a while', 'later'],
  [9811, 400, 'the subscription association is invalid'],
  [9812, 400, 'the cursor is invalid'],
  [9813, 400, 'the subscription is not known'],
  [9814, 400, 'the user has no associated account'],
  [9815, 400, 'the user does not hold this subscription'],
  [9816, 400, 'too many subscriptions or users in one request'],
  [9817, 400, 'the user holds the subscription through a group'],
  [9818, 400, 'subscriptions cannot be disabled while some exist'],
]

const BOTH_WAYS: readonly Row[] = [
  [9603, 500, 'Apple had an internal error or was too slow', 'later'],
  [9609, 400, 'the user is not registered'],
]

const ASYNCHRONOUS: readonly Row[] = [
  [9635, undefined, 'the Apple Account cannot be associated with this user'],
  [9641, undefined, 'the Apple Account belongs to another user already'],
  [9644, undefined, 'the service is under maintenance', 'later'],
  [9709, undefined, 'not enough licenses are available'],
  [9716, undefined, 'the user is registered already'],
]

/** Every number that Apple documents for v2, and 9622, which Apple sends without documenting it. */
export const ERROR_NUMBERS: readonly ErrorNumber[] = [
  ...SYNCHRONOUS.map((row) => described(row, 'sync')),
  ...BOTH_WAYS.map((row) => described(row, 'both')),
  ...ASYNCHRONOUS.map((row) => described(row, 'async')),
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
  [errorNumber, httpStatus, meaning, retry = 'no']: Row,
  when: ErrorNumber['when'],
): ErrorNumber {
  return { errorNumber, ...(httpStatus === undefined ? {} : { httpStatus }), meaning, retry, when }
}
