/**
 * Reads a content token and asks Apple about its location, before anything is stored (T1, T4: look before
 * claiming).
 */

import { type ContentToken, ContentTokenError, decodeContentToken } from '@apportion/apple-wire/content-token'
import { parseAppleDate } from '@apportion/apple-wire/dates'
import type { ClientConfigResponse } from '@apportion/apple-wire/messages'
import { heldBy } from '@apportion/core/tokens/claim'
import type { Holder } from '@apportion/core/tokens/token-state'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import type { AppleConnections } from './apple.ts'
import { findLocationByUid, type LocationRow } from './store.ts'
import { asRefusal } from './verdict.ts'

/** What an inspection found. `known` is the stored location that this token opens too. */
export interface InspectedToken {
  readonly token: ContentToken
  readonly uid: string
  readonly expiresAt: Date
  readonly locationName: string | null
  readonly country: string
  readonly accountType: 'business' | 'education'
  readonly storePlatform: string
  readonly websiteUrl: string | null
  readonly holder: Holder | null
  readonly known: LocationRow | undefined
}

export interface InspectPorts {
  readonly db: Db
  readonly clock: Clock
  readonly apple: AppleConnections
}

/**
 * Reads the file's text and asks Apple who holds the location. Sends nothing that changes anything.
 *
 * @throws Refusal `token.*` when the text is no usable token, `apple.unreachable`, `apple.refused`
 */
export async function inspectToken(ports: InspectPorts, content: string): Promise<InspectedToken> {
  const token = readToken(content)
  if (token.expiresAt <= ports.clock.now()) {
    const date = token.expiresAt.toISOString().slice(0, 10)
    throw new Refusal(
      'token.expired',
      `This content token expired on ${date}. Download a new one and use that.`,
      {
        expiresAt: token.expiresAt.toISOString(),
      },
    )
  }
  const config = await askApple(ports, token)
  const known = await findLocationByUid(ports.db, config.uId)
  const held = heldBy(config.mdmInfo, known?.mdm_id ?? null)
  return {
    token,
    uid: config.uId,
    expiresAt: earlier(token.expiresAt, config.tokenExpirationDate),
    locationName: config.locationName ?? null,
    country: config.countryISO2ACode ?? 'US',
    accountType: accountType(config),
    storePlatform: config.defaultPlatform ?? 'enterprisestore',
    websiteUrl: config.websiteURL ?? null,
    holder: held.by === 'other' ? held.holder : null,
    known,
  }
}

/** Reads the text of a token file. @throws Refusal */
export function readToken(content: string): ContentToken {
  try {
    return decodeContentToken(content)
  } catch (error) {
    if (error instanceof ContentTokenError) throw new Refusal(error.code, error.message)
    throw error
  }
}

async function askApple(
  ports: InspectPorts,
  token: ContentToken,
): Promise<ClientConfigResponse & { uId: string }> {
  try {
    const config = await ports.apple.tryToken(token.bearer).clientConfig()
    if (config.uId !== undefined) return { ...config, uId: config.uId }
  } catch (error) {
    throw asRefusal(error)
  }
  throw new Refusal(
    'apple.refused',
    'Apple did not say which location this token belongs to. Try again later.',
  )
}

/** Apple's word on the expiry and the file's may differ; the earlier one is safe. */
function earlier(fromFile: Date, fromApple: string | undefined): Date {
  const said = fromApple === undefined ? undefined : parseAppleDate(fromApple)
  return said !== undefined && said < fromFile ? said : fromFile
}

function accountType(config: ClientConfigResponse): 'business' | 'education' {
  const school =
    config.defaultPlatform === 'volumestore' || config.websiteURL?.includes('school.apple.com') === true
  return school ? 'education' : 'business'
}
