/**
 * Content tokens, keys and certificates as they rest in the database: sealed (O2, invariant 7).
 *
 * A sealed value is one buffer:
 *
 *     version 1 byte | key id 4 bytes | nonce 12 bytes | ciphertext | tag 16 bytes
 *
 * AES-256-GCM with the context as additional data, so that a value moved to another row or column
 * does not open. The key id tells a wrong key from a damaged value and leaves room for rotation.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

export type SecretErrorCode = 'secrets.wrong_key' | 'secrets.damaged'

/** A sealed value that does not open. Neither the value nor the key appears in the message. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
  readonly code: SecretErrorCode

  constructor(code: SecretErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

export interface SecretBox {
  /** The first bytes of a hash of the key, as hexadecimal: tells keys apart, gives nothing away. */
  readonly keyId: string
  /** Encrypts. `context` names the place it rests in, e.g. `content-token:<location id>`, and is needed to open. */
  seal(plaintext: Uint8Array | string, context: string): Buffer
  /** Decrypts. Throws `SecretError`: another key, another context, or damage. */
  open(sealed: Uint8Array, context: string): Buffer
}

/** The length of the master key in bytes. */
export const masterKeyLength = 32

const version = 1
const keyIdLength = 4
const nonceLength = 12
const tagLength = 16
const headLength = 1 + keyIdLength + nonceLength

/** Throws TypeError when the key is not 32 bytes long. */
export function createSecretBox(masterKey: Uint8Array): SecretBox {
  if (masterKey.length !== masterKeyLength) {
    throw new TypeError(`The master key has ${masterKey.length} bytes; it must have ${masterKeyLength}`)
  }
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'apportion sealed values 1', 32))
  const keyId = createHash('sha256').update('apportion key id').update(key).digest().subarray(0, keyIdLength)
  return {
    keyId: keyId.toString('hex'),
    seal: (plaintext, context) => seal({ key, keyId, plaintext, context }),
    open: (sealed, context) => open({ key, keyId, sealed: Buffer.from(sealed), context }),
  }
}

function seal(input: {
  key: Buffer
  keyId: Buffer
  plaintext: Uint8Array | string
  context: string
}): Buffer {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', input.key, nonce, { authTagLength: tagLength })
  const head = Buffer.concat([Buffer.of(version), input.keyId, nonce])
  cipher.setAAD(additional(head, input.context))
  const plaintext = typeof input.plaintext === 'string' ? Buffer.from(input.plaintext) : input.plaintext
  return Buffer.concat([head, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

function open(input: { key: Buffer; keyId: Buffer; sealed: Buffer; context: string }): Buffer {
  const { sealed } = input
  if (sealed.length < headLength + tagLength || sealed[0] !== version) {
    throw new SecretError('secrets.damaged', `The sealed value for ${input.context} is damaged`)
  }
  const head = sealed.subarray(0, headLength)
  const sealedWith = head.subarray(1, 1 + keyIdLength)
  if (!sealedWith.equals(input.keyId)) {
    throw new SecretError(
      'secrets.wrong_key',
      `The sealed value for ${input.context} was made with key ${sealedWith.toString('hex')}, the server has key ${input.keyId.toString('hex')}`,
    )
  }
  const decipher = createDecipheriv('aes-256-gcm', input.key, head.subarray(1 + keyIdLength), {
    authTagLength: tagLength,
  })
  decipher.setAAD(additional(head, input.context))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(headLength, -tagLength)), decipher.final()])
  } catch {
    throw new SecretError(
      'secrets.damaged',
      `The sealed value for ${input.context} is damaged or from another place`,
    )
  }
}

/** The nonce is bound by GCM itself; version, key id and context are bound here. */
function additional(head: Buffer, context: string): Buffer {
  return Buffer.concat([head.subarray(0, 1 + keyIdLength), Buffer.from(context)])
}
