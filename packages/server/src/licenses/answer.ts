/** What an answer of Apple's to a request that changes something means for the request. */
import { AppleError, AppsBooksError } from '@apportion/apps-books/errors'
import { tokenVerdict } from '../tokens/verdict.ts'

/** An event, not now, that the token is no good, nothing that we heard, or a refusal of the whole request. */
export type Answer =
  | { readonly kind: 'accepted'; readonly eventId: string }
  | { readonly kind: 'put_off'; readonly retryAfterMs?: number | undefined }
  | { readonly kind: 'token_refused' | 'unheard' }
  | { readonly kind: 'refused'; readonly error: AppleError }

/** Only these say for certain that nothing reached Apple. */
const neverArrived: readonly string[] = ['apple.unreachable', 'apple.host_not_allowed']

/** What a failed request came to. */
export function answerOf(error: unknown): Exclude<Answer, { readonly kind: 'accepted' }> {
  if (error instanceof AppleError) {
    if (tokenVerdict(error) !== null) return { kind: 'token_refused' }
    if (error.retry === 'later') return { kind: 'put_off', retryAfterMs: error.retryAfterMs }
    return { kind: 'refused', error }
  }
  return {
    kind: error instanceof AppsBooksError && neverArrived.includes(error.code) ? 'put_off' : 'unheard',
  }
}
