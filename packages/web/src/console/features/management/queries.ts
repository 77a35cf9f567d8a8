/** One device under management: how its enrollment stands, waking it, and taking it out (D1). */
import { unwrap, unwrapOrNull } from '@apportion/api-client/client'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import type { EnrollmentDetail } from '../../../shared/api/shapes.ts'

const whileMoving = 3_000
const whileResting = 15_000

/** The enrollment of a device, or its last one; null when it was never under management here. */
export function deviceEnrollmentQuery(deviceId: number) {
  return queryOptions({
    queryKey: ['enrollments', 'device', deviceId],
    queryFn: async ({ signal }): Promise<EnrollmentDetail | null> => {
      const answer = await api.GET('/api/v1/devices/{id}/enrollment', {
        params: { path: { id: deviceId } },
        signal,
      })
      return unwrapOrNull(answer, 'enrollment.unknown')
    },
    refetchInterval: ({ state: { data } }) =>
      data !== null && data !== undefined && data.state !== 'left' && data.waiting > 0
        ? whileMoving
        : whileResting,
  })
}

/** Has the device woken at once. */
export function useWake() {
  const changed = useChanged()
  return useMutation({
    mutationFn: async (enrollmentId: number) =>
      unwrap(await api.POST('/api/v1/enrollments/{id}/wake', { params: { path: { id: enrollmentId } } })),
    onSettled: changed,
  })
}

export interface Removal {
  readonly enrollmentId: number
  /** The name of the device as it was typed. */
  readonly confirmName: string
}

/** Takes the device out of management. */
export function useRemoveFromManagement() {
  const changed = useChanged()
  return useMutation({
    mutationFn: async ({ enrollmentId, confirmName }: Removal) =>
      unwrap(
        await api.POST('/api/v1/enrollments/{id}/remove', {
          params: { path: { id: enrollmentId } },
          body: { confirmName },
        }),
      ),
    onSuccess: changed,
  })
}

function useChanged() {
  const queries = useQueryClient()
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['enrollments'] }),
      queries.invalidateQueries({ queryKey: ['installs'] }),
    ])
  }
}
