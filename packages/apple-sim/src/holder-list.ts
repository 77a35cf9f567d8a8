/**
 * The devices and users that a book of licenses ever mentioned, by number: about 60 bytes for a device, its serial
 * number included.
 */
import { GrowingArray } from './growing-array.ts'
import { NOTHING, NumberTable } from './number-table.ts'

/** A device by serial number, or a user by the row it was registered in (the same id can have several rows). */
export interface Holder {
  readonly kind: 'device' | 'user'
  readonly name: string
  /** Where a user's row stands in the location's list; -1 for a device. */
  readonly row: number
}

export class HolderList {
  readonly #names: string[] = []
  /** Row + 1 of a user, 0 for a device. */
  readonly #rows = new GrowingArray()
  readonly #devices = new NumberTable((number) => hashOf(this.#names[number] ?? ''))
  readonly #users = new GrowingArray()

  get length(): number {
    return this.#names.length
  }

  /** Bytes of the columns; the names themselves are texts of the engine. */
  get bytes(): number {
    return this.#rows.bytes + this.#devices.bytes + this.#users.bytes + this.#names.length * 8
  }

  /** The holder with this number; throws for a number that was never given. */
  at(number: number): Holder {
    const name = this.#names[number]
    if (name === undefined) throw new RangeError(`There is no holder ${number} among ${this.length}`)
    const row = this.#rows.at(number) - 1
    return { kind: row < 0 ? 'device' : 'user', name, row }
  }

  /** The number of a device; the first mention enters it. */
  device(serialNumber: string): number {
    const known = this.findDevice(serialNumber)
    if (known !== undefined) return known
    const number = this.#enter(serialNumber, 0)
    this.#devices.add(number)
    return number
  }

  /** The number of a row of the users; the first mention enters it. */
  user(clientUserId: string, row: number): number {
    const known = this.findUser(row)
    if (known !== undefined) return known
    const number = this.#enter(clientUserId, row + 1)
    this.#users.set(row, number + 1)
    return number
  }

  findDevice(serialNumber: string): number | undefined {
    const table = this.#devices
    let place = table.start(hashOf(serialNumber))
    for (let number = table.at(place); number !== NOTHING; number = table.at(place)) {
      if (this.#names[number] === serialNumber) return number
      place = table.next(place)
    }
    return undefined
  }

  findUser(row: number): number | undefined {
    const number = this.#users.at(row)
    return number === 0 ? undefined : number - 1
  }

  #enter(name: string, row: number): number {
    this.#rows.push(row)
    return this.#names.push(name) - 1
  }
}

/** FNV-1a over the characters. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}
