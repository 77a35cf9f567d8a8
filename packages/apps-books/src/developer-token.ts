/**
 * Developer tokens for the Apps and Books Metadata for Organizations API: ES256, signed with the key that Apple gives
 * for a Services ID. Short-lived, made again shortly before they end. A token is a secret, the key even more so: neither
 * appears in any error.
 */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import type { Clock } from './clock.ts'

/** A developer's key, read and checked. */
export interface DeveloperKey {
  readonly privateKey: KeyObject
  /** Ten characters, shown beside the key in Apple's developer portal. */
  readonly keyId: string
  /** Ten characters, of the developer account. */
  readonly teamId: string
}

/** @throws {TypeError} naming what is wrong, without any part of the key */
export function readDeveloperKey(fields: {
  /** The content of the `.p8` file. */
  readonly pem: string
  readonly keyId: string
  readonly teamId: string
}): DeveloperKey {
  const { pem, keyId, teamId } = fields
  if (!IDENTIFIER.test(keyId)) throw new TypeError('The key id is not ten letters and digits')
  if (!IDENTIFIER.test(teamId)) throw new TypeError('The team id is not ten letters and digits')
  const privateKey = privateKeyOf(pem)
  if (privateKey?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new TypeError('The key is not a private key (PEM) of the curve P-256, as in the .p8 file of Apple')
  }
  return { privateKey, keyId, teamId }
}

const IDENTIFIER = /^[A-Z0-9]{10}$/i

/** The errors of OpenSSL tell nothing that an operator could use, and may quote. */
function privateKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}

/** How long a token is valid. Apple allows half a year; a lost one should be worth nothing soon. */
const LIFETIME_SECONDS = 600

/** Made again so long before its end, so that none ends on its way. */
const MARGIN_SECONDS = 60

/** Gives a token that is valid for at least another minute; makes one at most every nine minutes. */
export function createDeveloperTokens(key: DeveloperKey, clock: Clock): () => string {
  let made: { readonly token: string; readonly expires: number } | undefined
  return () => {
    const now = Math.floor(clock.now().getTime() / 1000)
    // A clock that was set back must not keep a token of the future.
    const isFresh =
      made !== undefined && made.expires - now > MARGIN_SECONDS && made.expires - now <= LIFETIME_SECONDS
    if (made === undefined || !isFresh) {
      made = { token: tokenOf(key, now), expires: now + LIFETIME_SECONDS }
    }
    return made.token
  }
}

function tokenOf({ privateKey, keyId, teamId }: DeveloperKey, now: number): string {
  const header = encoded({ alg: 'ES256', kid: keyId })
  const claims = encoded({ iss: teamId, iat: now, exp: now + LIFETIME_SECONDS })
  const signed = `${header}.${claims}`
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
