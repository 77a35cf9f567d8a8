/** When a failed request is sent again, and how long that waits. */
import { AppleError, type AppsBooksError } from './errors.ts'

export interface RetryPolicy {
  /** Requests in all, the first included. */
  readonly maxTries: number
  /** The first pause; each further one is twice as long. */
  readonly baseMs: number
  /** No pause is longer. Where Apple asks for more, the failure goes to the caller with Apple's figure. */
  readonly maxWaitMs: number
}

export const DEFAULT_RETRY: RetryPolicy = { maxTries: 5, baseMs: 1000, maxWaitMs: 60_000 }

/**
 * Milliseconds to wait before sending the request again, `undefined` to give up.
 *
 * A question is repeated after anything that may pass. A command is repeated only when Apple itself said, with the
 * number of a refusal for lack of capacity, that nothing was started; never after a lost answer.
 *
 * @param random between 0 and 1; pauses vary between half and full length so that clients do not return in step
 */
export function pauseBeforeRetry({
  method,
  error,
  tries,
  random,
  policy,
}: {
  readonly method: 'GET' | 'POST'
  readonly error: AppleError | AppsBooksError
  /** How often the request was sent so far. */
  readonly tries: number
  readonly random: number
  readonly policy: RetryPolicy
}): number | undefined {
  if (tries >= policy.maxTries || !mayPass(method, error)) return undefined
  const backoff = Math.min(policy.maxWaitMs, policy.baseMs * 2 ** (tries - 1))
  const pause = Math.max(Math.round(backoff * (0.5 + random / 2)), error.retryAfterMs ?? 0)
  return pause > policy.maxWaitMs ? undefined : pause
}

function mayPass(method: 'GET' | 'POST', error: AppleError | AppsBooksError): boolean {
  if (method === 'POST') return error instanceof AppleError && NOTHING_STARTED.has(error.errorNumber)
  if (error instanceof AppleError) return error.retry === 'later'
  if (error.code === 'apple.http_error') return mayPassByStatus(error.httpStatus ?? 0)
  return (
    error.code === 'apple.unreachable' || error.code === 'apple.timeout' || error.code === 'apple.not_json'
  )
}

/** Too many requests, and unavailable for a while: refused before any work. */
const NOTHING_STARTED: ReadonlySet<number> = new Set([9646, 9729])

const mayPassByStatus = (status: number): boolean => status === 408 || status === 429 || status >= 500

/**
 * `Retry-After` in milliseconds from `now`: whole seconds or a date of HTTP; `undefined` when absent or unreadable.
 */
export function parseRetryAfter(header: string | null, now: Date): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  // Only dates that name a weekday and GMT are dates of HTTP; Date.parse alone would read a bare "2".
  if (!/^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/.test(text)) return undefined
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}
