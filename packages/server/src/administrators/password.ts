/**
 * Passwords of local administrators (P1): what is accepted, and how it is stored.
 *
 * Argon2id with the parameters OWASP recommends (19 MiB, 2 passes, 1 lane), in PHC form, so that the
 * parameters travel with the hash and can be raised: 20 to 40 ms on one core, off the event loop.
 */
import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'

interface Cost {
  /** KiB. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

const presentCost: Cost = { memory: 19_456, passes: 2, parallelism: 1 }
const saltLength = 16
const hashLength = 32

/** The fewest characters of a password. */
export const leastPasswordLength = 12
/** The most characters; longer ones only cost time. */
export const mostPasswordLength = 256

/** Why a password is not accepted, as a sentence; null when it is. */
export function passwordWeakness(password: string, email: string): string | null {
  const length = Array.from(password).length
  if (length < leastPasswordLength) {
    return `The password has ${length} characters; it needs at least ${leastPasswordLength}. A few words in a row do well.`
  }
  if (length > mostPasswordLength)
    return `The password has ${length} characters; at most ${mostPasswordLength} are possible.`
  if (new Set(password).size < 4) return 'The password repeats the same few characters; choose another.'
  const [localPart = ''] = email.toLowerCase().split('@')
  const lower = password.toLowerCase()
  const isAddress = lower === email.toLowerCase() || lower === localPart
  return isAddress ? 'The password is the email address; choose another.' : null
}

/** A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltLength)
  const hash = await derive(password, salt, presentCost)
  const { memory, passes, parallelism } = presentCost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`
}

export interface Verdict {
  readonly isRight: boolean
  /** The password is right and its hash should be made again, because costs have been raised. */
  readonly isOutdated: boolean
}

/**
 * Compares a password with a stored hash; `null` stands for an account that does not exist or has no
 * password, and costs the same time, so that answers do not tell which addresses are known.
 */
export async function verifyPassword(password: string, stored: string | null): Promise<Verdict> {
  const parsed = stored === null ? null : parseStored(stored)
  const { cost, salt, hash } = parsed ?? { cost: presentCost, salt: Buffer.alloc(saltLength), hash: null }
  const derived = await derive(password, salt, cost)
  if (hash === null || hash.length !== derived.length) return { isRight: false, isOutdated: false }
  const isRight = timingSafeEqual(derived, hash)
  return { isRight, isOutdated: isRight && !isPresent(cost) }
}

const storedForm = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/-]+)\$([\w+/-]+)$/

function parseStored(stored: string): { cost: Cost; salt: Buffer; hash: Buffer } | null {
  const [, memory, passes, parallelism, salt, hash] = storedForm.exec(stored) ?? []
  if (salt === undefined || hash === undefined) return null
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  }
}

function isPresent(cost: Cost): boolean {
  return (
    cost.memory === presentCost.memory &&
    cost.passes === presentCost.passes &&
    cost.parallelism === presentCost.parallelism
  )
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  const parameters: Argon2Parameters = {
    // The same characters typed on another keyboard may be composed differently (Unicode NFKC).
    message: Buffer.from(password.normalize('NFKC')),
    nonce: salt,
    tagLength: hashLength,
    memory: cost.memory,
    passes: cost.passes,
    parallelism: cost.parallelism,
  }
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
