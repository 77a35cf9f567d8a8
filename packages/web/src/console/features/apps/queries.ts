/** Assets, their counts and their holders (L1, C1). */
import { unwrap } from '@apportion/api-client/client'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { Asset } from '../../../shared/api/shapes.ts'
import { type AssetSearch, type AssetsSearch, askedOf } from './search.ts'

const whileMoving = 1_500
const whileWaiting = 5_000
const whileResting = 30_000
const page = 100

export function assetsQuery(shown: AssetsSearch) {
  const search = askedOf(shown)
  return pagedQuery(['assets', search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/assets', {
        params: { query: setOnly({ ...search, cursor, limit: page }) },
        signal,
      }),
    ),
  )
}

/**
 * How soon an asset is worth reading again, in milliseconds: at once while licenses are on their way
 * or could be, soon while someone waits for one, later otherwise.
 */
function readAgainAfter({ granting, waiting, available }: Asset['counts']): number {
  if (granting > 0 || (waiting > 0 && available !== 0)) return whileMoving
  return waiting > 0 ? whileWaiting : whileResting
}

/** One asset, followed closely while its licenses move. */
export function assetQuery(id: number) {
  return queryOptions({
    queryKey: ['assets', id],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/v1/assets/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) =>
      state.data === undefined ? whileResting : readAgainAfter(state.data.counts),
  })
}

export function holdersQuery(id: number, search: Pick<AssetSearch, 'q' | 'state'>) {
  return pagedQuery(['assets', id, 'holders', search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/assets/{id}/holders', {
        params: { path: { id }, query: setOnly({ ...search, cursor, limit: page }) },
        signal,
      }),
    ),
  )
}
