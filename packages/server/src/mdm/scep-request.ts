/**
 * Reads the request for a certificate that a device encrypted for us. Whoever sends what another device encrypted,
 * changed a little, must not learn from our answer or from our work how far we came: so what cannot be opened or read, or
 * is not proven, is replaced by a request of our own, with a challenge that nobody was given, and goes the same way.
 */
import { randomBytes } from 'node:crypto'
import type { OwnIdentity } from './authority.ts'
import {
  CertificateRequestError,
  isProven,
  makeCertificateRequest,
  parseCertificateRequest,
  type UnprovenRequest,
} from './certificate-request.ts'
import { DerError } from './der.ts'
import { type ContentCipher, type Envelope, openEnvelope } from './envelope.ts'

/** What was asked for, or a challenge that gives nothing. */
export interface AskedIdentity {
  readonly publicKey: Buffer
  readonly challenge: string
  /** Why it is not what the device sent, for the log alone; null when it is. */
  readonly problem: string | null
}

/** A request as it came, and by what it is opened. */
export interface EncryptedRequest {
  readonly envelope: Envelope
  readonly cipher: ContentCipher
  readonly encryptedKey: Buffer
  readonly authority: OwnIdentity
  readonly allowSha1: boolean
}

/** Each request costs the same: a key and a content decrypted, two requests parsed, and one signature checked. */
export type RequestReader = (request: EncryptedRequest) => AskedIdentity

/** A reader that makes its own request once for each authority. */
export function createRequestReader(): RequestReader {
  const ours = new Map<string, Buffer>()
  return ({ envelope, cipher, encryptedKey, authority, allowSha1 }) => {
    const instead = parseCertificateRequest(oursFor(ours, authority), { allowSha1 })
    const { privateKey } = authority
    const { content, isPadded } = openEnvelope(envelope, { cipher, encryptedKey, privateKey })
    const read = parsed(content, allowSha1)
    const request = isPadded && typeof read !== 'string' ? read : instead
    const proven = isProven(request)
    const { publicKey, challenge } = proven ? request : instead
    return { publicKey, challenge, problem: problemOf({ isPadded, read, proven }) }
  }
}

function oursFor(ours: Map<string, Buffer>, { certificate, privateKey }: OwnIdentity): Buffer {
  const known = ours.get(certificate.fingerprint256)
  if (known !== undefined) return known
  const publicKey = certificate.publicKey.export({ type: 'spki', format: 'der' })
  const challenge = randomBytes(32).toString('base64url')
  const made = makeCertificateRequest({ publicKey, privateKey, challenge })
  ours.set(certificate.fingerprint256, made)
  return made
}

/** The request, or why there is none. */
function parsed(content: Uint8Array, allowSha1: boolean): UnprovenRequest | string {
  try {
    return parseCertificateRequest(content, { allowSha1 })
  } catch (error) {
    if (error instanceof DerError || error instanceof CertificateRequestError) return error.message
    throw error
  }
}

function problemOf({
  isPadded,
  read,
  proven,
}: {
  readonly isPadded: boolean
  readonly read: UnprovenRequest | string
  readonly proven: boolean
}): string | null {
  if (!isPadded) return 'the message cannot be decrypted'
  if (typeof read === 'string') return read
  return proven ? null : 'the request is not signed by the key that it names'
}
