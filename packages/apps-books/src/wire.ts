/** What every caller of Apple's services may choose, with what holds otherwise. */
import { type Clock, systemClock } from './clock.ts'
import type { Wire } from './exchange.ts'
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts'

export interface WireOptions {
  /** Hosts that requests may go to, `APPLE_HOSTS` for Apple: `host`, `host:port` or `*.suffix`. */
  readonly allowedHosts: readonly string[]
  /** Allows `http:` to a listed host that is this machine, for a simulator. */
  readonly allowPlainHttpLoopback?: boolean | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Waits and tells the time; the time limit of a request runs on the machine's clock. */
  readonly clock?: Clock | undefined
  /** Between 0 and 1, for the length of pauses. */
  readonly random?: (() => number) | undefined
  /** Stops every request. */
  readonly signal?: AbortSignal | undefined
  readonly userAgent?: string | undefined
  /** How long one request may take, 30 seconds by default. */
  readonly timeoutMs?: number | undefined
  readonly retry?: RetryPolicy | undefined
}

/** The options with their defaults in place. */
export function wireOf(options: WireOptions): Wire {
  return {
    fetch: options.fetch ?? globalThis.fetch,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    hosts: { allowedHosts: options.allowedHosts, allowPlainHttpLoopback: options.allowPlainHttpLoopback },
    retry: options.retry ?? DEFAULT_RETRY,
    timeoutMs: options.timeoutMs ?? 30_000,
    userAgent: options.userAgent ?? 'apportion-apps-books',
    signal: options.signal,
  }
}
