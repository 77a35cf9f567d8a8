/**
 * Whether a title runs on a device (C2), so that nobody is offered, and no license spent on, what cannot be installed.
 *
 * What is not known never excludes: a directory is often filled by hand, and Apple leaves fields out. The database
 * decides the same for whole sets by its function `unfit_reason`; one table of cases is run through both.
 */
import { isOlder } from './os-version.ts'

/** What the directory knows of a device. */
export interface FittingDevice {
  readonly platform: string | null
  readonly osVersion: string | null
  /** As people or Apple write it: `iPad Air (5th generation)`, `iPhone15,2`. */
  readonly model: string | null
}

/** What Apple tells of a title. */
export interface FittingTitle {
  /** `supportedPlatforms` of the license service; it says iOS for iPadOS too. */
  readonly supportedPlatforms: readonly string[]
  /** `deviceFamilies` of the store: `iphone`, `ipad`, `ipod`, `mac`, `tvos`, `watch`, `realityDevice`. */
  readonly deviceFamilies: readonly string[]
  readonly kind: 'app' | 'mac_app' | 'book' | null
  readonly minimumOs: string | null
}

/** Why a title does not run on a device. */
export const unfitReasons = ['wrong_platform', 'wrong_family', 'os_too_old'] as const

export type UnfitReason = (typeof unfitReasons)[number]

/** The reason why a title does not run there, the most lasting one first; null when it does, or may. */
export function unfitReason(device: FittingDevice, title: FittingTitle): UnfitReason | null {
  if (title.kind === 'book') return null
  const platforms = platformsOfTitle(title)
  const platform = device.platform === 'iPadOS' ? 'iOS' : device.platform
  if (platform !== null && platforms.length > 0 && !platforms.includes(platform)) return 'wrong_platform'
  if (isHandheld(device) && isForTabletsOnly(title)) return 'wrong_family'
  if (platform === null || platform !== platformOfMinimum(title, platforms)) return null
  return isOlder(device.osVersion, title.minimumOs) ? 'os_too_old' : null
}

const platformOfFamily: Readonly<Record<string, string>> = {
  iphone: 'iOS',
  ipad: 'iOS',
  ipod: 'iOS',
  mac: 'macOS',
  tvos: 'tvOS',
  watch: 'watchOS',
  realityDevice: 'visionOS',
}

/** Where a title runs by what the license service or the store says; empty when neither does. */
function platformsOfTitle(title: FittingTitle): readonly string[] {
  const byFamily = title.deviceFamilies.flatMap((family) => platformOfFamily[family] ?? [])
  return [...new Set([...title.supportedPlatforms, ...byFamily])]
}

/** An iPhone or iPod touch. A device of which only iOS is known may be an iPad. */
const isHandheld = ({ model }: FittingDevice): boolean => /^ *(iphone|ipod)/i.test(model ?? '')

/** Apps for the iPhone run on an iPad, but not the other way round. */
const isForTabletsOnly = ({ deviceFamilies }: FittingTitle): boolean =>
  deviceFamilies.includes('ipad') && !deviceFamilies.includes('iphone') && !deviceFamilies.includes('ipod')

/**
 * The platform that the one minimum of the lookup speaks of: of a title for one platform that one, of a universal one
 * the one it was made for.
 */
function platformOfMinimum(title: FittingTitle, platforms: readonly string[]): string | undefined {
  if (platforms.length === 1) return platforms[0]
  return title.kind === 'mac_app' ? 'macOS' : 'iOS'
}
