import { sign } from 'node:crypto'

/** A part of a JSON Web Token. */
export const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token as a developer signs it; what is given replaces the right values. */
export function signed(
  privateKey: string,
  header: Record<string, unknown>,
  claims: Record<string, unknown>,
): string {
  const text = `${part({ alg: 'ES256', typ: 'JWT', ...header })}.${part(claims)}`
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}
