/** Apple as a script: a `fetch` that answers from a function and remembers what was asked; and a clock to advance. */
import serviceConfig from '@apportion/apple-wire/fixtures/service-config.json' with { type: 'json' }
import { type AppsBooksOptions, createAppsBooksClient } from '../src/client.ts'
import { type Clock, reasonOf } from '../src/clock.ts'

export const TOKEN = 'c2FtcGxlLWNvbnRlbnQtdG9rZW4tb2YtdGhlLXRlc3Rz'

export interface Asked {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly redirect: string | undefined
  /** The clock's time in milliseconds. */
  readonly at: number
  readonly signal: AbortSignal
}

export type Script = (asked: Asked) => Response | Promise<Response>

export interface ManualClock extends Clock {
  /** Time that was slept away, in order. */
  readonly slept: readonly number[]
}

/** A clock on which every sleep passes at once, in the order of its end. */
export function createManualClock(start = new Date('2030-01-01T00:00:00Z')): ManualClock {
  let now = start.getTime()
  const slept: number[] = []
  const sleepers: { readonly until: number; readonly wake: () => void }[] = []

  function advance(): void {
    sleepers.sort((a, b) => a.until - b.until)
    const next = sleepers.shift()
    if (next === undefined) return
    now = Math.max(now, next.until)
    next.wake()
  }

  return {
    slept,
    now: () => new Date(now),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(reasonOf(signal))
        slept.push(ms)
        sleepers.push({ until: now + ms, wake: resolve })
        // Time stands still while anything else has work to do.
        setImmediate(() => setImmediate(advance))
      }),
  }
}

export const json = (body: unknown, init: ResponseInit = {}): Response =>
  new Response(JSON.stringify(body), {
    status: 200,
    headers: { 'content-type': 'application/json' },
    ...init,
  })

/** A fetch that answers the service config itself and everything else from the script. */
export function scriptedFetch(script: Script, clock: Clock) {
  const asked: Asked[] = []
  const configAsked: Asked[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const one: Asked = {
      method: init?.method ?? 'GET',
      url: new URL(input instanceof Request ? input.url : input),
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
      redirect: init?.redirect,
      at: clock.now().getTime(),
      signal: init?.signal ?? new AbortController().signal,
    }
    if (one.url.pathname === '/mdm/v2/service/config') {
      configAsked.push(one)
      return json(serviceConfig)
    }
    asked.push(one)
    return script(one)
  }
  return { fetch, asked, configAsked }
}

/** A client whose Apple is the script. */
export function clientOf(script: Script, options: Partial<AppsBooksOptions> = {}) {
  const clock = createManualClock()
  const { fetch, asked, configAsked } = scriptedFetch(script, clock)
  const client = createAppsBooksClient({
    serviceConfigUrl: 'https://vpp.itunes.apple.com/mdm/v2/service/config',
    token: TOKEN,
    allowedHosts: ['vpp.itunes.apple.com'],
    fetch,
    clock,
    random: () => 0.5,
    ...options,
  })
  return { client, clock, asked, configAsked }
}

/** What a promise was rejected with; fails when it was not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('the call succeeded')
}

export async function allOf<T>(pages: AsyncIterable<{ readonly records: readonly T[] }>): Promise<T[]> {
  const records: T[] = []
  for await (const page of pages) records.push(...page.records)
  return records
}
