/**
 * A set of numbers that is searched by what they stand for: 4 bytes for each place, between a third and two thirds
 * of the places taken. A `Map` with the same content takes 30 to 60 bytes for each entry.
 *
 * Open addressing with linear probing. The keys stay with the caller, who compares them on the way:
 * `for (let place = table.start(hash); table.at(place) !== NOTHING; place = table.next(place)) …`
 */

/** Stands in a place that is free. */
export const NOTHING = 0xffff_ffff

const FULLEST = 2 / 3

export class NumberTable {
  readonly #hashOf: (number: number) => number
  #places = new Uint32Array(64).fill(NOTHING)
  #taken = 0

  /** `hashOf` gives the 32-bit hash of what a number stands for, as long as the number is in the table. */
  constructor(hashOf: (number: number) => number) {
    this.#hashOf = hashOf
  }

  get size(): number {
    return this.#taken
  }

  /** Bytes that are set aside for places. */
  get bytes(): number {
    return this.#places.byteLength
  }

  /** The place where the search for something with this hash begins. */
  start(hash: number): number {
    return spread(hash) & (this.#places.length - 1)
  }

  next(place: number): number {
    return (place + 1) & (this.#places.length - 1)
  }

  /** The number at a place, or `NOTHING`, which ends a search. */
  at(place: number): number {
    return this.#places[place] ?? NOTHING
  }

  /** Enters a number whose key is not in the table. */
  add(number: number): void {
    if (this.#taken + 1 > this.#places.length * FULLEST) this.#resize(this.#places.length * 2)
    this.#put(number)
    this.#taken++
  }

  /** Frees a place; what was displaced by it moves up, so that no search breaks off. */
  removeAt(place: number): void {
    let hole = place
    for (let from = this.next(place); this.at(from) !== NOTHING; from = this.next(from)) {
      const home = this.start(this.#hashOf(this.at(from)))
      const mask = this.#places.length - 1
      // It may move only to a place that its own search passes.
      if (((from - home) & mask) < ((from - hole) & mask)) continue
      this.#places[hole] = this.at(from)
      hole = from
    }
    this.#places[hole] = NOTHING
    this.#taken--
  }

  /** Empties the table, with room for `expected` numbers. */
  clear(expected = 0): void {
    let length = 64
    while (expected > length * FULLEST) length *= 2
    this.#places = new Uint32Array(length).fill(NOTHING)
    this.#taken = 0
  }

  #put(number: number): void {
    let place = this.start(this.#hashOf(number))
    while (this.at(place) !== NOTHING) place = this.next(place)
    this.#places[place] = number
  }

  #resize(length: number): void {
    const former = this.#places
    this.#places = new Uint32Array(length).fill(NOTHING)
    for (const number of former) if (number !== NOTHING) this.#put(number)
  }
}

/** Neighboring keys must not sit in neighboring places. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
