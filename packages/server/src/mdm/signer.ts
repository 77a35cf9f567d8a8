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

export interface SignatureCheck {
  /** Whose digest the signature must be over. */
  readonly content: Uint8Array
  /** As `digestOf` gives it. */
  readonly digest: string
  readonly key: KeyObject
}

/** Throws SignatureRefused unless the signature is the key's, over this content. */
export function checkSignature(signer: Signer, { content, digest, key }: SignatureCheck): void {
  const named = signatureDigests.get(signer.signatureAlgorithm)
  const attributes = signer.signedAttributes
  if (attributes !== undefined) checkAttributes(attributes, createHash(digest).update(content).digest())
  if (named === undefined || (named !== null && named !== digest)) {
    const message = `The signature algorithm ${signer.signatureAlgorithm} is not accepted with ${digest}`
    throw new SignatureRefused('signature.algorithm', message)
  }
  // Without attributes the signature is over the content itself; what looks like attributes could be another message's.
  const isAmbiguous = attributes === undefined && content[0] === tags.set
  if (isAmbiguous || !verify(digest, attributes?.signed ?? content, key, signer.signature)) {
    throw new SignatureRefused('signature.wrong', 'The signature is not that of the certificate’s key')
  }
}

/** Without the comparison of digests the signature would say nothing about the content. */
function checkAttributes({ values }: SignedAttributes, digest: Buffer): void {
  const [type, anotherType] = values.get(attributeNames.contentType) ?? []
  if (type === undefined || anotherType !== undefined || oidOf(type) !== contentTypes.data) {
    throw new SignatureRefused('signature.content_type', 'The signature is over another type of content')
  }
  const [told, anotherTold] = values.get(attributeNames.messageDigest) ?? []
  if (told === undefined || anotherTold !== undefined || told.tag !== tags.octetString) {
    throw new DerError('The digest among the signed attributes is missing or damaged')
  }
  const bytes = octetsOf(told)
  if (bytes.length !== digest.length || !timingSafeEqual(bytes, digest)) {
    throw new SignatureRefused('signature.body_changed', 'The content is not what was signed')
  }
}
