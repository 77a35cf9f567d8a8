/** An array of 32-bit numbers that grows: 4 bytes an element, which is what lets ten million licenses fit. */
export class GrowingArray {
  #numbers: Uint32Array
  #length = 0

  constructor(numbers = new Uint32Array(16), length = 0) {
    this.#numbers = numbers
    this.#length = length
  }

  get length(): number {
    return this.#length
  }

  /** The number at `index`, 0 where nothing was written. */
  at(index: number): number {
    return index < this.#length ? (this.#numbers[index] ?? 0) : 0
  }

  push(value: number): void {
    this.set(this.#length, value)
  }

  /** Writes at any index; the gap before it reads as 0. */
  set(index: number, value: number): void {
    if (index >= this.#numbers.length) this.#grow(index + 1)
    this.#numbers[index] = value
    if (index >= this.#length) this.#length = index + 1
  }

  /** Keeps the first `length` elements and forgets the rest. */
  truncate(length: number): void {
    this.#numbers.fill(0, length, this.#length)
    this.#length = length
  }

  /** The first index whose number is greater than `value`; the array must be ascending. */
  firstAbove(value: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#numbers[middle] ?? 0) > value) high = middle
      else low = middle + 1
    }
    return low
  }

  /** The written part as Base64, for a snapshot. */
  toBase64(): string {
    return Buffer.from(this.#numbers.buffer, 0, this.#length * 4).toString('base64')
  }

  static fromBase64(text: string): GrowingArray {
    const bytes = Buffer.from(text, 'base64')
    const numbers = new Uint32Array(Math.max(16, bytes.length / 4))
    new Uint8Array(numbers.buffer).set(bytes)
    return new GrowingArray(numbers, bytes.length / 4)
  }

  #grow(atLeast: number): void {
    const larger = new Uint32Array(Math.max(atLeast, Math.ceil(this.#numbers.length * 1.5)))
    larger.set(this.#numbers)
    this.#numbers = larger
  }
}
