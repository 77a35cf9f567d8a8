/**
 * Connections to Apple for a location: its token opened, every request paced by the shared limit, every answer
 * watched for another service's takeover (T4, S4, invariant 4).
 */
import type { Envelope } from '@apportion/apple-wire/messages'
import { type AppsBooksClient, createAppsBooksClient } from '@apportion/apps-books/client'
import { parseRetryAfter, type RetryPolicy } from '@apportion/apps-books/retry'
import { createServiceConfigCache, type Limits, limitsOf } from '@apportion/apps-books/service-config'
import type { ChainAnswer } from '@apportion/apps-books/title-sources'
import { mayRead, mayWrite, tokenState } from '@apportion/core/tokens/token-state'
import { type Clock, systemClock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { holdBack, sharedLimiter } from '../platform/request-slots.ts'
import type { SecretBox } from '../platform/secrets.ts'
import { type ForeignHolder, findLocation, type LocationRow, noteHolder, sealedToken } from './store.ts'
import { createTitleChain, type TitleSettings } from './title-chain.ts'

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
}

/** A client for one location. */
export interface AppleConnection {
  readonly location: LocationRow
  readonly client: AppsBooksClient
  limits(): Promise<Limits>
  /** Names, icons and versions from Apple's services, custom apps of this organization included (C1). */
  lookup(adamIds: readonly string[]): Promise<ChainAnswer>
  /** Whether an answer since the connection was made named another service as the holder. */
  readonly takenOver: () => boolean
}

/** Makes connections; they share the service config. */
export interface AppleConnections {
  /** A client for a token that is not stored; `uid` paces it with the location's other requests once it is known. */
  tryToken(bearer: string, uid?: string): AppsBooksClient
  /**
   * A client for a stored location.
   *
   * @throws Refusal `token.unknown`; `token.unusable` when its state does not allow `purpose`
   */
  connect(locationId: number, purpose: 'read' | 'write', signal?: AbortSignal): Promise<AppleConnection>
  /** Apple's limits turned out to have changed: they are read again before the next request. */
  forgetLimits(): void
}

/** Where a location's token is sealed to, so that a sealed value moved to another row does not open. */
export const tokenContext = (uid: string): string => `content-token:${uid}`

/** Connections of this server process. */
export function createAppleConnections(ports: ApplePorts): AppleConnections {
  let cache = createServiceConfigCache({ clock: systemClock })
  const { settings, db } = ports
  const titles = createTitleChain(settings, ports.fetch)
  const serviceConfigUrl = settings.serviceConfigUrl

  function client(bearer: string, uid: string | undefined, more: ClientMore): AppsBooksClient {
    const made: AppsBooksClient = createAppsBooksClient({
      serviceConfigUrl,
      token: bearer,
      fetch: uid === undefined ? ports.fetch : heedingRetryAfter(ports, uid),
      allowedHosts: settings.allowedHosts,
      allowPlainHttpLoopback: settings.allowLoopbackHttp,
      serviceConfigCache: { get: (url, load) => cache.get(url, load) },
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
    forgetLimits() {
      cache = createServiceConfigCache({ clock: systemClock })
    },
    async connect(locationId, purpose, signal) {
      const location = await usableLocation(ports, locationId, purpose)
      const sealed = await sealedToken(db, locationId)
      if (sealed === undefined) throw unknownToken(locationId)
      const bearer = ports.secrets.open(sealed, tokenContext(location.uid)).toString('utf8')
      const watch = watchHolder(db, location)
      const made = client(bearer, location.uid, { onEnvelope: watch.onEnvelope, signal })
      return {
        location,
        client: made,
        limits: () => made.limits(),
        takenOver: watch.takenOver,
        lookup: (ids) => titles.of({ location, bearer, client: made, signal }, ids),
      }
    },
  }
}

/** A pause never lasts longer, whatever an answer asks for. */
const longestPauseMs = 3_600_000

/** When Apple asks one request to wait, all of the location wait: not to heed it lengthens the ban. */
function heedingRetryAfter({ db, fetch }: ApplePorts, uid: string): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const pauseMs = parseRetryAfter(response.headers.get('retry-after'), new Date())
    if (pauseMs !== undefined) await holdBack(db, uid, Math.min(pauseMs, longestPauseMs))
    return response
  }
}

/** While a person waits, trying twice is enough. */
const soon: RetryPolicy = { maxTries: 2, baseMs: 500, maxWaitMs: 5000 }

interface ClientMore {
  readonly retry?: RetryPolicy
  readonly onEnvelope?: (envelope: Envelope) => Promise<void>
  readonly signal?: AbortSignal | undefined
}

async function usableLocation(
  ports: ApplePorts,
  id: number,
  purpose: 'read' | 'write',
): Promise<LocationRow> {
  const location = await findLocation(ports.db, id)
  if (location === undefined) throw unknownToken(id)
  const state = stateOf(location, ports.clock.now())
  if (purpose === 'write' ? mayWrite(state) : mayRead(state)) return location
  throw new Refusal(
    'token.unusable',
    `The content token "${location.name}" cannot be used: it is ${state}.`,
    {
      tokenId: id,
      state,
    },
  )
}

/** The state of a stored location's token (T3). */
export function stateOf(location: LocationRow, now: Date): ReturnType<typeof tokenState> {
  return tokenState(tokenFacts(location), now)
}

/** What the decision about the state needs. */
export function tokenFacts(location: LocationRow): Parameters<typeof tokenState>[0] {
  const holder = location.managed_by
  return {
    expiresAt: location.token_expires_at,
    answered: location.token_state,
    managedBy: holder === null ? null : (holder.name ?? holder.id ?? 'another service'),
  }
}

const unknownToken = (id: number): Refusal =>
  new Refusal('token.unknown', `There is no content token with the id ${id}.`, { tokenId: id })

/** Remembers each change of the holder, as soon as an answer shows it. */
function watchHolder(
  db: Db,
  location: LocationRow,
): { readonly takenOver: () => boolean; readonly onEnvelope: (envelope: Envelope) => Promise<void> } {
  let known = location.managed_by
  return {
    takenOver: () => known !== null,
    async onEnvelope({ mdmInfo }) {
      if (mdmInfo === undefined || mdmInfo === null) return
      const holder = foreignHolder(mdmInfo, location.mdm_id)
      if (JSON.stringify(holder) === JSON.stringify(known)) return
      known = holder
      await noteHolder(db, location.id, holder)
    },
  }
}

/** The holder that an answer names, or null when that is us (`ourId`). */
export function foreignHolder(
  mdmInfo: NonNullable<Envelope['mdmInfo']>,
  ourId: string | null,
): ForeignHolder | null {
  if (ourId !== null && mdmInfo.id?.toLowerCase() === ourId.toLowerCase()) return null
  return { id: mdmInfo.id ?? null, name: mdmInfo.name ?? null, metadata: mdmInfo.metadata ?? null }
}
