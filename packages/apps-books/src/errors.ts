/**
 * The expected failures of a call to Apple.
 *
 * `AppleError`: Apple understood the request and refused it; by Apple's rule a refusal in the answer to a request
 * means that nothing was started. `AppsBooksError`: everything between us and such an answer. Neither ever
 * contains the token, the notification secret or a body that may hold them.
 */
import { type AppleErrorCode, describeErrorNumber, type Retry } from '@apportion/apple-wire/error-numbers'
import type { ErrorInfo } from '@apportion/apple-wire/messages'

/** Where a request went, as far as an error may tell it: no host, no query, no body. */
export interface Call {
  readonly method: 'GET' | 'POST'
  /** The path of the address, such as `/mdm/v2/assets`. */
  readonly path: string
}

/** Apple refused the request with an error number. */
export class AppleError extends Error {
  override readonly name = 'AppleError'
  /** Stable: `apple.token_revoked` for 9625; `apple.9999` for a number that this version does not know. */
  readonly code: AppleErrorCode
  readonly errorNumber: number
  readonly httpStatus: number
  readonly retry: Retry
  readonly call: Call
  /** The assets, users and serial numbers that Apple names as the cause. */
  readonly errorInfo?: ErrorInfo
  /** How long Apple asked to wait, in milliseconds. */
  readonly retryAfterMs?: number

  constructor(fields: {
    readonly errorNumber: number
    readonly httpStatus: number
    readonly call: Call
    readonly appleSays?: string | undefined
    readonly errorInfo?: ErrorInfo | undefined
    readonly retryAfterMs?: number | undefined
  }) {
    const { errorNumber, httpStatus, call, appleSays, errorInfo, retryAfterMs } = fields
    const { code, meaning, retry } = describeErrorNumber(errorNumber, httpStatus)
    const quote = appleSays === undefined ? '' : `, in Apple’s words "${appleSays}"`
    super(
      `Apple refused ${call.method} ${call.path}: ${meaning} (error ${errorNumber}, status ${httpStatus}${quote})`,
    )
    this.code = code
    this.errorNumber = errorNumber
    this.httpStatus = httpStatus
    this.retry = retry
    this.call = call
    if (errorInfo !== undefined) this.errorInfo = errorInfo
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs
  }
}

/**
 * - `apple.unreachable`: no connection; nothing was sent, or it was a question that may be asked again
 * - `apple.timeout`: a question was not answered in time
 * - `apple.not_json`: a question was answered with something else than JSON
 * - `apple.http_error`: refused without an error number, so by something in front of Apple's service
 * - `apple.unexpected_answer`: JSON that lacks what is needed
 * - `apple.host_not_allowed`: the address is outside the allowed hosts, nothing was sent
 * - `apple.redirected`: the answer leads elsewhere; it was not followed
 * - `apple.paging_corrupt`: the pages contradict each other
 * - `apple.outcome_unknown`: a command may have reached Apple and its answer was lost: read before sending it again
 */
export type AppsBooksErrorCode =
  | 'apple.unreachable'
  | 'apple.timeout'
  | 'apple.not_json'
  | 'apple.http_error'
  | 'apple.unexpected_answer'
  | 'apple.host_not_allowed'
  | 'apple.redirected'
  | 'apple.paging_corrupt'
  | 'apple.outcome_unknown'

/** The call did not come to an answer of Apple that can be used. */
export class AppsBooksError extends Error {
  override readonly name = 'AppsBooksError'
  readonly code: AppsBooksErrorCode
  readonly httpStatus?: number
  readonly retryAfterMs?: number

  constructor(
    code: AppsBooksErrorCode,
    message: string,
    more: { readonly httpStatus?: number | undefined; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message)
    this.code = code
    if (more.httpStatus !== undefined) this.httpStatus = more.httpStatus
    if (more.retryAfterMs !== undefined) this.retryAfterMs = more.retryAfterMs
  }
}
