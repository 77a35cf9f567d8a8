/** Users of the directory (A1). */
import { unwrap } from '@apportion/api-client/client'
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'

export function usersQuery(search: {
  readonly q?: string | undefined
  readonly groupId?: number | undefined
  /** Without those who are in the group only by way of another. */
  readonly direct?: boolean | undefined
}) {
  return pagedQuery(['users', search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/users', {
        params: {
          query: setOnly({ ...search, direct: search.direct ? 'true' : undefined, cursor, limit: 100 }),
        },
        signal,
      }),
    ),
  )
}

export interface UserFields {
  readonly userName: string
  readonly name: string
  readonly email: string | null
  readonly department: string | null
  readonly active: boolean
  readonly managedAppleAccount: string | null
}

export function usePutUser() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (body: UserFields) => unwrap(await api.POST('/api/v1/users', { body: { ...body } })),
    onSuccess: () => readAgain(queries),
  })
}

export function useRemoveUser() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (id: number) => {
      unwrap(await api.DELETE('/api/v1/users/{id}', { params: { path: { id } } }))
    },
    onSuccess: () => readAgain(queries),
  })
}

/** People decide who is in which group, and whose a device is. */
async function readAgain(queries: QueryClient): Promise<void> {
  const concerned = ['users', 'groups', 'devices', 'overview']
  await Promise.all(concerned.map((key) => queries.invalidateQueries({ queryKey: [key] })))
}
