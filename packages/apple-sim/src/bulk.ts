/** Licenses for hundreds of thousands of devices in one go, as nobody gets them from Apple; for setting up. */
import { noteLicenseWrite } from './licensing.ts'
import type { Asset, Location } from './location.ts'

export interface BulkHolding {
  readonly adamId: string
  /** Which of the devices get it, by their position in the list. */
  readonly positions: Iterable<number>
}

/** One write for all of it. A total that is too low is raised to what is held. */
export function fillDevices(
  location: Location,
  serialNumbers: Iterable<string>,
  {
    holdings,
    assetOf,
  }: { readonly holdings: Iterable<BulkHolding>; readonly assetOf: (adamId: string) => Asset },
): void {
  const { book, versions } = location
  const numbers = Array.from(serialNumbers, (serialNumber) => book.device(serialNumber))
  const stamp = versions.assignments.stamp + 1
  for (const { adamId, positions } of holdings) {
    const asset = assetOf(adamId)
    for (const position of positions) {
      const number = numbers[position]
      if (number === undefined) throw new RangeError(`There is no device ${position} among ${numbers.length}`)
      book.add(asset, number, stamp)
    }
    asset.total = Math.max(asset.total, asset.held)
  }
  noteLicenseWrite(location)
}
