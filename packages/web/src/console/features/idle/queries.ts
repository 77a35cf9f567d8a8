/** Idle licenses (L11): what the last looks found, looking now, and the setting. */
import { unwrap } from '@apportion/api-client/client'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { IdleSearch } from './search.ts'

const whileLooking = 1_500

/** The counts by reason, followed while a look goes on. */
export function idleSummaryQuery(assetId: number | undefined) {
  return queryOptions({
    queryKey: ['idle', 'summary', assetId ?? null],
    queryFn: async ({ signal }) =>
      unwrap(
        await api.GET('/api/v1/idle-licenses/summary', { params: { query: setOnly({ assetId }) }, signal }),
      ),
    refetchInterval: ({ state }) => (state.data?.looking === true ? whileLooking : false),
  })
}

/** Each idle license, by app and holder. */
export function idleLicensesQuery(search: IdleSearch) {
  return pagedQuery(['idle', 'licenses', search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/idle-licenses', {
        params: { query: setOnly({ ...search, cursor, limit: 100 }) },
        signal,
      }),
    ),
  )
}

/** Looks now; the counts are followed until it is through. */
export function useLook() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () => unwrap(await api.POST('/api/v1/idle-licenses/look', { body: {} })),
    onSuccess: (summary) => {
      queries.setQueryData(idleSummaryQuery(undefined).queryKey, summary)
      // Of one app it is read again, so that the look is followed there as well.
      return queries.invalidateQueries({ queryKey: ['idle', 'summary'] })
    },
  })
}

/** Sets after how many days a device counts as not seen. */
export function useUnseenDays() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (unseenDays: number) =>
      unwrap(await api.PUT('/api/v1/idle-licenses/settings', { body: { unseenDays } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['idle'] }),
  })
}
