/**
 * When licenses came and went, for those who ask later: devices that install, and deltas that show removals.
 *
 * Gains are kept by the stamp of their write, a few thousand of the latest; losses all, 16 bytes each.
 */
import { GrowingArray } from './growing-array.ts'

export interface Loss {
  readonly asset: number
  readonly holder: number
}

/** Losses in a form that JSON can carry. */
export type LossSnapshot = readonly [stamps: string, assets: string, holders: string, seconds: string]

const MOST_GAINS = 10_000

export class LicenseTimes {
  readonly #now: () => number
  /** When the event that made a write was complete; Infinity until then. Older writes are forgotten. */
  readonly #completeAt = new Map<number, number>()
  readonly #unfinished = new Map<string, number[]>()
  #stamps = new GrowingArray()
  #assets = new GrowingArray()
  #holders = new GrowingArray()
  #seconds = new GrowingArray()

  /** `now` gives simulated milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** An event that is still under way gave licenses with this stamp. */
  noteGain(eventId: string, stamp: number): void {
    const stamps = this.#unfinished.get(eventId)
    if (stamps) stamps.push(stamp)
    else this.#unfinished.set(eventId, [stamp])
    this.#completeAt.set(stamp, Number.POSITIVE_INFINITY)
  }

  /** The event is complete: what it gave counts from now. */
  noteComplete(eventId: string): void {
    for (const stamp of this.#unfinished.get(eventId) ?? []) this.#completeAt.set(stamp, this.#now())
    this.#unfinished.delete(eventId)
    for (const stamp of this.#completeAt.keys()) {
      if (this.#completeAt.size <= MOST_GAINS) break
      this.#completeAt.delete(stamp)
    }
  }

  /** When the write with this stamp was complete: Infinity before, 0 when it is long ago. */
  completeAt(stamp: number): number {
    return this.#completeAt.get(stamp) ?? 0
  }

  /** A license was taken by the write with this stamp; stamps must not fall. */
  noteLoss(stamp: number, { asset, holder }: Loss): void {
    this.#stamps.push(stamp)
    this.#assets.push(asset)
    this.#holders.push(holder)
    this.#seconds.push(Math.floor(this.#now() / 1000))
  }

  /** When the holder last lost the asset, in milliseconds; undefined when it never did. */
  lostAt({ asset, holder }: Loss): number | undefined {
    for (let index = this.#stamps.length - 1; index >= 0; index--) {
      if (this.#holders.at(index) === holder && this.#assets.at(index) === asset) {
        return this.#seconds.at(index) * 1000
      }
    }
    return undefined
  }

  /** What was lost after the write with this stamp, oldest first. */
  lossesAfter(stamp: number): readonly Loss[] {
    const losses: Loss[] = []
    for (let index = this.#stamps.firstAbove(stamp); index < this.#stamps.length; index++) {
      losses.push({ asset: this.#assets.at(index), holder: this.#holders.at(index) })
    }
    return losses
  }

  snapshot(): LossSnapshot {
    return [
      this.#stamps.toBase64(),
      this.#assets.toBase64(),
      this.#holders.toBase64(),
      this.#seconds.toBase64(),
    ]
  }

  restore([stamps, assets, holders, seconds]: LossSnapshot): void {
    this.#stamps = GrowingArray.fromBase64(stamps)
    this.#assets = GrowingArray.fromBase64(assets)
    this.#holders = GrowingArray.fromBase64(holders)
    this.#seconds = GrowingArray.fromBase64(seconds)
  }
}
