/** Content tokens: reading, adding, renewing and syncing (T1, T3, T5, S1). */
import { unwrap } from '@apportion/api-client/client'
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
    mutationFn: async (content: string) =>
      unwrap(await api.PUT('/api/v1/tokens/{id}/content', { params: { path: { id } }, body: { content } })),
    onSuccess: changed,
  })
}

/** What can be changed of a token that is here. */
export interface TokenChange {
  readonly name: string
  readonly account: string | null
  readonly automaticUpdates: boolean
  readonly syncEveryMinutes: number
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

function useTokensChanged() {
  const queries = useQueryClient()
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['tokens'] }),
      queries.invalidateQueries({ queryKey: ['overview'] }),
    ])
  }
}
