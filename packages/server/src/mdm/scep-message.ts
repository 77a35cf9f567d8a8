/** Messages of SCEP (RFC 8894, 3): what a device asks for, and our answer. */
import { type KeyObject, randomBytes } from 'node:crypto'
import type { OwnIdentity } from './authority.ts'
import type { CertificateParts } from './certificate-parts.ts'
import { attribute, certificatesOnly, makeSignedData } from './cms-write.ts'
import { DerError, type DerNode, tags } from './der.ts'
import { element, octetString, printable } from './der-write.ts'
import { type ContentCipher, type Envelope, makeEnvelope, readEnvelope } from './envelope.ts'
import { boundedKey, readCertificate } from './identity.ts'
import { readSignedData, type SignedData, type Signer } from './signed-data.ts'
import { certificateOfSigner, checkSignature, digestOf, onlySigner } from './signer.ts'

const attributes = '2.16.840.1.113733.1.9.'
const names = {
  messageType: `${attributes}2`,
  pkiStatus: `${attributes}3`,
  failInfo: `${attributes}4`,
  senderNonce: `${attributes}5`,
  recipientNonce: `${attributes}6`,
  transactionId: `${attributes}7`,
}

/** Why there is no certificate (RFC 8894, 3.2.1.4). Nothing that was encrypted changes which it is. */
export const failures = { badAlgorithm: '0', badMessageCheck: '1', badRequest: '2' } as const
/** The name of such a reason. */
export type Failure = keyof typeof failures

/** What an answer repeats, so that the device knows its question again. */
export interface ScepExchange {
  /** As it came, with its tag. */
  readonly transactionId: Buffer
  readonly nonce: Buffer
}

/** A message of a client that can be answered; nothing in it is verified yet. */
export interface ScepMessage extends ScepExchange {
  /** 19 asks for a certificate. */
  readonly messageType: string
  readonly signed: SignedData
  readonly signer: Signer
}

/** Throws DerError or SignatureRefused when this is no message that could be answered. */
export function readScepMessage(bytes: Uint8Array): ScepMessage {
  const signed = readSignedData(bytes)
  const signer = onlySigner(signed)
  return {
    signed,
    signer,
    messageType: attributeOf(signer, names.messageType).content.toString('latin1'),
    transactionId: Buffer.from(attributeOf(signer, names.transactionId).raw),
    nonce: Buffer.from(attributeOf(signer, names.senderNonce, tags.octetString).content),
  }
}

/** Names and numbers in a message are short. */
const longestValue = 255

function attributeOf(signer: Signer, name: string, tag?: number): DerNode {
  const [value, another] = signer.signedAttributes?.values.get(name) ?? []
  const isUsable = value !== undefined && another === undefined && value.content.length <= longestValue
  if (isUsable && value.children.length === 0 && (tag === undefined || value.tag === tag)) return value
  throw new DerError(`The message has no attribute ${name} that can be used`)
}

/** Who asked, to whom the answer is encrypted. */
export interface Requester {
  readonly parts: CertificateParts
  readonly key: KeyObject
}

/** The requester and what was encrypted, once the signature is right. Throws DerError or SignatureRefused. */
export function openScepMessage(
  { signed, signer }: ScepMessage,
  { allowSha1 }: { readonly allowSha1: boolean },
): { readonly requester: Requester; readonly envelope: Envelope } {
  const parts = certificateOfSigner(signed, signer)
  const key = boundedKey(readCertificate(parts.raw).x509)
  const { content } = signed
  if (content === undefined) throw new DerError('The message has no content')
  checkSignature(signer, content, { digest: digestOf(signer, allowSha1), key })
  return { requester: { parts, key }, envelope: readEnvelope(content) }
}

/** The answer with a certificate. */
export function successReply(
  exchange: ScepExchange,
  {
    authority,
    certificate,
    cipher,
    requester,
  }: {
    readonly authority: OwnIdentity
    readonly certificate: Buffer
    readonly cipher: ContentCipher
    readonly requester: Requester
  },
): Buffer {
  const content = makeEnvelope(certificatesOnly([certificate]), {
    cipher,
    certificate: requester.parts.raw,
    publicKey: requester.key,
  })
  return reply(exchange, { authority, content, status: '0' })
}

/** The answer without one. */
export function failureReply(exchange: ScepExchange, authority: OwnIdentity, failure: Failure): Buffer {
  return reply(exchange, { authority, content: null, status: '2', failure: failures[failure] })
}

function reply(
  { transactionId, nonce }: ScepExchange,
  {
    authority,
    content,
    status,
    failure,
  }: {
    readonly authority: OwnIdentity
    readonly content: Buffer | null
    readonly status: string
    readonly failure?: string
  },
): Buffer {
  return makeSignedData({
    content,
    signer: authority,
    attributes: [
      attribute(names.messageType, printable('3')),
      attribute(names.pkiStatus, printable(status)),
      attribute(names.transactionId, transactionId),
      attribute(names.senderNonce, octetString(randomBytes(16))),
      attribute(names.recipientNonce, element(tags.octetString, nonce)),
      ...(failure === undefined ? [] : [attribute(names.failInfo, printable(failure))]),
    ],
  })
}
