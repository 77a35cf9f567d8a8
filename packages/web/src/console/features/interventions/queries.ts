/** Taking back, freeing and adopting licenses (L6, S5): previews, records, and giving again. */

import { type Body, Problem, unwrap } from '@apportion/api-client/client'
import { notifications } from '@mantine/notifications'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { Intervention, InterventionOutcome } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'

export type Wish = Body<'createIntervention'>

const whileRunning = 1_500

/** One preview or record, followed while it is under way. */
export function interventionQuery(id: string) {
  return queryOptions({
    queryKey: ['interventions', id],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/v1/interventions/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? whileRunning : false),
  })
}

/** All records, newest first. */
export const interventionsQuery = pagedQuery(['interventions', 'all'], async ({ cursor, signal }) =>
  unwrap(
    await api.GET('/api/v1/interventions', { params: { query: setOnly({ cursor, limit: 50 }) }, signal }),
  ),
)

export interface LicenseSearch {
  readonly q?: string | undefined
  readonly outcome?: InterventionOutcome | undefined
}

/** Each license that an intervention is about. */
export function interventionLicensesQuery(id: string, search: LicenseSearch) {
  return pagedQuery(['interventions', id, 'licenses', search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/interventions/{id}/licenses', {
        params: { path: { id }, query: setOnly({ ...search, cursor, limit: 100 }) },
        signal,
      }),
    ),
  )
}

/** Works a preview out, and goes to its page. `replace` where it takes the place of another. */
export function useBegin({ replace = false }: { readonly replace?: boolean } = {}) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (body: Wish) => unwrap(await api.POST('/api/v1/interventions', { body })),
    onSuccess: (preview) => {
      queries.setQueryData(interventionQuery(preview.id).queryKey, preview)
      void navigate({ to: '/take-back/$id', params: { id: preview.id }, replace })
    },
  })
}

/** The wish that a preview was made of; null where it undoes a record. */
export function wishOf({ kind, scope, includeOutside, required, unassigned }: Intervention): Wish | null {
  if (kind === 'undo') return null
  const { token, asset, holder, user, idle } = scope
  const parts = {
    ...(asset === null ? {} : { assetId: asset.id }),
    ...(asset !== null || token === null ? {} : { tokenId: token.id }),
    ...(holder?.kind === 'device' ? { serialNumber: holder.id } : {}),
    ...(holder?.kind === 'user' ? { clientUserId: holder.id } : {}),
    ...(user === null ? {} : { userId: user.id }),
    ...(idle === null ? {} : { idle }),
  }
  const everything = Object.keys(parts).length === 0
  return { kind, includeOutside, required, unassigned, scope: everything ? { everything } : parts }
}

/** What shows licenses, or who holds them. */
const changed = [
  'interventions',
  'assets',
  'devices',
  'users',
  'operations',
  'overview',
  'idle',
  'double-spend',
] as const

/** Does what a preview showed; when the facts changed since, gives the new preview instead. */
export function useApply(onMoved: (preview: Intervention) => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ id }: Intervention): Promise<Intervention | null> => {
      try {
        return unwrap(await api.POST('/api/v1/interventions/{id}/apply', { params: { path: { id } } }))
      } catch (error) {
        const moved = movedTo(error)
        if (moved === null) throw error
        queries.setQueryData(interventionQuery(moved.id).queryKey, moved)
        onMoved(moved)
        return null
      }
    },
    onSuccess: async (record) => {
      if (record === null) return
      queries.setQueryData(interventionQuery(record.id).queryKey, record)
      await Promise.all(changed.map((key) => queries.invalidateQueries({ queryKey: [key] })))
    },
  })
}

function movedTo(error: unknown): Intervention | null {
  if (!(error instanceof Problem) || error.code !== 'intervention.world_moved') return null
  const { intervention } = error.facts
  // The problem's facts are open by contract; this code promises a preview as the API answers it.
  return typeof intervention === 'object' && intervention !== null ? (intervention as Intervention) : null
}

/** Works out what undoing a record would do, and goes to the page of that preview. */
export function useUndo() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (id: string) =>
      unwrap(await api.POST('/api/v1/interventions/{id}/undo', { params: { path: { id } } })),
    onSuccess: (preview) => {
      queries.setQueryData(interventionQuery(preview.id).queryKey, preview)
      void navigate({ to: '/take-back/$id', params: { id: preview.id } })
    },
  })
}

/** Ends withholding, of a record or of one app on one device. */
export function useGiveAgain() {
  const queries = useQueryClient()
  const { t } = useTranslation()
  const { number } = useFormats()
  return useMutation({
    mutationFn: async (body: Body<'giveAgain'>) => unwrap(await api.POST('/api/v1/give-again', { body })),
    async onSuccess({ given }) {
      // Said here, since the row that was pressed goes as soon as the list is read again.
      notifications.show({ message: t('interventions.given', { count: given, shown: number(given) }) })
      await Promise.all(
        ['interventions', 'assets', 'devices', 'overview'].map((key) =>
          queries.invalidateQueries({ queryKey: [key] }),
        ),
      )
    },
  })
}
