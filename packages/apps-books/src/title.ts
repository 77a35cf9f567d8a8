/** Reads one item of the metadata lookup, in which every field may be missing or null. */
import type { LookupItem, Platform } from '@apportion/apple-wire/messages'
import { isObject, type JsonObject } from './answer.ts'
import { artworkOf, flag, platformsOfFamilies, present, priceOf, text, texts } from './title-fields.ts'

/** What Apple's store tells of a title. Plain values, so that it can be kept as JSON. */
export interface TitleMetadata {
  readonly adamId: string
  readonly name: string
  readonly kind?: NonNullable<LookupItem['kind']>
  readonly bundleId?: string
  readonly publisher?: string
  /** Where it runs; empty for books. */
  readonly platforms: readonly Platform[]
  /** As the store names them: `iphone`, `ipad`, `mac`; those we do not know too. Empty when it does not say. */
  readonly deviceFamilies: readonly string[]
  /** An address, or a template of one: see {@link artworkUrl}. */
  readonly artworkTemplate?: string
  readonly version?: string
  readonly minimumOsVersion?: string
  /** In the currency of the storefront. */
  readonly price?: number
  readonly priceFormatted?: string
  readonly genres: readonly string[]
  readonly storeUrl?: string
  /** The first release, as Apple writes it: an ISO date. */
  readonly releaseDate?: string
  /** Made for this organization and not in the public store. */
  readonly isCustomApp: boolean
  readonly deviceAssignable?: boolean
  /** The store of another country told of it than was asked, so it carries no price. */
  readonly fromOtherCountry?: true
  readonly description?: string
}

/** The address of the icon at `size` × `size` pixels; addresses that are no template stay as they are. */
export function artworkUrl(template: string, size: number, format: 'png' | 'jpg' = 'png'): string {
  return template
    .replaceAll('{w}', String(size))
    .replaceAll('{h}', String(size))
    .replaceAll('{c}', 'bb')
    .replaceAll('{f}', format)
}

/** The title of a lookup item; `undefined` when the item has no name, as if Apple did not know the title. */
export function readTitle(
  adamId: string,
  item: unknown,
  { isFromOtherCountry }: { readonly isFromOtherCountry: boolean },
): TitleMetadata | undefined {
  if (!isObject(item)) return undefined
  const name = text(item.name)
  if (name === undefined) return undefined
  const kind = text(item.kind)
  const firstOffer: unknown = Array.isArray(item.offers) ? item.offers[0] : undefined
  const offer = isObject(firstOffer) ? firstOffer : {}
  const description = isObject(item.description) ? text(item.description.standard) : undefined
  return {
    adamId,
    name,
    platforms: platformsOf(item, kind),
    deviceFamilies: texts(item.deviceFamilies),
    genres: texts(item.genreNames),
    isCustomApp: item.isB2BCustomApp === true,
    ...present('kind', kind),
    ...present('bundleId', text(item.bundleId)),
    ...present('publisher', text(item.artistName)),
    ...present('artworkTemplate', artworkOf(item.artwork)),
    ...present('version', isObject(offer.version) ? text(offer.version.display) : undefined),
    ...present('minimumOsVersion', text(item.minimumOSVersion)),
    ...(isFromOtherCountry ? { fromOtherCountry: true } : priceOf(offer)),
    ...present('storeUrl', text(item.url)),
    ...present('releaseDate', text(item.releaseDate)),
    ...present('deviceAssignable', flag(item.isVppDeviceBasedLicensingEnabled)),
    ...present('description', description),
  }
}

function platformsOf(item: JsonObject, kind: string | undefined): readonly Platform[] {
  const known = platformsOfFamilies(item.deviceFamilies)
  if (known.length > 0) return known
  if (kind === 'desktopApp') return ['macOS']
  return kind === 'iosSoftware' ? ['iOS'] : []
}
