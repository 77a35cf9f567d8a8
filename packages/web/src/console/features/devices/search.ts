/** What the page of one device keeps in its address: the tab; without one it shows the licenses. */
import { choiceParam } from '../../../shared/search-params.ts'

export const deviceTabs = ['installs', 'meant', 'history'] as const

export interface DeviceSearch {
  readonly tab?: (typeof deviceTabs)[number] | undefined
}

/** Reads it from an address; what is not understood is left out. */
export function deviceSearch(search: Record<string, unknown>): DeviceSearch {
  return { tab: choiceParam(search.tab, deviceTabs) }
}
