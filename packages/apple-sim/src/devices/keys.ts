/** Key pairs of devices. Making one takes a tenth of a second, so large fleets share a few. */
import { createHash, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

const generate = promisify(generateKeyPair)

export interface KeyPair {
  readonly privateKey: KeyObject
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer
}

/** Where devices get their keys. */
export interface KeySource {
  /** RSA; `bits` as the profile asks. */
  next(bits: number): Promise<KeyPair>
}

/** A new key each time, as on real devices. */
export function freshKeys(): KeySource {
  return { next: newKeyPair }
}

/** At most `count` keys of each size, in turn; certificates still differ. For fleets of thousands. */
export function sharedKeys(count: number): KeySource {
  const rings = new Map<number, Promise<KeyPair>[]>()
  let turn = 0
  return {
    next(bits) {
      const ring = rings.get(bits) ?? []
      rings.set(bits, ring)
      const place = turn++ % count
      const known = ring[place]
      if (known !== undefined) return known
      const made = newKeyPair(bits)
      ring.push(made)
      return made
    },
  }
}

async function newKeyPair(bits: number): Promise<KeyPair> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: bits })
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }) }
}

/** The transaction id that Apple's SCEP client uses: SHA-1 of the public key, upper-case hexadecimal. */
export function transactionIdOf({ publicKey }: KeyPair): string {
  return createHash('sha1').update(publicKey).digest('hex').toUpperCase()
}
