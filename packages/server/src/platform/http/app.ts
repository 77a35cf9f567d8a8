/**
 * The HTTP application: everything a request passes on its way to a feature's handler and back.
 *
 *     own page? → rate → who asks → parse → handler → answer checked → problem or answer → log
 */
import { randomUUID } from 'node:crypto'
import fastifyCompress from '@fastify/compress'
import fastifyCookie from '@fastify/cookie'
import fastifyHelmet from '@fastify/helmet'
import fastifyRateLimit from '@fastify/rate-limit'
import fastifyUnderPressure from '@fastify/under-pressure'
import fastify, {
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { SignedIn } from '../auth/actor.ts'
import { isFromOwnPage } from '../auth/origin.ts'
import { Refusal } from '../errors.ts'
import type { Log } from '../log.ts'
import { isConsoleAddress, sendConsolePage, serveConsoleFiles } from './console.ts'
import { type Failure, failureOf } from './failures.ts'
import { collectOpenApi, serveOpenApi } from './openapi.ts'
import { presentProblem, problemType } from './problem.ts'
import { problemStatus } from './problems.ts'
import { type HttpApp, rawContentTypes } from './routes.ts'

export interface AppPorts {
  readonly log: Log
  /** Says who sends a request, for routes that need it. Throws Refusal when nobody known does. */
  readonly authenticate: (request: FastifyRequest) => Promise<SignedIn>
  /** The features' routes, in their declared order. */
  readonly routes: readonly ((app: HttpApp) => void)[]
  readonly publicUrl: URL | null
  readonly trustProxy: boolean | string[]
  /** The folder with the built console. */
  readonly consoleFolder: string
  readonly version: string
}

/** Bodies larger than this are refused unless a contract says otherwise. */
const defaultBodyLimit = 1_048_576

/** The application, ready to serve. It listens to nothing itself. */
export async function buildApp(ports: AppPorts): Promise<HttpApp> {
  const app: HttpApp = fastify({
    // Fastify's own logger type is a subset of pino's; its default generics keep routes simple.
    loggerInstance: ports.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    frameworkErrors: (error, request, reply) => void answerFailure(error, request, reply),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: ports.trustProxy,
    bodyLimit: defaultBodyLimit,
    forceCloseConnections: 'idle',
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  answerProblems(app, ports)
  logRequests(app)
  await registerGuards(app, ports)
  acceptRawBodies(app)
  await collectOpenApi(app, ports.version)
  for (const declare of ports.routes) declare(app)
  await serveOpenApi(app)
  await serveConsoleFiles(app, ports.consoleFolder)
  await app.ready()
  return app
}

/** In the order in which a request meets them. */
async function registerGuards(app: HttpApp, ports: AppPorts): Promise<void> {
  await app.register(fastifyHelmet, {
    // What is not a page needs nothing; pages bring a policy of their own.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    strictTransportSecurity: ports.publicUrl?.protocol === 'https:' ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  })
  await app.register(fastifyCompress, { threshold: 1024, encodings: ['gzip', 'identity'] })
  await app.register(fastifyCookie)
  await app.register(fastifyUnderPressure, { maxEventLoopDelay: 5000, retryAfter: 5 })
  await app.register(fastifyRateLimit, { global: false, hook: 'onRequest' })
  app.decorateRequest('actor')
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (isChange(request) && !isFromOwnPage(request.headers, ports.publicUrl)) {
      throw foreignPage(request)
    }
    const { access } = request.routeOptions.config
    request.actor = access === 'administrator' ? await ports.authenticate(request) : { kind: 'anonymous' }
  })
  app.addHook('onSend', async (request, reply, payload) => {
    // Answers of the API are about one moment and one caller.
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store')
    return payload
  })
}

function foreignPage({ headers }: FastifyRequest): Refusal {
  const advice =
    'If this is your own console behind a proxy, set APPORTION_PUBLIC_URL to the address in the browser.'
  const page = (headers.origin ?? 'another site').slice(0, 200)
  return new Refusal(
    'session.csrf',
    `The request comes from a page of ${page} and was not carried out. ${advice}`,
  )
}

function isChange({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
}

function acceptRawBodies(app: HttpApp): void {
  // Fastify reads text/plain as a string by default; an import has to see the bytes to tell its encoding.
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser([...rawContentTypes], { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
}

function answerProblems(app: HttpApp, ports: AppPorts): void {
  app.setErrorHandler((error, request, reply) => answerFailure(error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    if (isConsoleAddress(request.method, path)) return sendConsolePage(reply, ports.consoleFolder)
    const detail = `There is no ${request.method} ${path.slice(0, 200)}.`
    return sendProblem(reply, request, { code: 'not_found', detail, report: false })
  })
}

function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = failureOf(error, request)
  if (failure.report) request.log.error({ err: error, req: request }, failure.detail)
  return sendProblem(reply, request, failure)
}

/** Written as text, past the answer's schema: a problem must come out whatever the contract says. */
function sendProblem(reply: FastifyReply, request: FastifyRequest, failure: Failure): FastifyReply {
  const { status } = problemStatus[failure.code]
  const seconds = failure.facts?.retryAfterSeconds
  if (typeof seconds === 'number') reply.header('retry-after', Math.ceil(seconds))
  else if (status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', 5)
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="apportion"')
  const problem = presentProblem({ ...failure, requestId: request.id })
  return reply
    .code(status)
    .type(problemType)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem))
}

/** One line for each change and each failure; reads that went well only at level debug. */
function logRequests(app: HttpApp): void {
  app.addHook('onResponse', async (request, reply) => {
    const quiet = reply.statusCode < 400 && !isChange(request)
    const line = { req: request, res: reply, ms: Math.round(reply.elapsedTime) }
    if (quiet) request.log.debug(line, 'answered')
    else request.log.info(line, 'answered')
  })
}
