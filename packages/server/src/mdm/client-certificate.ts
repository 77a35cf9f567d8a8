/**
 * The certificate that a device showed to a proxy in front of us, as the proxy passes it on in a header: RFC 9440
 * (`:<Base64 of DER>:`) or PEM escaped for URLs (nginx' `$ssl_client_escaped_cert`). Only to be asked for a request that
 * came from a trusted proxy; the proxy has proven that the device has the key.
 */
import { acceptIdentity, type DeviceIdentity, type Trust } from './identity.ts'
import { SignatureRefused } from './signature-refused.ts'

/** Characters of the header at most. */
const longest = 24 * 1024

/** Throws SignatureRefused, whatever came. */
export function verifyClientCertificate({
  header,
  ...trust
}: Trust & { readonly header: string | readonly string[] | undefined }): DeviceIdentity {
  if (header === undefined || header === '') {
    throw new SignatureRefused('certificate.missing', 'The proxy passed no certificate on')
  }
  const der = typeof header === 'string' && header.length <= longest ? decode(header) : undefined
  if (der === undefined) {
    throw new SignatureRefused('certificate.malformed', 'The header holds no certificate that can be read')
  }
  return acceptIdentity(der, trust)
}

const byteSequence = /^:([A-Za-z0-9+/]+={0,2}):$/
const pem = /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/

function decode(header: string): Buffer | undefined {
  const base64 = byteSequence.exec(header)?.[1] ?? pem.exec(unescaped(header))?.[1]
  if (base64 === undefined) return undefined
  const der = Buffer.from(base64, 'base64')
  return der.length === 0 ? undefined : der
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
