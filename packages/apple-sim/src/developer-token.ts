/**
 * Who may call the metadata API for organizations: developer tokens, which are JSON Web Tokens that a developer
 * signs with a key downloaded from Apple.
 *
 * Only the public half of a key is kept here, as at Apple.
 */
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import type { Random } from './random.ts'
import { isObject } from './request-body.ts'

export interface DeveloperKey {
  /** Ten characters; the `kid` of tokens. */
  readonly keyId: string
  /** Ten characters; the `iss` of tokens. */
  readonly teamId: string
  /** P-256, as PEM. */
  readonly publicKey: string
}

/** A key as the developer downloads it, once. */
export interface NewDeveloperKey {
  readonly keyId: string
  readonly teamId: string
  /** PKCS #8 as PEM, the content of a `.p8` file. */
  readonly privateKey: string
}

/** Apple's longest validity, in seconds from now. */
export const LONGEST_VALIDITY_S = 15_777_000
/** How far the clock of the signer may be ahead. */
const CLOCK_SKEW_S = 60

/** A fresh pair: the public half for Apple, the private one for the developer. */
export function newDeveloperKey(
  random: Random,
  teamId: string,
): { readonly kept: DeveloperKey; readonly handedOut: NewDeveloperKey } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const names = { keyId: random.hex(10).toUpperCase(), teamId }
  return { kept: { ...names, publicKey }, handedOut: { ...names, privateKey } }
}

/** Throws unless the names have ten characters and the key is a public one on P-256. */
export function checkedDeveloperKey(key: DeveloperKey): DeveloperKey {
  for (const name of [key.keyId, key.teamId]) {
    if (!/^[A-Z0-9]{10}$/.test(name)) throw new TypeError(`"${name}" must be ten letters and digits`)
  }
  const { asymmetricKeyDetails } = createPublicKey(key.publicKey)
  if (asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new TypeError('The key must be on the curve P-256')
  return key
}

export interface TokenCheck {
  readonly keys: ReadonlyMap<string, DeveloperKey>
  /** Simulated milliseconds. */
  readonly now: number
  /** The Origin header of the request. */
  readonly origin: string | undefined
}

/** The key that signed the token of an Authorization header, or what is wrong with it in a few words. */
export function checkDeveloperToken(
  authorization: string | undefined,
  { keys, now, origin }: TokenCheck,
): DeveloperKey | string {
  const [, head = '', claims = '', signature = ''] =
    /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization ?? '') ?? []
  const header = decoded(head)
  const payload = decoded(claims)
  if (!header || !payload) return 'There is no JSON Web Token'
  if (header.alg !== 'ES256') return 'The algorithm is not ES256'
  const key = typeof header.kid === 'string' ? keys.get(header.kid) : undefined
  if (!key) return 'The key id is unknown'
  if (!isSigned(`${head}.${claims}`, signature, key)) return 'The signature is wrong'
  return wrongClaim(payload, { key, nowS: Math.floor(now / 1000), origin }) ?? key
}

function wrongClaim(
  { iss, iat, exp, origin: origins }: Readonly<Record<string, unknown>>,
  {
    key,
    nowS,
    origin,
  }: { readonly key: DeveloperKey; readonly nowS: number; readonly origin: string | undefined },
): string | undefined {
  if (iss !== key.teamId) return 'The issuer is not the team of the key'
  if (!isMoment(iat) || iat > nowS + CLOCK_SKEW_S) return 'The time of issue is missing or to come'
  if (!isMoment(exp) || exp <= nowS) return 'The token has expired'
  if (exp - nowS > LONGEST_VALIDITY_S) return 'The token is valid for too long'
  const isOpen = origins === undefined || (Array.isArray(origins) && origins.includes(origin))
  return isOpen ? undefined : 'The origin is not among those of the token'
}

const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value)

function isSigned(text: string, signature: string, { publicKey }: DeveloperKey): boolean {
  const options = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
  return verify('sha256', Buffer.from(text), options, Buffer.from(signature, 'base64url'))
}

function decoded(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
