/**
 * Reads binary property lists (`bplist00`). Nothing that the bytes claim is believed: every offset, count and reference
 * is checked, and a list that grows huge by references to the same values is counted as large as it is.
 */
import { emptyDict, malformed, PlistBounds, type PlistValue, setOnce, wholeNumber } from './plist-value.ts'

const HEADER = 'bplist00'
const TRAILER_BYTES = 32
/** Dates count seconds from the start of 2001. */
const EPOCH_MS = Date.UTC(2001, 0, 1)
/** The years that XML can write: 0000 to 9999. */
const EARLIEST_MS = Date.parse('0000-01-01T00:00:00Z')
const LATEST_MS = Date.parse('9999-12-31T23:59:59Z')

/** Throws `PlistError`. */
export function readBinaryPlist(bytes: Uint8Array): PlistValue {
  return new BinaryReader(bytes).read()
}

class BinaryReader {
  readonly #view: DataView
  readonly #bytes: Uint8Array
  readonly #bounds = new PlistBounds()
  /** Strings and data that were read: one that is referred to often is kept once. */
  readonly #plain = new Map<number, PlistValue>()
  /** The containers around the value that is being read. */
  readonly #around = new Set<number>()
  readonly #offsetSize: number
  readonly #referenceSize: number
  readonly #objects: number
  readonly #top: number
  readonly #table: number

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.length < HEADER.length + 1 + TRAILER_BYTES) throw malformed('it is too short')
    if (latin(bytes.subarray(0, HEADER.length)) !== HEADER) throw malformed('its version is not known')
    const trailer = bytes.length - TRAILER_BYTES
    this.#offsetSize = this.#view.getUint8(trailer + 6)
    this.#referenceSize = this.#view.getUint8(trailer + 7)
    this.#objects = this.#unsigned(trailer + 8, 8)
    this.#top = this.#unsigned(trailer + 16, 8)
    this.#table = this.#unsigned(trailer + 24, 8)
    const isSize = (size: number): boolean => size >= 1 && size <= 8
    if (!isSize(this.#offsetSize) || !isSize(this.#referenceSize)) throw malformed('its trailer is wrong')
    if (this.#table < HEADER.length || this.#table + this.#objects * this.#offsetSize > trailer) {
      throw malformed('its table of offsets is not inside of it')
    }
  }

  read(): PlistValue {
    return this.#object(this.#top, 0)
  }

  #object(index: number, depth: number): PlistValue {
    if (index >= this.#objects) throw malformed('a reference leads nowhere')
    const known = this.#plain.get(index)
    if (known !== undefined) {
      this.#bounds.count(depth)
      return known
    }
    const at = this.#unsigned(this.#table + index * this.#offsetSize, this.#offsetSize)
    if (at < HEADER.length || at >= this.#table) throw malformed('a value is not where values are')
    const marker = this.#view.getUint8(at)
    const kind = marker >> 4
    if (kind === 0xa || kind === 0xd) return this.#container(index, at, depth + 1)
    this.#bounds.count(depth)
    const value = this.#leaf(marker, at)
    this.#plain.set(index, value)
    return value
  }

  #container(index: number, at: number, depth: number): PlistValue {
    if (this.#around.has(index)) throw malformed('a value contains itself')
    this.#bounds.count(depth)
    this.#around.add(index)
    const isDict = this.#view.getUint8(at) >> 4 === 0xd
    const { count, start } = this.#counted(at)
    this.#expectInside(start, (isDict ? 2 : 1) * count * this.#referenceSize)
    const value = isDict ? this.#dict(start, count, depth) : this.#array(start, count, depth)
    this.#around.delete(index)
    return value
  }

  #array(start: number, count: number, depth: number): PlistValue {
    const list: PlistValue[] = []
    for (let place = 0; place < count; place += 1)
      list.push(this.#object(this.#reference(start, place), depth))
    return list
  }

  #dict(start: number, count: number, depth: number): PlistValue {
    const dict = emptyDict()
    for (let place = 0; place < count; place += 1) {
      const key = this.#object(this.#reference(start, place), depth)
      if (typeof key !== 'string') throw malformed('a key is no text')
      setOnce(dict, key, this.#object(this.#reference(start, count + place), depth))
    }
    return dict
  }

  #leaf(marker: number, at: number): PlistValue {
    const kind = marker >> 4
    const low = marker & 0x0f
    if (marker === 0x08) return false
    if (marker === 0x09) return true
    if (kind === 0x1 && low <= 4) return this.#integer(at + 1, 2 ** low)
    if (marker === 0x22 || marker === 0x23) return this.#real(at + 1, 2 ** low)
    if (marker === 0x33) return this.#date(at + 1)
    if (kind === 0x4) return new Uint8Array(this.#counts(at, 1))
    if (kind === 0x5) return ascii(this.#counts(at, 1))
    if (kind === 0x6) return utf16(this.#counts(at, 2))
    throw malformed('it holds a value of a kind that devices do not send')
  }

  #integer(at: number, size: number): PlistValue {
    this.#expectInside(at, size)
    if (size <= 4) return this.#unsigned(at, size)
    const signed = this.#view.getBigInt64(at)
    const value = wholeNumber(size === 8 ? signed : (signed << 64n) | this.#view.getBigUint64(at + 8))
    if (value === undefined) throw malformed('a whole number has more than 64 bits')
    return value
  }

  #real(at: number, size: number): number {
    this.#expectInside(at, size)
    const value = size === 4 ? this.#view.getFloat32(at) : this.#view.getFloat64(at)
    if (!Number.isFinite(value)) throw malformed('a number is not finite')
    return value
  }

  #date(at: number): Date {
    const time = EPOCH_MS + this.#real(at, 8) * 1000
    if (time < EARLIEST_MS || time > LATEST_MS) throw malformed('a date is out of range')
    return new Date(time)
  }

  /** The bytes of a text or data at `at`, `unit` bytes for each that it counts. */
  #counts(at: number, unit: number): Uint8Array {
    const { count, start } = this.#counted(at)
    this.#expectInside(start, count * unit)
    return this.#bytes.subarray(start, start + count * unit)
  }

  /** How many things follow a marker, and where they start. Fifteen and more are a whole number of their own. */
  #counted(at: number): { readonly count: number; readonly start: number } {
    const low = this.#view.getUint8(at) & 0x0f
    if (low < 0x0f) return { count: low, start: at + 1 }
    this.#expectInside(at + 1, 1)
    const marker = this.#view.getUint8(at + 1)
    const size = 2 ** (marker & 0x0f)
    if (marker >> 4 !== 0x1 || size > 8) throw malformed('a count is no whole number')
    this.#expectInside(at + 2, size)
    return { count: this.#unsigned(at + 2, size), start: at + 2 + size }
  }

  #reference(start: number, place: number): number {
    return this.#unsigned(start + place * this.#referenceSize, this.#referenceSize)
  }

  /** At most 2^64; past 2^53 not exact, and then past every bound. */
  #unsigned(at: number, size: number): number {
    let value = 0
    for (let byte = 0; byte < size; byte += 1) value = value * 256 + this.#view.getUint8(at + byte)
    return value
  }

  /** Values end where the table of offsets begins. */
  #expectInside(start: number, length: number): void {
    if (start + length > this.#table) throw malformed('a value is longer than the bytes that hold it')
  }
}

function ascii(bytes: Uint8Array): string {
  if (bytes.some((byte) => byte > 0x7f)) throw malformed('a text is not ASCII')
  return latin(bytes)
}

const latin = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

function utf16(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw malformed('a text is not UTF-16')
  }
}
