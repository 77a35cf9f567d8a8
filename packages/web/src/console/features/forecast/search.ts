/** What the page of the forecast keeps in its address. */
import { type Horizon, horizons } from '@apportion/core/forecast/forecast'
import { choiceParam, idParam } from '../../../shared/search-params.ts'

/** Days within which a list shows what runs out. */
export const spans = [30, 90] as const

export interface ForecastAddress {
  readonly view?: 'buy' | undefined
  readonly tokenId?: number | undefined
  readonly within?: (typeof spans)[number] | undefined
  readonly horizon?: Horizon | undefined
  readonly cautious?: 'yes' | undefined
}

/** Reads it from an address; what is not understood is left out. */
export function forecastSearch(search: Record<string, unknown>): ForecastAddress {
  return {
    view: choiceParam(search.view, ['buy'] as const),
    tokenId: idParam(search.tokenId),
    within: spans.find((span) => span === Number(search.within)),
    horizon: horizons.find((horizon) => horizon === Number(search.horizon)),
    cautious: choiceParam(search.cautious, ['yes'] as const),
  }
}

/** A quarter of a year, unless another is chosen. */
export const horizonOf = ({ horizon }: ForecastAddress): Horizon => horizon ?? 90
