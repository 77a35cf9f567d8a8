/**
 * Claims a location at Apple and registers the address for notifications (T4, S3).
 *
 * Apple probes the address while it handles the very call that registers it, so address and secret are committed
 * first and no transaction is open during the call.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { ClientConfigRequest } from '@apportion/apple-wire/messages'
import type { AppsBooksClient } from '@apportion/apps-books/client'
import { AppleError } from '@apportion/apps-books/errors'
import { PRODUCT_NAME } from '@apportion/core/tokens/token-state'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import type { LocationRow } from './store.ts'
import { asRefusal } from './verdict.ts'
import { confirmWebhook, forgetWebhook, insertWebhook } from './webhook-store.ts'

export interface ClaimPorts {
  readonly db: Db
  readonly clock: Clock
  /** Where Apple reaches us; null: no notifications, outcomes are polled. */
  readonly notificationBase: URL | null
}

/** Path, below the public address, at which Apple's notifications arrive. */
export const notificationPath = '/apple/notifications/'

/** The kinds that tell of what we keep; others that Apple adds are kept when they come. */
const notificationTypes = [
  'ASSET_MANAGEMENT',
  'ASSET_COUNT',
  'USER_MANAGEMENT',
  'USER_ASSOCIATED',
  'UNLIMITED_ASSET',
] as const

/** What a claim came to. */
export interface Claim {
  readonly at: Date
  readonly mdmId: string
  /** The address that was registered or tried; null when there is none. */
  readonly base: string | null
  /** Since when notifications are on; null when they are off. */
  readonly notificationsFrom: Date | null
  /** Why they are off although there is an address. */
  readonly off: LocationRow['notifications_off']
  /** An address of somebody else that Apple goes on posting to. */
  readonly inheritedUrl: string | null
}

/**
 * Tells Apple that we manage the location. When Apple cannot reach our address (9728), the location is claimed
 * without notifications. An address that worked before works until Apple has accepted the new one.
 *
 * @throws Refusal `token.read_only` when the token may not change anything; `apple.*`
 */
export async function claimLocation(
  ports: ClaimPorts,
  client: AppsBooksClient,
  location: { readonly uid: string; readonly mdmId: string },
): Promise<Claim> {
  const { notificationBase } = ports
  const mdmInfo = {
    id: location.mdmId,
    name: PRODUCT_NAME,
    metadata: notificationBase?.host ?? 'self-hosted',
  }
  const at = ports.clock.now()
  const claim = { at, mdmId: location.mdmId, base: notificationBase?.href ?? null }
  if (notificationBase === null) {
    // Apple need not go on posting to an address that we no longer have.
    const inheritedUrl = await tell(client, { mdmInfo, notificationTypes: [] })
    return { ...claim, notificationsFrom: null, off: null, inheritedUrl }
  }
  const pathKey = randomBytes(24).toString('base64url')
  const secret = randomBytes(32).toString('base64url')
  await inTransaction(ports.db, (tx) =>
    insertWebhook(tx, { pathKey, uid: location.uid, secretHash: hashSecret(secret), at }),
  )
  const notificationUrl = new URL(`${notificationPath}${pathKey}`, notificationBase).href
  try {
    await tell(client, { mdmInfo, notificationUrl, notificationAuthToken: secret, notificationTypes })
  } catch (error) {
    await forgetWebhook(ports.db, pathKey)
    if (!(error instanceof UnreachableAddress)) throw error
    const inheritedUrl = await tell(client, { mdmInfo })
    return { ...claim, notificationsFrom: null, off: 'unreachable', inheritedUrl }
  }
  const heard = await inTransaction(ports.db, (tx) => confirmWebhook(tx, pathKey, ports.clock.now()))
  return {
    ...claim,
    notificationsFrom: heard ? at : null,
    off: heard ? null : 'unheard',
    inheritedUrl: null,
  }
}

/** We hold the location now. */
export async function noteClaim(tx: Tx, id: number, claim: Claim): Promise<void> {
  const { at, mdmId, base, notificationsFrom, off, inheritedUrl } = claim
  await sql`UPDATE locations SET managed_by = NULL, mdm_id = ${mdmId}, notifications_from = ${notificationsFrom},
      notification_base = ${base}, notifications_off = ${off},
      notifications_off_since = CASE WHEN ${off}::text IS NOT NULL THEN coalesce(notifications_off_since, ${at}) END,
      registered_at = ${at}, inherited_url = ${inheritedUrl}, answered_at = ${at}, tend_at = ${at}
    WHERE id = ${id}`.execute(tx)
}

/** How a notification's secret is stored and compared. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

class UnreachableAddress extends Error {}

/** Apple's "notification URL unreachable" and "URL invalid or not HTTPS". */
const addressProblems: readonly number[] = [9728, 9712]

/** Gives the address that Apple has now. */
async function tell(client: AppsBooksClient, request: ClientConfigRequest): Promise<string | null> {
  try {
    const { notificationUrl } = await client.setClientConfig(request)
    return notificationUrl ?? null
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
