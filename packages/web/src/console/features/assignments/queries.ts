/** Assignments of an asset, and the plan before they are saved (A2, A4). */
import { Problem, unwrap } from '@apportion/api-client/client'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { Plan, PlanRequest } from '../../../shared/api/shapes.ts'
import { type DraftGroup, draftOf, wantedOf, withWish } from './draft.ts'
import { type Licensable, startingTerms, type Wish } from './terms.ts'

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

/** An app or book that was chosen from a list. */
export interface ChosenAsset extends Licensable {
  readonly id: number
  readonly name: string
}

/** The most assets of one plan. */
export const mostAssets = 100

/** Plans the same for one group over several assets; what else is assigned of each stays as it is. */
export function usePlanForMany() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ assets, group, wish }: WishForMany) => {
      const changes = await Promise.all(
        assets.map(async (asset) => {
          const saved = draftOf(await queries.fetchQuery(assignmentsQuery(asset.id)))
          const draft = withWish(saved, group, startingTerms(wish, asset))
          return { assetId: asset.id, wanted: [...wantedOf(draft)] }
        }),
      )
      return await planOf({ changes })
    },
  })
}

interface WishForMany {
  readonly assets: readonly ChosenAsset[]
  readonly group: DraftGroup
  readonly wish: Wish
}

/** The kinds of change whose devices and people can be listed. */
export type PlanPart = 'grants' | 'waits' | 'releases' | 'kept' | 'cannot'

/** Everybody whom one kind of change of a plan concerns, for one asset. */
export function planRowsQuery(search: {
  readonly planId: string
  readonly assetId: number
  readonly part: PlanPart
  readonly q: string
}) {
  const { planId, ...query } = search
  return pagedQuery(['plans', planId, 'rows', query], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/plans/{id}/rows', {
        params: { path: { id: planId }, query: setOnly({ ...query, cursor, limit: 100 }) },
        signal,
      }),
    ),
  )
}

/** A6: stops a staged rollout, or goes on with it. */
export function useChangeRollout(assignmentId: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (act: 'stop' | 'go_on') =>
      unwrap(
        await api.POST('/api/v1/assignments/{id}/rollout', {
          params: { path: { id: assignmentId } },
          body: { do: act },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['assignments'] }),
  })
}

/** Everything that a save may change: also members, when that was what was planned. */
const concerned = ['assignments', 'assets', 'operations', 'overview', 'groups', 'devices', 'users'] as const

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
      await Promise.all(concerned.map((key) => queries.invalidateQueries({ queryKey: [key] })))
    },
  })
}
