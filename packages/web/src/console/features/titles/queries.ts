/** Titles over all locations, what changed of them, and what fits a device (C2, C3, C4). */
import { unwrap } from '@apportion/api-client/client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import { type AssetsSearch, askedOf } from '../apps/search.ts'

const page = 100

export function titlesQuery(shown: AssetsSearch) {
  const search = askedOf(shown)
  return pagedQuery(['titles', search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/titles', {
        params: { query: setOnly({ ...search, cursor, limit: page }) },
        signal,
      }),
    ),
  )
}

/** One title; each page has the title as it is and some of its pools. */
export function titleQuery(adamId: string) {
  return infiniteQueryOptions({
    queryKey: ['titles', adamId],
    queryFn: async ({ pageParam, signal }) =>
      unwrap(
        await api.GET('/api/v1/titles/{adamId}', {
          params: { path: { adamId }, query: setOnly({ cursor: pageParam, limit: page }) },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ pools }) => pools.nextCursor ?? undefined,
    refetchInterval: 30_000,
  })
}

/** C3: how many pools a title has. */
export function poolsQuery(adamId: string) {
  return queryOptions({
    queryKey: ['titles', adamId, 'pools'],
    queryFn: async ({ signal }) =>
      unwrap(
        await api.GET('/api/v1/titles/{adamId}', {
          params: { path: { adamId }, query: { limit: 1 } },
          signal,
        }),
      ).poolCount,
  })
}

export function changesQuery(of: { readonly adamId: string } | { readonly assetId: number }) {
  return pagedQuery(['title-changes', of], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/title-changes', {
        params: { query: setOnly({ ...of, cursor, limit: 20 }) },
        signal,
      }),
    ),
  )
}

export function deviceTitlesQuery(
  id: number,
  search: { readonly q?: string | undefined; readonly show: 'fitting' | 'unfit' },
) {
  return pagedQuery(['devices', id, 'titles', search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/devices/{id}/titles', {
        params: { path: { id }, query: setOnly({ ...search, cursor, limit: 50 }) },
        signal,
      }),
    ),
  )
}
