/** What the page of a preview or record keeps in its address. */
import { choiceParam, textParam } from '../../../shared/search-params.ts'

export const outcomes = [
  'asked',
  'taken',
  'refused',
  'kept',
  'adopted',
  'withheld',
  'skipped',
  'giving',
  'given',
  'not_given',
  'queued',
] as const

export interface InterventionSearch {
  readonly q?: string | undefined
  readonly outcome?: (typeof outcomes)[number] | undefined
}

/** Reads it from an address; what is not understood is left out. */
export function interventionSearch(search: Record<string, unknown>): InterventionSearch {
  return { q: textParam(search.q), outcome: choiceParam(search.outcome, outcomes) }
}
