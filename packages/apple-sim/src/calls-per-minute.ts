/** Counts the calls of each caller within the last minute, for the hosts that limit those. */

const MINUTE_MS = 60_000

export class CallsPerMinute {
  readonly #moments = new Map<string, number[]>()

  /** True when the caller may pass; a refused call does not prolong the refusal. */
  allows(caller: string, now: number, most: number): boolean {
    const recent = (this.#moments.get(caller) ?? []).filter((moment) => moment > now - MINUTE_MS)
    this.#moments.set(caller, recent)
    if (recent.length >= most) return false
    recent.push(now)
    return true
  }
}
