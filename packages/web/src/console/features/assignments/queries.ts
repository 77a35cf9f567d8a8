/** Assignments of an asset, and the plan before they are saved (A2, A4). */
import { Problem, unwrap } from '@apportion/api-client/client'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import type { Plan, PlanRequest } from '../../../shared/api/shapes.ts'

/** All assignments of an asset; an asset has at most 200. */
export function assignmentsQuery(assetId: number) {
  return queryOptions({
    queryKey: ['assignments', { assetId }],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/v1/assignments', { params: { query: { assetId, limit: 500 } }, signal }))
        .items,
  })
}

/** A plan together with what was asked, so that it can be asked again. */
export interface AskedPlan {
  readonly request: PlanRequest
  readonly plan: Plan
}

async function planOf(request: PlanRequest): Promise<AskedPlan> {
  return { request, plan: unwrap(await api.POST('/api/v1/plans', { body: request })) }
}

export function usePlan() {
  return useMutation({ mutationFn: planOf })
}

/** What became of a save: done, or refused because the facts changed; then there is a new plan to look at. */
export type SaveOutcome =
  | { readonly saved: true; readonly asked: AskedPlan }
  | { readonly saved: false; readonly asked: AskedPlan; readonly cause: 'moved' | 'expired' }

const causes: Readonly<Record<string, 'moved' | 'expired'>> = {
  'plan.world_moved': 'moved',
  'plan.expired': 'expired',
  'plan.unknown': 'expired',
}

/**
 * Saves exactly what a plan showed; when that is no longer possible, plans again instead.
 * `onOutcome` hears first; then everything that the save changed is read again.
 */
export function useSavePlan(onOutcome: (outcome: SaveOutcome) => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (asked: AskedPlan): Promise<SaveOutcome> => {
      try {
        unwrap(await api.POST('/api/v1/plans/{id}/apply', { params: { path: { id: asked.plan.id } } }))
        return { saved: true, asked }
      } catch (error) {
        const cause = error instanceof Problem ? causes[error.code] : undefined
        if (cause === undefined) throw error
        return { saved: false, asked: await planOf(asked.request), cause }
      }
    },
    onSuccess: async (outcome) => {
      onOutcome(outcome)
      if (!outcome.saved) return
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['assignments'] }),
        queries.invalidateQueries({ queryKey: ['assets'] }),
        queries.invalidateQueries({ queryKey: ['operations'] }),
        queries.invalidateQueries({ queryKey: ['overview'] }),
      ])
    },
  })
}
