/**
 * The certificate by which a device is known: issued by one of our own authorities, for devices, and valid now. Whether it
 * was revoked or belongs to another device is for who has the database to say.
 */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto'
import { type CertificateParts, certificateParts, hasDigitalSignatureUsage } from './certificate-parts.ts'
import { DerError, readDer } from './der.ts'
import { SignatureRefused } from './signature-refused.ts'

/** A certificate that stood the examination. */
export interface DeviceIdentity {
  /** DER. */
  readonly certificate: Buffer
  /** Lower-case hexadecimal, as in `identity_certificates`. */
  readonly serialNumber: string
  /** SHA-256 of the DER. */
  readonly fingerprint: Buffer
}

/** By what a certificate is judged. */
export interface Trust {
  /** Our own device authorities, also those that a newer one replaced. */
  readonly authorities: readonly X509Certificate[]
  readonly now: Date
}

const clientAuthentication = '1.3.6.1.5.5.7.3.2'

/** The certificate and its parts. Throws SignatureRefused `certificate.malformed`. */
export function readCertificate(der: Uint8Array): {
  readonly x509: X509Certificate
  readonly parts: CertificateParts
} {
  try {
    return { x509: new X509Certificate(der), parts: certificateParts(readDer(der)) }
  } catch (error) {
    throw new SignatureRefused('certificate.malformed', 'The certificate cannot be read', { cause: error })
  }
}

/**
 * An RSA key as we give certificates to: 2048 to 4096 bits and the usual exponent, so that its signatures take a bounded
 * time to verify. Throws SignatureRefused `certificate.key`.
 */
export function boundedKey(x509: X509Certificate): KeyObject {
  const key = keyOf(x509)
  const { modulusLength = 0, publicExponent } = key.asymmetricKeyDetails ?? {}
  const isUsual = key.asymmetricKeyType === 'rsa' && publicExponent === 65_537n
  if (isUsual && modulusLength >= 2048 && modulusLength <= 4096) return key
  throw new SignatureRefused(
    'certificate.key',
    'The key of the certificate is no RSA key of 2048 to 4096 bits',
  )
}

function keyOf(x509: X509Certificate): KeyObject {
  try {
    return x509.publicKey
  } catch (error) {
    throw new SignatureRefused('certificate.malformed', 'The key of the certificate cannot be read', {
      cause: error,
    })
  }
}

/** A certificate by which a device is known. */
export interface AcceptedCertificate {
  readonly identity: DeviceIdentity
  readonly x509: X509Certificate
  readonly key: KeyObject
}

/** The device that a certificate stands for. Throws SignatureRefused with one of the `certificate` codes. */
export function acceptIdentity(der: Uint8Array, trust: Trust): DeviceIdentity {
  return acceptCertificate(der, trust).identity
}

/** The same with what else was read of it. Throws SignatureRefused with one of the `certificate` codes. */
export function acceptCertificate(der: Uint8Array, { authorities, now }: Trust): AcceptedCertificate {
  const { x509, parts } = readCertificate(der)
  const key = boundedKey(x509)
  if (!authorities.some((authority) => isIssuedBy(x509, authority))) {
    throw new SignatureRefused('certificate.untrusted', 'The certificate is not from our device authority')
  }
  if (x509.validFromDate > now) {
    throw new SignatureRefused('certificate.not_yet_valid', `The certificate is valid from ${x509.validFrom}`)
  }
  if (x509.validToDate < now) {
    throw new SignatureRefused('certificate.expired', `The certificate was valid until ${x509.validTo}`)
  }
  if (x509.ca || !isForClients(x509, parts)) {
    throw new SignatureRefused('certificate.usage', 'The certificate is not for a device to be known by')
  }
  const identity = {
    certificate: Buffer.from(der),
    serialNumber: x509.serialNumber.toLowerCase(),
    fingerprint: createHash('sha256').update(der).digest(),
  }
  return { identity, x509, key }
}

function isIssuedBy(x509: X509Certificate, authority: X509Certificate): boolean {
  try {
    return x509.checkIssued(authority) && x509.verify(authority.publicKey)
  } catch {
    return false
  }
}

function isForClients(x509: X509Certificate, parts: CertificateParts): boolean {
  try {
    return (x509.keyUsage ?? []).includes(clientAuthentication) && hasDigitalSignatureUsage(parts)
  } catch (error) {
    if (error instanceof DerError) return false
    throw error
  }
}
