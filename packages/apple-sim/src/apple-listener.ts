/**
 * The Apple-facing HTTP listener: finds who answers, plays the ordered faults on the wire, keeps the log.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tokenNamed } from './authentication.ts'
import { disturbWalk } from './disturbed-walk.ts'
import { faultAnswer } from './fault-answer.ts'
import type { FaultOrder, RequestFault } from './faults.ts'
import { answerInvitation } from './invitation.ts'
import { INVITATION_PATH } from './invitation-path.ts'
import { type Answer, answerLicenseApi } from './license-api.ts'
import { Refusal } from './refusal.ts'
import type { Simulation } from './simulation.ts'
import { answerStore } from './store.ts'

/** A server that is not listening yet. */
export function appleListener(simulation: Simulation): Server {
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    respond(simulation, request, response).catch((error: unknown) => {
      // A fault of the simulator itself must not look like one of Apple's.
      console.error(error)
      response.destroy()
    })
  })
  return server
}

async function respond(
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const location = tokenNamed(simulation, request.headers.authorization)?.location
  const uId = location?.uId
  const leave = simulation.log.enter(uId)
  const at = simulation.clock.now()
  try {
    const url = new URL(request.url ?? '/', 'http://apple.invalid')
    const fault = simulation.faults.takeFor(request.method ?? '', url.pathname)
    const path = licensePath(url)
    if (location && path !== undefined && request.method === 'GET')
      disturbWalk(simulation, location, { path, query: url.searchParams })
    const answer =
      (await preemptiveAnswer(simulation, request, { fault, pathname: url.pathname })) ??
      (await properAnswer(simulation, request, url))
    const { latencyMs } = simulation.knobs()
    if (latencyMs > 0) await realTime(latencyMs)
    logAnswer(simulation, request, { at, url, answer, uId, fault: fault?.fault })
    await send(response, answer, fault)
  } finally {
    leave()
  }
}

/** The answer or the silence of a fault that strikes before anything is done. */
async function preemptiveAnswer(
  simulation: Simulation,
  request: IncomingMessage,
  { fault, pathname }: { readonly fault: FaultOrder<RequestFault> | undefined; readonly pathname: string },
): Promise<Answer | undefined> {
  const refused = (refusal: Refusal): Answer => faultAnswer(simulation, pathname, refusal)
  const { knobs, clock, faults } = simulation
  const now = knobs().pacingClock === 'wall' ? Date.now() : clock.now()
  const caller = tokenNamed(simulation, request.headers.authorization)?.location.uId ?? ''
  const until = faults.unavailableUntil(caller, now)
  if (!fault && until !== undefined)
    return refused(new Refusal(9729, { retryAfter: secondsUntil(until, now) }))
  switch (fault?.fault) {
    case '429':
      return refused(new Refusal(9646, retryAfter(fault, now)))
    case '500':
      return refused(new Refusal(9603, retryAfter(fault, now)))
    case '503':
      if (fault.retryAfter !== undefined) faults.makeUnavailable(caller, now + 1000 * fault.retryAfter)
      return refused(new Refusal(9729, retryAfter(fault, now)))
    case 'html':
      return { status: 502, body: '<html><body><h1>Bad Gateway</h1></body></html>', contentType: 'text/html' }
    case 'reset-before':
      return CUT
    default:
      return undefined
  }
}

function retryAfter(
  { retryAfter, retryAfterStyle }: FaultOrder,
  now: number,
): { readonly retryAfter?: string } {
  if (retryAfter === undefined) return {}
  if (retryAfterStyle !== 'http-date') return { retryAfter: String(retryAfter) }
  return { retryAfter: new Date(now + 1000 * retryAfter).toUTCString() }
}

const secondsUntil = (until: number, now: number): string => String(Math.ceil((until - now) / 1000))

/** No answer: the connection ends. */
const CUT: Answer = { status: 0, body: '', contentType: '' }

function properAnswer(simulation: Simulation, request: IncomingMessage, url: URL): Promise<Answer> | Answer {
  const path = licensePath(url)
  if (path === undefined) {
    if (url.pathname === INVITATION_PATH) return answerInvitation(simulation, request, url)
    return answerStore(simulation, request, url)
  }
  return answerLicenseApi(simulation, request, { path, query: url.searchParams })
}

function licensePath({ pathname }: URL): string | undefined {
  return pathname.startsWith('/mdm/v2/') ? pathname.slice('/mdm/v2'.length) : undefined
}

async function send(
  response: ServerResponse,
  answer: Answer,
  fault: FaultOrder<RequestFault> | undefined,
): Promise<void> {
  const { status, body, contentType, headers } = answer
  if (fault?.fault === 'timeout-after-commit') await realTime(fault.delayMs ?? 60_000)
  if (status === 0 || isCutAfterwards(fault)) {
    response.socket?.resetAndDestroy()
    return
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length, ...headers })
  if (fault?.fault === 'truncated') {
    response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy())
    return
  }
  if (fault?.fault === 'slow') {
    response.write(bytes.subarray(0, bytes.length >> 1))
    await realTime(fault.delayMs ?? 2000)
    response.end(bytes.subarray(bytes.length >> 1))
    return
  }
  response.end(bytes)
}

const isCutAfterwards = (fault: FaultOrder<RequestFault> | undefined): boolean =>
  fault?.fault === 'reset-after-commit' || fault?.fault === 'timeout-after-commit'

function realTime(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}

/** Whoever has the code can accept in another's name. */
const withoutInviteCode = (query: string): string => query.replaceAll(/(?<=inviteCode=)[^&]+/g, '…')

interface Handled {
  readonly at: number
  readonly url: URL
  readonly answer: Answer
  readonly uId: string | undefined
  readonly fault: RequestFault | undefined
}

function logAnswer(
  simulation: Simulation,
  request: IncomingMessage,
  { at, url, answer, uId, fault }: Handled,
): void {
  const path = licensePath(url)
  simulation.log.add({
    at,
    method: request.method ?? '',
    path: path ?? url.pathname,
    ...(url.search !== '' && { query: withoutInviteCode(url.search.slice(1)) }),
    ...(uId !== undefined && { uId }),
    status: answer.status,
    ...(answer.errorNumber !== undefined && { errorNumber: answer.errorNumber }),
    ...(fault !== undefined && { fault }),
    ...(answer.tasks !== undefined && { tasks: answer.tasks }),
    ...(answer.bodySummary && { bodySummary: answer.bodySummary }),
  })
}
