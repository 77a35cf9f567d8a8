/**
 * A client of Apple's App and Book Management API v2 for one organizational unit, the one that its token belongs to.
 *
 * It knows Apple's paging, failures, limits and pace, and nothing of what licenses are for. A command (POST) is
 * never repeated unless Apple said that nothing was started.
 */
import type {
  Assignment,
  ClientConfigRequest,
  ClientConfigResponse,
  EventResponse,
  ManageAssetsRequest,
  ResponseAsset,
  ResponseUser,
  RevokeAssetsRequest,
  ServiceConfigResponse,
  StatusResponse,
  UnlimitedAsset,
} from '@apportion/apple-wire/messages'
import type { ManageUsersRequest } from '@apportion/apple-wire/user-requests'
import { type AppsBooksOptions, createCaller } from './caller.ts'
import { readClientConfig, readEvent, readStatus } from './events.ts'
import type { AssetsFilter, AssignmentsQuery, Query, UsersQuery } from './filters.ts'
import { createLanes, MAX_LANES } from './lanes.ts'
import { lookupTitles, lookupUrlOf, type TitleAnswer, type TitleQuery } from './metadata.ts'
import { ASSETS, ASSIGNMENTS, type ListShape, readPage, UNLIMITED_ASSETS, USERS } from './pages.ts'
import { type Endpoint, type Limits, limitsOf } from './service-config.ts'
import { createSubscriptions, type SubscriptionsClient } from './subscriptions.ts'
import { createWalk, type Walk } from './walk.ts'

export type { AppsBooksOptions } from './caller.ts'

/** Every method throws `AppleError` when Apple refuses, and `AppsBooksError` when there is no usable answer. */
export interface AppsBooksClient {
  /** At most five minutes old; sent without the token. */
  serviceConfig(): Promise<ServiceConfigResponse>
  limits(): Promise<Limits>
  /** Carries the notification secret in clear: never log it. The first call for a new token, since it tests it. */
  clientConfig(): Promise<ClientConfigResponse>
  /**
   * Claims the unit and registers the notification address, which Apple tries while this call waits. Whether a field
   * that is left out is kept or cleared is not documented: send all four. To let go: `releaseRequest` of claim.ts.
   */
  setClientConfig(request: ClientConfigRequest): Promise<ClientConfigResponse>
  /** Unlimited assets are among them with a `totalCount` of `UNLIMITED_TOTAL`, unless the filter leaves them out. */
  assets(filter?: AssetsFilter): Walk<ResponseAsset>
  unlimitedAssets(filter?: Omit<AssetsFilter, 'unlimited'>): Walk<UnlimitedAsset>
  /** With `sinceVersionId` what was assigned since; a version that Apple knows no more fails, see `needsFullWalk`. */
  assignments(query?: AssignmentsQuery): Walk<Assignment>
  /** With `sinceVersionId` the users that changed since, retired ones too. */
  users(query?: UsersQuery): Walk<ResponseUser>
  /** Registers users, at most `maxUsers`: see `inUserRequests`. */
  createUsers(request: ManageUsersRequest): Promise<EventResponse>
  /** Changes addresses and accounts; what is left out stays. */
  updateUsers(request: ManageUsersRequest): Promise<EventResponse>
  /** Ends registrations. Revocable licenses return to the pool, books stay consumed. */
  retireUsers(request: ManageUsersRequest): Promise<EventResponse>
  /** Gives each asset to each user and serial number; the outcome comes with the event. Limits: see {@link Limits}. */
  associate(request: ManageAssetsRequest): Promise<EventResponse>
  /** Takes each asset back from each user and serial number. */
  disassociate(request: ManageAssetsRequest): Promise<EventResponse>
  /** Takes every revocable asset back. */
  revoke(request: RevokeAssetsRequest): Promise<EventResponse>
  status(eventId: string): Promise<StatusResponse>
  readonly subscriptions: SubscriptionsClient
  /** Names, icons and versions, those of custom apps too, since the token goes along. Outside Apple's pace limit. */
  lookupTitles(query: Omit<TitleQuery, 'token'>): Promise<TitleAnswer>
}

/**
 * @throws {TypeError} when the token cannot stand in a header; the message does not repeat it
 */
export function createAppsBooksClient(options: AppsBooksOptions): AppsBooksClient {
  const call = createCaller(options)
  const lanes = createLanes(MAX_LANES)

  const walk = <T>(endpoint: Endpoint, shape: ListShape<T>, query: Query): Walk<T> =>
    createWalk((pageIndex, signal) =>
      lanes.run(async () => readPage(await call.ask(endpoint, { ...query, pageIndex }, signal), shape)),
    )
  const event = async (endpoint: Endpoint, body: object): Promise<EventResponse> =>
    readEvent(await call.tell(endpoint, body))

  return {
    serviceConfig: () => call.serviceConfig(),
    limits: async () => limitsOf(await call.serviceConfig()),
    clientConfig: async () => readClientConfig(await call.ask('clientConfig', {})),
    setClientConfig: async (request) =>
      readClientConfig(await call.tell('clientConfig', request, [request.notificationAuthToken ?? ''])),
    assets: (filter = {}) => walk('getAssets', ASSETS, { ...filter }),
    unlimitedAssets: (filter = {}) => walk('getAssets', UNLIMITED_ASSETS, { ...filter, unlimited: true }),
    assignments: (query = {}) => walk('getAssignments', ASSIGNMENTS, { ...query }),
    users: (query = {}) => walk('getUsers', USERS, { ...query }),
    createUsers: (request) => event('createUsers', request),
    updateUsers: (request) => event('updateUsers', request),
    retireUsers: (request) => event('retireUsers', request),
    associate: (request) => event('associateAssets', request),
    disassociate: (request) => event('disassociateAssets', request),
    revoke: (request) => event('revokeAssets', request),
    status: async (eventId) => readStatus(await call.ask('eventStatus', { eventId })),
    subscriptions: createSubscriptions(call),
    lookupTitles: async (query) => {
      const lookupUrl = lookupUrlOf(await call.serviceConfig())
      return lookupTitles({ ...options, lookupUrl }, { ...query, token: options.token })
    },
  }
}
