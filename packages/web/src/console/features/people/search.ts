/** What the page of licenses spent twice keeps in its address. */
import { choiceParam } from '../../../shared/search-params.ts'

export const doubleSpendKinds = ['device_and_user', 'two_accounts', 'two_locations'] as const

export interface DoubleSpendAddress {
  readonly kind?: (typeof doubleSpendKinds)[number] | undefined
}

/** Reads it from an address; what is not understood is left out. */
export const doubleSpendSearch = (search: Record<string, unknown>): DoubleSpendAddress => ({
  kind: choiceParam(search.kind, doubleSpendKinds),
})
