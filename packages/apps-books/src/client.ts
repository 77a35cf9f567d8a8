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
  Envelope,
  EventResponse,
  ManageAssetsRequest,
  ResponseAsset,
  ResponseUser,
  RevokeAssetsRequest,
  ServiceConfigResponse,
  StatusResponse,
  UnlimitedAsset,
} from '@apportion/apple-wire/messages'
import { envelopeOf, type JsonObject } from './answer.ts'
import type { AppleError, AppsBooksError } from './errors.ts'
import { readClientConfig, readEvent, readStatus } from './events.ts'
import { exchange } from './exchange.ts'
import {
  type AssetsFilter,
  type AssignmentsFilter,
  type Query,
  type UsersFilter,
  withQuery,
} from './filters.ts'
import { createLanes, MAX_LANES } from './lanes.ts'
import { createRateLimiter, type Limiter } from './limiter.ts'
import { lookupTitles, lookupUrlOf, type TitleAnswer, type TitleQuery } from './metadata.ts'
import { ASSETS, ASSIGNMENTS, type ListShape, readPage, UNLIMITED_ASSETS, USERS } from './pages.ts'
import { createPause } from './pause.ts'
import {
  createServiceConfigCache,
  type Endpoint,
  endpointUrl,
  type Limits,
  limitsOf,
  type ServiceConfigCache,
} from './service-config.ts'
import { createWalk, type Walk } from './walk.ts'
import { type WireOptions, wireOf } from './wire.ts'

export interface AppsBooksOptions extends WireOptions {
  /** Apple's is `APPLE_SERVICE_CONFIG_URL`. */
  readonly serviceConfigUrl: string
  /** The content token's `bearer`: the complete text of the token file. */
  readonly token: string
  /** Awaited before each request of the unit; by default this client alone keeps Apple's `maxRequestPerSecond`. */
  readonly limiter?: Limiter | undefined
  /** Shared by clients of many units, so that not each of them loads the service config. */
  readonly serviceConfigCache?: ServiceConfigCache | undefined
  /**
   * Told what each answer says of the unit, failures included, before the call returns: a foreign `mdmInfo.id` is
   * another service's takeover. When it throws, the call throws the same and its result, an event id too, is lost.
   */
  readonly onEnvelope?: ((envelope: Envelope) => void | Promise<void>) | undefined
}

/** Every method throws `AppleError` when Apple refuses, and `AppsBooksError` when there is no usable answer. */
export interface AppsBooksClient {
  /** At most five minutes old; sent without the token. */
  serviceConfig(): Promise<ServiceConfigResponse>
  limits(): Promise<Limits>
  /** Carries the notification secret in clear: never log it. The first call for a new token, since it tests it. */
  clientConfig(): Promise<ClientConfigResponse>
  /** Claims the unit and registers the notification address, which Apple tries while this call waits. */
  setClientConfig(request: ClientConfigRequest): Promise<ClientConfigResponse>
  /** Unlimited assets are among them with a `totalCount` of `UNLIMITED_TOTAL`, unless the filter leaves them out. */
  assets(filter?: AssetsFilter): Walk<ResponseAsset>
  unlimitedAssets(filter?: Omit<AssetsFilter, 'unlimited'>): Walk<UnlimitedAsset>
  assignments(filter?: AssignmentsFilter): Walk<Assignment>
  users(filter?: UsersFilter): Walk<ResponseUser>
  /** Gives each asset to each user and serial number; the outcome comes with the event. Limits: see {@link Limits}. */
  associate(request: ManageAssetsRequest): Promise<EventResponse>
  /** Takes each asset back from each user and serial number. */
  disassociate(request: ManageAssetsRequest): Promise<EventResponse>
  /** Takes every revocable asset back. */
  revoke(request: RevokeAssetsRequest): Promise<EventResponse>
  status(eventId: string): Promise<StatusResponse>
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

  return {
    serviceConfig: () => call.serviceConfig(),
    limits: async () => limitsOf(await call.serviceConfig()),
    clientConfig: async () => readClientConfig(await call.ask('clientConfig', {})),
    setClientConfig: async (request) => readClientConfig(await call.tell('clientConfig', request)),
    assets: (filter = {}) => walk('getAssets', ASSETS, { ...filter }),
    unlimitedAssets: (filter = {}) => walk('getAssets', UNLIMITED_ASSETS, { ...filter, unlimited: true }),
    assignments: (filter = {}) => walk('getAssignments', ASSIGNMENTS, { ...filter }),
    users: (filter = {}) => walk('getUsers', USERS, { ...filter }),
    associate: async (request) => readEvent(await call.tell('associateAssets', request)),
    disassociate: async (request) => readEvent(await call.tell('disassociateAssets', request)),
    revoke: async (request) => readEvent(await call.tell('revokeAssets', request)),
    status: async (eventId) => readStatus(await call.ask('eventStatus', { eventId })),
    lookupTitles: async (query) => {
      const lookupUrl = lookupUrlOf(await call.serviceConfig())
      return lookupTitles({ ...options, lookupUrl }, { ...query, token: options.token })
    },
  }
}

interface Caller {
  serviceConfig(): Promise<ServiceConfigResponse>
  /** A question: a GET with this query. */
  ask(endpoint: Endpoint, query: Query, signal?: AbortSignal): Promise<JsonObject>
  /** A command: a POST with this body. */
  tell(
    endpoint: Endpoint,
    body: ManageAssetsRequest | RevokeAssetsRequest | ClientConfigRequest,
  ): Promise<JsonObject>
}

function createCaller(options: AppsBooksOptions): Caller {
  const { serviceConfigUrl, token, onEnvelope } = options
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError(
      'The token is not one line of printable text: pass the bearer of a decoded content token',
    )
  }
  const wire = wireOf(options)
  const { clock, retry } = wire
  const cache = options.serviceConfigCache ?? createServiceConfigCache({ clock })
  const limiter =
    options.limiter ??
    createRateLimiter({ clock, perSecond: async () => limitsOf(await serviceConfig()).maxRequestPerSecond })
  const pause = createPause({ clock, maxWaitMs: retry.maxWaitMs })

  const serviceConfig = (): Promise<ServiceConfigResponse> =>
    cache.get(serviceConfigUrl, () =>
      exchange(wire, { method: 'GET', address: serviceConfigUrl, secrets: [token] }),
    )

  const shared = {
    headers: { authorization: `Bearer ${token}` },
    async admit(signal: AbortSignal | undefined): Promise<void> {
      await pause.over(signal)
      await limiter.take(signal)
      // Apple may have asked for a pause while this request waited for its turn.
      await pause.over(signal)
    },
    async observe(body: JsonObject): Promise<void> {
      const envelope = envelopeOf(body)
      if (envelope !== undefined) await onEnvelope?.(envelope)
    },
    failed: (error: AppleError | AppsBooksError, pauseMs: number | undefined): void =>
      pause.noteFailure(error, pauseMs),
  }

  return {
    serviceConfig,
    async ask(endpoint, query, signal) {
      const address = withQuery(endpointUrl(await serviceConfig(), endpoint, serviceConfigUrl), query)
      return exchange(wire, { ...shared, method: 'GET', address, secrets: [token], signal })
    },
    async tell(endpoint, body) {
      const address = endpointUrl(await serviceConfig(), endpoint, serviceConfigUrl)
      const secret = 'notificationAuthToken' in body ? body.notificationAuthToken : undefined
      const secrets = secret === undefined || secret === null || secret === '' ? [token] : [token, secret]
      return exchange(wire, { ...shared, method: 'POST', address, body, secrets })
    },
  }
}
