/**
 * What two more services of Apple tell of titles: the Apps and Books Metadata for Organizations API, which wants a
 * developer's key, and the public lookup, which wants nothing. Every field may be missing or null.
 */
import type { Open } from './messages.ts'

/** Answer of `/catalog/{storefront}/stoken-authenticated-apps` and its neighbors. */
export interface OrganizationCatalogResponse {
  readonly data?: readonly OrganizationTitle[] | null
}

export interface OrganizationTitle {
  readonly id?: string | null
  readonly type?: Open<'apps' | 'books' | 'in-apps'> | null
  readonly href?: string | null
  readonly attributes?: OrganizationAttributes | null
}

export interface OrganizationAttributes {
  readonly name?: string | null
  readonly bundleId?: string | null
  readonly artistName?: string | null
  readonly artwork?: OrganizationArtwork | null
  readonly deviceFamilies?: readonly string[] | null
  readonly minimumOSVersion?: string | null
  readonly minimumMacOSVersion?: string | null
  readonly isB2BCustomApp?: boolean | null
  readonly isVppDeviceBasedLicensingEnabled?: boolean | null
  readonly genreNames?: readonly string[] | null
  readonly releaseDate?: string | null
  readonly offers?: readonly OrganizationOffer[] | null
  readonly url?: string | null
  /** Only when asked for with `extend[apps]`. */
  readonly latestVersionInfo?: VersionInfo | null
  /** By platform (`ios`, `osx`, `appletvos`), only when asked for with `additionalPlatforms`. */
  readonly platformAttributes?: Readonly<Record<string, PlatformAttributes>> | null
}

/** `url` is a template as in the lookup: replace `{w}`, `{h}` and `{f}`. */
export interface OrganizationArtwork {
  readonly url?: string | null
  readonly width?: number | null
  readonly height?: number | null
}

export interface OrganizationOffer {
  readonly type?: string | null
  readonly price?: number | null
  readonly priceFormatted?: string | null
  readonly currencyCode?: string | null
}

export interface VersionInfo {
  readonly versionDisplay?: string | null
}

export interface PlatformAttributes {
  readonly bundleId?: string | null
  readonly artwork?: OrganizationArtwork | null
  readonly latestVersionInfo?: VersionInfo | null
}

/** The body of a refusal: 401 for the developer's key, 403 with code 40300 for the content token. */
export interface OrganizationCatalogErrors {
  readonly errors?: readonly {
    readonly id?: string
    readonly title?: string
    readonly detail?: string
    readonly status?: string
    readonly code?: string
  }[]
}

/** Answer of the public lookup, sent as `text/javascript`. */
export interface PublicLookupResponse {
  readonly resultCount?: number
  readonly results?: readonly PublicLookupItem[]
}

export interface PublicLookupItem {
  /** The adamId. */
  readonly trackId?: number | null
  readonly trackName?: string | null
  readonly kind?: Open<'software' | 'mac-software' | 'ebook'> | null
  readonly bundleId?: string | null
  readonly version?: string | null
  /** Sizes in pixels; the largest is a picture, not a template. */
  readonly artworkUrl60?: string | null
  readonly artworkUrl100?: string | null
  readonly artworkUrl512?: string | null
  readonly price?: number | null
  readonly formattedPrice?: string | null
  readonly currency?: string | null
  /** Names such as `iPhone15-iPhone15`; missing for Mac software. */
  readonly supportedDevices?: readonly string[] | null
  readonly minimumOsVersion?: string | null
  /** The seller; books name their author as `artistName`. */
  readonly sellerName?: string | null
  readonly artistName?: string | null
  readonly primaryGenreName?: string | null
  readonly genres?: readonly string[] | null
  readonly releaseDate?: string | null
  readonly trackViewUrl?: string | null
  readonly description?: string | null
}
