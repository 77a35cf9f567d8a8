/** The fields that every authenticated answer carries. */
import type { Envelope } from '@apportion/apple-wire/messages'
import { appleDate } from './content-token.ts'
import type { Call } from './simulation.ts'

const FIFTEEN_DAYS_MS = 15 * 24 * 3_600_000

/** `uId`, the claim once somebody made one, and the token's expiry as the knob says. */
export function envelope({ simulation, location, token }: Call): Envelope {
  const left = token.expiresAt - simulation.clock.now()
  const dated = simulation.knobs().tokenExpirationDate === 'always' || left <= FIFTEEN_DAYS_MS
  return {
    ...(location.mdmInfo && { mdmInfo: location.mdmInfo }),
    ...(dated && { tokenExpirationDate: appleDate(token.expiresAt) }),
    uId: location.uId,
  }
}
