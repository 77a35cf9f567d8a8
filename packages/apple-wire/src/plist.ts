/**
 * Property lists as devices send and take them (MDM protocol): XML or binary in, XML out. Strict, for hostile input.
 */

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
