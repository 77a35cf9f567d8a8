/**
 * One request to the license API, from its arrival to its answer, in the order of Apple's checks:
 * route, method, token, permission, rate, content type, body.
 */
import type { IncomingMessage } from 'node:http'
import { authenticate, tokenNamed } from './authentication.ts'
import { serviceConfig } from './config-endpoints.ts'
import { limitsOf } from './knobs.ts'
import type { Location } from './location.ts'
import { Refusal } from './refusal.ts'
import { type BodySummary, bodySummary } from './request-log.ts'
import { type Endpoint, ROUTES, type Route } from './routes.ts'
import type { Call, Simulation, TokenOwner } from './simulation.ts'

/** What goes back over the wire, and what the log may know about it. */
export interface Answer {
  readonly status: number
  readonly body: string | Buffer
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
  readonly errorNumber?: number
  readonly bodySummary?: BodySummary
  readonly tasks?: number
}

const JSON_TYPE = 'application/json;charset=utf-8'

/** Answers `path` (the part after `/mdm/v2`); refusals are answers too. */
export async function answerLicenseApi(
  simulation: Simulation,
  request: IncomingMessage,
  { path, query }: { readonly path: string; readonly query: URLSearchParams },
): Promise<Answer> {
  try {
    if (path === '/service/config') return answerServiceConfig(simulation, request)
    if (simulation.knobs().removedEndpoints.includes(path)) throw new Refusal(9634)
    const route = ROUTES.get(path)
    if (!route) return { status: 404, body: 'Not Found', contentType: 'text/plain' }
    const endpoint = request.method === 'GET' || request.method === 'POST' ? route[request.method] : undefined
    if (!endpoint) throw new Refusal(9726)
    const caller = checkedCaller(simulation, request)
    return request.method === 'GET'
      ? await answerRead(endpoint, { simulation, ...caller, query, body: undefined })
      : await answerWrite(route, request, { simulation, ...caller, query })
  } catch (error) {
    if (error instanceof BodyTooLarge) {
      return { status: 413, body: 'Request Entity Too Large', contentType: 'text/plain' }
    }
    if (error instanceof Refusal) return refusalAnswer(error)
    throw error
  }
}

async function answerRead(endpoint: Endpoint, call: Call): Promise<Answer> {
  return { status: 200, body: await endpoint(call), contentType: JSON_TYPE }
}

/** A refused write is logged with the size of its body too. */
async function answerWrite(
  { POST: endpoint = absent, bodyless }: Route,
  request: IncomingMessage,
  call: Omit<Call, 'body'>,
): Promise<Answer> {
  const { simulation, location } = call
  if (!bodyless && !isJsonType(request.headers['content-type'])) throw new Refusal(9727)
  const received = await readBody(request, simulation.knobs().maxBodyBytes)
  const body = bodyless ? undefined : parseJson(received)
  const summary = bodySummary(body)
  const sizes = summary ? { bodySummary: summary } : {}
  try {
    const json = await endpoint({ ...call, body })
    simulation.changed()
    simulation.save()
    return { status: 200, body: json, contentType: JSON_TYPE, ...sizes, ...startedTasks(location, json) }
  } catch (error) {
    if (error instanceof Refusal) return { ...refusalAnswer(error), ...sizes }
    throw error
  }
}

const absent: Endpoint = () => {
  throw new Refusal(9726)
}

/** Token, permission and rate, in this order. */
function checkedCaller(simulation: Simulation, request: IncomingMessage): TokenOwner {
  const owner = authenticate(simulation, request.headers.authorization)
  if (request.method === 'POST' && owner.token.role === 'read') throw readOnlyRefusal(simulation)
  refuseTooMany(simulation, owner.location)
  return owner
}

/** A refusal as the wire carries it. */
export function refusalAnswer({ status, body, retryAfter }: Refusal): Answer {
  return {
    status,
    body: JSON.stringify(body),
    contentType: JSON_TYPE,
    errorNumber: body.errorNumber,
    ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
  }
}

/** The only endpoint without a token; one that is given still counts for its location's rate. */
function answerServiceConfig(simulation: Simulation, request: IncomingMessage): Answer {
  if (request.method !== 'GET') throw new Refusal(9726)
  const owner = tokenNamed(simulation, request.headers.authorization)
  if (owner) refuseTooMany(simulation, owner.location)
  return { status: 200, body: serviceConfig(simulation), contentType: JSON_TYPE }
}

function refuseTooMany(simulation: Simulation, location: Location): void {
  const knobs = simulation.knobs()
  const now = knobs.pacingClock === 'wall' ? performance.now() : simulation.clock.now()
  const perSecond = knobs.maxRequestPerSecond ?? limitsOf(knobs).maxRequestPerSecond
  if (!location.rate.allows(now, perSecond)) throw new Refusal(9646)
}

function readOnlyRefusal(simulation: Simulation): Refusal {
  const { status, errorNumber } = simulation.knobs().readOnly
  return new Refusal(errorNumber, { status })
}

function isJsonType(contentType: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? '')
}

/** More was sent than `readBody` takes. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/** The body as text; throws `BodyTooLarge` beyond `most` bytes. */
export async function readBody(request: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) throw new BodyTooLarge(`The body is larger than ${most} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(9602)
  }
}

function startedTasks(location: Location, json: string): { tasks?: number } {
  const eventId = /^\{"eventId":"([^"]+)"/.exec(json)?.[1]
  const event = eventId === undefined ? undefined : location.events.get(eventId)
  return event ? { tasks: event.requested } : {}
}
