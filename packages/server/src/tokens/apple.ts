/**
 * Connections to Apple for a location: its token opened, every request paced by the shared limit, every answer
 * watched for another service's takeover (T4, S4, invariant 4).
 */
import type { Envelope, ServiceConfigResponse } from '@apportion/apple-wire/messages'
import { type AppsBooksClient, createAppsBooksClient } from '@apportion/apps-books/client'
import { parseRetryAfter, type RetryPolicy } from '@apportion/apps-books/retry'
import { createServiceConfigCache, type Limits, limitsOf } from '@apportion/apps-books/service-config'
import type { ChainAnswer } from '@apportion/apps-books/title-sources'
import { mayRead, mayWrite } from '@apportion/core/tokens/token-state'
import { type Clock, systemClock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { holdBack, sharedLimiter } from '../platform/request-slots.ts'
import type { SecretBox } from '../platform/secrets.ts'
import { noteSlowed } from './answers.ts'
import { useOf } from './location-state.ts'
import { findLocation, type LocationRow, sealedToken } from './store.ts'
import { createTitleChain, type TitleSettings } from './title-chain.ts'
import { type Watch, watchAnswers } from './watch.ts'

/** What connections need of the configuration. */
export interface AppleSettings {
  readonly serviceConfigUrl: string
  readonly allowedHosts: readonly string[]
  readonly allowLoopbackHttp: boolean
  /** Services that titles are read from besides the lookup of the service config. */
  readonly titles?: TitleSettings
}

export interface ApplePorts {
  readonly db: Db
  readonly clock: Clock
  readonly secrets: SecretBox
  readonly settings: AppleSettings
  readonly fetch: typeof fetch
  /** Where Apple reaches us; null when it cannot. */
  readonly notificationBase: URL | null
}

/**
 * What a connection is for. `tend` looks after the location and its claim: whatever Apple last said of the token, it is
 * asked again. With `write` licenses are given and taken back.
 */
export type Purpose = 'read' | 'write' | 'tend'

/** A client for one location. */
export interface AppleConnection {
  readonly location: LocationRow
  readonly client: AppsBooksClient
  limits(): Promise<Limits>
  /** Names, icons and versions from Apple's services, custom apps of this organization included (C1). */
  lookup(adamIds: readonly string[]): Promise<ChainAnswer>
  /** Whether an answer since the connection was made named another service as the holder, or nobody. */
  readonly takenOver: Watch['takenOver']
  /** Whether an answer said that nobody holds the location although it was ours. */
  readonly claimLost: Watch['claimLost']
}

/** Apple's service config as it was last read (S4). */
export interface ReadServiceConfig {
  readonly config: ServiceConfigResponse
  readonly readAt: Date
}

/** Makes connections; they share the service config. */
export interface AppleConnections {
  /** A client for a token that is not stored; `uid` paces it with the location's other requests once it is known. */
  tryToken(bearer: string, uid?: string): AppsBooksClient
  /**
   * A client for a stored location.
   *
   * @throws Refusal `token.unknown`; `token.unusable` when its state does not allow `purpose`; `token.leaving` when all
   * that is left to do for it is to forget it
   */
  connect(locationId: number, purpose: Purpose, signal?: AbortSignal): Promise<AppleConnection>
  /** Limits, addresses and error numbers, at most five minutes old where Apple answers; else the last that were read. */
  serviceConfig(): Promise<ReadServiceConfig>
  /** Apple's limits turned out to have changed: they are read again before the next request. */
  forgetLimits(): void
}

/** Where a location's token is sealed to, so that a sealed value moved to another row does not open. */
export const tokenContext = (uid: string): string => `content-token:${uid}`

/** Connections of this server process. */
export function createAppleConnections(ports: ApplePorts): AppleConnections {
  let cache = createServiceConfigCache({ clock: ports.clock })
  const { settings, db } = ports
  const titles = createTitleChain(settings, ports.fetch)
  let lastRead: ReadServiceConfig | undefined
  const serviceConfigUrl = settings.serviceConfigUrl

  async function noting(load: () => Promise<ServiceConfigResponse>): Promise<ServiceConfigResponse> {
    const config = await load()
    lastRead = { config, readAt: ports.clock.now() }
    return config
  }

  function client(bearer: string, uid: string | undefined, more: ClientMore): AppsBooksClient {
    const made: AppsBooksClient = createAppsBooksClient({
      serviceConfigUrl,
      token: bearer,
      fetch: uid === undefined ? ports.fetch : heedingRetryAfter(ports, uid),
      allowedHosts: settings.allowedHosts,
      allowPlainHttpLoopback: settings.allowLoopbackHttp,
      serviceConfigCache: { get: (url, load) => cache.get(url, () => noting(load)) },
      userAgent: 'Apportion',
      onEnvelope: more.onEnvelope,
      signal: more.signal,
      retry: more.retry,
      limiter:
        uid === undefined
          ? undefined
          : sharedLimiter({
              db,
              // Slots run on the database's clock, so they are waited for in real time.
              clock: systemClock,
              uid,
              perSecond: async () => limitsOf(await made.serviceConfig()).maxRequestPerSecond,
            }),
    })
    return made
  }

  return {
    tryToken: (bearer, uid) => client(bearer, uid, { retry: soon }),
    async serviceConfig() {
      try {
        await client(noToken, undefined, { retry: soon }).serviceConfig()
      } catch (error) {
        if (lastRead === undefined) throw error
      }
      if (lastRead === undefined) throw new Error('The service config was read and is not there')
      return lastRead
    },
    forgetLimits() {
      cache = createServiceConfigCache({ clock: ports.clock })
    },
    async connect(locationId, purpose, signal) {
      const location = await usableLocation(ports, locationId, purpose)
      const sealed = await sealedToken(db, locationId)
      if (sealed === undefined) throw unknownToken(locationId)
      const bearer = ports.secrets.open(sealed, tokenContext(location.uid)).toString('utf8')
      const watch = watchAnswers(ports, location)
      const made = client(bearer, location.uid, { onEnvelope: watch.onEnvelope, signal })
      return {
        location,
        client: { ...made, clientConfig: () => watched(made, watch) },
        limits: () => made.limits(),
        takenOver: watch.takenOver,
        claimLost: watch.claimLost,
        lookup: (ids) => titles.of({ location, bearer, client: made, signal }, ids),
      }
    },
  }
}

/** A pause never lasts longer, whatever an answer asks for. */
const longestPauseMs = 3_600_000

/** Where Apple says "too many requests" (9646) without saying for how long. */
const pauseUnasked = 2000

/** When Apple asks one request to wait, all of the location wait: not to heed it lengthens the ban. */
function heedingRetryAfter({ db, fetch, clock }: ApplePorts, uid: string): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const asked = parseRetryAfter(response.headers.get('retry-after'), new Date())
    const pauseMs = asked ?? (response.status === 429 ? pauseUnasked : undefined)
    if (pauseMs !== undefined) {
      await holdBack(db, uid, Math.min(pauseMs, longestPauseMs))
      await noteSlowed(db, uid, clock.now())
    }
    return response
  }
}

