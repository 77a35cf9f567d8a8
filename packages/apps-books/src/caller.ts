/** Questions and commands of one organizational unit: addressed, paced, held back and watched. */
import type { Envelope, ServiceConfigResponse } from '@apportion/apple-wire/messages'
import { envelopeOf, type JsonObject } from './answer.ts'
import type { AppleError, AppsBooksError } from './errors.ts'
import { exchange } from './exchange.ts'
import { type Query, withQuery } from './filters.ts'
import { createRateLimiter, type Limiter } from './limiter.ts'
import { createPause } from './pause.ts'
import {
  createServiceConfigCache,
  type Endpoint,
  endpointUrl,
  limitsOf,
  type ServiceConfigCache,
} from './service-config.ts'
import { type WireOptions, wireOf } from './wire.ts'

/** Whom a client speaks for, and what of its world may be shared with others. */
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

export interface Caller {
  serviceConfig(): Promise<ServiceConfigResponse>
  /** A question: a GET with this query. */
  ask(endpoint: Endpoint, query: Query, signal?: AbortSignal): Promise<JsonObject>
  /** A command: a POST with this body, or with none. `secrets` are texts of the body that no error may repeat. */
  tell(endpoint: Endpoint, body?: object, secrets?: readonly string[]): Promise<JsonObject>
}

/** @throws {TypeError} when the token cannot stand in a header; the message does not repeat it */
export function createCaller(options: AppsBooksOptions): Caller {
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
    async tell(endpoint, body, secrets = []) {
      const address = endpointUrl(await serviceConfig(), endpoint, serviceConfigUrl)
      const hidden = [token, ...secrets.filter((secret) => secret !== '')]
      return exchange(wire, { ...shared, method: 'POST', address, body, secrets: hidden })
    },
  }
}
