/**
 * The titles of the simulated store, and what the metadata lookup says about them.
 */
import type { LookupItem } from '@apportion/apple-wire/messages'

/** What a person would see on a title's page in the store. */
export interface Title {
  readonly adamId: string
  readonly name: string
  /** Other names, by storefront (two capital letters). */
  readonly names?: Readonly<Record<string, string>>
  readonly kind: 'iosSoftware' | 'desktopApp' | 'epubBook'
  readonly publisher: string
  /** Books have none. */
  readonly bundleId?: string
  readonly deviceFamilies?: readonly ('iphone' | 'ipad' | 'ipod' | 'mac' | 'tvos')[]
  /** In the currency of the storefront; 0 is free. */
  readonly price?: number
  readonly version?: string
  readonly minimumOSVersion?: string
  readonly genres?: readonly string[]
  readonly description?: string
  /** Day of the first release, `YYYY-MM-DD`. */
  readonly releaseDate?: string
  /** Bytes. */
  readonly size?: number
  /** A custom app: shown only to organizations that own it. */
  readonly custom?: boolean
  /** Storefronts that sell it, two capital letters each; all when left out. */
  readonly countries?: readonly string[]
  readonly deviceAssignable?: boolean
  /** What its drawn icon shows; chosen from the adamId when left out. */
  readonly icon?: IconWish
}

export interface IconWish {
  readonly glyph?: string
  /** Degrees on the color wheel. */
  readonly hue?: number
}

export interface Storefront {
  readonly id: string
  readonly country: string
  readonly currency: string
  readonly language: string
}

const STOREFRONTS: readonly Storefront[] = [
  { id: '143441', country: 'US', currency: 'USD', language: 'en-us' },
  { id: '143452', country: 'NL', currency: 'EUR', language: 'nl-nl' },
  { id: '143446', country: 'BE', currency: 'EUR', language: 'nl-be' },
  { id: '143443', country: 'DE', currency: 'EUR', language: 'de-de' },
  { id: '143442', country: 'FR', currency: 'EUR', language: 'fr-fr' },
  { id: '143444', country: 'GB', currency: 'GBP', language: 'en-gb' },
  { id: '143449', country: 'IE', currency: 'EUR', language: 'en-gb' },
  { id: '143454', country: 'ES', currency: 'EUR', language: 'es-es' },
  { id: '143450', country: 'IT', currency: 'EUR', language: 'it-it' },
  { id: '143458', country: 'DK', currency: 'DKK', language: 'da-dk' },
  { id: '143456', country: 'SE', currency: 'SEK', language: 'sv-se' },
]

export class Catalog {
  readonly #titles = new Map<string, Title>()

  get titles(): readonly Title[] {
    return [...this.#titles.values()]
  }

  /** Enters or replaces a title. */
  add(title: Title): void {
    this.#titles.set(title.adamId, title)
  }

  find(adamId: string): Title | undefined {
    return this.#titles.get(adamId)
  }
}

/** The storefront of a country; an unknown one answers as the US, as Apple's does. */
export function storefrontOf(country: string | null): Storefront {
  const found = STOREFRONTS.find((storefront) => storefront.country === country?.toUpperCase())
  return found ?? { id: '143441', country: 'US', currency: 'USD', language: 'en-us' }
}

/** A title as the lookup shows it in a storefront; undefined where it is not sold. */
export function lookupItem(
  title: Title,
  { storefront, origin }: { readonly storefront: Storefront; readonly origin: string },
): LookupItem | undefined {
  if (title.countries && !title.countries.includes(storefront.country)) return undefined
  const isBook = title.kind === 'epubBook'
  return {
    id: title.adamId,
    name: title.names?.[storefront.country] ?? title.name,
    kind: title.kind,
    artistName: title.publisher,
    artwork: { url: `${origin}/icons/${title.adamId}/{w}x{h}bb.{f}`, width: 1024, height: 1024 },
    genreNames: title.genres ?? [],
    description: { standard: title.description ?? null },
    releaseDate: title.releaseDate ?? null,
    url: `https://apps.apple.com/${storefront.country.toLowerCase()}/${isBook ? 'book' : 'app'}/id${title.adamId}`,
    offers: [offer(title, storefront)],
    ...(!isBook && {
      bundleId: title.bundleId ?? null,
      deviceFamilies: title.deviceFamilies ?? ['iphone', 'ipad'],
      minimumOSVersion: title.minimumOSVersion ?? '17.0',
      isB2BCustomApp: title.custom === true,
      isVppDeviceBasedLicensingEnabled: title.deviceAssignable !== false,
    }),
  }
}

function offer(title: Title, { currency, language }: Storefront): NonNullable<LookupItem['offers']>[number] {
  const price = title.price ?? 0
  const isBook = title.kind === 'epubBook'
  return {
    type: price > 0 ? 'buy' : 'get',
    price,
    priceFormatted: new Intl.NumberFormat(language, { style: 'currency', currency }).format(price),
    ...(!isBook && {
      version: { display: title.version ?? '1.0', externalId: Number(title.adamId) % 1_000_000_000 },
    }),
    assets: [
      { flavor: title.kind === 'desktopApp' ? 'macSoftware' : 'iosSoftware', size: title.size ?? 48_000_000 },
    ],
  }
}
