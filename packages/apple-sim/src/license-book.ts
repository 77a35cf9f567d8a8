/**
 * Who holds what at one location, for millions of licenses.
 *
 * Assignments are slots in the order in which they were made: asset and holder, 8 bytes together. Pages are slices
 * of the slots, a delta is their tail, and a removal leaves a hole, so that no page moves under a client's walk.
 * Holes close when a new walk begins. Which slot a pair has is looked up in a table, and each asset lists its slots.
 *
 * Measured with test/support/measure-memory.ts, after a collection: 10 million licenses of 500,000 devices and 400
 * titles take 264 MB, 26 bytes a license. 234 MB are columns and tables, 30 MB names, users and all the rest; the
 * whole process has 490 MB.
 */
import { GrowingArray } from './growing-array.ts'
import { type Holder, HolderList } from './holder-list.ts'
import { NOTHING, NumberTable } from './number-table.ts'

/** The licenses of one asset, as far as the book needs to know it. */
export interface AssetHolding {
  /** Position in the location's list of assets. */
  readonly number: number
  /** The slots in which this asset was ever assigned, ascending; some may be holes by now. */
  readonly slots: GrowingArray
  /** Licenses that somebody holds, retired users included. */
  held: number
}

/** An empty holding for the asset at position `number`. */
export function emptyHolding(number: number): AssetHolding {
  return { number, slots: new GrowingArray(), held: 0 }
}

/** Hears every change of a book, in order. */
export interface BookListener {
  added(asset: number, holder: number, stamp: number): void
  removed(asset: number, holder: number): void
}

const HOLE = NOTHING
/** Slots that are passed over within a millisecond or two. */
const CHEAP_TO_COMPACT = 20_000

export class LicenseBook {
  readonly holders = new HolderList()
  readonly #assetAt = new GrowingArray()
  readonly #holderAt = new GrowingArray()
  /** Where the slots of a stamp begin; a stamp has an entry only if it made slots. */
  readonly #runStart = new GrowingArray()
  readonly #runStamp = new GrowingArray()
  readonly #slotByPair = new NumberTable((slot) => pairHash(this.#assetAt.at(slot), this.#holderAt.at(slot)))
  #holes = 0
  #writes = 0
  #listener: BookListener | undefined

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

  /** Bytes of all columns and tables, the lists of slots of these holdings included. */
  bytes(holdings: readonly AssetHolding[]): number {
    const columns = [this.#assetAt, this.#holderAt, this.#runStart, this.#runStamp, this.#slotByPair]
    return [...columns, this.holders, ...holdings.map(({ slots }) => slots)].reduce(
      (sum, { bytes }) => sum + bytes,
      0,
    )
  }

  /** Tells every change from now on; one listener at a time. */
  listen(listener: BookListener): void {
    this.#listener = listener
  }

  /** Makes room for so many licenses at once, while the book is empty. */
  reserve(licenses: number): void {
    if (this.slots === 0) this.#slotByPair.clear(licenses)
  }

  /** The number by which the book knows a device; the first mention enters it. */
  device(serialNumber: string): number {
    return this.holders.device(serialNumber)
  }

  /** The number by which the book knows a row of the users; the first mention enters it. */
  user(clientUserId: string, row: number): number {
    return this.holders.user(clientUserId, row)
  }

  /** The device's number when it was ever mentioned; asking does not enter it. */
  findDevice(serialNumber: string): number | undefined {
    return this.holders.findDevice(serialNumber)
  }

  findUser(row: number): number | undefined {
    return this.holders.findUser(row)
  }

  holder(number: number): Holder {
    return this.holders.at(number)
  }

  has(holding: AssetHolding, holder: number): boolean {
    return this.slotOf(holding, holder) !== undefined
  }

  /** The slot in which the holder's license of this asset stands; undefined when it has none. */
  slotOf(holding: AssetHolding, holder: number): number | undefined {
    const slot = this.#slotByPair.at(this.#placeOf(holding.number, holder))
    return slot === NOTHING ? undefined : slot
  }

  /** Gives the holder a license; false when it has one already. `stamp` must not be lower than any before. */
  add(holding: AssetHolding, holder: number, stamp: number): boolean {
    if (this.has(holding, holder)) return false
    this.#enter(holding, holder, stamp)
    holding.held++
    this.#writes++
    this.#listener?.added(holding.number, holder, stamp)
    return true
  }

  /** Takes the license back; false when there was none. */
  remove(holding: AssetHolding, holder: number): boolean {
    const place = this.#placeOf(holding.number, holder)
    const slot = this.#slotByPair.at(place)
    if (slot === NOTHING) return false
    this.#slotByPair.removeAt(place)
    this.#holderAt.set(slot, HOLE)
    holding.held--
    this.#writes++
    this.#holes++
    this.#listener?.removed(holding.number, holder)
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
      // A holder that came back stands in a later slot; the hole it left stays one.
      const holder = this.#holderAt.at(holding.slots.at(index))
      if (holder !== HOLE) visit(holder)
    }
  }

