/**
 * Apple's synchronous refusals: error number, HTTP status, message.
 *
 * A refusal means that nothing was started: no event, no partial work. Messages are our own words, since Apple's
 * differ between pages and years; clients program against numbers.
 */
import type { ApiError, ErrorInfo } from '@apportion/apple-wire/messages'

interface ErrorNumber {
  readonly status: number
  readonly message: string
}

const bad = (message: string): ErrorNumber => ({ status: 400, message })

/**
 * Apple's table of 2026, synchronous and asynchronous numbers together; 9622 is missing there but seen live, 9616 and
 * 9619 are of the older version and answered only when a knob says so.
 */
export const ERROR_NUMBERS = {
  9601: { status: 401, message: 'Login required.' },
  9602: bad('Invalid argument.'),
  9603: { status: 500, message: 'Internal error.' },
  9609: bad('Unable to find the registered user.'),
  9616: bad('The license is already assigned.'),
  9619: bad('The license is not associated.'),
  9621: { status: 401, message: 'The token has expired.' },
  9622: { status: 401, message: 'Invalid authentication token.' },
  9623: bad('The APNs token is invalid.'),
  9625: { status: 401, message: 'The token has been revoked.' },
  9634: { status: 410, message: 'The service has been removed.' },
  9635: bad('The Apple Account cannot be associated with this user.'),
  9637: { status: 403, message: 'Not allowed for facilitator accounts.' },
  9641: bad('The Apple Account is already associated with another user.'),
  9644: { status: 503, message: 'Undergoing maintenance.' },
  9646: { status: 429, message: 'Too many requests for this organization.' },
  9647: { status: 403, message: 'Not allowed for legacy tokens.' },
  9650: bad('The page index is invalid.'),
  9700: bad('Too many assets in the request.'),
  9701: bad('Too many client user ids in the request.'),
  9702: bad('Too many serial numbers in the request.'),
  9703: bad('Duplicate assets in the request.'),
  9704: bad('Duplicate client user ids in the request.'),
  9705: bad('Duplicate serial numbers in the request.'),
  9706: bad('The asset is not revocable.'),
  9707: bad('The asset is not device-assignable.'),
  9708: bad('The event id was not found.'),
  9709: bad('Not enough licenses available.'),
  9710: bad('Notification URL and auth token must be given together.'),
  9711: bad('Notification URL or auth token is too long.'),
  9712: bad('The notification URL is invalid or not HTTPS.'),
  9713: bad('The metadata of mdmInfo is too long.'),
  9714: bad('Too many users in the request.'),
  9715: bad('Duplicate users in the request.'),
  9716: bad('The client user id is already registered.'),
  9717: bad('The email address is invalid.'),
  9718: bad('No assets in the request.'),
  9719: bad('Neither client user ids nor serial numbers in the request.'),
  9720: bad('No users in the request.'),
  9721: bad('The version id is invalid.'),
  9722: { status: 401, message: 'The Authorization header must have the form "Bearer {sToken}".' },
  9723: bad('mdmInfo needs id, name and metadata.'),
  9724: bad('The id of mdmInfo is too long.'),
  9725: bad('The name of mdmInfo is too long.'),
  9726: { status: 405, message: 'The HTTP method is not allowed here.' },
  9727: { status: 415, message: 'The Content-Type must be application/json.' },
  9728: bad('The notification URL could not be reached.'),
  9729: { status: 503, message: 'The service is temporarily unavailable.' },
  9811: bad('The association is invalid.'),
  9812: bad('The cursor is invalid.'),
  9813: bad('The adam id is invalid.'),
  9814: bad('There is no associated user.'),
  9815: bad('The user does not have this adam id.'),
  9816: bad('Too many subscriptions or users in the request.'),
  9817: bad('The user has the subscription by a group already.'),
  9818: bad('Subscriptions exist; subscription management cannot be disabled.'),
} as const satisfies Record<number, ErrorNumber>

export type KnownErrorNumber = keyof typeof ERROR_NUMBERS

/** What Apple puts into the `failures` of a status and the `error` of a notification. */
export function apiError(errorNumber: KnownErrorNumber, errorInfo?: ErrorInfo): ApiError {
  const { message: errorMessage } = ERROR_NUMBERS[errorNumber]
  return { errorNumber, errorMessage, ...(errorInfo && { errorInfo }) }
}

interface RefusalDetails {
  readonly info?: ErrorInfo
  /** Differs from the table's, for numbers whose HTTP status is a knob. */
  readonly status?: number
  readonly retryAfter?: string
}

/** Thrown by an endpoint that refuses; the server turns it into the answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly body: ApiError
  readonly retryAfter: string | undefined

  constructor(errorNumber: KnownErrorNumber, { info, status, retryAfter }: RefusalDetails = {}) {
    super(`${errorNumber} ${ERROR_NUMBERS[errorNumber].message}`)
    this.status = status ?? ERROR_NUMBERS[errorNumber].status
    this.body = apiError(errorNumber, info)
    this.retryAfter = retryAfter
  }
}
