/** Reads a title of the Apps and Books Metadata for Organizations API. */
import { isObject, type JsonObject } from './answer.ts'
import type { TitleMetadata } from './title.ts'
import { artworkOf, flag, platformsOfFamilies, present, priceOf, text, texts } from './title-fields.ts'

/** The title of a record; `undefined` when it has no name, as if Apple did not know it. */
export function readOrganizationTitle(adamId: string, record: JsonObject): TitleMetadata | undefined {
  const its = isObject(record.attributes) ? record.attributes : {}
  const name = text(its.name)
  if (name === undefined) return undefined
  const platforms = platformsOfFamilies(its.deviceFamilies)
  const isMacAlone = platforms.length === 1 && platforms[0] === 'macOS'
  const details = platformDetails(its, isMacAlone)
  const [firstOffer]: readonly unknown[] = Array.isArray(its.offers) ? its.offers : []
  return {
    adamId,
    name,
    kind: record.type === 'books' ? 'epubBook' : isMacAlone ? 'desktopApp' : 'iosSoftware',
    platforms,
    deviceFamilies: texts(its.deviceFamilies),
    genres: texts(its.genreNames),
    isCustomApp: its.isB2BCustomApp === true,
    ...present('bundleId', text(its.bundleId) ?? text(details.bundleId)),
    ...present('publisher', text(its.artistName)),
    ...present('artworkTemplate', artworkOf(its.artwork) ?? artworkOf(details.artwork)),
    ...present('version', versionOf(its) ?? versionOf(details)),
    ...present('minimumOsVersion', text(isMacAlone ? its.minimumMacOSVersion : its.minimumOSVersion)),
    ...priceOf(isObject(firstOffer) ? firstOffer : {}),
    ...present('storeUrl', text(its.url)),
    ...present('releaseDate', text(its.releaseDate)),
    ...present('deviceAssignable', flag(its.isVppDeviceBasedLicensingEnabled)),
    ...present('description', descriptionOf(its.description)),
  }
}

/** What is told for one platform: that of the title, or the first there is. */
function platformDetails({ platformAttributes }: JsonObject, isMacAlone: boolean): JsonObject {
  if (!isObject(platformAttributes)) return {}
  const order = isMacAlone ? ['osx'] : ['ios', 'osx', 'appletvos']
  return order.map((platform) => platformAttributes[platform]).find(isObject) ?? {}
}

function versionOf({ latestVersionInfo }: JsonObject): string | undefined {
  return isObject(latestVersionInfo) ? text(latestVersionInfo.versionDisplay) : undefined
}

function descriptionOf(description: unknown): string | undefined {
  return isObject(description) ? text(description.standard) : text(description)
}
