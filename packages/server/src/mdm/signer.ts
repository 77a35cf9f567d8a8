/** Checks the one signature on a signed message over given bytes (RFC 5652, 5.4 to 5.6). */
import { createHash, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { type CertificateParts, subjectKeyIdentifierOf } from './certificate-parts.ts'
import { DerError, octetsOf, oidOf, tags } from './der.ts'
import { SignatureRefused } from './signature-refused.ts'
import { contentTypes, type SignedAttributes, type SignedData, type Signer } from './signed-data.ts'

/** Node's name of a digest by its object identifier. */
const digestNames: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
  ['1.3.14.3.2.26', 'sha1'],
])

/** The digest that an algorithm for signatures names; `rsaEncryption` leaves that to the digest algorithm. */
const signatureDigests: ReadonlyMap<string, string | null> = new Map([
  ['1.2.840.113549.1.1.1', null],
  ['1.2.840.113549.1.1.5', 'sha1'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
])

const attributeNames = { contentType: '1.2.840.113549.1.9.3', messageDigest: '1.2.840.113549.1.9.4' }

/** The signer, when there is exactly one. Throws SignatureRefused `signature.signers`. */
export function onlySigner({ signers }: SignedData): Signer {
  const [signer, another] = signers
  if (signer !== undefined && another === undefined) return signer
  throw new SignatureRefused(
    'signature.signers',
    `The message has ${signers.length} signatures instead of one`,
  )
}

/** The certificate that the signer names, wherever it stands among them. Throws SignatureRefused. */
export function certificateOfSigner({ certificates }: SignedData, { names }: Signer): CertificateParts {
  const found = certificates.find((each) =>
    names.by === 'issuer'
      ? each.issuer.equals(names.issuer) && each.serialNumber.equals(names.serialNumber)
      : (subjectKeyIdentifierOf(each)?.equals(names.identifier) ?? false),
  )
  if (found !== undefined) return found
  throw new SignatureRefused('signature.no_certificate', 'The certificate that the signer names is not there')
}

/** Node's name of the signer's digest. Throws SignatureRefused `signature.digest_algorithm`. */
export function digestOf({ digestAlgorithm }: Signer, allowSha1: boolean): string {
  const name = digestNames.get(digestAlgorithm)
  if (name !== undefined && (name !== 'sha1' || allowSha1)) return name
  const message = `The digest algorithm ${name ?? digestAlgorithm} is not accepted`
  throw new SignatureRefused('signature.digest_algorithm', message)
}

/** With what a signature is verified. */
export interface SignatureKey {
  /** As `digestOf` gives it. */
  readonly digest: string
  readonly key: KeyObject
}

/** A signature of which everything is good that can be looked at without its content. */
export interface OpenSignature {
  /** Whether it was verified already: it is over attributes, and they hold the digest of the content. */
  readonly isVerified: boolean
  /** Throws SignatureRefused unless it is over this content. */
  check(content: Uint8Array): void
}

/** Throws SignatureRefused or `DerError` for what shows without the content; `check` of the answer does the rest. */
export function openSignature(signer: Signer, { digest, key }: SignatureKey): OpenSignature {
  const { signedAttributes: attributes, signatureAlgorithm, signature } = signer
  const told = attributes === undefined ? undefined : digestIn(attributes)
  const named = signatureDigests.get(signatureAlgorithm)
  if (named === undefined || (named !== null && named !== digest)) {
    const message = `The signature algorithm ${signatureAlgorithm} is not accepted with ${digest}`
    throw new SignatureRefused('signature.algorithm', message)
  }
  const verifyOver = (signed: Uint8Array): void => {
    if (verify(digest, signed, key, signature)) return
    throw new SignatureRefused('signature.wrong', 'The signature is not that of the certificate’s key')
  }
  if (attributes === undefined || told === undefined)
    return { isVerified: false, check: verifyBare(verifyOver) }
  verifyOver(attributes.signed)
  return { isVerified: true, check: (content) => compare(told, createHash(digest).update(content).digest()) }
}

/** Throws SignatureRefused unless the signature is the key's, over this content. */
export function checkSignature(signer: Signer, content: Uint8Array, by: SignatureKey): void {
  openSignature(signer, by).check(content)
}

/** Without attributes the signature is over the content itself; what looks like attributes could be another message's. */
function verifyBare(verifyOver: (signed: Uint8Array) => void): OpenSignature['check'] {
  return (content) => {
    if (content[0] !== tags.set) return verifyOver(content)
    throw new SignatureRefused('signature.wrong', 'The content could be the attributes of another message')
  }
}

/** The digest of the content, as the attributes tell it. */
function digestIn({ values }: SignedAttributes): Buffer {
  const [type, anotherType] = values.get(attributeNames.contentType) ?? []
  if (type === undefined || anotherType !== undefined || oidOf(type) !== contentTypes.data) {
    throw new SignatureRefused('signature.content_type', 'The signature is over another type of content')
  }
  const [told, anotherTold] = values.get(attributeNames.messageDigest) ?? []
  if (told === undefined || anotherTold !== undefined || told.tag !== tags.octetString) {
    throw new DerError('The digest among the signed attributes is missing or damaged')
  }
  return octetsOf(told)
}

/** Without this comparison the signature would say nothing about the content. */
function compare(told: Buffer, digest: Buffer): void {
  if (told.length === digest.length && timingSafeEqual(told, digest)) return
  throw new SignatureRefused('signature.body_changed', 'The content is not what was signed')
}
