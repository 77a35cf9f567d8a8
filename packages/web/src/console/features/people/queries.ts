/** People at Apple (U1) and licenses that are spent twice (L14). */
import { unwrap } from '@apportion/api-client/client'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { DoubleSpend, UserDetail } from '../../../shared/api/shapes.ts'

const whileMoving = 3_000

/** One user with the joins, followed while a registration is on its way. */
export function userQuery(id: number) {
  return queryOptions({
    queryKey: ['users', id],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/v1/users/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (isMoving(state.data) ? whileMoving : false),
  })
}

const isMoving = (user: UserDetail | undefined): boolean =>
  user?.joins.some(({ state }) => state === 'registering') === true

interface PersonAt {
  readonly id: number
  readonly tokenId: number
}

/** Asks for the address of an invitation. It is a secret, so it is kept nowhere but in the page that asked. */
export function useInvitation() {
  return useMutation({
    gcTime: 0,
    mutationFn: async (path: PersonAt) =>
      unwrap(await api.POST('/api/v1/users/{id}/joins/{tokenId}/invitation', { params: { path } })).url,
  })
}

/** Tries again what Apple refused. */
export function useRetry() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (path: PersonAt) =>
      unwrap(await api.POST('/api/v1/users/{id}/joins/{tokenId}/retry', { params: { path } })),
    onSuccess: (_done, { id }) => queries.invalidateQueries({ queryKey: ['users', id] }),
  })
}

/** The pairs of a kind. */
export function doubleSpendQuery(kind: DoubleSpend['kind']) {
  return pagedQuery(['double-spend', kind], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/double-spend', {
        params: { query: { kind, ...setOnly({ cursor, limit: 100 }) } },
        signal,
      }),
    ),
  )
}

/** How many pairs there are of each kind. */
export const doubleSpendSummaryQuery = queryOptions({
  queryKey: ['double-spend', 'summary'],
  queryFn: async ({ signal }) => unwrap(await api.GET('/api/v1/double-spend/summary', { signal })),
})
