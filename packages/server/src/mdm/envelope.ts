/**
 * Encrypted messages of SCEP (CMS EnvelopedData, RFC 5652, 6): a key of the day under the recipient's RSA key, the content
 * under that.
 *
 * RSA with PKCS #1 v1.5 must not tell whether the padding was right: Node gives random bytes for wrong padding. The
 * padding of the content is looked at without a shortcut, and what was decrypted is given whatever it is, so that whoever
 * reads it does the same for all.
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

/** A cipher for contents; lengths in bytes. */
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

/** An encrypted message in parts (CMS EnvelopedData, RFC 5652, 6.1). */
export interface Envelope {
  readonly recipients: readonly Recipient[]
  /** Undefined for a cipher that we do not know. */
  readonly cipher: ContentCipher | undefined
  readonly iv: Buffer
  readonly content: Buffer
}

/** For whom the key of the content is encrypted. */
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

/** What was decrypted. With a wrong padding it is nobody's message, and stands there whole. */
export interface OpenedEnvelope {
  readonly content: Buffer
  readonly isPadded: boolean
}

/** Decrypts, also with a key that is not the right one. */
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
): OpenedEnvelope {
  const key = contentKey(cipher, encryptedKey, privateKey)
  // Lengths are no secret: they stand in clear in the message.
  const isWhole = content.length > 0 && content.length % cipher.blockLength === 0
  if (!isWhole || iv.length !== cipher.blockLength) return { content: Buffer.alloc(0), isPadded: false }
  return unpadded(decrypt(cipher, { key, iv, content }), cipher.blockLength)
}

/** PKCS #7: the last byte says how many there are of it. Every byte of the block is looked at. */
function unpadded(bytes: Buffer, blockLength: number): OpenedEnvelope {
  const length = bytes.at(-1) ?? 0
  let wrong = length === 0 || length > blockLength ? 1 : 0
  for (let place = 1; place <= blockLength; place += 1) {
    const differs = (bytes.at(-place) ?? 0) ^ length
    wrong |= place <= length ? differs : 0
  }
  return wrong === 0
    ? { content: bytes.subarray(0, bytes.length - length), isPadded: true }
    : { content: bytes, isPadded: false }
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

/** Leaves the padding where it is. */
function decrypt(cipher: ContentCipher, { key, iv, content }: Locked): Buffer {
  if (cipher === des) {
    return withForge(forge.cipher.createDecipher('DES-CBC', binary(key)), { iv, content, pad: () => true })
  }
  const opening = createDecipheriv(cipher.name, key, iv).setAutoPadding(false)
  return Buffer.concat([opening.update(content), opening.final()])
}

function encrypt(cipher: ContentCipher, { key, iv, content }: Locked): Buffer {
  if (cipher === des) return withForge(forge.cipher.createCipher('DES-CBC', binary(key)), { iv, content })
  const closing = createCipheriv(cipher.name, key, iv)
  return Buffer.concat([closing.update(content), closing.final()])
}

const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Single DES is no part of OpenSSL any more. */
function withForge(
  cipher: forge.cipher.BlockCipher,
  { iv, content, pad }: Omit<Locked, 'key'> & { readonly pad?: () => boolean },
): Buffer {
  cipher.start({ iv: binary(iv) })
  cipher.update(forge.util.createBuffer(binary(content)))
  // The types of node-forge leave out that the padding can be another.
  Reflect.apply(cipher.finish, cipher, pad === undefined ? [] : [pad])
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
