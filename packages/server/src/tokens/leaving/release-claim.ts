/**
 * Releases our claim on a location at Apple when its token is deleted (T6), so that the next service finds it free.
 *
 * Apple advises to update `mdmInfo` when a location is released and does not say how. So the notifications are ended first,
 * then `mdmInfo` is cleared by what may work, and where nothing clears it a marker is left that names nobody. Nothing here
 * holds up a deletion: what could not be done is told.
 */
import type { ClientConfigRequest, ClientConfigResponse } from '@apportion/apple-wire/messages'
import { RELEASED } from '@apportion/apps-books/claim'
import { AppleError, AppsBooksError } from '@apportion/apps-books/errors'
import { heldBy } from '@apportion/core/tokens/claim'
import { PRODUCT_NAME } from '@apportion/core/tokens/token-state'
import { Refusal } from '../../platform/errors.ts'
import type { AppleConnection, AppleConnections } from '../apple.ts'

/**
 * What became of the claim. `cleared`: Apple names nobody. `marked`: our id is gone, Apple still carries a marker.
 * `not_ours`: another service holds the location, or nobody does. `failed`: Apple still names us.
 */
export interface ReleasedClaim {
  readonly outcome: 'cleared' | 'marked' | 'not_ours' | 'failed'
  /** For a person: why it failed, and what the next service will see. */
  readonly detail: string | null
}

/** Ways to take `mdmInfo` away, the cleanest first; the last is what Apple's documentation certainly allows. */
const ways: readonly ClientConfigRequest[] = [
  { mdmInfo: null, notificationUrl: null, notificationAuthToken: null },
  { mdmInfo: { id: '', name: '', metadata: '' } },
  { mdmInfo: { ...RELEASED, metadata: `released by ${PRODUCT_NAME}` } },
]

/** Does what it can; rejects only when the work is to stop (`signal`). */
export async function releaseClaim(
  apple: AppleConnections,
  locationId: number,
  signal: AbortSignal,
): Promise<ReleasedClaim> {
  try {
    const connection = await apple.connect(locationId, 'tend', signal)
    const { client, location } = connection
    const before = await client.clientConfig()
    if (heldBy(before.mdmInfo, location.mdm_id).by !== 'us' || connection.takenOver()) {
      return { outcome: 'not_ours', detail: null }
    }
    await tryOne(connection, { notificationTypes: [] })
    for (const way of ways) {
      const after = await tryOne(connection, way)
      const held = after === null ? 'us' : heldBy(after.mdmInfo, location.mdm_id).by
      if (held === 'us') continue
      return { outcome: after?.mdmInfo?.id === RELEASED.id ? 'marked' : 'cleared', detail: null }
    }
    return failed('Apple accepted no way of releasing it')
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof AppleError || error instanceof AppsBooksError || error instanceof Refusal) {
      return failed(error.message)
    }
    throw error
  }
}

/** What Apple says afterwards, or null when it refused this way. */
async function tryOne(
  { client }: AppleConnection,
  request: ClientConfigRequest,
): Promise<ClientConfigResponse | null> {
  try {
    return await client.setClientConfig(request)
  } catch (error) {
    if (error instanceof AppleError && error.retry === 'no') return null
    throw error
  }
}

function failed(why: string): ReleasedClaim {
  const reason = why.replace(/\.$/, '')
  return {
    outcome: 'failed',
    detail: `The claim at Apple could not be released (${reason}). The next service will be told that ${PRODUCT_NAME} manages the location and has to take it over.`,
  }
}
