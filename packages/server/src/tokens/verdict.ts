/** What a failed call to Apple says: of the token, and to the person who waits for it. */
import { AppleError, AppsBooksError } from '@apportion/apps-books/errors'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { noteTokenAnswer } from './answers.ts'
import type { LocationRow } from './store.ts'

/** What an error of Apple says of the token: nothing, that it is revoked, expired or not accepted. */
export function tokenVerdict(error: unknown): 'revoked' | 'expired' | 'invalid' | null {
  if (!(error instanceof AppleError) || error.retry !== 'auth') return null
  if (error.errorNumber === 9625) return 'revoked'
  return error.errorNumber === 9621 ? 'expired' : 'invalid'
}

/**
 * Stores what an error says of a location's token, so that nothing more is sent with it. `asked` is the location as it
 * was when the request was made: an answer to the token before a renewal says nothing of the new one.
 */
export async function noteVerdict(
  db: Db,
  asked: Pick<LocationRow, 'id' | 'token_uploaded_at'>,
  error: unknown,
): Promise<void> {
  const verdict = tokenVerdict(error)
  if (verdict === null || !(error instanceof AppleError)) return
  const state = verdict === 'revoked' ? 'revoked' : 'invalid'
  await noteTokenAnswer(db, asked, { state, errorNumber: error.errorNumber })
}

/** An error of the client as a refusal that a person can act on; anything else as it is. */
export function asRefusal(error: unknown): unknown {
  const verdict = tokenVerdict(error)
  if (verdict === 'revoked') {
    return new Refusal(
      'token.revoked',
      'Apple has revoked this content token. Download a new one and use that.',
    )
  }
  if (verdict === 'expired') {
    return new Refusal(
      'token.expired',
      'Apple says that this content token has expired. Download a new one and use that.',
    )
  }
  if (verdict === 'invalid') {
    return new Refusal(
      'token.invalid',
      'Apple does not accept this content token. Download it again and use it unchanged.',
    )
  }
  if (error instanceof AppleError) {
    return new Refusal('apple.refused', error.message, { errorNumber: error.errorNumber })
  }
  if (error instanceof AppsBooksError) {
    return new Refusal('apple.unreachable', `${error.message} Then try again.`, {
      reason: error.code,
    })
  }
  return error
}
