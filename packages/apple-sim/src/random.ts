/**
 * Chance that repeats: the same seed gives the same delays, losses and identifiers, so that a failing run replays.
 */

export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** An integer in [0, below). */
  below(below: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  /** UUID-shaped, as Apple's event, version and notification ids are. */
  uuid(): string
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string
  /** Where the sequence stands; `continueAt` and `seededRandom` continue from here. */
  position(): number
  continueAt(position: number): void
}

/** The mulberry32 generator: 32 bits of state, plenty for a simulator, worthless as a secret. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const next = (): number => word() / 4_294_967_296
  const hex = (digits: number): string => {
    let text = ''
    while (text.length < digits) text += word().toString(16).padStart(8, '0')
    return text.slice(0, digits)
  }
  return {
    next,
    below: (below) => Math.floor(next() * below),
    chance: (probability) => probability > 0 && next() < probability,
    hex,
    uuid() {
      const variant = '89ab'.charAt(word() & 3)
      return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`
    },
    position: () => state,
    continueAt(position) {
      state = position >>> 0
    },
  }
}
