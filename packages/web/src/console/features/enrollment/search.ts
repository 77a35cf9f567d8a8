/** What the enrollment page keeps in its address: the tab, without one the devices; and which devices are listed. */
import { choiceParam, textParam } from '../../../shared/search-params.ts'

export const enrollmentTabs = ['links', 'settings'] as const
export const enrollmentStates = ['enrolled', 'authenticated', 'left'] as const

export interface EnrollmentSearch {
  readonly tab?: (typeof enrollmentTabs)[number] | undefined
  readonly q?: string | undefined
  readonly state?: (typeof enrollmentStates)[number] | undefined
}

/** Reads it from an address; what is not understood is left out. */
export function enrollmentSearch(search: Record<string, unknown>): EnrollmentSearch {
  return {
    tab: choiceParam(search.tab, enrollmentTabs),
    q: textParam(search.q),
    state: choiceParam(search.state, enrollmentStates),
  }
}
