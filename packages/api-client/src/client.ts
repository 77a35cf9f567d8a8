/**
 * A typed client of Apportion's HTTP API (P4), for the console, the command line and programs of others.
 *
 *     const client = createApiClient({ baseUrl: 'https://apportion.example', apiKey: 'apk_…' })
 *     const { items } = unwrap(await client.GET('/api/v1/tokens'))
 */
import createClient, { type Client, type Middleware } from 'openapi-fetch'
import { Problem, problemOf, Unreachable } from './problem.ts'
import type { components, operations, paths } from './schema.d.ts'

export { type InvalidValue, Problem, Unreachable } from './problem.ts'
export type { components, operations, paths } from './schema.d.ts'

/** One method per HTTP method; paths, parameters, bodies and answers are typed from openapi.json. */
export type ApiClient = Client<paths>

export interface ApiClientOptions {
  /** Scheme, host and port of the server, without `/api`; empty in a browser for the page's own. */
  readonly baseUrl: string
  /** Instead of the runtime's own. */
  readonly fetch?: (request: Request) => Promise<Response>
  /** Sent as a bearer token; a program's way in. */
  readonly apiKey?: string
  /**
   * Of the session, sent with every request that changes something; the console's way in. A function
   * when the session can begin after the client was made.
   */
  readonly csrfToken?: string | (() => string | undefined)
}

/** A call that gets no answer throws `Unreachable`; one that was aborted throws what `fetch` threw. */
export function createApiClient({ baseUrl, fetch, apiKey, csrfToken }: ApiClientOptions): ApiClient {
  const client = createClient<paths>({
    baseUrl,
    ...(fetch === undefined ? {} : { fetch }),
    ...(apiKey === undefined ? {} : { headers: { authorization: `Bearer ${apiKey}` } }),
  })
  client.use(reachable)
  if (csrfToken !== undefined) client.use(withCsrfToken(csrfToken))
  return client
}

/** The answer of a call, or the `Problem` that the server gave, thrown. */
export function unwrap<Result extends CallResult>(result: Result): SuccessOf<Result> {
  // The union's own discriminant is the status: a successful answer may have no body (204).
  if (result.response.ok) return result.data as SuccessOf<Result>
  throw problemOf(result.error, result.response.status)
}

/** As `unwrap`, but null when the server gave the problem with this code. */
export function unwrapOrNull<Result extends CallResult>(
  result: Result,
  code: string,
): SuccessOf<Result> | null {
  try {
    return unwrap(result)
  } catch (error) {
    if (error instanceof Problem && error.code === code) return null
    throw error
  }
}

/** What `unwrap` accepts: what the client's methods give. */
export interface CallResult {
  readonly data?: unknown
  readonly error?: unknown
  readonly response: Response
}

type SuccessOf<Result extends CallResult> = Extract<Result, { error?: never }>['data']

/** The JSON that an operation answers with when it succeeds, for example `Answer<'listTokens'>`. */
export type Answer<Id extends keyof operations> = operations[Id]['responses'] extends infer Responses
  ? { [Status in keyof Responses & (200 | 201 | 202)]: JsonOf<Responses[Status]> }[keyof Responses &
      (200 | 201 | 202)]
  : never

type JsonOf<Response> = Response extends { content: { 'application/json': infer Json } } ? Json : never

/** A row of an operation that answers with pages, for example `Item<'listAssets'>`. */
export type Item<Id extends keyof operations> =
  Answer<Id> extends { items: readonly (infer Row)[] } ? Row : never

/** The JSON that an operation is sent, for example `Body<'createPlan'>`. */
export type Body<Id extends keyof operations> = operations[Id] extends {
  requestBody: { content: { 'application/json': infer Json } }
}
  ? Json
  : never

/** A named shape of the document, for example `Shape<'Problem'>`. */
export type Shape<Name extends keyof components['schemas']> = components['schemas'][Name]

/**
 * The parts of a call that carry a CSV file as its bytes, so that the server can see a wrong encoding:
 * `client.POST('/api/v1/imports', { params: { query: { kind: 'devices' } }, ...csvUpload(bytes) })`.
 */
export function csvUpload(file: Uint8Array<ArrayBuffer> | Blob | string): CsvUpload {
  return { body: '', bodySerializer: () => file, headers: { 'content-type': 'text/csv' } }
}

export interface CsvUpload {
  readonly body: string
  readonly bodySerializer: () => Uint8Array<ArrayBuffer> | Blob | string
  readonly headers: { readonly 'content-type': 'text/csv' }
}

const reachable: Middleware = {
  onError({ request, error }) {
    if (error instanceof Error && error.name === 'AbortError') return undefined
    return new Unreachable(new URL(request.url).origin, { cause: error })
  },
}

function withCsrfToken(csrfToken: string | (() => string | undefined)): Middleware {
  return {
    onRequest({ request }) {
      const token = typeof csrfToken === 'function' ? csrfToken() : csrfToken
      if (token !== undefined && !['GET', 'HEAD'].includes(request.method)) {
        request.headers.set('x-csrf-token', token)
      }
      return request
    },
  }
}
