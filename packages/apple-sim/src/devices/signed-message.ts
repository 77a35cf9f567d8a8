/** CMS SignedData: written detached for the command channel and attached for SCEP, read for profiles and SCEP. */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { type CertificateParts, certificateParts, issuerAndSerial } from './certificates.ts'
import {
  contentOf,
  type DerNode,
  der,
  integer,
  isTagged,
  nothing,
  octets,
  octetsOf,
  oid,
  oidOf,
  open,
  partAt,
  partsOf,
  readDer,
  sequence,
  set,
  tagged,
  time,
} from './der.ts'
import { OID } from './oids.ts'

export type DigestName = 'sha1' | 'sha256' | 'sha384' | 'sha512'

/** Who signs, and how. */
export interface Signer {
  readonly privateKey: KeyObject
  readonly certificate: CertificateParts
  readonly digest: DigestName
}

export interface MessageWish {
  readonly content: Uint8Array
  /** Left out of the message where it travels beside it. */
  readonly attached: boolean
  /** Beside content type and digest: `signingTime`, SCEP's own. Each DER. */
  readonly attributes: readonly Buffer[]
  /** How the outer layers are written, `open` when left out; what is signed is DER in any case. */
  readonly lengths?: Lengths
}

/** `open` as Apple's own encoder does (BER), `definite` as DER. */
export type Lengths = 'open' | 'definite'

/** An attribute with one value, DER. */
export const attribute = (type: string, value: Buffer): Buffer => sequence(oid(type), set(value))

export const signingTime = (at: Date): Buffer => attribute(OID.signingTime, time(at))

/** A signed message with one signer and its certificate. RSA keys. */
export function signMessage(
  { content, attached, attributes, lengths = 'open' }: MessageWish,
  signer: Signer,
): Buffer {
  const digestAlgorithm = sequence(oid(OID[signer.digest]), nothing())
  const digest = createHash(signer.digest).update(content).digest()
  const signed = set(
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, octets(digest)),
    ...attributes,
  )
  const signerInfo = sequence(
    integer(1),
    issuerAndSerial(signer.certificate),
    digestAlgorithm,
    retagged(signed, 0xa0),
    sequence(oid(OID.rsaEncryption), nothing()),
    octets(sign(signer.digest, signed, signer.privateKey)),
  )
  // Whatever is around the content: a length that is known before the content is would need the whole of it first.
  const around = lengths === 'open' ? open : der
  const encapsulated = attached ? [around(0xa0, octets(content))] : []
  const signedData = around(
    0x30,
    integer(1),
    set(digestAlgorithm),
    around(0x30, oid(OID.data), ...encapsulated),
    tagged(0, signer.certificate.certificate),
    set(signerInfo),
  )
  return around(0x30, oid(OID.signedData), around(0xa0, signedData))
}

/** The same element under another tag. */
function retagged(element: Buffer, tag: number): Buffer {
  const copy = Buffer.from(element)
  copy[0] = tag
  return copy
}

/** A signed message whose signature holds. */
export interface SignedMessage {
  /** Empty where nothing is attached. */
  readonly content: Buffer
  readonly certificates: readonly CertificateParts[]
  readonly signer: CertificateParts
  /** First values of the signed attributes, by their dotted type. */
  readonly attributes: ReadonlyMap<string, DerNode>
}

const digestNames: Readonly<Record<string, DigestName>> = {
  [OID.sha1]: 'sha1',
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
}

/** Whether bytes begin like a signed message and not like XML. */
export const looksSigned = (bytes: Uint8Array): boolean => bytes[0] === 0x30

/**
 * Reads a signed message with one signer and signed attributes, and checks digest and signature. Who the signer is, and
 * whether to trust it, is for the caller. Throws for everything else.
 */
export function readSignedMessage(bytes: Uint8Array): SignedMessage {
  const signedData = partsOf(explicit(readDer(bytes), OID.signedData))
  const content = contentIn(signedData[2])
  const certificates = isTagged(signedData[3], 0)
    ? partsOf(signedData[3]).map((node) => certificateParts(octetsOf(node)))
    : []
  const [signerInfo, ...others] = partsOf(signedData.at(-1))
  if (signerInfo === undefined || others.length > 0) throw new TypeError('A message must have one signer')
  const [, who, digestAlgorithm, attributes, , signature] = partsOf(signerInfo)
  const signer = certificates.find((one) => who && issuerAndSerial(one).equals(octetsOf(who)))
  if (signer === undefined) throw new TypeError('The certificate of the signer is missing')
  const digest = digestNames[oidOf(partAt(digestAlgorithm, 0))]
  if (digest === undefined || !isTagged(attributes, 0)) throw new TypeError('A signature of another form')
  const values = attributeValues(attributes)
  const isWhole = contentOf(values.get(OID.messageDigest)).equals(createHash(digest).update(content).digest())
  if (!isWhole) throw new TypeError('The content is not what was signed')
  const key = createPublicKey({ key: signer.publicKey, format: 'der', type: 'spki' })
  const signed = retagged(octetsOf(partAt(signerInfo, 3)), 0x31)
  if (!verify(digest, signed, key, contentOf(signature))) throw new TypeError('The signature is wrong')
  return { content, certificates, signer, attributes: values }
}

/** The certificates in a message that carries nothing else. */
export function certificatesIn(bytes: Uint8Array): readonly CertificateParts[] {
  const parts = partsOf(explicit(readDer(bytes), OID.signedData))
  const holder = parts.find((part) => isTagged(part, 0))
  return partsOf(holder).map((node) => certificateParts(octetsOf(node)))
}

/** What a ContentInfo of a type holds. */
export function explicit(contentInfo: DerNode, type: string): DerNode {
  if (oidOf(partAt(contentInfo, 0)) !== type) throw new TypeError('A message of another type')
  return partAt(partAt(contentInfo, 1), 0)
}

function contentIn(encapsulated: DerNode | undefined): Buffer {
  if (oidOf(partAt(encapsulated, 0)) !== OID.data) throw new TypeError('A content of another type')
  return partsOf(encapsulated).length < 2 ? Buffer.alloc(0) : contentOf(partAt(partAt(encapsulated, 1), 0))
}

function attributeValues(attributes: DerNode | undefined): ReadonlyMap<string, DerNode> {
  return new Map(
    partsOf(attributes).map((one) => [oidOf(partAt(one, 0)), partAt(partAt(one, 1), 0)] as const),
  )
}
