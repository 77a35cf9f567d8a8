/**
 * When licenses came and went, for those who ask later: devices that install, and deltas that show removals.
 *
 * Of gains the latest are kept, and only while the knob `storeVisibilityMs` asks for them; of losses all, 16 bytes each.
 */
import { GrowingArray } from './growing-array.ts'

/** An asset and a holder by their numbers at a location. */
export interface Pair {
  readonly asset: number
  readonly holder: number
}

/** Losses in a form that JSON can carry. */
export type LossSnapshot = readonly [stamps: string, assets: string, holders: string, seconds: string]

const MOST_GAINS = 100_000

export class LicenseTimes {
  /** When the event that gave a license was complete; Infinity until then. The oldest are forgotten. */
  readonly #completeAt = new Map<string, number>()
  readonly #unfinished = new Map<string, string[]>()
  #fresh: string[] = []
  /** Devices that a user's license serves. */
  readonly #served = new Map<string, Set<string>>()
  #stamps = new GrowingArray()
  #assets = new GrowingArray()
  #holders = new GrowingArray()
  #seconds = new GrowingArray()

  /** A license was given by an event that is still under way; `noteEvent` tells which. */
  noteGain(pair: Pair): void {
    this.#completeAt.set(keyOf(pair), Number.POSITIVE_INFINITY)
    this.#fresh.push(keyOf(pair))
  }

  /** The gains since the last call are this event's. */
  noteEvent(eventId: string): void {
    if (this.#fresh.length === 0) return
    this.#unfinished.set(eventId, [...(this.#unfinished.get(eventId) ?? []), ...this.#fresh])
    this.#fresh = []
  }

  /** The event is complete at `now`, in milliseconds: what it gave counts from then. */
  noteComplete(eventId: string, now: number): void {
    for (const key of this.#unfinished.get(eventId) ?? []) {
      if (this.#completeAt.has(key)) this.#completeAt.set(key, now)
    }
    this.#unfinished.delete(eventId)
    for (const key of this.#completeAt.keys()) {
      if (this.#completeAt.size <= MOST_GAINS) break
      this.#completeAt.delete(key)
    }
  }

  /** When the event that gave the license was complete: Infinity before, 0 when it is long ago. */
  completeAt(pair: Pair): number {
    return this.#completeAt.get(keyOf(pair)) ?? 0
  }

  /** The serial numbers of the devices that a user's license serves; the set may be added to. */
  servedBy(pair: Pair): Set<string> {
    const served = this.#served.get(keyOf(pair)) ?? new Set()
    this.#served.set(keyOf(pair), served)
    return served
  }

  /** A license was taken at `now` by the write with this stamp; stamps must not fall. */
  noteLoss({ asset, holder }: Pair, stamp: number, now: number): void {
    this.#completeAt.delete(keyOf({ asset, holder }))
    this.#served.delete(keyOf({ asset, holder }))
    this.#stamps.push(stamp)
    this.#assets.push(asset)
    this.#holders.push(holder)
    this.#seconds.push(Math.floor(now / 1000))
  }

  /** When the holder last lost the asset, in milliseconds; undefined when it never did. */
  lostAt({ asset, holder }: Pair): number | undefined {
    for (let index = this.#stamps.length - 1; index >= 0; index--) {
      if (this.#holders.at(index) === holder && this.#assets.at(index) === asset) {
        return this.#seconds.at(index) * 1000
      }
    }
    return undefined
  }

  /** What was lost after the write with this stamp, oldest first. */
  lossesAfter(stamp: number): readonly Pair[] {
    const losses: Pair[] = []
    for (let index = this.#stamps.firstAbove(stamp); index < this.#stamps.length; index++) {
      losses.push({ asset: this.#assets.at(index), holder: this.#holders.at(index) })
    }
    return losses
  }

  snapshot(): LossSnapshot {
    return [packed(this.#stamps), packed(this.#assets), packed(this.#holders), packed(this.#seconds)]
  }

  restore([stamps, assets, holders, seconds]: LossSnapshot): void {
    this.#stamps = unpacked(stamps)
    this.#assets = unpacked(assets)
    this.#holders = unpacked(holders)
    this.#seconds = unpacked(seconds)
  }
}

const keyOf = ({ asset, holder }: Pair): string => `${asset}/${holder}`

function packed(column: GrowingArray): string {
  const numbers = Uint32Array.from({ length: column.length }, (_, index) => column.at(index))
  return Buffer.from(numbers.buffer).toString('base64')
}

function unpacked(text: string): GrowingArray {
  const bytes = Buffer.from(text, 'base64')
  const column = new GrowingArray()
  for (let at = 0; at < bytes.length; at += 4) column.push(bytes.readUInt32LE(at))
  return column
}
