/**
 * The `versionId` of one endpoint: an opaque name for the state after a certain write.
 *
 * A name is made when a client first sees that state, so a million writes that nobody looks at cost nothing.
 */
import type { Random } from './random.ts'

interface Named {
  readonly stamp: number
  readonly lastSeenAt: number
}

export interface VersionLogSnapshot {
  readonly stamp: number
  readonly names: readonly (readonly [string, number, number])[]
}

const MOST_NAMES = 20_000

export class VersionLog {
  readonly #random: Random
  readonly #names = new Map<string, Named>()
  #stamp = 1
  #current: string | undefined

  constructor(random: Random) {
    this.#random = random
  }

  /** Number of the last write; records keep it to know whether a delta includes them. */
  get stamp(): number {
    return this.#stamp
  }

  /** A write happened: the present version gets a new name, and the writer this stamp. */
  bump(): number {
    this.#current = undefined
    this.#stamp++
    return this.#stamp
  }

  /** The name of the present state. */
  current(now: number): string {
    const id = this.#current ?? this.#random.uuid()
    this.#current = id
    this.#names.delete(id)
    this.#names.set(id, { stamp: this.#stamp, lastSeenAt: now })
    if (this.#names.size > MOST_NAMES) this.#forgetOldest()
    return id
  }

  /** The stamp behind a name that was handed out and not forgotten since `oldest`, else undefined. */
  stampOf(versionId: string, oldest: number): number | undefined {
    const named = this.#names.get(versionId)
    return named && named.lastSeenAt >= oldest ? named.stamp : undefined
  }

  /** Makes all names unknown, as Apple may at any time: clients must read everything again. */
  forgetAll(): void {
    this.#names.clear()
    this.#current = undefined
  }

  snapshot(): VersionLogSnapshot {
    return {
      stamp: this.#stamp,
      names: [...this.#names].map(([id, { stamp, lastSeenAt }]) => [id, stamp, lastSeenAt]),
    }
  }

  restore({ stamp, names }: VersionLogSnapshot): void {
    this.#stamp = stamp
    for (const [id, named, lastSeenAt] of names) this.#names.set(id, { stamp: named, lastSeenAt })
    this.#current = names.findLast(([, named]) => named === stamp)?.[0]
  }

  #forgetOldest(): void {
    const oldest = this.#names.keys().next().value
    if (oldest !== undefined) this.#names.delete(oldest)
  }
}
