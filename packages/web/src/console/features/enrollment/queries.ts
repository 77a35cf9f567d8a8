/** Devices under management, what brings them there, and how apps come to them (D1, D6). */
import { unwrap, unwrapOrNull } from '@apportion/api-client/client'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { NewEnrollmentLink, PushUpload } from '../../../shared/api/shapes.ts'
import type { EnrollmentSearch } from './search.ts'

const followEvery = 15_000

/** The current one first. */
export const pushCertificatesQuery = queryOptions({
  queryKey: ['push-certificates'],
  queryFn: async ({ signal }) => unwrap(await api.GET('/api/v1/push-certificates', { signal })).items,
  refetchInterval: followEvery,
})

/** The signing request whose certificate is not back yet; null when none is open. */
export const signingRequestQuery = queryOptions({
  queryKey: ['push-signing-request'],
  queryFn: async ({ signal }) =>
    unwrapOrNull(await api.GET('/api/v1/push-signing-request', { signal }), 'push.request_unknown'),
})

/** Where the browser downloads the open request from. */
export const signingRequestAddress = '/api/v1/push-signing-request/file'

/** Makes a key and the request for it; `replace` gives an open one up. */
export function useMakeSigningRequest() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (replace: boolean) =>
      unwrap(await api.POST('/api/v1/push-signing-request', { body: { replace } })),
    onSettled: () => queries.invalidateQueries({ queryKey: signingRequestQuery.queryKey }),
  })
}

/** Takes a certificate into use, or renews the one with its topic. */
export function useUploadPushCertificate() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (body: PushUpload) => unwrap(await api.POST('/api/v1/push-certificates', { body })),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: pushCertificatesQuery.queryKey }),
        queries.invalidateQueries({ queryKey: signingRequestQuery.queryKey }),
      ]),
  })
}

/** Newest first, without their addresses; followed, since devices use them up. */
export function enrollmentLinksQuery() {
  return {
    ...pagedQuery(['enrollment-links'], async ({ cursor, signal }) =>
      unwrap(
        await api.GET('/api/v1/enrollment-links', {
          params: { query: setOnly({ cursor, limit: 50 }) },
          signal,
        }),
      ),
    ),
    refetchInterval: followEvery,
  }
}

/** Its answer has the address, this once. */
export function useCreateLink() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (body: NewEnrollmentLink) =>
      unwrap(await api.POST('/api/v1/enrollment-links', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['enrollment-links'] }),
  })
}

export function useRevokeLink() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (id: string) => {
      unwrap(await api.DELETE('/api/v1/enrollment-links/{id}', { params: { path: { id } } }))
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['enrollment-links'] }),
  })
}

/** A list is followed while no more pages of it are shown: each of them would be read again. */
const followedPages = 1

/** Who is under management and who left. */
export function enrollmentsQuery(search: Pick<EnrollmentSearch, 'q' | 'state'>) {
  return {
    ...pagedQuery(['enrollments', 'list', search], async ({ cursor, signal }) =>
      unwrap(
        await api.GET('/api/v1/enrollments', {
          params: { query: setOnly({ ...search, cursor, limit: 100 }) },
          signal,
        }),
      ),
    ),
    refetchInterval: ({
      state: { data },
    }: {
      state: { data?: { pages: readonly unknown[] } | undefined }
    }) => ((data?.pages.length ?? 0) <= followedPages ? followEvery : (false as const)),
  }
}

/** Whether apps come by declaration where a device can do that. */
export const declarativeAppsQuery = queryOptions({
  queryKey: ['settings', 'declarative-apps'],
  queryFn: async ({ signal }) => unwrap(await api.GET('/api/v1/settings/declarative-apps', { signal })),
})

/** Switches it, for what begins from then on. */
export function useDeclarativeApps() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (enabled: boolean) =>
      unwrap(await api.PUT('/api/v1/settings/declarative-apps', { body: { enabled } })),
    onSuccess: (answer) => queries.setQueryData(declarativeAppsQuery.queryKey, answer),
    onError: () => queries.invalidateQueries({ queryKey: declarativeAppsQuery.queryKey }),
  })
}
