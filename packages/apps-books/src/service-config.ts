/** Apple's service config: addresses and limits, which change without notice and are read again every five minutes. */
import type { ServiceConfigResponse } from '@apportion/apple-wire/messages'
import { type Clock, systemClock } from './clock.ts'
import { AppleError, AppsBooksError } from './errors.ts'

export const APPLE_SERVICE_CONFIG_URL = 'https://vpp.itunes.apple.com/mdm/v2/service/config'

/** Apple's word: read it again every five minutes. */
const FRESH_MS = 5 * 60_000

export interface ServiceConfigCache {
  /** The config of the address, loaded when it is missing or older than five minutes; at most once at a time. */
  get(url: string, load: () => Promise<ServiceConfigResponse>): Promise<ServiceConfigResponse>
}

/** A cache that clients of many locations share, since the service config is the same for all of them. */
export function createServiceConfigCache({
  clock = systemClock,
}: {
  clock?: Clock
} = {}): ServiceConfigCache {
  const loaded = new Map<string, { readonly at: number; readonly config: Promise<ServiceConfigResponse> }>()

  return {
    async get(url, load) {
      for (;;) {
        const entry = loaded.get(url)
        const now = clock.now().getTime()
        if (entry === undefined || Math.abs(now - entry.at) >= FRESH_MS) {
          const config = load()
          loaded.set(url, { at: now, config })
          config.catch(() => {
            if (loaded.get(url)?.config === config) loaded.delete(url)
          })
          return config
        }
        try {
          return await entry.config
        } catch (error) {
          // A failure of Apple's is everyone's; a loader that was stopped is not: then load it ourselves.
          if (error instanceof AppleError || error instanceof AppsBooksError) throw error
        }
      }
    },
  }
}

/** Apple's limits, each with its published value of August 2026 where the service config leaves it out. */
export interface Limits {
  readonly maxAssets: number
  readonly maxClientUserIds: number
  readonly maxSerialNumbers: number
  readonly maxRevokeClientUserIds: number
  readonly maxRevokeSerialNumbers: number
  readonly maxUsers: number
  readonly maxRequestPerSecond: number
  readonly maxNotificationLength: number
  readonly maxMdmIdLength: number
  readonly maxMdmNameLength: number
  readonly maxMdmMetadataLength: number
  readonly maxSubscriptions: number
  readonly maxSubscriptionClientUserIds: number
}

export const DEFAULT_LIMITS: Limits = {
  maxAssets: 25,
  maxClientUserIds: 1000,
  maxSerialNumbers: 1000,
  maxRevokeClientUserIds: 100,
  maxRevokeSerialNumbers: 100,
  maxUsers: 100,
  maxRequestPerSecond: 15,
  maxNotificationLength: 512,
  maxMdmIdLength: 100,
  maxMdmNameLength: 100,
  maxMdmMetadataLength: 255,
  maxSubscriptions: 25,
  maxSubscriptionClientUserIds: 1000,
}

/** The limits of a service config. A value that is not a positive whole number counts as missing. */
export function limitsOf(config: ServiceConfigResponse): Limits {
  const limit = (name: keyof Limits): number => {
    const value: unknown = config.limits?.[name]
    return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : DEFAULT_LIMITS[name]
  }
  return {
    maxAssets: limit('maxAssets'),
    maxClientUserIds: limit('maxClientUserIds'),
    maxSerialNumbers: limit('maxSerialNumbers'),
    maxRevokeClientUserIds: limit('maxRevokeClientUserIds'),
    maxRevokeSerialNumbers: limit('maxRevokeSerialNumbers'),
    maxUsers: limit('maxUsers'),
    maxRequestPerSecond: limit('maxRequestPerSecond'),
    maxNotificationLength: limit('maxNotificationLength'),
    maxMdmIdLength: limit('maxMdmIdLength'),
    maxMdmNameLength: limit('maxMdmNameLength'),
    maxMdmMetadataLength: limit('maxMdmMetadataLength'),
    maxSubscriptions: limit('maxSubscriptions'),
    maxSubscriptionClientUserIds: limit('maxSubscriptionClientUserIds'),
  }
}

/** The path of each operation below the API's root, for an address that the service config leaves out. */
export const ENDPOINTS = {
  clientConfig: '/client/config',
  getAssets: '/assets',
  getAssignments: '/assignments',
  getUsers: '/users',
  createUsers: '/users/create',
  updateUsers: '/users/update',
  retireUsers: '/users/retire',
  associateAssets: '/assets/associate',
  disassociateAssets: '/assets/disassociate',
  revokeAssets: '/assets/revoke',
  eventStatus: '/status',
  // Apple's service config names no address of these; the keys are ours.
  getSubscriptions: '/subscriptions',
  getSubscriptionAssignments: '/subscriptions/assignments',
  getSubscriptionAdmins: '/subscriptions/admins',
  associateSubscriptions: '/subscriptions/associate',
  disassociateSubscriptions: '/subscriptions/disassociate',
  addSubscriptionAdmins: '/subscriptions/admins/add',
  removeSubscriptionAdmins: '/subscriptions/admins/remove',
  enableSubscriptions: '/subscriptions/enable',
  disableSubscriptions: '/subscriptions/disable',
} as const

export type Endpoint = keyof typeof ENDPOINTS

/** The address of an operation: the service config's, else the one beside the service config itself. */
export function endpointUrl(
  config: ServiceConfigResponse,
  endpoint: Endpoint,
  serviceConfigUrl: string,
): string {
  const named: unknown = config.urls?.[endpoint]
  if (typeof named === 'string' && named !== '') return named
  return serviceConfigUrl.replace(/\/service\/config\/?$/, '') + ENDPOINTS[endpoint]
}
