/** The managed configuration of an app, as devices get it: in a command, or as a file that a declaration names. */
import { type PlistDict, type PlistValue, writePlist } from '@apportion/apple-wire/plist'

/** JSON as a property list, which knows no null: what is null is left out. Keys are in one order, however they were stored. */
export function configurationDict(value: Readonly<Record<string, unknown>>): PlistDict {
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([key, each]) => {
        const written = plistValueOf(each)
        return written === undefined ? [] : [[key, written]]
      }),
  )
}

function plistValueOf(value: unknown): PlistValue | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.flatMap((each) => plistValueOf(each) ?? [])
  if (typeof value === 'object' && value !== null) return configurationDict({ ...value })
  return undefined
}

/** The same as a file: equal configurations are equal bytes. */
export function configurationFile(value: Readonly<Record<string, unknown>>): {
  readonly mediaType: string
  readonly bytes: Uint8Array
} {
  return { mediaType: 'application/xml', bytes: Buffer.from(writePlist(configurationDict(value))) }
}
