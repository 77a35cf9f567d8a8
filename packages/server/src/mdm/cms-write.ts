/** Makes signed messages (CMS SignedData, RFC 5652): profiles and answers of SCEP. */
import { createHash, sign, type X509Certificate } from 'node:crypto'
import type { OwnIdentity } from './authority.ts'
import { certificateParts } from './certificate-parts.ts'
import { readDer, tags } from './der.ts'
import { element, inContext, integer, nothing, octetString, oid, sequence, setOf } from './der-write.ts'
import { contentTypes } from './signed-data.ts'

const ids = {
  sha256: '2.16.840.1.101.3.4.2.1',
  rsaEncryption: '1.2.840.113549.1.1.1',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
}

/** What a signed message is to say, and who signs it. */
export interface NewSignedData {
  /** Carried along; null where there is none, as in a refusal of SCEP. */
  readonly content: Uint8Array | null
  readonly signer: OwnIdentity
  /** Carried along beside the signer's own. */
  readonly chain?: readonly X509Certificate[]
  /** Signed beside the type and the digest of the content. */
  readonly attributes?: readonly Buffer[]
}

/** A signed message as DER, signed with SHA-256. */
export function makeSignedData({ content, signer, chain = [], attributes = [] }: NewSignedData): Buffer {
  const digest = createHash('sha256')
    .update(content ?? Buffer.alloc(0))
    .digest()
  const signed = setOf(
    attribute(ids.contentType, oid(contentTypes.data)),
    attribute(ids.messageDigest, octetString(digest)),
    ...attributes,
  )
  const signature = sign('sha256', signed, signer.privateKey)
  // Signed as a SET, sent under a tag of its context (RFC 5652, 5.4).
  const sent = Buffer.from(signed)
  sent[0] = tags.context0
  const info = sequence(
    integer(1),
    issuerAndSerial(signer.certificate.raw),
    sequence(oid(ids.sha256), nothing),
    sent,
    sequence(oid(ids.rsaEncryption), nothing),
    octetString(signature),
  )
  return signedData({ content, certificates: [signer.certificate, ...chain], infos: [info] })
}

/** Certificates without anything signed: how an issued one travels (RFC 8894, 3.4). */
export function certificatesOnly(certificates: readonly Uint8Array[]): Buffer {
  return contentInfo(
    contentTypes.signedData,
    sequence(integer(1), setOf(), sequence(oid(contentTypes.data)), inContext(0, ...certificates), setOf()),
  )
}

function signedData(parts: {
  readonly content: Uint8Array | null
  readonly certificates: readonly X509Certificate[]
  readonly infos: readonly Buffer[]
}): Buffer {
  const content = parts.content === null ? [] : [inContext(0, octetString(parts.content))]
  return contentInfo(
    contentTypes.signedData,
    sequence(
      integer(1),
      setOf(sequence(oid(ids.sha256), nothing)),
      sequence(oid(contentTypes.data), ...content),
      inContext(0, ...parts.certificates.map(({ raw }) => raw)),
      setOf(...parts.infos),
    ),
  )
}

/** RFC 5652, 3. */
export function contentInfo(contentType: string, content: Uint8Array): Buffer {
  return sequence(oid(contentType), inContext(0, content))
}

/** A signed attribute with one value. */
export function attribute(name: string, value: Uint8Array): Buffer {
  return sequence(oid(name), setOf(value))
}

/** How a message names a certificate (RFC 5652, 10.2.4). */
export function issuerAndSerial(certificate: Uint8Array): Buffer {
  const { issuer, serialNumber } = certificateParts(readDer(certificate))
  return sequence(issuer, element(tags.integer, serialNumber))
}
