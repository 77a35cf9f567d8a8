/** Reads one item of the metadata lookup, in which every field may be missing or null. */
import type { LookupItem, Platform } from '@apportion/apple-wire/messages'
import { isObject, type JsonObject } from './answer.ts'

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
  { withoutPrice }: { readonly withoutPrice: boolean },
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
    ...(withoutPrice ? {} : priceOf(offer)),
    ...present('storeUrl', text(item.url)),
    ...present('releaseDate', text(item.releaseDate)),
    ...present('deviceAssignable', flag(item.isVppDeviceBasedLicensingEnabled)),
    ...present('description', description),
  }
}

const PLATFORM_OF_FAMILY: ReadonlyMap<string, Platform> = new Map([
  ['iphone', 'iOS'],
  ['ipad', 'iOS'],
  ['ipod', 'iOS'],
  ['mac', 'macOS'],
  ['tvos', 'tvOS'],
  ['watch', 'watchOS'],
  ['realityDevice', 'visionOS'],
])

function platformsOf(item: JsonObject, kind: string | undefined): readonly Platform[] {
  const named = texts(item.deviceFamilies).map((family) => PLATFORM_OF_FAMILY.get(family))
  const known = [...new Set(named)].filter((platform) => platform !== undefined)
  if (known.length > 0) return known
  if (kind === 'desktopApp') return ['macOS']
  return kind === 'iosSoftware' ? ['iOS'] : []
}

/** Live answers have one object with a template, one of Apple's samples a list of sizes: then the largest. */
function artworkOf(artwork: unknown): string | undefined {
  const sizes = (Array.isArray(artwork) ? artwork : [artwork]).filter(isObject)
  const width = (size: JsonObject): number => (typeof size.width === 'number' ? size.width : 0)
  const [largest] = sizes.filter(({ url }) => isWebAddress(url)).toSorted((a, b) => width(b) - width(a))
  return text(largest?.url)
}

/** An icon is shown in a browser, so nothing but a web address may come through. */
const isWebAddress = (value: unknown): boolean => typeof value === 'string' && /^https?:\/\//i.test(value)

function priceOf(offer: JsonObject): Pick<TitleMetadata, 'price' | 'priceFormatted'> {
  const price = typeof offer.price === 'number' ? offer.price : undefined
  return { ...present('price', price), ...present('priceFormatted', text(offer.priceFormatted)) }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined)

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

/** The key with its value, or nothing at all. */
function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  // A computed key widens to string; K is the only key there is.
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V }
}
