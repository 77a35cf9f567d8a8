/** The books of a device: InstallMedia, RemoveMedia, ManagedMediaList. */
import type { PlistDict } from '@apportion/apple-wire/plist'
import { textField } from '@apportion/apple-wire/plist-fields'
import type { SimClock } from '../clock.ts'
import type { Timeline } from '../timeline.ts'
import { type Answer, acknowledged, formatError, refused } from './command-answer.ts'
import type { DeviceState, StoreAccount } from './device-state.ts'
import type { Person } from './person.ts'

/** A book that the server sent. Those of the store say `Installed` and stay; documents say `Managed`. */
export interface DeviceBook {
  /** The adamId, or the address of a document. */
  readonly key: string
  readonly adamId: number | undefined
  /** What the command named beside: `PersistentID`, `Kind`, `Version`, `Author`, `Title`. */
  readonly about: PlistDict
  state: 'PromptingForLogin' | 'Queued' | 'Installing' | 'Installed' | 'Managed' | 'Failed'
}

export interface BookShelfPorts {
  readonly clock: SimClock
  readonly timeline: Timeline
  readonly person: Person
}

export class BookShelf {
  readonly #ports: BookShelfPorts
  readonly books = new Map<string, DeviceBook>()

  constructor(ports: BookShelfPorts) {
    this.#ports = ports
  }

  /** Puts a book on its way: the account's password where it is not signed in, then the download. */
  fetch(book: DeviceBook, lastsMs: number, account?: StoreAccount): void {
    this.books.set(book.key, book)
    const isOn = (): boolean => this.books.get(book.key) === book
    const download = (): void => {
      book.state = 'Installing'
      this.#ports.timeline.at(this.#ports.clock.now() + lastsMs, () => {
        if (isOn()) book.state = book.adamId === undefined ? 'Managed' : 'Installed'
      })
    }
    if (account === undefined || account.signedIn) {
      download()
      return
    }
    book.state = 'PromptingForLogin'
    this.#ports.person.ask('sign_in', (answer) => {
      if (!isOn()) return
      if (answer === 'refuse') {
        book.state = 'Failed'
        return
      }
      account.signedIn = true
      download()
    })
  }

  /** Documents go with the profile; what the store gave stays with the person. */
  endManagement(): void {
    for (const { key, adamId } of this.books.values()) if (adamId === undefined) this.books.delete(key)
  }
}

const ABOUT = ['PersistentID', 'Kind', 'Version', 'Author', 'Title'] as const

export function installMedia(device: DeviceState, command: PlistDict): Answer {
  if (command.MediaType !== 'Book') return refused(12044, 'MediaType is Book', rejection('WrongMediaType'))
  const [id, address] = [command.iTunesStoreID, textField(command, 'MediaURL')]
  if ((id === undefined) === (address === undefined)) return formatError('One of iTunesStoreID and MediaURL')
  const about = Object.fromEntries(
    ABOUT.flatMap((key) => (command[key] === undefined ? [] : [[key, command[key]]])),
  )
  if (address !== undefined) return installDocument(device, address, about)
  return typeof id === 'number' ? installBook(device, id, about) : formatError('iTunesStoreID is a number')
}

function installDocument({ books, pace }: DeviceState, address: string, about: PlistDict): Answer {
  if (!address.startsWith('https://')) return refused(12034, 'MediaURL is not https')
  const book: DeviceBook = { key: address, adamId: undefined, about, state: 'Queued' }
  books.fetch(book, pace.installingMs)
  return acknowledged({ MediaURL: address, MediaType: 'Book', ...about, State: book.state })
}

/** Books are licensed to people only. */
function installBook(device: DeviceState, adamId: number, about: PlistDict): Answer {
  const { books, pace, account, identity, ports } = device
  const known = { iTunesStoreID: adamId, MediaType: 'Book' }
  if (ports.store.title(String(adamId))?.kind !== 'book') {
    return refused(12046, `The store has no book ${adamId}`, {
      ...known,
      ...rejection('CouldNotVerifyITunesStoreID'),
    })
  }
  const license =
    account.name === undefined
      ? 'no-license'
      : ports.store.userLicense(account.name, identity.udid, String(adamId))
  if (license !== 'visible') {
    return refused(12047, `There is no license for ${adamId}`, { ...known, ...rejection('PurchaseNotFound') })
  }
  const book: DeviceBook = { key: String(adamId), adamId, about, state: 'Queued' }
  books.fetch(book, pace.installingMs, account)
  return acknowledged({ ...known, State: book.state })
}

const rejection = (reason: string): PlistDict => ({ RejectionReason: reason, State: 'Failed' })

/** Acknowledged even when there is no such book. The adamId comes as a number from some servers, as a text from others. */
export function removeMedia({ books }: DeviceState, command: PlistDict): Answer {
  if (command.MediaType !== 'Book') return refused(12044, 'MediaType is Book')
  const id = command.iTunesStoreID
  const persistentId = textField(command, 'PersistentID')
  if (typeof id === 'number' || typeof id === 'string') books.books.delete(String(id))
  for (const { key, about } of books.books.values()) {
    if (persistentId !== undefined && about.PersistentID === persistentId) books.books.delete(key)
  }
  return acknowledged()
}

/** A failure is told once. */
export function managedMediaList({ books }: DeviceState): Answer {
  const list = [...books.books.values()].map(({ adamId, about, state }) => ({
    ...about,
    ...(adamId === undefined ? {} : { iTunesStoreID: adamId }),
    State: state,
  }))
  for (const { key, state } of books.books.values()) if (state === 'Failed') books.books.delete(key)
  return acknowledged({ Books: list })
}
