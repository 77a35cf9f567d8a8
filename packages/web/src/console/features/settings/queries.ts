/** API keys (P4). */
import { unwrap } from '@apportion/api-client/client'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: async ({ signal }) => unwrap(await api.GET('/api/v1/api-keys', { signal })).items,
})

export function useCreateApiKey() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ name, days }: { readonly name: string; readonly days: number | null }) => {
      const expiresAt = days === null ? null : new Date(Date.now() + days * 86_400_000).toISOString()
      return unwrap(await api.POST('/api/v1/api-keys', { body: { name, expiresAt } }))
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  })
}

export function useRevokeApiKey() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (id: string) => {
      unwrap(await api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } }))
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  })
}
