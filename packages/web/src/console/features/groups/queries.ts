/** Groups of devices and of users (A1). */
import { unwrap } from '@apportion/api-client/client'
import type { GroupRule } from '@apportion/core/directory/group-rule'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { Group } from '../../../shared/api/shapes.ts'

export function groupsQuery(search: {
  readonly q?: string | undefined
  readonly kind?: Group['kind'] | undefined
}) {
  return pagedQuery(['groups', search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/groups', {
        params: { query: setOnly({ ...search, cursor, limit: 100 }) },
        signal,
      }),
    ),
  )
}

/** The first groups of a kind, or of both, that a search finds, for choosing one. */
export function groupChoicesQuery(q: string, kind?: Group['kind']) {
  return queryOptions({
    queryKey: ['groups', 'choices', kind ?? null, q],
    queryFn: async ({ signal }) => {
      // The text of a choice ends with its size in brackets; only its name is searched for.
      const name = q.replace(/ \([^()]*\)$/, '')
      const query = setOnly({ q: name, kind, limit: 50 })
      return unwrap(await api.GET('/api/v1/groups', { params: { query }, signal })).items
    },
  })
}

export function groupQuery(id: number) {
  return queryOptions({
    queryKey: ['groups', id],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/v1/groups/{id}', { params: { path: { id } }, signal })),
  })
}

/** The apps and books that are assigned to a group. */
export function groupAssignmentsQuery(groupId: number) {
  return queryOptions({
    queryKey: ['assignments', { groupId }],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/v1/assignments', { params: { query: { groupId, limit: 200 } }, signal }))
        .items,
  })
}

/** The devices that a rule finds now, given as JSON so that it can be compared; nothing is asked for null. */
export function rulePreviewQuery(rule: string | null) {
  return queryOptions({
    queryKey: ['groups', 'preview-rule', rule],
    enabled: rule !== null,
    queryFn: async ({ signal }) =>
      unwrap(
        await api.POST('/api/v1/groups/preview-rule', {
          body: { rule: JSON.parse(rule ?? '{}'), limit: 50 },
          signal,
        }),
      ),
  })
}

export interface GroupFields {
  readonly name: string
  readonly description: string
  /** Null for members that are picked by hand. */
  readonly rule: GroupRule | null
}

export function useCreateGroup() {
  const changed = useGroupsChanged()
  return useMutation({
    mutationFn: async (body: GroupFields & { readonly kind: Group['kind'] }) =>
      unwrap(await api.POST('/api/v1/groups', { body: { ...body, rule: asJson(body.rule) } })),
    onSuccess: () => changed(),
  })
}

export function useUpdateGroup(id: number) {
  const changed = useGroupsChanged()
  return useMutation({
    mutationFn: async ({ rule, ...fields }: Partial<GroupFields>) => {
      const body = rule === undefined ? fields : { ...fields, rule: asJson(rule) }
      return unwrap(await api.PATCH('/api/v1/groups/{id}', { params: { path: { id } }, body }))
    },
    onSuccess: () => changed(),
  })
}

export function useDeleteGroup(id: number) {
  const changed = useGroupsChanged()
  return useMutation({
    mutationFn: async () => {
      unwrap(await api.DELETE('/api/v1/groups/{id}', { params: { path: { id } } }))
    },
    onSuccess: () => changed(id),
  })
}

/** A rule as the contract takes it: an object of whatever the rule holds. */
function asJson(rule: GroupRule | null): Record<string, unknown> | null {
  return rule === null ? null : { ...rule }
}

/** Ids of the groups that go into a group, and of those that come out of it. */
interface NestingChange {
  readonly addGroups?: readonly number[]
  readonly removeGroups?: readonly number[]
}

/** Puts groups into a group and takes them out: all of them, or none. */
export function useNestGroups(id: number) {
  const changed = useGroupsChanged()
  return useMutation({
    mutationFn: async ({ addGroups = [], removeGroups = [] }: NestingChange) =>
      unwrap(
        await api.POST('/api/v1/groups/{id}/members', {
          params: { path: { id } },
          body: { addGroups: [...addGroups], removeGroups: [...removeGroups] },
        }),
      ),
    onSuccess: () => changed(),
  })
}

/** Reads what a change concerned again; a group that is gone is forgotten instead. */
function useGroupsChanged() {
  const queries = useQueryClient()
  return async (goneId?: number) => {
    if (goneId !== undefined) queries.removeQueries({ queryKey: ['groups', goneId] })
    const concerned = ['groups', 'devices', 'users', 'assets', 'overview']
    await Promise.all(concerned.map((key) => queries.invalidateQueries({ queryKey: [key] })))
  }
}
