/**
 * Who holds what at one location, for millions of licenses.
 *
 * Assignments are slots in the order in which they were made: asset, holder and the stamp of the write that made
 * them, 12 bytes together. Pages are slices of the slots, a delta is their tail, and a removal leaves a hole, so
 * that no page moves under a client's walk. Holes close when a new walk begins.
 */
import { GrowingArray } from './growing-array.ts'

/** A device by serial number, or a user by the row it was registered in (the same id can have several rows). */
export interface Holder {
  readonly kind: 'device' | 'user'
  readonly name: string
  /** Where a user's row stands in the location's list; -1 for a device. */
  readonly row: number
}

/** The licenses of one asset, as far as the book needs to know it. */
export interface AssetHolding {
  /** Position in the location's list of assets. */
  readonly number: number
  /** Slot + 1 of each holder, 0 where it holds nothing. */
  slotOf: GrowingArray
  /** The slots in which this asset was ever assigned, ascending; some may be holes by now. */
  slots: GrowingArray
  /** Licenses that somebody holds, retired users included. */
  held: number
}

/** An empty holding for the asset at position `number`. */
export function emptyHolding(number: number): AssetHolding {
  return { number, slotOf: new GrowingArray(), slots: new GrowingArray(), held: 0 }
}

/** What a snapshot keeps of a book. */
export interface LicenseBookSnapshot {
  readonly devices: readonly string[]
  readonly users: readonly { readonly name: string; readonly row: number }[]
  /** 0 for a device, 1 for a user, in the order of the holders. */
  readonly kinds: string
  readonly assets: string
  readonly holders: string
  readonly stamps: string
}

const HOLE = 0xffff_ffff

export class LicenseBook {
  readonly #holders: Holder[] = []
  readonly #devices = new Map<string, number>()
  readonly #users = new Map<number, number>()
  #assetAt = new GrowingArray()
  #holderAt = new GrowingArray()
  #stampAt = new GrowingArray()
  #holes = 0
  #writes = 0

  /** Slots in use and holes together; pages are slices of [0, slots). */
  get slots(): number {
    return this.#assetAt.length
  }

  /** Changes ever made; equal numbers mean that nothing changed in between. */
  get writes(): number {
    return this.#writes
  }

  /** Licenses held. */
  get size(): number {
    return this.slots - this.#holes
  }

  /** The number by which the book knows a device; the first mention enters it. */
  device(serialNumber: string): number {
    const known = this.#devices.get(serialNumber)
    if (known !== undefined) return known
    const number = this.#holders.push({ kind: 'device', name: serialNumber, row: -1 }) - 1
    this.#devices.set(serialNumber, number)
    return number
  }

  /** The number by which the book knows a row of the users; the first mention enters it. */
  user(clientUserId: string, row: number): number {
    const known = this.#users.get(row)
    if (known !== undefined) return known
    const number = this.#holders.push({ kind: 'user', name: clientUserId, row }) - 1
    this.#users.set(row, number)
    return number
  }

  /** The device's number when it was ever mentioned; asking does not enter it. */
  findDevice(serialNumber: string): number | undefined {
    return this.#devices.get(serialNumber)
  }

  findUser(row: number): number | undefined {
    return this.#users.get(row)
  }

  holder(number: number): Holder {
    const holder = this.#holders[number]
    if (!holder) throw new RangeError(`There is no holder ${number} among ${this.#holders.length}`)
    return holder
  }

  has(holding: AssetHolding, holder: number): boolean {
    return holding.slotOf.at(holder) !== 0
  }

  /** Gives the holder a license; false when it has one already. `stamp` must not be lower than any before. */
  add(holding: AssetHolding, holder: number, stamp: number): boolean {
    if (this.has(holding, holder)) return false
    const slot = this.slots
    this.#assetAt.push(holding.number)
    this.#holderAt.push(holder)
    this.#stampAt.push(stamp)
    holding.slots.push(slot)
    holding.slotOf.set(holder, slot + 1)
    holding.held++
    this.#writes++
    return true
  }

