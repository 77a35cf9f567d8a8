/** What the page of licenses spent twice keeps in its address. */
import { type DoubleSpendKind, doubleSpendKinds } from '@apportion/core/people/double-spend'
import { choiceParam } from '../../../shared/search-params.ts'

export interface DoubleSpendAddress {
  readonly kind?: DoubleSpendKind | undefined
}

/** Reads it from an address; what is not understood is left out. */
export const doubleSpendSearch = (search: Record<string, unknown>): DoubleSpendAddress => ({
  kind: choiceParam(search.kind, doubleSpendKinds),
})
