/**
 * Property lists as devices send and take them (MDM protocol): XML or binary in, XML out. Strict, for hostile input.
 */
import { readBinaryPlist } from './plist-binary.ts'
import { isDict, type PlistDict, PlistError, type PlistValue } from './plist-value.ts'
import { readXmlPlist } from './plist-xml.ts'

export { type PlistDict, PlistError, type PlistErrorCode, type PlistValue } from './plist-value.ts'
export { writePlist } from './plist-writer.ts'

const BINARY_MAGIC = 'bplist'

/**
 * The value that a property list holds, XML (UTF-8) or binary by its first bytes. Throws `PlistError`: `plist.too_deep`
 * past 32 containers in one another, `plist.too_large` past 200,000 values, `plist.malformed` for all else. Entities
 * other than XML's own five, keys that come twice, nulls, sets and UIDs are malformed.
 */
export function readPlist(bytes: Uint8Array): PlistValue {
  const head = String.fromCharCode(...bytes.subarray(0, BINARY_MAGIC.length))
  return head === BINARY_MAGIC ? readBinaryPlist(bytes) : readXmlPlist(bytes)
}

/** As `readPlist`; everything but a dictionary is malformed. */
export function readPlistDict(bytes: Uint8Array): PlistDict {
  const value = readPlist(bytes)
  if (isDict(value)) return value
  throw new PlistError('plist.malformed', 'The property list does not hold a dictionary')
}
