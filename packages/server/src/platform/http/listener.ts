/**
 * The open port. It listens from the first moment of the server's life, so that GET /health can say
 * why nothing else works yet, and it closes last, after the requests under way have been answered.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import { StartFailure } from '../errors.ts'
import type { Health } from './health.ts'
import { plainPage } from './pages.ts'
import { presentProblem, problemType } from './problem.ts'

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void

export interface Listener extends AsyncDisposable {
  /** `http://host:port` with the port that was really taken. */
  readonly url: string
  readonly port: number
  /** From now on requests go here; /health stays with the listener. */
  serve(application: RequestListener): void
}

export interface ListenerPorts {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly health: Health
  readonly clock: Clock
}

/** Milliseconds that requests under way get to finish when the server stops. */
export const drainTime = 10_000

/** Starts to listen. Throws StartFailure `listen.port_taken`, `listen.forbidden` or `listen.failed`. */
export async function openListener({ host, port, health, clock }: ListenerPorts): Promise<Listener> {
  let application: RequestListener = answerStarting(health)
  const server = createServer((request, response) => {
    if (isHealthRequest(request)) void answerHealth(health, response)
    else application(request, response)
  })
  // Slow senders are cut off: 30 s for the head, five minutes for a body.
  server.headersTimeout = 30_000
  server.requestTimeout = 300_000
  return {
    ...(await startListening(server, { host, port, variable: 'PORT' })),
    serve: (next) => {
      application = next
    },
    [Symbol.asyncDispose]: () => drain(server, clock),
  }
}

/** Where a server is to listen, and the variable that says so, for the operator. */
export interface ListenAddress {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly variable: string
}

/** Opens the port. Throws StartFailure `listen.port_taken`, `listen.forbidden` or `listen.failed`. */
export async function startListening(
  server: Server,
  address: ListenAddress,
): Promise<{ readonly url: string; readonly port: number }> {
  await listening(server, address)
  const { host } = address
  const port = portOf(server)
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port }
}

function listening(server: Server, address: ListenAddress): Promise<void> {
  const { host, port } = address
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFailure(error, address)))
    server.listen({ host, port }, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function listenFailure(error: NodeJS.ErrnoException, { host, port, variable }: ListenAddress): StartFailure {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartFailure(
        'listen.port_taken',
        `Port ${port} is taken. Stop what listens there, or set ${variable} to another.`,
      )
    case 'EACCES':
      return new StartFailure(
        'listen.forbidden',
        `Port ${port} may not be opened by this account. Set ${variable} to 1024 or more.`,
      )
    default:
      return new StartFailure(
        'listen.failed',
        `Cannot listen on ${host}:${port}: ${error.message}. Check HOST and ${variable}.`,
      )
  }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function isHealthRequest({ method, url }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && url?.split('?', 1)[0] === '/health'
}

async function answerHealth(health: Health, response: ServerResponse): Promise<void> {
  const report = await health.check()
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  response.writeHead(report.status === 'ok' ? 200 : 503, headers).end(`${JSON.stringify(report)}\n`)
}

function answerStarting(health: Health): RequestListener {
  return (request, response) => {
    void health.check().then((report) => {
      const detail = report.status === 'ok' ? 'The server is about to be ready.' : report.detail
      const headers = { 'retry-after': '2', 'cache-control': 'no-store' }
      if (request.url?.startsWith('/api/')) {
        const problem = presentProblem({ code: 'server.starting', detail, requestId: 'starting' })
        response.writeHead(503, { ...headers, 'content-type': problemType }).end(JSON.stringify(problem))
      } else {
        const page = plainPage('Apportion is starting', [detail, 'Reload in a moment.'])
        response.writeHead(503, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(page)
      }
    })
  }
}

/** Stops a server: takes no new connections, waits for requests under way, and cuts off what takes too long. */
export async function drain(server: Server, clock: Clock): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeIdleConnections()
  const enough = new AbortController()
  const timeUp = clock.sleep(drainTime, enough.signal).then(
    () => server.closeAllConnections(),
    () => {},
  )
  await closed
  enough.abort()
  await timeUp
}