  /** The first slot written after the write with this stamp. */
  firstSlotAfter(stamp: number): number {
    const run = this.#runStamp.firstAbove(stamp)
    return run < this.#runStart.length ? this.#runStart.at(run) : this.slots
  }

  /**
   * Closes the holes, keeping the order. Slot numbers change: pages of a walk that is under way move. In a large
   * book a few holes stay, since closing them costs a pass over everything; pages are shorter by them.
   */
  compact(holdings: readonly AssetHolding[]): void {
    const isWorthIt = this.slots <= CHEAP_TO_COMPACT || this.#holes > this.slots / 8
    if (this.#holes === 0 || !isWorthIt) return
    const slots = this.slots
    const stamps = [...this.#runs()]
    for (const holding of holdings) holding.slots.truncate(0)
    for (const column of [this.#runStart, this.#runStamp]) column.truncate(0)
    this.#slotByPair.clear(this.size)
    this.#holes = 0
    let kept = 0
    let run = -1
    for (let slot = 0; slot < slots; slot++) {
      if (stamps[run + 1]?.[0] === slot) run++
      const holder = this.#holderAt.at(slot)
      const holding = holdings[this.#assetAt.at(slot)]
      if (holder === HOLE || !holding) continue
      this.#write(kept, { holding, holder, stamp: stamps[run]?.[1] ?? 0 })
      kept++
    }
    for (const column of [this.#assetAt, this.#holderAt]) column.truncate(kept)
  }

  /** Every license with the stamp of its write, in the order of assignment. */
  each(visit: (asset: number, holder: number, stamp: number) => void): void {
    const runs = [...this.#runs(), [this.slots, 0] as const]
    for (let run = 0; run + 1 < runs.length; run++) {
      const [from, stamp] = runs[run] ?? [0, 0]
      this.eachInSlots(from, runs[run + 1]?.[0] ?? 0, (asset, holder) => visit(asset, holder, stamp))
    }
  }

  #enter(holding: AssetHolding, holder: number, stamp: number): void {
    this.#write(this.slots, { holding, holder, stamp })
  }

  /** Writes a license into a slot that is the next one, or that lies before all that are still to be read. */
  #write(
    slot: number,
    { holding, holder, stamp }: { holding: AssetHolding; holder: number; stamp: number },
  ): void {
    this.#assetAt.set(slot, holding.number)
    this.#holderAt.set(slot, holder)
    holding.slots.push(slot)
    this.#slotByPair.add(slot)
    const last = this.#runStamp.length - 1
    if (last >= 0 && this.#runStamp.at(last) === stamp) return
    this.#runStart.push(slot)
    this.#runStamp.push(stamp)
  }

  *#runs(): Generator<readonly [from: number, stamp: number]> {
    for (let run = 0; run < this.#runStart.length; run++) {
      yield [this.#runStart.at(run), this.#runStamp.at(run)]
    }
  }

  #placeOf(asset: number, holder: number): number {
    const table = this.#slotByPair
    let place = table.start(pairHash(asset, holder))
    for (let slot = table.at(place); slot !== NOTHING; slot = table.at(place)) {
      if (this.#holderAt.at(slot) === holder && this.#assetAt.at(slot) === asset) return place
      place = table.next(place)
    }
    return place
  }
}

const pairHash = (asset: number, holder: number): number =>
  (Math.imul(asset + 1, 0x9e3779b1) ^ Math.imul(holder + 1, 0x85ebca6b)) >>> 0