  /** Takes the license back; false when there was none. */
  remove(holding: AssetHolding, holder: number): boolean {
    const slot = holding.slotOf.at(holder) - 1
    if (slot < 0) return false
    this.#holderAt.set(slot, HOLE)
    holding.slotOf.set(holder, 0)
    holding.held--
    this.#writes++
    this.#holes++
    return true
  }

  /** Calls `visit` for each license in the slots [from, to). */
  eachInSlots(from: number, to: number, visit: (asset: number, holder: number) => void): void {
    const end = Math.min(to, this.slots)
    for (let slot = from; slot < end; slot++) {
      const holder = this.#holderAt.at(slot)
      if (holder !== HOLE) visit(this.#assetAt.at(slot), holder)
    }
  }

  /** Calls `visit` for each holder among the holding's slots [from, to). */
  eachHolder(holding: AssetHolding, from: number, to: number, visit: (holder: number) => void): void {
    const end = Math.min(to, holding.slots.length)
    for (let index = from; index < end; index++) {
      const slot = holding.slots.at(index)
      const holder = this.#holderAt.at(slot)
      // A holder that came back stands in a later slot; the hole it left belongs to nobody.
      if (holder !== HOLE && holding.slotOf.at(holder) === slot + 1) visit(holder)
    }
  }

  /** The first slot written after the write with this stamp. */
  firstSlotAfter(stamp: number): number {
    return this.#stampAt.firstAbove(stamp)
  }

  /** Closes the holes, keeping the order. Slot numbers change: pages of a walk that is under way move. */
  compact(holdings: readonly AssetHolding[]): void {
    if (this.#holes === 0) return
    for (const holding of holdings) holding.slots.truncate(0)
    let to = 0
    for (let slot = 0; slot < this.slots; slot++) {
      const holder = this.#holderAt.at(slot)
      if (holder === HOLE) continue
      const asset = this.#assetAt.at(slot)
      this.#assetAt.set(to, asset)
      this.#holderAt.set(to, holder)
      this.#stampAt.set(to, this.#stampAt.at(slot))
      const holding = holdings[asset]
      holding?.slots.push(to)
      holding?.slotOf.set(holder, to + 1)
      to++
    }
    for (const column of [this.#assetAt, this.#holderAt, this.#stampAt]) column.truncate(to)
    this.#holes = 0
  }

  /** Everything in a form that JSON can carry. */
  snapshot(): LicenseBookSnapshot {
    const kinds = this.#holders.map((holder) => (holder.kind === 'device' ? '0' : '1')).join('')
    return {
      devices: this.#holders.filter((holder) => holder.kind === 'device').map((holder) => holder.name),
      users: this.#holders.filter((holder) => holder.kind === 'user').map(({ name, row }) => ({ name, row })),
      kinds,
      assets: this.#assetAt.toBase64(),
      holders: this.#holderAt.toBase64(),
      stamps: this.#stampAt.toBase64(),
    }
  }

  /** Fills this empty book and the empty holdings from a snapshot; holes are closed. */
  restore(snapshot: LicenseBookSnapshot, holdings: readonly AssetHolding[]): void {
    const devices = snapshot.devices.values()
    const users = snapshot.users.values()
    for (const kind of snapshot.kinds) {
      if (kind === '0') this.device(devices.next().value ?? '')
      else {
        const { name, row } = users.next().value ?? { name: '', row: -1 }
        this.user(name, row)
      }
    }
    const assets = GrowingArray.fromBase64(snapshot.assets)
    const holders = GrowingArray.fromBase64(snapshot.holders)
    const stamps = GrowingArray.fromBase64(snapshot.stamps)
    for (let slot = 0; slot < assets.length; slot++) {
      const holding = holdings[assets.at(slot)]
      const holder = holders.at(slot)
      if (holding && holder !== HOLE) this.add(holding, holder, stamps.at(slot))
    }
  }
}
