/**
 * Tells by the header `Mdm-Signature` which device sent a body: a detached signature over its very bytes (Apple's MDM
 * payload, `SignMessage`). Everything that a stranger may send is looked at in a bounded time.
 */
import { DerError, type DerNode, tags } from './der.ts'
import { acceptCertificate, type DeviceIdentity, type Trust } from './identity.ts'
import { SignatureRefused } from './signature-refused.ts'
import { contentTypes, readSignedData, type Signer } from './signed-data.ts'
import { certificateOfSigner, digestOf, type OpenSignature, onlySigner, openSignature } from './signer.ts'

/** What the header of a request tells, and by what it is judged. */
export interface SignatureHeader extends Trust {
  /** As it came; several are none. */
  readonly header: string | readonly string[] | undefined
  /** Whether a digest of SHA-1 is taken, as older systems make it. */
  readonly allowSha1: boolean
}

/** A whole request. */
export interface SignedRequest extends SignatureHeader {
  /** As it came, before anything is read out of it. */
  readonly body: Uint8Array
}

/** What is known of the sender before the body is. */
export interface OpenMdmSignature extends OpenSignature {
  readonly identity: DeviceIdentity
}

/** Characters of the header at most; a usual one has 2,000 to 3,000. */
export const longestSignature = 48 * 1024

/** How far a device's clock may be off. */
const clockSkewMs = 7 * 24 * 60 * 60 * 1000

const signingTime = '1.2.840.113549.1.9.5'

/**
 * The identity that signed the body. Where the message carries a content of its own, that counts for nothing. Half a
 * millisecond for a message of 2 kB on one core, most of it in the two RSA signatures.
 *
 * Throws SignatureRefused, whatever came.
 */
export function verifyMdmSignature({ body, ...header }: SignedRequest): DeviceIdentity {
  const signature = openMdmSignature(header)
  signature.check(body)
  return signature.identity
}

/**
 * Looks at everything that shows without the body: the form, the certificate, and the signature where it is over
 * attributes, as those of devices are. So whoever is not a device of ours has no body read.
 *
 * Throws SignatureRefused, whatever came.
 */
export function openMdmSignature(request: SignatureHeader): OpenMdmSignature {
  const message = decodeSignature(request.header)
  try {
    return openMessage(message, request)
  } catch (error) {
    if (error instanceof SignatureRefused) throw error
    if (!(error instanceof DerError)) throw error
    throw new SignatureRefused('signature.malformed', error.message, { cause: error })
  }
}

function openMessage(message: Buffer, { allowSha1, authorities, now }: SignatureHeader): OpenMdmSignature {
  const signed = readSignedData(message)
  const signer = onlySigner(signed)
  if (signed.contentType !== contentTypes.data) {
    throw new SignatureRefused('signature.content_type', 'The signature is over another type of content')
  }
  const { raw } = certificateOfSigner(signed, signer)
  const digest = digestOf(signer, allowSha1)
  const { identity, x509, key } = acceptCertificate(raw, { authorities, now })
  const signature = openSignature(signer, { digest, key })
  checkSigningTime(signer, x509.validFromDate, x509.validToDate)
  return { ...signature, identity }
}

const base64Form = /^[A-Za-z0-9+/]+={0,2}$/

function decodeSignature(header: SignatureHeader['header']): Buffer {
  if (header === undefined || header === '') {
    throw new SignatureRefused('signature.missing', 'The message is not signed')
  }
  if (typeof header !== 'string') {
    throw new SignatureRefused(
      'signature.signers',
      `The message has ${header.length} signatures instead of one`,
    )
  }
  if (header.length > longestSignature) {
    throw new SignatureRefused('signature.too_large', `The signature has ${header.length} characters`)
  }
  if (header.length % 4 !== 0 || !base64Form.test(header)) {
    throw new SignatureRefused('signature.not_base64', 'The signature is not Base64')
  }
  return Buffer.from(header, 'base64')
}

/** There is no protection against repetition in the protocol; this only keeps out what cannot have been. */
function checkSigningTime(signer: Signer, from: Date, to: Date): void {
  const [node] = signer.signedAttributes?.values.get(signingTime) ?? []
  if (node === undefined) return
  const at = timeOf(node)
  if (at >= from.getTime() - clockSkewMs && at <= to.getTime() + clockSkewMs) return
  throw new SignatureRefused('signature.time', 'The message was signed outside of the certificate’s time')
}

/** Milliseconds since 1970; NaN, which is never in time, when the moment cannot be read (RFC 5652, 11.3). */
function timeOf({ tag, content }: DerNode): number {
  const text = content.toString('latin1')
  const form = tag === tags.utcTime ? /^(\d\d)(\d{10})Z$/ : /^(\d{4})(\d{10})Z$/
  const [, year, rest] = form.exec(text) ?? []
  if (year === undefined || rest === undefined) return Number.NaN
  const century = Number(year) < 50 ? '20' : '19'
  const [month, day, hour, minute, second] = rest.match(/\d\d/g) ?? []
  const fullYear = year.length === 2 ? `${century}${year}` : year
  return Date.parse(`${fullYear}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
