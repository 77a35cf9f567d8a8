/**
 * How an organization's licenses spread over its titles: nearly everybody has the first few, the long tail has a
 * team here and a person there.
 */
import type { InventedAsset, Range } from './invented-organization.ts'
import type { InventedTitle } from './invented-titles.ts'
import { fraction, scrambled, stride } from './numbers.ts'

/** A title that a location owns, and who could hold it there. */
export interface Offer {
  /** Position in the list of locations. */
  readonly location: number
  /** Position of the title in the order of its popularity. */
  readonly rank: number
  readonly title: InventedTitle
  /** Positions among the location's devices, or among its readers for a book. */
  readonly range: Range
}

/** Gives out exactly `licenses`; the offers must have room for that many. */
export function spreadHoldings(
  seed: number,
  offers: readonly Offer[],
  licenses: number,
): readonly (InventedAsset & { readonly location: number })[] {
  const held = heldCounts(offers, licenses)
  return offers.map((offer, index) => {
    const { title, location } = offer
    const count = held[index] ?? 0
    return {
      location,
      adamId: title.title.adamId,
      isBook: title.isBook,
      total: title.isUnlimited ? 'unlimited' : ownedCount(seed, offer, count),
      held: count,
      holders: () => holdersOf(seed, offer, count),
    }
  })
}

/** The level at which the counts add up is found by halving; what rounding leaves goes to whoever has room. */
function heldCounts(offers: readonly Offer[], licenses: number): readonly number[] {
  const at = (level: number): number[] => offers.map((offer) => heldAt(offer, level))
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
  let low = 0
  let high = 1
  while (sum(at(high)) < licenses && high < 1e6) high *= 2
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2
    if (sum(at(middle)) > licenses) high = middle
    else low = middle
  }
  const counts = at(low)
  let left = licenses - sum(counts)
  for (const [index, offer] of offers.entries()) {
    const more = Math.min(left, offer.range.count - (counts[index] ?? 0))
    counts[index] = (counts[index] ?? 0) + more
    left -= more
  }
  if (left > 0) throw new RangeError(`There is no room for ${left} of ${licenses} licenses`)
  return counts
}

const heldAt = ({ rank, range, title }: Offer, level: number): number =>
  Math.floor(range.count * Math.min(1, (level * (title.isBook ? 0.2 : 1)) / (rank + 4) ** 1.1))

/** Every sixth title has nothing to spare; the others have up to a quarter more than is held. */
function ownedCount(seed: number, { location, rank }: Offer, held: number): number {
  if (rank % 6 === 5 && held > 0) return held
  return held + 1 + Math.floor(fraction(seed, 50 + location, rank) * 0.25 * (held + 20))
}

/** Neighbors for every second title, as when a team gets it; people all over the place for the others. */
function* holdersOf(seed: number, { location, rank, range }: Offer, count: number): Generator<number> {
  if (count === 0) return
  const first = scrambled(seed, 60 + location, rank) % range.count
  const step = rank % 2 === 0 ? 1 : stride(range.count, scrambled(seed, 70 + location, rank))
  for (let index = 0; index < count; index++) yield range.from + ((first + index * step) % range.count)
}
