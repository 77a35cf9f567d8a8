/**
 * An array of 32-bit numbers that grows: 4 bytes an element, which is what lets ten million licenses fit.
 *
 * It grows by whole chunks, so nothing is copied and no more than one chunk is spare; a short array stays short.
 */
const CHUNK_BITS = 16
const CHUNK = 1 << CHUNK_BITS
const SHORTEST = 16

export class GrowingArray {
  readonly #chunks: Uint32Array[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Bytes that are set aside for elements. */
  get bytes(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
  }

  /** The number at `index`, 0 where nothing was written. */
  at(index: number): number {
    return index < this.#length ? (this.#chunks[index >>> CHUNK_BITS]?.[index & (CHUNK - 1)] ?? 0) : 0
  }

  push(value: number): void {
    this.set(this.#length, value)
  }

  /** Writes at any index; the gap before it reads as 0. */
  set(index: number, value: number): void {
    this.#chunkFor(index)[index & (CHUNK - 1)] = value
    if (index >= this.#length) this.#length = index + 1
  }

  /** Keeps the first `length` elements and forgets the rest. */
  truncate(length: number): void {
    if (length >= this.#length) return
    this.#length = length
    this.#chunks.length = Math.ceil(length / CHUNK)
    this.#chunks.at(-1)?.fill(0, ((length - 1) & (CHUNK - 1)) + 1)
  }

  /** The first index whose number is greater than `value`; the array must be ascending. */
  firstAbove(value: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.at(middle) > value) high = middle
      else low = middle + 1
    }
    return low
  }

  #chunkFor(index: number): Uint32Array {
    const number = index >>> CHUNK_BITS
    while (this.#chunks.length < number) this.#fill(this.#chunks.length, CHUNK)
    const chunk = this.#chunks[number]
    const within = index & (CHUNK - 1)
    if (chunk && within < chunk.length) return chunk
    return this.#fill(number, Math.min(CHUNK, Math.max(SHORTEST, (chunk?.length ?? 0) * 2, within + 1)))
  }

  /** Makes the chunk `length` long; only the last chunk is ever shorter than a whole one. */
  #fill(number: number, length: number): Uint32Array {
    const former = this.#chunks[number]
    if (former?.length === length) return former
    const longer = new Uint32Array(length)
    if (former) longer.set(former)
    this.#chunks[number] = longer
    return longer
  }
}
