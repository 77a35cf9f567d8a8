/**
 * Apple's limit of requests in a second, counted for a location over all of its tokens.
 */

/** Moments within the last second. */
class SlidingSecond {
  #moments: number[] = []
  #first = 0

  count(now: number): number {
    while ((this.#moments[this.#first] ?? Number.POSITIVE_INFINITY) <= now - 1000) this.#first++
    if (this.#first > 4096) {
      this.#moments = this.#moments.slice(this.#first)
      this.#first = 0
    }
    return this.#moments.length - this.#first
  }

  add(now: number): void {
    this.#moments.push(now)
  }
}

export class RateLimit {
  readonly #accepted = new SlidingSecond()
  readonly #arrived = new SlidingSecond()
  #peak = 0

  /** True when the request may pass. A refused request does not prolong the refusal. */
  allows(now: number, perSecond: number): boolean {
    this.#arrived.count(now)
    this.#arrived.add(now)
    this.#peak = Math.max(this.#peak, this.#arrived.count(now))
    if (this.#accepted.count(now) >= perSecond) return false
    this.#accepted.add(now)
    return true
  }

  /** The most requests that ever arrived within one second, refused ones included. */
  get peak(): number {
    return this.#peak
  }
}
