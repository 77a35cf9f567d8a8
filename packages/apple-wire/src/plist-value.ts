/** What property lists are made of, and the bounds of those that are read. */

/** A value in a property list. Integers past 2^53 are bigint. */
export type PlistValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Uint8Array
  | readonly PlistValue[]
  | PlistDict

/** A dictionary; one that was read has no prototype. */
export interface PlistDict {
  readonly [key: string]: PlistValue
}

export type PlistErrorCode = 'plist.malformed' | 'plist.too_deep' | 'plist.too_large'

/** Why bytes are not a property list that we read. The message names the fault and never shows a value. */
export class PlistError extends Error {
  override readonly name = 'PlistError'
  readonly code: PlistErrorCode

  constructor(code: PlistErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

const MOST_DEPTH = 32
const MOST_VALUES = 200_000

/** Counts the values of one property list as they are read. Throws `PlistError` past a bound. */
export class PlistBounds {
  #values = 0

  /** `depth` is the number of containers around the value, its own included when it is one. */
  count(depth: number): void {
    if (depth > MOST_DEPTH) {
      throw new PlistError('plist.too_deep', `The property list is more than ${MOST_DEPTH} containers deep`)
    }
    this.#values += 1
    if (this.#values > MOST_VALUES) {
      throw new PlistError('plist.too_large', `The property list has more than ${MOST_VALUES} values`)
    }
  }
}

/** Dictionaries without prototype: a key such as `__proto__` is a key like any other. */
export function emptyDict(): Record<string, PlistValue> {
  const dict: Record<string, PlistValue> = Object.create(null)
  return dict
}

/** Sets a key that must not be there yet. */
export function setOnce(dict: Record<string, PlistValue>, key: string, value: PlistValue): void {
  if (Object.hasOwn(dict, key)) throw malformed('a key comes twice in one dictionary')
  dict[key] = value
}

export function isDict(value: PlistValue): value is PlistDict {
  return (
    typeof value === 'object' &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Date)
  )
}

/** A whole number as the smallest type that holds it exactly, or `undefined` past 64 bits. */
export function wholeNumber(value: bigint): number | bigint | undefined {
  if (value < -(2n ** 63n) || value >= 2n ** 64n) return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

export const malformed = (fault: string): PlistError =>
  new PlistError('plist.malformed', `The property list is malformed: ${fault}`)
