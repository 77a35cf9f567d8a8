/**
 * Secrets that whoever holds them may use: session ids, CSRF tokens, API keys, setup codes.
 *
 * All are 256 random bits or 128, so a plain SHA-256 of them can rest in the database and tells nothing.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits as 43 characters of Base64url. */
export function newBearerSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What starts every API key, so that people and scanners recognize one. */
export const apiKeyPrefix = 'apk_'

export function newApiKey(): string {
  return `${apiKeyPrefix}${newBearerSecret()}`
}

/** 128 random bits as 22 characters: short enough to be copied by hand. */
export function newSetupCode(): string {
  return randomBytes(16).toString('base64url')
}

/** What is stored in place of the secret. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** Compares without telling by the time it takes how much was right. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(secretHash(given), secretHash(expected))
}
