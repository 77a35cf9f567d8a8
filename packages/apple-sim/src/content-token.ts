/**
 * Content tokens, as an administrator downloads them: one line of Base64 around a small JSON text.
 */
import type { Random } from './random.ts'

export interface ContentToken {
  /** The content of the `.vpptoken` file, which is also what clients send. */
  readonly text: string
  /** The opaque value inside; sending it alone is a common mistake, answered with 9622. */
  readonly inner: string
  expiresAt: number
  revoked: boolean
  /** `read`: made by a person without the privilege to manage, so that all writes are refused. */
  role: 'manage' | 'read'
  /** A kind that this API does not accept. */
  readonly kind?: 'legacy' | 'facilitator'
  /** Made by somebody without a Managed Apple Account, so that users cannot be given one (9635). */
  readonly withoutAccount?: boolean
}

export interface TokenWishes extends Pick<ContentToken, 'kind' | 'withoutAccount'> {
  readonly organizationName: string
  readonly expiresAt: number
  readonly role: 'manage' | 'read'
}

/** A new token whose file decodes to `token`, `expDate` and `orgName`. */
export function mintToken(
  random: Random,
  { organizationName, expiresAt, role, ...special }: TokenWishes,
): ContentToken {
  const inner = Buffer.from(random.hex(96), 'hex').toString('base64')
  const json = JSON.stringify({ expDate: appleDate(expiresAt), token: inner, orgName: organizationName })
  const text = Buffer.from(json).toString('base64')
  return { text, inner, expiresAt, revoked: false, role, ...special }
}

/** A moment as Apple writes it: whole seconds, and an offset without colon. */
export function appleDate(moment: number): string {
  return new Date(moment).toISOString().replace(/\.\d{3}Z$/, '+0000')
}
