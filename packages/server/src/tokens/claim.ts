/**
 * Claims a location at Apple and registers the address for notifications (T4, S3).
 *
 * Apple probes the address while it handles the very call that registers it, so address and secret are committed
 * first and no transaction is open during the call.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { AppsBooksClient } from '@apportion/apps-books/client'
import { AppleError } from '@apportion/apps-books/errors'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { confirmWebhook, forgetWebhook, insertWebhook } from './store.ts'
import { asRefusal } from './verdict.ts'

export interface ClaimPorts {
  readonly db: Db
  readonly clock: Clock
  /** Where Apple reaches us; null: no notifications, outcomes are polled. */
  readonly notificationBase: URL | null
}

/** Path, below the public address, at which Apple's notifications arrive. */
export const notificationPath = '/apple/notifications/'

/** Our four kinds; others that Apple adds are kept when they come. */
const notificationTypes = ['ASSET_MANAGEMENT', 'ASSET_COUNT', 'USER_MANAGEMENT', 'USER_ASSOCIATED'] as const

/** Since when notifications are on; null when Apple cannot reach us or was not asked to. */
export interface Claim {
  readonly notificationsFrom: Date | null
}

/**
 * Tells Apple that we manage the location. When Apple cannot reach our address (9728), the location is claimed
 * without notifications.
 *
 * @throws Refusal `token.read_only` when the token may not change anything; `apple.*`
 */
export async function claimLocation(
  ports: ClaimPorts,
  client: AppsBooksClient,
  location: { readonly uid: string; readonly mdmId: string },
): Promise<Claim> {
  const mdmInfo = { id: location.mdmId, name: 'Apportion', metadata: ports.notificationBase?.host ?? '' }
  if (ports.notificationBase === null) {
    await tell(client, { mdmInfo: { ...mdmInfo, metadata: mdmInfo.metadata || 'self-hosted' } })
    return { notificationsFrom: null }
  }
  const pathKey = randomBytes(24).toString('base64url')
  const secret = randomBytes(32).toString('base64url')
  const at = ports.clock.now()
  await inTransaction(ports.db, (tx) =>
    insertWebhook(tx, { pathKey, uid: location.uid, secretHash: hashSecret(secret), at }),
  )
  const notificationUrl = new URL(`${notificationPath}${pathKey}`, ports.notificationBase).href
  try {
    await tell(client, { mdmInfo, notificationUrl, notificationAuthToken: secret, notificationTypes })
  } catch (error) {
    await forgetWebhook(ports.db, pathKey)
    if (!(error instanceof UnreachableAddress)) throw error
    await tell(client, { mdmInfo })
    return { notificationsFrom: null }
  }
  await inTransaction(ports.db, (tx) => confirmWebhook(tx, pathKey, ports.clock.now()))
  return { notificationsFrom: at }
}

/** How a notification's secret is stored and compared. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

class UnreachableAddress extends Error {}

/** Apple's "notification URL unreachable" and "URL invalid or not HTTPS". */
const addressProblems: readonly number[] = [9728, 9712]

async function tell(
  client: AppsBooksClient,
  request: Parameters<AppsBooksClient['setClientConfig']>[0],
): Promise<void> {
  try {
    await client.setClientConfig(request)
  } catch (error) {
    if (!(error instanceof AppleError)) throw asRefusal(error)
    if (addressProblems.includes(error.errorNumber) && request.notificationUrl !== undefined) {
      throw new UnreachableAddress(error.message, { cause: error })
    }
    if (error.httpStatus === 403) {
      throw new Refusal(
        'token.read_only',
        'This content token may only read. Give the person who downloaded it the right to manage, and download it again.',
        { errorNumber: error.errorNumber },
      )
    }
    throw asRefusal(error)
  }
}
