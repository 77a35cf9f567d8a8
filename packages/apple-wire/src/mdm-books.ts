/**
 * Books over the command channel (MDM protocol): what InstallMedia takes, and what the list of books tells. What
 * InstallMedia answers has the form of the answer to InstallApplication (`readInstallResult`).
 */
import { dictsField, textField } from './plist-fields.ts'
import type { PlistDict } from './plist-value.ts'

/** The parameters of InstallMedia for a book of the store. `iTunesStoreID` is a number, never a text. */
export type InstallMedia = {
  readonly MediaType: 'Book'
  readonly iTunesStoreID: number
}

/** A book of the store that the device was told of. */
export interface ManagedBook {
  readonly adamId: string
  /** Books of the store say `Installed` when they are there, never `Managed`. Open. */
  readonly state: string
}

/**
 * The books of ManagedMediaList; documents, which have no number in the store, are passed over. `undefined` when the report
 * holds no such list, so that no answer is not taken for an empty one.
 */
export function readManagedBooks(message: PlistDict): readonly ManagedBook[] | undefined {
  if (message.Books === undefined) return undefined
  return dictsField(message, 'Books').flatMap((book) => {
    const id = book.iTunesStoreID
    const state = textField(book, 'State')
    const isNumbered = typeof id === 'number' || typeof id === 'bigint' || typeof id === 'string'
    return isNumbered && state !== undefined ? [{ adamId: String(id), state }] : []
  })
}
