/**
 * The licenses and users of one location on disk: what changed is appended, so that keeping ten million licenses
 * costs no more at each change than the change.
 *
 * Three files: the holders in the order of their numbers, the licenses given and taken back, the rows of users as
 * they were after each change. When they have grown to several times what is alive, a new generation begins.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Journal } from './journal.ts'
import type { BookListener } from './license-book.ts'
import type { Location, UserRow } from './location.ts'

/** Which files hold a location, and how much of them counts. Bytes. */
export interface JournalLengths {
  readonly generation: number
  readonly holders: number
  readonly licenses: number
  readonly users: number
}

const KINDS = ['holders', 'licenses', 'users'] as const
type Files = Readonly<Record<(typeof KINDS)[number], Journal>>

/** Asset, holder and stamp of a license that was given; a stamp of 0 says that it was taken back. */
const NUMBERS_A_CHANGE = 3
const BYTES_A_CHANGE = 4 * NUMBERS_A_CHANGE
const CHANGES_AT_ONCE = 1 << 15
/** A generation ends when its files have this many times what a new one would. */
const WORN = 4

export class LocationJournal implements BookListener {
  readonly #folder: string
  readonly #location: Location
  #generation: number
  #files: Files
  readonly #changes = new Uint32Array(CHANGES_AT_ONCE * NUMBERS_A_CHANGE)
  #waiting = 0
  #holdersWritten = 0
  #userStampWritten = 0
  #userLines = 0

  /** Begins new files, or goes on with those that `saved` tells about, after `restore`. */
  constructor(folder: string, location: Location, saved?: JournalLengths) {
    this.#folder = folder
    this.#location = location
    this.#generation = saved?.generation ?? 1
    this.#files = openFiles(folder, location.uId, saved ?? emptyGeneration(1))
    if (saved) this.#restore()
    location.book.listen(this)
    if (!saved) this.#writeAll()
  }

  added(asset: number, holder: number, stamp: number): void {
    if (this.#waiting === CHANGES_AT_ONCE) this.#flushChanges()
    this.#changes.set([asset, holder, stamp], NUMBERS_A_CHANGE * this.#waiting++)
  }

  removed(asset: number, holder: number): void {
    this.added(asset, holder, 0)
  }

  /** Writes what changed, and tells how much counts now. */
  flush(): JournalLengths {
    if (this.#isWorn()) this.#renew()
    this.#flushHolders()
    this.#flushChanges()
    this.#flushUsers()
    const { holders, licenses, users } = this.#files
    return {
      generation: this.#generation,
      holders: holders.length,
      licenses: licenses.length,
      users: users.length,
    }
  }

  sync(): void {
    for (const kind of KINDS) this.#files[kind].sync()
  }

  /** Removes the files of generations that no saved state needs any more. */
  forgetFormer(): void {
    for (const kind of KINDS) rmSync(this.#path(kind, this.#generation - 1), { force: true })
  }

  close(): void {
    for (const kind of KINDS) this.#files[kind].close()
  }

  #path(kind: string, generation: number): string {
    return pathOf(this.#folder, this.#location.uId, { kind, generation })
  }

  #isWorn(): boolean {
    const { book, users } = this.#location
    const changes = this.#files.licenses.length / BYTES_A_CHANGE
    return changes > WORN * book.size + 100_000 || this.#userLines > WORN * users.length + 10_000
  }

  #renew(): void {
    this.close()
    this.#generation++
    this.#files = openFiles(this.#folder, this.#location.uId, emptyGeneration(this.#generation))
    this.#writeAll()
  }

  /** Puts what the location holds at this moment into files that are empty. */
  #writeAll(): void {
    this.#waiting = 0
    this.#holdersWritten = 0
    this.#userStampWritten = 0
    this.#userLines = 0
    this.#location.book.each((asset, holder, stamp) => this.added(asset, holder, stamp))
  }

  #flushHolders(): void {
    const { holders } = this.#location.book
    while (this.#holdersWritten < holders.length) {
      const until = Math.min(holders.length, this.#holdersWritten + CHANGES_AT_ONCE)
      let text = ''
      for (let number = this.#holdersWritten; number < until; number++) {
        const { row, name } = holders.at(number)
        text += `${JSON.stringify([row, name])}\n`
      }
      this.#files.holders.append(Buffer.from(text))
      this.#holdersWritten = until
    }
  }

  #flushChanges(): void {
    const { buffer } = this.#changes
    if (this.#waiting > 0)
      this.#files.licenses.append(new Uint8Array(buffer, 0, this.#waiting * BYTES_A_CHANGE))
    this.#waiting = 0
  }

  #flushUsers(): void {
    const { users, versions } = this.#location
    if (versions.users.stamp <= this.#userStampWritten) return
    let text = ''
    const write = (): void => {
      this.#files.users.append(Buffer.from(text))
      text = ''
    }
    for (const row of users) {
      if (row.stamp <= this.#userStampWritten) continue
      text += `${JSON.stringify(row)}\n`
      this.#userLines++
      if (text.length > 1_000_000) write()
    }
    write()
    this.#userStampWritten = versions.users.stamp
  }

  #restore(): void {
    const { users, book, assets } = this.#location
    for (const line of this.#files.users.lines()) {
      const row = userRow(line)
      users[row.row] = row
      this.#userLines++
      this.#userStampWritten = Math.max(this.#userStampWritten, row.stamp)
    }
    for (const line of this.#files.holders.lines()) enterHolder(this.#location, line)
    this.#holdersWritten = book.holders.length
    book.reserve(this.#files.licenses.length / BYTES_A_CHANGE)
    for (const piece of this.#files.licenses.read(BYTES_A_CHANGE)) {
      const whole = piece.length - (piece.length % BYTES_A_CHANGE)
      for (let at = 0; at < whole; at += BYTES_A_CHANGE) {
        const asset = assets[piece.readUInt32LE(at)]
        const holder = piece.readUInt32LE(at + 4)
        const stamp = piece.readUInt32LE(at + 8)
        if (asset && stamp > 0) book.add(asset, holder, stamp)
        else if (asset) book.remove(asset, holder)
      }
    }
  }
}

function openFiles(folder: string, uId: string, lengths: JournalLengths): Files {
  const { generation } = lengths
  const open = (kind: (typeof KINDS)[number]): Journal =>
    new Journal(pathOf(folder, uId, { kind, generation }), lengths[kind])
  return { holders: open('holders'), licenses: open('licenses'), users: open('users') }
}

function pathOf(
  folder: string,
  uId: string,
  { kind, generation }: { readonly kind: string; readonly generation: number },
): string {
  return join(folder, `location-${encodeURIComponent(uId)}-${generation}.${kind}`)
}

const emptyGeneration = (generation: number): JournalLengths => ({
  generation,
  holders: 0,
  licenses: 0,
  users: 0,
})

/** JSON leaves out what is undefined. The lines are this class's own, so that their form is known. */
function userRow(line: string): UserRow {
  const row: UserRow = JSON.parse(line)
  const { email, inviteCode, idHash, appleAccount } = row
  return { ...row, email, inviteCode, idHash, appleAccount }
}

function enterHolder({ book }: Location, line: string): void {
  const [row, name]: [number, string] = JSON.parse(line)
  if (row < 0) book.device(name)
  else book.user(name, row)
}
