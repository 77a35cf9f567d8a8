/**
 * Encrypted messages of SCEP (CMS EnvelopedData, RFC 5652, 6): a key of the day under the recipient's RSA key, the content
 * under that.
 *
 * RSA with PKCS #1 v1.5 must not tell whether the padding was right. Node gives random bytes for wrong padding; wrong
 * lengths and wrong padding of the content end in random content here, which nobody takes for a request.
 */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import forge from 'node-forge'
import { contentInfo, issuerAndSerial } from './cms-write.ts'
import { childAt, DerError, type DerNode, octetsOf, oidOf, readDer, tags } from './der.ts'
import { element, integer, nothing, octetString, oid, sequence, setOf } from './der-write.ts'
import { contentOf, contentTypes } from './signed-data.ts'

export interface ContentCipher {
  readonly id: string
  /** Node's name; `des-cbc` is node-forge's work. */
  readonly name: string
  readonly keyLength: number
  readonly blockLength: number
}

const des: ContentCipher = { id: '1.3.14.3.2.7', name: 'des-cbc', keyLength: 8, blockLength: 8 }
const ciphers: readonly ContentCipher[] = [
  { id: '2.16.840.1.101.3.4.1.2', name: 'aes-128-cbc', keyLength: 16, blockLength: 16 },
  { id: '2.16.840.1.101.3.4.1.22', name: 'aes-192-cbc', keyLength: 24, blockLength: 16 },
  { id: '2.16.840.1.101.3.4.1.42', name: 'aes-256-cbc', keyLength: 32, blockLength: 16 },
  { id: '1.2.840.113549.3.7', name: 'des-ede3-cbc', keyLength: 24, blockLength: 8 },
  des,
]

export interface Envelope {
  readonly recipients: readonly Recipient[]
  /** Undefined for a cipher that we do not know. */
  readonly cipher: ContentCipher | undefined
  readonly iv: Buffer
  readonly content: Buffer
}

export interface Recipient {
  /** The element that names the certificate. */
  readonly named: Buffer
  readonly encryptedKey: Buffer
}

/** Whether old ciphers are needed to open it. */
export const isOldCipher = (cipher: ContentCipher): boolean => cipher === des

/** Throws `DerError` when the bytes are no such message. */
export function readEnvelope(bytes: Uint8Array): Envelope {
  const body = contentOf(readDer(bytes, { openLengths: true }), contentTypes.envelopedData)
  const recipients = body.children.find(({ tag }) => tag === tags.set)
  const encrypted = body.children.findLast(({ tag }) => tag === tags.sequence)
  if (recipients === undefined || encrypted === undefined) {
    throw new DerError('The encrypted message misses a part')
  }
  const algorithm = childAt(encrypted, 1, tags.sequence)
  const id = oidOf(childAt(algorithm, 0))
  const content = childAt(encrypted, 2)
  if (content.tag !== tags.context0 && content.tag !== tags.context0Primitive) {
    throw new DerError('The encrypted message has no content')
  }
  return {
    recipients: recipients.children.filter(({ tag }) => tag === tags.sequence).map(recipientOf),
    cipher: ciphers.find((each) => each.id === id),
    iv: childAt(algorithm, 1).content,
    content: octetsOf(content),
  }
}

function recipientOf(node: DerNode): Recipient {
  return { named: childAt(node, 1).raw, encryptedKey: childAt(node, 3, tags.octetString).content }
}

/** What is in it, or random bytes of the same length when it does not open. */
export function openEnvelope(
  { iv, content }: Envelope,
  {
    cipher,
    encryptedKey,
    privateKey,
  }: {
    readonly cipher: ContentCipher
    readonly encryptedKey: Buffer
    readonly privateKey: KeyObject
  },
): Buffer {
  const key = contentKey(cipher, encryptedKey, privateKey)
  try {
    return decrypt(cipher, { key, iv, content })
  } catch {
    return randomBytes(Math.max(content.length, 1))
  }
}

function contentKey(cipher: ContentCipher, encryptedKey: Buffer, privateKey: KeyObject): Buffer {
  const another = randomBytes(cipher.keyLength)
  try {
    const key = privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, encryptedKey)
    return key.length === cipher.keyLength ? key : another
  } catch {
    return another
  }
}

interface Locked {
  readonly key: Buffer
  readonly iv: Buffer
  readonly content: Uint8Array
}

function decrypt(cipher: ContentCipher, { key, iv, content }: Locked): Buffer {
  if (cipher === des) return withForge(forge.cipher.createDecipher('DES-CBC', binary(key)), iv, content)
  const opening = createDecipheriv(cipher.name, key, iv)
  return Buffer.concat([opening.update(content), opening.final()])
}

function encrypt(cipher: ContentCipher, { key, iv, content }: Locked): Buffer {
  if (cipher === des) return withForge(forge.cipher.createCipher('DES-CBC', binary(key)), iv, content)
  const closing = createCipheriv(cipher.name, key, iv)
  return Buffer.concat([closing.update(content), closing.final()])
}

const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Single DES is no part of OpenSSL any more. */
function withForge(cipher: forge.cipher.BlockCipher, iv: Buffer, content: Uint8Array): Buffer {
  cipher.start({ iv: binary(iv) })
  cipher.update(forge.util.createBuffer(binary(content)))
  if (!cipher.finish()) throw new DerError('The padding is wrong')
  return Buffer.from(cipher.output.getBytes(), 'latin1')
}

/** Encrypts for the holder of a certificate. */
export function makeEnvelope(
  content: Uint8Array,
  {
    cipher,
    certificate,
    publicKey,
  }: {
    readonly cipher: ContentCipher
    readonly certificate: Uint8Array
    readonly publicKey: KeyObject
  },
): Buffer {
  const key = randomBytes(cipher.keyLength)
  const iv = randomBytes(cipher.blockLength)
  const encryptedKey = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, key)
  const recipient = sequence(
    integer(0),
    issuerAndSerial(certificate),
    sequence(oid('1.2.840.113549.1.1.1'), nothing),
    octetString(encryptedKey),
  )
  const encrypted = sequence(
    oid(contentTypes.data),
    sequence(oid(cipher.id), octetString(iv)),
    element(tags.context0Primitive, encrypt(cipher, { key, iv, content })),
  )
  return contentInfo(contentTypes.envelopedData, sequence(integer(0), setOf(recipient), encrypted))
}
