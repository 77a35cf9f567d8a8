/** Users of the directory (A1). */
import { unwrap } from '@apportion/api-client/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'

export function usersQuery(search: {
  readonly q?: string | undefined
  readonly groupId?: number | undefined
}) {
  return pagedQuery(['users', search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/users', {
        params: { query: setOnly({ ...search, cursor, limit: 100 }) },
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
}

export function usePutUser() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (body: UserFields) => unwrap(await api.POST('/api/v1/users', { body: { ...body } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['users'] }),
  })
}
