/** CMS EnvelopedData with one recipient, as SCEP uses it. */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { type CertificateParts, issuerAndSerial } from './certificates.ts'
import {
  contentOf,
  der,
  integer,
  nothing,
  octets,
  octetsOf,
  oid,
  oidOf,
  partAt,
  partsOf,
  readDer,
  sequence,
  set,
  tagged,
} from './der.ts'
import { OID } from './oids.ts'
import { explicit } from './signed-message.ts'

const ciphers = {
  'aes-128-cbc': { oid: OID.aes128, key: 16, iv: 16 },
  'aes-192-cbc': { oid: OID.aes192, key: 24, iv: 16 },
  'aes-256-cbc': { oid: OID.aes256, key: 32, iv: 16 },
  'des-ede3-cbc': { oid: OID.tripleDes, key: 24, iv: 8 },
} as const
export type CipherName = keyof typeof ciphers

/** Encrypts for the holder of an RSA certificate; DER. */
export function envelope(content: Uint8Array, recipient: CertificateParts, cipher: CipherName): Buffer {
  const { oid: type, key: keySize, iv: ivSize } = ciphers[cipher]
  const [key, iv] = [randomBytes(keySize), randomBytes(ivSize)]
  const encryption = createCipheriv(cipher, key, iv)
  const encrypted = Buffer.concat([encryption.update(content), encryption.final()])
  const publicKey = createPublicKey({ key: recipient.publicKey, format: 'der', type: 'spki' })
  const recipientInfo = sequence(
    integer(0),
    issuerAndSerial(recipient),
    sequence(oid(OID.rsaEncryption), nothing()),
    octets(publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, key)),
  )
  const encryptedContent = sequence(oid(OID.data), sequence(oid(type), octets(iv)), der(0x80, encrypted))
  return sequence(
    oid(OID.envelopedData),
    tagged(0, sequence(integer(0), set(recipientInfo), encryptedContent)),
  )
}

/** Decrypts what was sent to the holder of a certificate; throws when it is for another one or damaged. */
export function openEnvelope(bytes: Uint8Array, recipient: CertificateParts, key: KeyObject): Buffer {
  const [, recipients, encrypted] = partsOf(explicit(readDer(bytes), OID.envelopedData))
  const mine = partsOf(recipients).find((info) =>
    octetsOf(partAt(info, 1)).equals(issuerAndSerial(recipient)),
  )
  if (mine === undefined) throw new TypeError('An envelope for another recipient')
  const algorithm = partAt(encrypted, 1)
  const cipher = cipherOf(oidOf(partAt(algorithm, 0)))
  const contentKey = privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, contentOf(partAt(mine, 3)))
  const decryption = createDecipheriv(cipher, contentKey, contentOf(partAt(algorithm, 1)))
  return Buffer.concat([decryption.update(contentOf(partAt(encrypted, 2))), decryption.final()])
}

function cipherOf(type: string): CipherName {
  for (const name of ['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des-ede3-cbc'] as const) {
    if (ciphers[name].oid === type) return name
  }
  throw new TypeError(`An envelope with the cipher ${type}`)
}
