/**
 * How a feature declares what it answers over HTTP.
 *
 * A contract (in `<feature>/schema.ts`) is what callers see: path, shapes, who may call. `route`
 * binds it to a handler (in `<feature>/routes.ts`). Requests and answers are both checked against the
 * contract, and the OpenAPI document is made from it, so the three cannot disagree.
 *
 *     export const readDevice = defineContract({
 *       method: 'GET',
 *       url: '/api/v1/devices/:serial',
 *       operationId: 'readDevice',
 *       summary: 'One device',
 *       tags: ['devices'],
 *       access: 'administrator',
 *       params: z.object({ serial: z.string() }),
 *       response: { 200: device },
 *     })
 *
 *     route(app, readDevice, ({ params }) => presentDevice(await store.device(db, params.serial)))
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Caller, SignedIn } from '../auth/actor.ts'
import { problemDocument } from './problem.ts'
import './request.ts'

/** The application that routes are declared on. */
export type HttpApp = FastifyInstance

/** An answer that is not JSON, such as a CSV export or an icon: the handler gives text, bytes or a stream. */
export interface RawAnswer {
  readonly contentType: string
  readonly description: string
}

export type SuccessStatus = 200 | 201 | 202 | 204

export type AnswerShape = z.ZodType | RawAnswer

export interface Contract {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Starts with /api/v1/; parameters as `:name`. */
  readonly url: string
  /** Unique, camelCase, a verb first: it names the function of generated clients. */
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  /** 'public' answers anybody; 'administrator' needs a session or an API key. */
  readonly access: 'public' | 'administrator'
  readonly params?: z.ZodType
  readonly querystring?: z.ZodType
  readonly body?: z.ZodType
  /** Content types of a body that arrives as bytes (`body: rawBody`); JSON when left out. */
  readonly consumes?: readonly RawContentType[]
  /** Largest body in bytes; 1 MiB when left out. */
  readonly bodyLimit?: number
  /** Requests a minute from one address; unlimited when left out. For what costs much and asks for no sign-in. */
  readonly callsPerMinute?: number
  /** The successful answers; the first one is what a handler answers with unless it sets the status. */
  readonly response: { readonly [status in SuccessStatus]?: AnswerShape }
}

/** Bodies of these types arrive as a Buffer. */
export const rawContentTypes = ['text/csv', 'text/plain', 'application/octet-stream'] as const
export type RawContentType = (typeof rawContentTypes)[number]

/** The shape of a body that arrives as bytes, together with `consumes`. */
export const rawBody = z.instanceof(Buffer).meta({ type: 'string', format: 'binary' })

/** The shape of an answer without a body (204). */
export const noContent = z.undefined().meta({ description: 'Done; no body' })

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined

type AnswerOf<T> = T extends z.ZodUndefined
  ? // biome-ignore lint/suspicious/noConfusingVoidType: a handler that only acts returns nothing
    void
  : T extends z.ZodType
    ? z.output<T>
    : T extends RawAnswer
      ? string | Uint8Array | NodeJS.ReadableStream
      : never

/** What a handler of this contract gives back. */
export type Answer<C extends Contract> = AnswerOf<C['response'][keyof C['response']]>

/** What a handler gets: everything parsed, and who asks. */
export interface Call<C extends Contract> {
  readonly params: Parsed<C['params']>
  readonly query: Parsed<C['querystring']>
  readonly body: Parsed<C['body']>
  /** Who asks. On a public route that may be `{ kind: 'anonymous' }`. */
  readonly actor: C['access'] extends 'administrator' ? SignedIn : Caller
  /** Aborted when the caller has gone away. */
  readonly signal: AbortSignal
  /** For headers, cookies and the log with the request's id. */
  readonly request: FastifyRequest
  /** For headers, cookies and another status; the answer itself is returned, not sent. */
  readonly reply: FastifyReply
}

/** Keeps the literal types of a contract, so that handlers and clients are checked against it. */
export function defineContract<const C extends Contract>(contract: C): C {
  return contract
}

/** Serves a contract. Expected failures are thrown as `Refusal`. */
export function route<C extends Contract>(
  app: HttpApp,
  contract: C,
  handler: (call: Call<C>) => Promise<Answer<C>> | Answer<C>,
): void {
  app.route({
    method: contract.method,
    url: contract.url,
    schema: schemaOf(contract),
    config: {
      access: contract.access,
      ...(contract.callsPerMinute === undefined
        ? {}
        : { rateLimit: { max: contract.callsPerMinute, timeWindow: 60_000 } }),
    },
    ...(contract.bodyLimit === undefined ? {} : { bodyLimit: contract.bodyLimit }),
    handler: async (request, reply) => {
      reply.code(firstStatus(contract))
      const { params, query, body, actor } = request
      const call = { params, query, body, actor, signal: goneSignal(reply), request, reply }
      // The one cast of the edge: the contract's schemas and its access rule have just been checked.
      const answer = await answered(() => handler(call as unknown as Call<C>))
      const shape = answerShape(contract, reply.statusCode)
      if (shape !== undefined && !isSchema(shape) && !reply.hasHeader('content-type')) {
        reply.type(shape.contentType)
      }
      return answer
    },
  })
}

/** Fastify treats what is thrown and is no Error as an answer; it must not leave the server. */
async function answered<T>(handle: () => Promise<T> | T): Promise<T> {
  try {
    return await handle()
  } catch (thrown) {
    throw thrown instanceof Error ? thrown : new Error('A handler threw what is no error', { cause: thrown })
  }
}

function schemaOf(contract: Contract): Record<string, unknown> {
  const { operationId, summary, description, tags, params, querystring, body, consumes } = contract
  const response = Object.entries(contract.response).map(([status, shape]) => [status, responseOf(shape)])
  const shown = { operationId, summary, description, tags, params, querystring, body, consumes }
  return {
    ...Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)),
    security: contract.access === 'public' ? [] : [{ session: [] }, { apiKey: [] }],
    response: { ...Object.fromEntries(response), default: problemResponse },
  }
}

const problemResponse = {
  description: 'A problem (RFC 9457); `code` says which',
  content: { 'application/problem+json': { schema: problemDocument } },
}

function responseOf(shape: AnswerShape): unknown {
  if (isSchema(shape)) return shape
  return { description: shape.description, content: { [shape.contentType]: { schema: z.string() } } }
}

function isSchema(shape: AnswerShape): shape is z.ZodType {
  return shape instanceof z.ZodType
}

function firstStatus(contract: Contract): number {
  const [first] = Object.keys(contract.response)
  return first === undefined ? 200 : Number(first)
}

function answerShape(contract: Contract, status: number): AnswerShape | undefined {
  return Object.entries(contract.response).find(([key]) => Number(key) === status)?.[1]
}

/** Aborted when the connection closes before the answer is complete. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error('The caller has gone away'))
  })
  return controller.signal
}
