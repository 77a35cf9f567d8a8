/**
 * Takes fields out of dictionaries that devices sent. Each gives `undefined` when the key is absent or holds another
 * type: what a device leaves out and what it gets wrong are treated alike.
 */
import { isDict, type PlistDict, type PlistValue } from './plist-value.ts'

/** The empty text counts as a text. */
export function textField(dict: PlistDict, key: string): string | undefined {
  const value = dict[key]
  return typeof value === 'string' ? value : undefined
}

/** Whole or not; a whole number past 2^53 is none that we can use. */
export function numberField(dict: PlistDict, key: string): number | undefined {
  const value = dict[key]
  return typeof value === 'number' ? value : undefined
}

export function booleanField(dict: PlistDict, key: string): boolean | undefined {
  const value = dict[key]
  return typeof value === 'boolean' ? value : undefined
}

export function bytesField(dict: PlistDict, key: string): Uint8Array | undefined {
  const value = dict[key]
  return value instanceof Uint8Array ? value : undefined
}

export function dictField(dict: PlistDict, key: string): PlistDict | undefined {
  const value = dict[key]
  return value !== undefined && isDict(value) ? value : undefined
}

export function listField(dict: PlistDict, key: string): readonly PlistValue[] | undefined {
  const value = dict[key]
  return isList(value) ? value : undefined
}

/** The dictionaries in a list; elements of other types are passed over. */
export function dictsField(dict: PlistDict, key: string): readonly PlistDict[] {
  return (listField(dict, key) ?? []).filter(isDict)
}

/** The texts in a list; elements of other types are passed over. */
export function textsField(dict: PlistDict, key: string): readonly string[] {
  return (listField(dict, key) ?? []).filter((element) => typeof element === 'string')
}

/** `Array.isArray` says nothing of lists that are read-only. */
const isList = (value: PlistValue | undefined): value is readonly PlistValue[] => Array.isArray(value)