/** The service config is read without a token. */
const noToken = 'none'

async function watched(client: AppsBooksClient, watch: Watch): ReturnType<AppsBooksClient['clientConfig']> {
  const config = await client.clientConfig()
  await watch.onClientConfig(config)
  return config
}

/** While a person waits, trying twice is enough. */
const soon: RetryPolicy = { maxTries: 2, baseMs: 500, maxWaitMs: 5000 }

interface ClientMore {
  readonly retry?: RetryPolicy
  readonly onEnvelope?: (envelope: Envelope) => Promise<void>
  readonly signal?: AbortSignal | undefined
}

async function usableLocation(ports: ApplePorts, id: number, purpose: Purpose): Promise<LocationRow> {
  const location = await findLocation(ports.db, id)
  if (location === undefined) throw unknownToken(id)
  const { name, leaving_phase: phase } = location
  if (phase !== null && phase !== 'releasing' && purpose !== 'tend') {
    throw new Refusal('token.leaving', `The content token "${name}" is being deleted.`, { tokenId: id })
  }
  const state = useOf(location, ports.clock.now())
  if (purpose === 'tend' || (purpose === 'write' ? mayWrite(state) : mayRead(state))) return location
  throw new Refusal('token.unusable', `The content token "${name}" cannot be used: it is ${state}.`, {
    tokenId: id,
    state,
  })
}

/** The refusal of an id that no content token has. */
export const unknownToken = (id: number): Refusal =>
  new Refusal('token.unknown', `There is no content token with the id ${id}.`, { tokenId: id })
