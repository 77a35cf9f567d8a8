/** What is meant for a device, and asking for what is offered to it (A2). */
import { unwrap } from '@apportion/api-client/client'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'

/** What assignments mean for a device, by which rule, and what of it is excluded. */
export function deviceTargetsQuery(id: number) {
  return queryOptions({
    queryKey: ['devices', id, 'targets'],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/v1/devices/{id}/targets', { params: { path: { id } }, signal })),
  })
}

/** Asks for an available app for a device, or takes that back; answers how it stands with the license then. */
export function useAsk(assetId: number, serialNumber: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (act: 'ask' | 'take_back') =>
      unwrap(
        await api.POST('/api/v1/assets/{id}/asks', {
          params: { path: { id: assetId } },
          body: { serialNumber, do: act },
        }),
      ),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['devices'] }),
        queries.invalidateQueries({ queryKey: ['assets'] }),
      ])
    },
  })
}
