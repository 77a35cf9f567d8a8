/** NanoMDM's HTTP API, as far as commands and pushes need it. */
import type { NanoMdmAnswer } from '@apportion/core/devices/nanomdm-verdict'
import { errorCode } from '../platform/db/failure.ts'

/** There was no answer. */
export interface Unreachable {
  readonly unreachable: string
  /** The request did not get there; otherwise nothing is known of what became of it. */
  readonly isUntold: boolean
}

/** What came back, or why nothing did. */
export type NanoMdmReply = NanoMdmAnswer | Unreachable

/** NanoMDM as far as we use it. */
export interface NanoMdmApi {
  /** Puts a command (a property list) at the end of the queue of one device, without waking it. Never throws. */
  enqueue(identifier: string, payload: string): Promise<NanoMdmReply>
  /** Wakes devices. Never throws. */
  push(identifiers: readonly string[]): Promise<NanoMdmReply>
}

/** Where it is, and how it is asked. */
export interface NanoMdmApiPorts {
  readonly url: URL
  readonly apiKey: string
  readonly fetch: typeof globalThis.fetch
}

/** NanoMDM knows one user. */
const userName = 'nanomdm'
/** Milliseconds for one request: it asks Apple for each device that it is to wake. */
const patience = 60_000
const mostCharacters = 1_000_000

/** The API at an address; `url` may have a path, when a proxy puts NanoMDM below one. */
export function createNanoMdmApi({ url, apiKey, fetch }: NanoMdmApiPorts): NanoMdmApi {
  const authorization = `Basic ${Buffer.from(`${userName}:${apiKey}`).toString('base64')}`
  const root = url.href.endsWith('/') ? url.href : `${url.href}/`
  const send = async (path: string, request: RequestInit): Promise<NanoMdmReply> => {
    try {
      const response = await fetch(`${root}${path}`, {
        ...request,
        headers: { authorization, 'content-type': 'application/xml' },
        // The password goes nowhere else.
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
      })
      return { status: response.status, body: jsonIn(await textOf(response)) }
    } catch (error) {
      return unreachable(error)
    }
  }
  return {
    enqueue: (identifier, payload) =>
      send(`v1/enqueue/${encodeURIComponent(identifier)}?nopush=1`, { method: 'PUT', body: payload }),
    push: (identifiers) =>
      send(`v1/push/${identifiers.map(encodeURIComponent).join(',')}`, { method: 'GET' }),
  }
}

async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > mostCharacters) throw new TypeError('the answer has no end')
  }
  return text
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Failures before there is a connection. */
const untold = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** `fetch` hides why behind "fetch failed". */
function unreachable(error: unknown): Unreachable {
  if (!(error instanceof Error)) return { unreachable: 'unknown reason', isUntold: false }
  const cause = error.cause instanceof Error ? error.cause : error
  const code = errorCode(cause)
  const reason = cause.message || code || error.message
  return {
    unreachable: reason.slice(0, 300).toWellFormed(),
    isUntold: code !== undefined && untold.has(code),
  }
}
