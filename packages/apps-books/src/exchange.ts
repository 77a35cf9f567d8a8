/** One request and its answer, repeated where that is safe. Knows HTTP and Apple's failures, no endpoint. */
import { type Answer, failureOf, type JsonObject, parseBody } from './answer.ts'
import { type Clock, reasonOf } from './clock.ts'
import { startDeadline } from './deadline.ts'
import { AppleError, AppsBooksError, type Call } from './errors.ts'
import { allowedUrl, type HostRules } from './hosts.ts'
import { pauseBeforeRetry, type RetryPolicy } from './retry.ts'
import { lostAnswer } from './transport-failure.ts'

/** The world that requests are sent into. */
export interface Wire {
  readonly fetch: typeof globalThis.fetch
  readonly clock: Clock
  readonly random: () => number
  readonly hosts: HostRules
  readonly retry: RetryPolicy
  readonly timeoutMs: number
  readonly userAgent: string
  readonly signal?: AbortSignal | undefined
}

export interface Outgoing {
  readonly method: 'GET' | 'POST'
  readonly address: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Texts that no error may repeat. */
  readonly secrets: readonly string[]
  /** Awaited before each attempt. */
  readonly admit?: (signal: AbortSignal | undefined) => Promise<void>
  /** Sees the body of every answer, failures included, before the call returns. */
  readonly observe?: (body: JsonObject) => void | Promise<void>
  /** Told each failure and how long the request will pause, `undefined` when it gives up. */
  readonly failed?: (error: AppleError | AppsBooksError, pauseMs: number | undefined) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * The body of a successful answer.
 *
 * @throws {AppleError} when Apple refuses the request
 * @throws {AppsBooksError} when no usable answer came
 * @throws the reason of the signal, when one of them is aborted before anything was sent or during a question
 */
export async function exchange(wire: Wire, outgoing: Outgoing): Promise<JsonObject> {
  const url = allowedUrl(outgoing.address, wire.hosts)
  const call: Call = { method: outgoing.method, path: url.pathname }
  for (let tries = 1; ; tries++) {
    await outgoing.admit?.(outgoing.signal ?? wire.signal)
    throwIfStopped(wire.signal, outgoing.signal)
    const result = await attempt(wire, outgoing, { url, call })
    if (!(result instanceof AppleError) && !(result instanceof AppsBooksError)) return result
    const pause = pauseBeforeRetry({
      method: call.method,
      error: result,
      tries,
      random: wire.random(),
      policy: wire.retry,
    })
    outgoing.failed?.(result, pause)
    if (pause === undefined) throw result
    await wire.clock.sleep(pause, outgoing.signal ?? wire.signal)
  }
}

async function attempt(
  wire: Wire,
  outgoing: Outgoing,
  { url, call }: { readonly url: URL; readonly call: Call },
): Promise<JsonObject | AppleError | AppsBooksError> {
  const answer = await send(wire, outgoing, { url, call })
  if (answer instanceof AppsBooksError) return answer
  const body = parseBody(answer.text)
  if (body !== undefined) await outgoing.observe?.(body)
  const failure = failureOf(answer, body, { call, secrets: outgoing.secrets, now: wire.clock.now() })
  // Without a body there is always a failure.
  return failure ?? body ?? {}
}

async function send(
  wire: Wire,
  { method, headers, body, signal }: Outgoing,
  { url, call }: { readonly url: URL; readonly call: Call },
): Promise<Answer | AppsBooksError> {
  const deadline = startDeadline(wire.timeoutMs, [wire.signal, signal])
  try {
    const response = await wire.fetch(url.href, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': wire.userAgent,
        // Apple wants it on every command, those without a body included (9727).
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: deadline.signal,
    })
    const { status } = response
    return { status, retryAfter: response.headers.get('retry-after'), text: await readText(response) }
  } catch (cause) {
    const stopped = deadline.signal.aborted && !deadline.timedOut()
    if (stopped && method === 'GET') throw reasonOf(deadline.signal)
    return lostAnswer({
      call,
      cause,
      ending: stopped ? 'stopped' : deadline.timedOut() ? 'timeout' : 'broken',
    })
  } finally {
    deadline.end()
  }
}

/** A page of a thousand records has some 200 KB; this is far beyond any answer and far below the memory. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  const decoder = new TextDecoder()
  let text = ''
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > MAX_ANSWER_BYTES) {
      await reader.cancel()
      throw new RangeError('The answer is too large')
    }
    text += decoder.decode(value, { stream: true })
  }
}

function throwIfStopped(...signals: (AbortSignal | undefined)[]): void {
  for (const signal of signals) if (signal?.aborted) throw reasonOf(signal)
}
