/** Devices of the directory (A1). */
import { unwrap } from '@apportion/api-client/client'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { Device, DeviceDetail } from '../../../shared/api/shapes.ts'

const whileMoving = 2_000

export function devicesQuery(search: {
  readonly q?: string | undefined
  readonly groupId?: number | undefined
  /** Without those who are in the group only by way of another. */
  readonly direct?: boolean | undefined
}) {
  return pagedQuery(['devices', search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/devices', {
        params: {
          query: setOnly({ ...search, direct: search.direct ? 'true' : undefined, cursor, limit: 100 }),
        },
        signal,
      }),
    ),
  )
}

/** What may change by itself within moments: on its way, or about to be asked for. */
const movingStates: readonly DeviceDetail['licenses'][number]['state'][] = [
  'granting',
  'releasing',
  'waiting',
]

/** One device, followed while one of its licenses is on its way or waited for. */
export function deviceQuery(id: number) {
  return queryOptions({
    queryKey: ['devices', id],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/v1/devices/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) =>
      state.data?.licenses.some((license) => movingStates.includes(license.state)) ? whileMoving : false,
  })
}

/** What can be said of a device; its serial number says which one. */
export interface DeviceFields {
  readonly serialNumber: string
  readonly name: string
  readonly model: string | null
  readonly platform: Device['platform']
  readonly osVersion: string | null
  readonly ownership: Device['ownership']
  readonly supervised: boolean
  readonly kiosk: boolean
  readonly enrollmentType: Device['enrollmentType']
  readonly country: string | null
  readonly site: string | null
  readonly tags: readonly string[]
  readonly userName: string | null
}

export function usePutDevice() {
  const changed = useDevicesChanged()
  return useMutation({
    mutationFn: async (body: DeviceFields) =>
      unwrap(await api.POST('/api/v1/devices', { body: { ...body, tags: [...body.tags] } })),
    onSuccess: changed,
  })
}

export function useDeleteDevice() {
  const queries = useQueryClient()
  const changed = useDevicesChanged()
  return useMutation({
    mutationFn: async (id: number) => {
      unwrap(await api.DELETE('/api/v1/devices/{id}', { params: { path: { id } } }))
    },
    onSuccess: async (_, id) => {
      queries.removeQueries({ queryKey: ['devices', id] })
      await changed()
    },
  })
}

function useDevicesChanged() {
  const queries = useQueryClient()
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['devices'] }),
      queries.invalidateQueries({ queryKey: ['groups'] }),
      queries.invalidateQueries({ queryKey: ['overview'] }),
    ])
  }
}
