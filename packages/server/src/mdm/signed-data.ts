/**
 * Signed messages (CMS SignedData, RFC 5652, 5) read from raw bytes: signatures of devices and what they send over SCEP.
 * Nothing is verified here but the form.
 */
import { type CertificateParts, certificateParts } from './certificate-parts.ts'
import { childAt, DerError, type DerNode, expectTag, octetsOf, oidOf, readDer, tags } from './der.ts'

/** A signed message in parts. */
export interface SignedData {
  readonly contentType: string
  /** Undefined when the content is somewhere else (a detached signature). */
  readonly content: Buffer | undefined
  readonly certificates: readonly CertificateParts[]
  readonly signers: readonly Signer[]
}

/** One signature in it, with how its certificate is named. */
export interface Signer {
  readonly names:
    | { readonly by: 'issuer'; readonly issuer: Buffer; readonly serialNumber: Buffer }
    | { readonly by: 'key'; readonly identifier: Buffer }
  readonly digestAlgorithm: string
  readonly signedAttributes: SignedAttributes | undefined
  readonly signatureAlgorithm: string
  readonly signature: Buffer
}

/** What is signed in place of the content, and holds its digest. */
export interface SignedAttributes {
  /** What the signature is over: the attributes as they came, as a SET (RFC 5652, 5.4). */
  readonly signed: Buffer
  /** By object identifier, in the order in which they came. */
  readonly values: ReadonlyMap<string, readonly DerNode[]>
}

/** Object identifiers of what a message may hold (RFC 5652, 4 to 6). */
export const contentTypes = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  envelopedData: '1.2.840.113549.1.7.3',
} as const

const mostCertificates = 8

/** Throws `DerError` when the bytes are no signed message, or have anything behind them. */
export function readSignedData(bytes: Uint8Array): SignedData {
  const body = contentOf(readDer(bytes, { openLengths: true }), contentTypes.signedData)
  const [version, digests, encapsulated, ...rest] = body.children
  if (version === undefined || digests === undefined || encapsulated === undefined) {
    throw new DerError('The signed message misses a part')
  }
  expectTag(version, tags.integer)
  expectTag(digests, tags.set)
  expectTag(encapsulated, tags.sequence)
  const signers = rest.at(-1)
  if (signers === undefined) throw new DerError('The signed message has no list of signers')
  expectTag(signers, tags.set)
  const certificates = rest.find(({ tag }) => tag === tags.context0)?.children ?? []
  if (certificates.length > mostCertificates) throw new DerError('There are too many certificates')
  const content = encapsulated.children[1]
  return {
    contentType: oidOf(childAt(encapsulated, 0)),
    content: content === undefined ? undefined : octetsOf(childAt(content, 0)),
    certificates: certificates.filter(({ tag }) => tag === tags.sequence).map(certificateParts),
    signers: signers.children.map(signerOf),
  }
}

/** What is in a ContentInfo of this type (RFC 5652, 3). */
export function contentOf(info: DerNode, contentType: string): DerNode {
  expectTag(info, tags.sequence)
  if (oidOf(childAt(info, 0)) !== contentType) throw new DerError('The message is of another type')
  if (info.children.length !== 2) throw new DerError('The message has parts too many')
  const content = childAt(childAt(info, 1, tags.context0), 0, tags.sequence)
  return content
}

function signerOf(node: DerNode): Signer {
  expectTag(node, tags.sequence)
  const attributes = node.children[3]
  const hasAttributes = attributes?.tag === tags.context0
  const after = hasAttributes ? 4 : 3
  return {
    names: signerNames(childAt(node, 1)),
    digestAlgorithm: oidOf(childAt(childAt(node, 2, tags.sequence), 0)),
    signedAttributes: hasAttributes ? signedAttributesOf(attributes) : undefined,
    signatureAlgorithm: oidOf(childAt(childAt(node, after, tags.sequence), 0)),
    signature: childAt(node, after + 1, tags.octetString).content,
  }
}

function signerNames(node: DerNode): Signer['names'] {
  if (node.tag === tags.context0Primitive) return { by: 'key', identifier: node.content }
  expectTag(node, tags.sequence)
  return {
    by: 'issuer',
    issuer: childAt(node, 0, tags.sequence).raw,
    serialNumber: childAt(node, 1, tags.integer).content,
  }
}

function signedAttributesOf(node: DerNode): SignedAttributes {
  const signed = Buffer.from(node.raw)
  signed[0] = tags.set
  // What is signed must be DER; an open length would make it ambiguous.
  readDer(signed)
  const values = new Map<string, readonly DerNode[]>()
  for (const attribute of node.children) {
    expectTag(attribute, tags.sequence)
    const name = oidOf(childAt(attribute, 0))
    if (values.has(name)) throw new DerError('A signed attribute comes twice')
    values.set(name, childAt(attribute, 1, tags.set).children)
  }
  return { signed, values }
}
