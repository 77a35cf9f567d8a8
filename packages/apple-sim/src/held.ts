/** Who holds what at a location, as tests and people ask; Apple's own endpoint is in read-assignments.ts. */
import type { PricingParam } from '@apportion/apple-wire/messages'
import type { Holder } from './holder-list.ts'
import type { Asset, Location } from './location.ts'

export interface Held {
  readonly adamId: string
  readonly pricingParam: PricingParam
  readonly serialNumber?: string
  readonly clientUserId?: string
}

/** Every license, or those of one adamId; no more than one title's holders are in memory. */
export function* heldAt({ book, assets }: Location, adamId?: string): Generator<Held> {
  for (const asset of assets) {
    if (adamId !== undefined && asset.adamId !== adamId) continue
    const numbers: number[] = []
    book.eachHolder(asset, 0, asset.slots.length, (number) => numbers.push(number))
    for (const number of numbers) yield heldBy(asset, book.holder(number))
  }
}

/** A page of an asset's holders, and how many pages there are; zero-based. */
export function holdersPage(
  { book }: Location,
  asset: Asset,
  { page, size }: { readonly page: number; readonly size: number },
): { readonly holders: readonly Held[]; readonly pages: number } {
  const holders: Held[] = []
  book.eachHolder(asset, page * size, (page + 1) * size, (number) => {
    holders.push(heldBy(asset, book.holder(number)))
  })
  return { holders, pages: Math.max(1, Math.ceil(asset.slots.length / size)) }
}

function heldBy({ adamId, pricingParam }: Asset, { kind, name }: Holder): Held {
  return kind === 'device'
    ? { adamId, pricingParam, serialNumber: name }
    : { adamId, pricingParam, clientUserId: name }
}
