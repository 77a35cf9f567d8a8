/** What the list of apps and books keeps in its address. */
import { type InstallState, installStates } from '@apportion/core/installs/install'
import { choiceParam, idParam, textParam } from '../../../shared/search-params.ts'

export const kinds = ['app', 'mac_app', 'book'] as const
export const platforms = ['iOS', 'iPadOS', 'macOS', 'tvOS', 'watchOS', 'visionOS'] as const
export const shows = [
  'waiting',
  'shortage',
  'unused',
  'not_licensed',
  'not_in_store',
  'not_device_assignable',
  'changed',
] as const
/** C3: each title once, or one row for each content token that owns it. */
export const groupings = ['title'] as const
export const sorts = ['name', 'available', 'used', 'waiting'] as const

/** A missing choice means all of them, a missing sort by name, and a missing grouping one row per token. */
export interface AssetsSearch {
  readonly by?: (typeof groupings)[number] | undefined
  readonly q?: string | undefined
  readonly tokenId?: number | undefined
  readonly kind?: (typeof kinds)[number] | undefined
  readonly platform?: (typeof platforms)[number] | undefined
  readonly show?: (typeof shows)[number] | undefined
  readonly sort?: (typeof sorts)[number] | undefined
}

/** Reads it from an address; what is not understood is left out. */
export function assetsSearch(search: Record<string, unknown>): AssetsSearch {
  return {
    by: choiceParam(search.by, groupings),
    q: textParam(search.q),
    tokenId: idParam(search.tokenId),
    kind: choiceParam(search.kind, kinds),
    platform: choiceParam(search.platform, platforms),
    show: choiceParam(search.show, shows),
    sort: choiceParam(search.sort, sorts),
  }
}

/** What the API is asked for; how rows are grouped decides only whom it is asked of. */
export function askedOf({ q, tokenId, kind, platform, show, sort }: AssetsSearch): Omit<AssetsSearch, 'by'> {
  return { q, tokenId, kind, platform, show, sort }
}

export const tabs = [
  'holders',
  'devices',
  'forecast',
  'assignments',
  'history',
  'operations',
  'about',
] as const
export const holderFilters = ['held', 'outside', 'granting', 'releasing', 'waiting', 'withheld'] as const

/** What the page of one asset keeps in its address: the tab, and which holders or installations are shown. */
export interface AssetSearch {
  readonly tab?: (typeof tabs)[number] | undefined
  readonly q?: string | undefined
  readonly state?: (typeof holderFilters)[number] | undefined
  /** The state on devices. */
  readonly on?: InstallState | undefined
}

export function assetSearch(search: Record<string, unknown>): AssetSearch {
  return {
    tab: choiceParam(search.tab, tabs),
    q: textParam(search.q),
    state: choiceParam(search.state, holderFilters),
    on: choiceParam(search.on, installStates),
  }
}
