/** How the metadata API for organizations shows a title: attributes, more of them on request, and by platform. */

import {
  type Catalog,
  forMac,
  formattedPrice,
  nameIn,
  priceIn,
  type Storefront,
  type Title,
} from './catalog.ts'
import { versionIdOf } from './external-version.ts'
import type { Subscription } from './subscription-book.ts'

export interface Resource {
  readonly id: string
  readonly type: 'apps' | 'books' | 'in-apps'
  readonly href: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** What a request asked for. */
export interface Asked {
  readonly storefront: Storefront
  /** `http://host:port` of the icons. */
  readonly origin: string
  /** Device families of `platform` and `additionalPlatforms`. */
  readonly platforms: readonly string[]
  /** Whether `platformAttributes` were asked for. */
  readonly withPlatforms: boolean
  /** Names of `extend`. */
  readonly extended: ReadonlySet<string>
}

/** The operating system by which `platformAttributes` names what runs on a device family. */
const SYSTEM_OF: Readonly<Record<string, 'ios' | 'osx' | 'appletvos'>> = {
  iphone: 'ios',
  ipad: 'ios',
  ipod: 'ios',
  mac: 'osx',
  tvos: 'appletvos',
}

/** An app or a book; books lack everything that belongs to software. */
export function titleResource(title: Title, asked: Asked): Resource {
  const { storefront, origin, extended } = asked
  const isBook = title.kind === 'epubBook'
  const type = isBook ? 'books' : 'apps'
  const country = storefront.country.toLowerCase()
  const more = extendedAttributes(title)
  return {
    id: title.adamId,
    type,
    href: `/v1/catalog/${country}/${type}/${title.adamId}`,
    attributes: {
      name: nameIn(title, storefront),
      artistName: title.publisher,
      artwork: artwork(title.adamId, origin),
      offers: [offer(title, storefront)],
      url: `https://apps.apple.com/${country}/${isBook ? 'book' : 'app'}/id${title.adamId}`,
      ...(!isBook && software(title)),
      ...(!isBook && asked.withPlatforms && { platformAttributes: byPlatform(title, asked) }),
      ...Object.fromEntries(Object.entries(more).filter(([name]) => extended.has(name))),
    },
  }
}

/** A subscription that the caller owns, by the name of the app it belongs to. */
export function inAppResource(
  { adamId, parentAdamId }: Subscription,
  { storefront, origin }: Asked,
  catalog: Catalog,
): Resource {
  const parent = parentAdamId === null ? undefined : catalog.find(String(parentAdamId))
  return {
    id: String(adamId),
    type: 'in-apps',
    href: `/v1/catalog/${storefront.country.toLowerCase()}/in-apps/${adamId}`,
    attributes: {
      name: `${parent?.name ?? 'App'} subscription ${adamId}`,
      ...(parent && { artistName: parent.publisher, artwork: artwork(parent.adamId, origin) }),
      offerName: `subscription.${adamId}`,
    },
  }
}

function software(title: Title): Readonly<Record<string, unknown>> {
  const families = familiesOf(title)
  return {
    bundleId: title.bundleId ?? null,
    deviceFamilies: families,
    externalVersionId: versionIdOf(title),
    minimumOSVersion: title.minimumOSVersion ?? '17.0',
    ...(families.includes('mac') && { minimumMacOSVersion: forMac(title).minimumOSVersion ?? '14.0' }),
    isB2BCustomApp: title.custom === true,
    isVppDeviceBasedLicensingEnabled: title.deviceAssignable !== false,
    isIOSBinaryMacOSCompatible: title.kind === 'iosSoftware' && !families.includes('mac'),
  }
}

function byPlatform(title: Title, { platforms, origin, extended }: Asked): Readonly<Record<string, unknown>> {
  const families: readonly string[] = familiesOf(title)
  const systems = platforms
    .filter((family) => families.includes(family))
    .map((family) => SYSTEM_OF[family])
    .filter((system) => system !== undefined)
  const { latestVersionInfo } = extendedAttributes(title)
  const attributes = {
    bundleId: title.bundleId ?? null,
    artwork: artwork(title.adamId, origin),
    externalVersionId: versionIdOf(title),
    ...(extended.has('latestVersionInfo') && { latestVersionInfo }),
  }
  return Object.fromEntries(systems.map((system) => [system, attributes]))
}

/** Only what was asked for by name is shown of these. */
function extendedAttributes(title: Title): Readonly<Record<string, unknown>> {
  const versionDisplay = title.version ?? '1.0'
  const releaseDate = title.releaseDate ?? '2020-01-01'
  const families: readonly string[] = familiesOf(title)
  return {
    description: { standard: title.description ?? '' },
    fileSizeByDevice: Object.fromEntries(families.map((family) => [family, title.size ?? 48_000_000])),
    languageList: ['EN'],
    latestVersionInfo: { versionDisplay, releaseDate },
    requirementsByDeviceFamily: Object.fromEntries(
      families.map((family) => [family, { minimumOSVersion: title.minimumOSVersion ?? '17.0' }]),
    ),
    screenshotsByType: {},
    versionHistory: [{ versionDisplay, releaseDate }],
    privacyPolicyUrl: null,
    supportURLForLanguage: null,
    websiteUrl: null,
  }
}

function offer(title: Title, storefront: Storefront): Readonly<Record<string, unknown>> {
  const price = priceIn(title, storefront)
  const flavor = title.kind === 'desktopApp' ? 'macSoftware' : 'iosSoftware'
  return {
    type: price > 0 ? 'buy' : 'get',
    price,
    priceFormatted: formattedPrice(price, storefront),
    currencyCode: storefront.currency,
    assets: [{ flavor, size: title.size ?? 48_000_000 }],
  }
}

const artwork = (adamId: string, origin: string): Readonly<Record<string, unknown>> => ({
  url: `${origin}/icons/${adamId}/{w}x{h}bb.{f}`,
  width: 1024,
  height: 1024,
})

const familiesOf = ({ deviceFamilies, kind }: Title): NonNullable<Title['deviceFamilies']> =>
  deviceFamilies ?? (kind === 'desktopApp' ? ['mac'] : ['iphone', 'ipad'])
