/**
 * The content token: the file (usually `*.vpptoken`) with which Apple lets one organizational unit's apps and
 * books be managed (T1).
 *
 * The file is one line of Base64 around a JSON object with the keys `token`, `expDate` and `orgName`. Apple wants
 * the complete outer text as the bearer; the inner `token` alone is answered with error 9622.
 */
import { formatAppleDate, parseAppleDate } from './dates.ts'
import { recognizeMistake } from './mistaken-token.ts'

export interface ContentToken {
  /** The text as Apple issued it, without the white space around and inside. A secret: the full license credential. */
  readonly bearer: string
  readonly organizationName: string
  readonly expiresAt: Date
}

export type ContentTokenErrorCode =
  | 'token.empty'
  | 'token.too_large'
  | 'token.not_base64'
  | 'token.not_json'
  | 'token.incomplete'
  | 'token.bad_date'

/** A text that is no content token. The message says what to do and never repeats what was given. */
export class ContentTokenError extends Error {
  override readonly name = 'ContentTokenError'
  readonly code: ContentTokenErrorCode

  constructor(code: ContentTokenErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Real tokens have a few hundred characters; a header line of HTTP rarely may exceed 16 KiB. */
export const MAX_CONTENT_TOKEN_LENGTH = 16_000

const DOWNLOAD_AGAIN =
  'Download the content token again in Apple Business or School Manager (Settings, Payments and Billing) and give the file unchanged.'

/**
 * Reads a content token from the text or the bytes of its file. An expired token is read too: whether it may be
 * used is for the caller to say.
 *
 * @throws {ContentTokenError} when the text is not a content token
 */
export function decodeContentToken(file: string | Uint8Array): ContentToken {
  const text = typeof file === 'string' ? file : new TextDecoder().decode(file)
  const bearer = text.replaceAll(/[\s\uFEFF]/g, '')
  if (bearer === '')
    throw new ContentTokenError('token.empty', `The content token is empty. ${DOWNLOAD_AGAIN}`)
  const mistake = recognizeMistake(text)
  if (mistake !== undefined) throw new ContentTokenError('token.not_base64', `${mistake} ${DOWNLOAD_AGAIN}`)
  if (bearer.length > MAX_CONTENT_TOKEN_LENGTH) {
    const size = `${bearer.length} characters, more than the ${MAX_CONTENT_TOKEN_LENGTH} a content token can have`
    throw new ContentTokenError('token.too_large', `The text has ${size}. ${DOWNLOAD_AGAIN}`)
  }
  return { bearer, ...readFields(readJson(readBase64(bearer))) }
}

/** The text of a content token file; the inverse of {@link decodeContentToken}, for simulations and tests. */
export function encodeContentToken(fields: {
  readonly token: string
  readonly organizationName: string
  readonly expiresAt: Date
}): string {
  const json = JSON.stringify({
    token: fields.token,
    expDate: formatAppleDate(fields.expiresAt),
    orgName: fields.organizationName,
  })
  return btoa(String.fromCharCode(...new TextEncoder().encode(json)))
}

function readBase64(bearer: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(bearer)) {
    throw new ContentTokenError('token.not_base64', `The text is not Base64. ${DOWNLOAD_AGAIN}`)
  }
  if (bearer.length % 4 !== 0) {
    throw new ContentTokenError(
      'token.not_base64',
      `The Base64 text is cut off: ${bearer.length} characters are no multiple of four. ${DOWNLOAD_AGAIN}`,
    )
  }
  return Uint8Array.from(atob(bearer), (character) => character.charCodeAt(0))
}

function readJson(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  // Errors of the decoder and the parser quote their input, so neither becomes a cause.
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (isObject(value)) return value
  } catch {
    // Told below, together with JSON that is no object.
  }
  const guess =
    bytes[0] === 0x30
      ? 'It looks like a certificate or a signed message.'
      : 'It may be the inner value of a token, or a damaged copy.'
  throw new ContentTokenError(
    'token.not_json',
    `The Base64 text does not hold a content token. ${guess} ${DOWNLOAD_AGAIN}`,
  )
}

function readFields(json: Readonly<Record<string, unknown>>): Omit<ContentToken, 'bearer'> {
  const missing = ['token', 'expDate', 'orgName'].filter((key) => !isFilled(json[key]))
  const { expDate, orgName } = json
  if (missing.length > 0 || typeof expDate !== 'string' || typeof orgName !== 'string') {
    const guess = 'consumer_key' in json ? ' It is a server token for device enrollment.' : ''
    const lack = `The content token lacks ${missing.join(', ')}.`
    throw new ContentTokenError('token.incomplete', `${lack}${guess} ${DOWNLOAD_AGAIN}`)
  }
  const expiresAt = parseAppleDate(expDate)
  if (expiresAt === undefined) {
    throw new ContentTokenError(
      'token.bad_date',
      `The content token's expDate is not a date such as 2030-11-08T22:33:22+0000. ${DOWNLOAD_AGAIN}`,
    )
  }
  return { organizationName: orgName, expiresAt }
}

const isFilled = (value: unknown): boolean => typeof value === 'string' && value.trim() !== ''

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
