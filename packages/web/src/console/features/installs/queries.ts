/** Apps on devices under management: how each stands, how it came there, and why (D4, D8). */
import { unwrap } from '@apportion/api-client/client'
import { endedWithout } from '@apportion/core/installs/install'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { AssetInstallCounts, DeviceInstall } from '../../../shared/api/shapes.ts'

const whileMoving = 2_000
const whileResting = 15_000
const page = 100

export type ShownState = DeviceInstall['state']

/** What may change within moments, as far as the device answers. */
const movingStates: readonly ShownState[] = [
  'waiting_for_license',
  'licensed',
  'commanded',
  'prompting',
  'installing',
  'removing',
]

function isMoving(state: ShownState): boolean {
  return movingStates.includes(state)
}

/** Whether it ended without the app, so that it can be tried again by hand. */
export function hasEnded(state: ShownState): boolean {
  return state !== 'waiting_for_license' && endedWithout(state)
}

/** Whether something about it is to happen within moments: it is on its way, or its next moment has come. */
function isClose({ state, nextAt }: Pick<DeviceInstall, 'state' | 'nextAt'>): boolean {
  return isMoving(state) || (nextAt !== null && Date.parse(nextAt) <= Date.now())
}

/** How the apps stand on a device, followed while one of them is on its way. */
export function deviceInstallsQuery(deviceId: number) {
  return queryOptions({
    queryKey: ['installs', 'device', deviceId],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/v1/devices/{id}/installs', { params: { path: { id: deviceId } }, signal }))
        .items,
    refetchInterval: ({ state }) => (state.data?.some(isClose) ? whileMoving : whileResting),
  })
}

/** One app on one device. */
export interface AppOfDevice {
  readonly deviceId: number
  readonly assetId: number
}

/** Every state that it was in, the latest first. */
export function installStepsQuery({ deviceId, assetId }: AppOfDevice) {
  return pagedQuery(['installs', 'steps', deviceId, assetId], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/devices/{id}/installs/{assetId}/steps', {
        params: { path: { id: deviceId, assetId }, query: setOnly({ cursor, limit: 50 }) },
        signal,
      }),
    ),
  )
}

/** Why it is, or is not, on the device; followed closely while a link waits. */
export function whyQuery({ deviceId, assetId }: AppOfDevice) {
  return queryOptions({
    queryKey: ['installs', 'why', deviceId, assetId],
    queryFn: async ({ signal }) =>
      unwrap(
        await api.GET('/api/v1/devices/{id}/why/{assetId}', {
          params: { path: { id: deviceId, assetId } },
          signal,
        }),
      ),
    refetchInterval: ({ state: { data } }) => {
      const install = data?.install ?? null
      const waits = data?.links.at(-1)?.state === 'waits'
      return waits || (install !== null && isClose(install)) ? whileMoving : whileResting
    },
  })
}

/** Tries again now what was refused or failed. */
export function useTryAgain() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ deviceId, assetId }: AppOfDevice) =>
      unwrap(
        await api.POST('/api/v1/devices/{id}/installs/{assetId}/try-again', {
          params: { path: { id: deviceId, assetId } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['installs'] }),
  })
}

/** On how many devices an app is in which state, followed while some are on their way. */
export function assetInstallCountsQuery(assetId: number) {
  return queryOptions({
    queryKey: ['installs', 'counts', assetId],
    queryFn: async ({ signal }) =>
      unwrap(
        await api.GET('/api/v1/assets/{id}/installs/counts', { params: { path: { id: assetId } }, signal }),
      ),
    refetchInterval: ({ state }) =>
      state.data !== undefined && movingIn(state.data) > 0 ? whileMoving : whileResting,
  })
}

function movingIn({ states, waitingForLicense }: AssetInstallCounts): number {
  const moving = states.filter(({ state }) => isMoving(state))
  return moving.reduce((sum, { devices }) => sum + devices, waitingForLicense)
}

export interface AssetInstallsSearch {
  readonly q?: string | undefined
  readonly state?: Exclude<ShownState, 'waiting_for_license'> | undefined
}

/** The devices that an app is on, or on its way to. */
export function assetInstallsQuery(assetId: number, search: AssetInstallsSearch) {
  return pagedQuery(['installs', 'asset', assetId, search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/assets/{id}/installs', {
        params: { path: { id: assetId }, query: setOnly({ ...search, cursor, limit: page }) },
        signal,
      }),
    ),
  )
}
