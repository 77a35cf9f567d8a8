/** Forecasts and what to buy (L10). */
import { unwrap } from '@apportion/api-client/client'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import { type ForecastAddress, horizonOf } from './search.ts'

const page = 100
/** What is bought and given changes a forecast within minutes, not seconds. */
const readAgain = 60_000

export function assetForecastQuery(id: number) {
  return queryOptions({
    queryKey: ['forecast', id],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/v1/assets/{id}/forecast', { params: { path: { id } }, signal })),
    refetchInterval: readAgain,
  })
}

export function forecastsQuery({ tokenId, within }: ForecastAddress) {
  return pagedQuery(['forecast', 'list', { tokenId, within }], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/forecast', {
        params: { query: setOnly({ tokenId, within, cursor, limit: page }) },
        signal,
      }),
    ),
  )
}

/** What the address asks for, as the API wants it. */
function wishOf(address: ForecastAddress) {
  return {
    tokenId: address.tokenId,
    horizon: horizonOf(address),
    cautious: address.cautious === undefined ? undefined : 'true',
  }
}

export function shoppingListQuery(address: ForecastAddress) {
  const wish = wishOf(address)
  return pagedQuery(['forecast', 'shopping', wish], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/shopping-list', {
        params: { query: setOnly({ ...wish, cursor, limit: page }) },
        signal,
      }),
    ),
  )
}

/** Where the same list can be had as CSV. */
export function shoppingListCsvAddress(address: ForecastAddress): string {
  const query = Object.entries(setOnly(wishOf(address))).map(([name, value]) => [name, String(value)])
  return `/api/v1/shopping-list.csv?${new URLSearchParams(query)}`
}
