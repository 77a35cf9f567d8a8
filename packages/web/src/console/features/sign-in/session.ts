/** Who is signed in, and the ways in and out (P1). */
import { Problem, unwrap } from '@apportion/api-client/client'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, rememberCsrfToken } from '../../../shared/api/client.ts'
import type { Session } from '../../../shared/api/shapes.ts'
import { isLanguage, type Language, speak } from '../../../shared/i18n/i18n.ts'

/** The session, or null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const session = unwrap(await api.GET('/api/v1/session', { signal }))
      await begin(session)
      return session
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null
      throw error
    }
  },
  staleTime: 5 * 60_000,
})

/** Whether the server waits for its first administrator. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: async ({ signal }) => unwrap(await api.GET('/api/v1/setup', { signal })),
  staleTime: 0,
})

async function begin(session: Session): Promise<void> {
  rememberCsrfToken(session.csrfToken)
  await speak(session.administrator.language)
}

/** Signs in and goes on to `next`, a path of the console. */
export function useSignIn(next: string) {
  const enter = useEnter(next)
  return useMutation({
    mutationFn: async (body: { readonly email: string; readonly password: string }) =>
      unwrap(await api.POST('/api/v1/session', { body })),
    onSuccess: enter,
  })
}

/** Creates the first administrator with the code that the server printed, and signs in. */
export function useSetup() {
  const { i18n } = useTranslation()
  const enter = useEnter('/')
  return useMutation({
    mutationFn: async (body: {
      readonly code: string
      readonly name: string
      readonly email: string
      readonly password: string
    }) => {
      const language = isLanguage(i18n.language) ? i18n.language : 'en'
      return unwrap(await api.POST('/api/v1/setup', { body: { ...body, language } }))
    },
    onSuccess: enter,
  })
}

function useEnter(next: string) {
  const queries = useQueryClient()
  const router = useRouter()
  return async (session: Session) => {
    queries.clear()
    await begin(session)
    queries.setQueryData(sessionQuery.queryKey, session)
    router.history.push(next)
  }
}

/** Ends the session here and at the server. */
export function useSignOut() {
  const queries = useQueryClient()
  const router = useRouter()
  return useMutation({
    mutationFn: async () => {
      unwrap(await api.DELETE('/api/v1/session'))
    },
    onSuccess: async () => {
      rememberCsrfToken(undefined)
      queries.clear()
      queries.setQueryData(sessionQuery.queryKey, null)
      await router.navigate({ to: '/sign-in' })
    },
  })
}

/** Remembers at the server which language the administrator chose. */
export function useRememberLanguage() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (language: Language) =>
      unwrap(await api.PATCH('/api/v1/session/administrator', { body: { language } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  })
}
