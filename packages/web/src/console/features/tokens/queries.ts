/** Content tokens: reading, adding, renewing, taking over, deleting and syncing (T1 to T8, S1, S4). */
import { type Answer, unwrap } from '@apportion/api-client/client'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { SyncRun, Token } from '../../../shared/api/shapes.ts'

const whileSyncing = 1_000
const whileResting = 30_000

/** Whether a sync is on its way. */
export function isUnderWay(sync: SyncRun | null): boolean {
  return sync?.state === 'waiting' || sync?.state === 'running'
}

/** The tokens; followed closely while one of them is being synced. */
export function tokensQuery(q?: string) {
  return {
    ...pagedQuery(['tokens', { q }], async ({ cursor, signal }) =>
      unwrap(
        await api.GET('/api/v1/tokens', { params: { query: setOnly({ q, cursor, limit: 100 }) }, signal }),
      ),
    ),
    refetchInterval: ({
      state,
    }: {
      state: { data?: { pages: readonly { items: readonly Token[] }[] } | undefined }
    }) =>
      state.data?.pages.some(({ items }) => items.some((token) => isUnderWay(token.latestSync)))
        ? whileSyncing
        : whileResting,
  }
}

export function tokenQuery(id: number) {
  return queryOptions({
    queryKey: ['tokens', id],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/v1/tokens/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) =>
      isUnderWay(state.data?.latestSync ?? null) ? whileSyncing : whileResting,
  })
}

export function syncsQuery(id: number) {
  return pagedQuery(['tokens', id, 'syncs'], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/tokens/{id}/syncs', {
        params: { path: { id }, query: setOnly({ cursor, limit: 20 }) },
        signal,
      }),
    ),
  )
}

/** What one sync found that was not known. */
export function findingsQuery(syncId: string) {
  return pagedQuery(['syncs', syncId, 'findings'], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/syncs/{id}/findings', {
        params: { path: { id: syncId }, query: setOnly({ cursor, limit: 100 }) },
        signal,
      }),
    ),
  )
}

/** Reads a token file and asks Apple about its location; stores nothing. */
export function useInspectToken() {
  return useMutation({
    mutationFn: async (content: string) =>
      unwrap(await api.POST('/api/v1/tokens/inspections', { body: { content } })),
  })
}

/** What is asked of the administrator when a token is added. */
export interface NewToken {
  readonly content: string
  readonly name: string
  readonly account: string
  readonly country: string
  readonly accountType: 'business' | 'education'
  readonly automaticUpdates: boolean
  readonly consent: boolean
  readonly takeOver: boolean
}

export function useAddToken() {
  const changed = useTokensChanged()
  return useMutation({
    mutationFn: async ({ account, ...rest }: NewToken) =>
      unwrap(await api.POST('/api/v1/tokens', { body: { ...rest, ...(account === '' ? {} : { account }) } })),
    onSuccess: changed,
  })
}

export function useRenewToken(id: number) {
  const changed = useTokensChanged()
  return useMutation({
    mutationFn: async (renewal: { readonly content: string; readonly acceptEarlier: boolean }) =>
      unwrap(await api.PUT('/api/v1/tokens/{id}/content', { params: { path: { id } }, body: renewal })),
    onSuccess: changed,
  })
}

/** What can be changed of a token that is here. */
export interface TokenChange {
  readonly name: string
  readonly account: string | null
  readonly automaticUpdates: boolean
  readonly updateHours: Token['updateHours']
  readonly syncEveryMinutes: number
  readonly country: string
  readonly accountType: 'business' | 'education'
}

export function useUpdateToken(id: number) {
  const changed = useTokensChanged()
  return useMutation({
    mutationFn: async (body: TokenChange) =>
      unwrap(await api.PATCH('/api/v1/tokens/{id}', { params: { path: { id } }, body: { ...body } })),
    onSuccess: changed,
  })
}

export function useStartSync(id: number) {
  const changed = useTokensChanged()
  return useMutation({
    mutationFn: async ({ everything }: { readonly everything: boolean }) =>
      unwrap(
        await api.POST('/api/v1/tokens/{id}/syncs', {
          params: { path: { id }, query: everything ? { everything: 'true' } : {} },
        }),
      ),
    onSuccess: changed,
  })
}

export function useTakeOver(id: number) {
  const changed = useTokensChanged()
  return useMutation({
    mutationFn: async () =>
      unwrap(
        await api.POST('/api/v1/tokens/{id}/claim', { params: { path: { id } }, body: { takeOver: true } }),
      ),
    onSuccess: changed,
  })
}

/** What a deletion would do, how far it is, or how it ended; followed while it runs. */
export function deletionQuery(id: number) {
  return queryOptions({
    queryKey: ['tokens', id, 'deletion'],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/v1/tokens/{id}/deletion', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? whileSyncing : false),
  })
}

export function useStartDeletion(id: number) {
  const changed = useTokensChanged()
  return useMutation({
    mutationFn: async (body: { readonly name: string; readonly licenses: 'release' | 'leave' }) =>
      unwrap(await api.POST('/api/v1/tokens/{id}/deletion', { params: { path: { id } }, body })),
    onSuccess: changed,
  })
}

export function useCancelDeletion(id: number) {
  const changed = useTokensChanged()
  return useMutation({
    mutationFn: async () =>
      unwrap(await api.DELETE('/api/v1/tokens/{id}/deletion', { params: { path: { id } } })),
    onSuccess: changed,
  })
}

/** What another country of the store would change (T7). */
export function countryChangeQuery(id: number, country: string) {
  return queryOptions({
    queryKey: ['tokens', id, 'country', country],
    queryFn: async ({ signal }) =>
      unwrap(
        await api.GET('/api/v1/tokens/{id}/country-change', {
          params: { path: { id }, query: { country } },
          signal,
        }),
      ),
  })
}

export type ServiceConfig = Answer<'getServiceConfig'>

/** What Apple publishes for all locations; Apple changes it without notice (S4). */
export const serviceConfigQuery = queryOptions({
  queryKey: ['service-config'],
  queryFn: async ({ signal }) => unwrap(await api.GET('/api/v1/apple/service-config', { signal })),
  refetchInterval: 60_000,
})

function useTokensChanged() {
  const queries = useQueryClient()
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['tokens'] }),
      queries.invalidateQueries({ queryKey: ['overview'] }),
    ])
  }
}
