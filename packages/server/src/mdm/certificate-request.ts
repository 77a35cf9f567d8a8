/** Requests for certificates (PKCS #10, RFC 2986) with a challenge, as devices send them. */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { childAt, DerError, type DerNode, oidOf, readDer, tags } from './der.ts'
import { bitString, inContext, integer, nothing, oid, sequence, setOf, utf8 } from './der-write.ts'

/** A request whose signature was not looked at. */
export interface UnprovenRequest {
  /** DER (SubjectPublicKeyInfo); RSA of 2048 to 4096 bits. */
  readonly publicKey: Buffer
  readonly challenge: string
  readonly signed: {
    readonly content: Buffer
    readonly signature: Buffer
    readonly digest: string
    readonly key: KeyObject
  }
}

/** A request that gets no certificate. */
export class CertificateRequestError extends Error {
  override readonly name = 'CertificateRequestError'
}

const challengePassword = '1.2.840.113549.1.9.7'
/** PrintableString, UTF8String, IA5String, T61String. */
const textTags = new Set([0x13, 0x0c, 0x16, 0x14])
const longestChallenge = 256

const signatureDigests: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.5', 'sha1'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
])

/**
 * What stands in a request. The subject and the extensions that it asks for count for nothing. Throws
 * CertificateRequestError or DerError.
 */
export function parseCertificateRequest(
  bytes: Uint8Array,
  { allowSha1 }: { readonly allowSha1: boolean },
): UnprovenRequest {
  const request = readDer(bytes)
  const asked = childAt(request, 0, tags.sequence)
  const publicKey = childAt(asked, 2, tags.sequence).raw
  const key = boundedRsaKey(publicKey)
  const digest = signatureDigests.get(oidOf(childAt(childAt(request, 1, tags.sequence), 0)))
  if (digest === undefined || (digest === 'sha1' && !allowSha1)) {
    throw new CertificateRequestError('The request is signed with an algorithm that is not accepted')
  }
  const signature = childAt(request, 2, tags.bitString).content
  if (signature[0] !== 0) throw new CertificateRequestError('The signature is not made of whole bytes')
  const signed = { content: asked.raw, signature: signature.subarray(1), digest, key }
  return { publicKey, challenge: challengeOf(asked), signed }
}

/** Whether the key that the request names has signed it. */
export function isProven({ signed: { content, signature, digest, key } }: UnprovenRequest): boolean {
  return verify(digest, content, key, signature)
}

/** A request that the key signs with SHA-256. `publicKey` is DER. */
export function makeCertificateRequest({
  publicKey,
  privateKey,
  challenge,
}: {
  readonly publicKey: Uint8Array
  readonly privateKey: KeyObject
  readonly challenge: string
}): Buffer {
  const attribute = sequence(oid(challengePassword), setOf(utf8(challenge)))
  const asked = sequence(integer(0), sequence(), publicKey, inContext(0, attribute))
  const signature = sign('sha256', asked, privateKey)
  return sequence(asked, sequence(oid('1.2.840.113549.1.1.11'), nothing), bitString(signature))
}

function boundedRsaKey(publicKey: Buffer): KeyObject {
  const key = readKey(publicKey)
  const { modulusLength = 0, publicExponent } = key.asymmetricKeyDetails ?? {}
  const isUsual = key.asymmetricKeyType === 'rsa' && publicExponent === 65_537n
  if (isUsual && modulusLength >= 2048 && modulusLength <= 4096) return key
  throw new CertificateRequestError('The key is no RSA key of 2048 to 4096 bits with the exponent 65537')
}

function readKey(key: Buffer): KeyObject {
  try {
    return createPublicKey({ key, format: 'der', type: 'spki' })
  } catch (error) {
    throw new CertificateRequestError('The key of the request cannot be read', { cause: error })
  }
}

function challengeOf(asked: DerNode): string {
  const attributes = asked.children.find(({ tag }) => tag === tags.context0)?.children ?? []
  const found = attributes.filter((each) => oidOf(childAt(each, 0)) === challengePassword)
  const [attribute, another] = found
  if (attribute === undefined || another !== undefined) {
    throw new CertificateRequestError(`The request has ${found.length} challenges instead of one`)
  }
  const text = childAt(childAt(attribute, 1, tags.set), 0)
  if (!textTags.has(text.tag) || text.content.length > longestChallenge) {
    throw new DerError('The challenge is no text, or too long')
  }
  return text.content.toString('utf8')
}
