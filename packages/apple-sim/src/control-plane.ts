/**
 * The control port: what a test does with the world object, as HTTP with JSON, for a simulator in its own process,
 * and as a page for whoever opens it in a browser.
 *
 * Never on the Apple-facing port, and on the loopback interface only: whoever reaches it holds every token.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AppleSim } from './apple-sim.ts'
import { ControlRefusal } from './control-body.ts'
import { CONTROLS } from './controls.ts'
import { deviceControls } from './devices/device-controls.ts'
import type { Devices } from './devices/devices.ts'
import type { Control } from './location-controls.ts'
import { answerPage, isPagePath, type PageAnswer } from './page.ts'
import { ScenarioRefusal } from './scenario.ts'

export interface ControlPlane extends AsyncDisposable {
  readonly origin: string
}

/** Starts the control port of a simulator, and of its simulated devices where it has some; 0 takes a free one. */
export async function startControlPlane(
  apple: AppleSim,
  port: number,
  devices?: Devices,
): Promise<ControlPlane> {
  const controls = [...CONTROLS, ...(devices === undefined ? [] : deviceControls(devices))]
  const server = createServer((request, response) => {
    answer(apple, controls, request)
      .then(({ status, body, headers }) => {
        response.writeHead(status, headers)
        response.end(body)
      })
      .catch(() => response.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The control port could not be opened')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  apple: AppleSim,
  controls: readonly Control[],
  request: IncomingMessage,
): Promise<PageAnswer> {
  const refusal = foreignness(request)
  if (refusal !== undefined) return json(403, { error: refusal })
  const address = `http://${request.headers.host}${request.url ?? '/'}`
  if (!URL.canParse(address)) return json(400, { error: 'The address of the request is none' })
  const url = new URL(address)
  const method = request.method ?? ''
  const key = `${method} ${url.pathname}`
  try {
    if (isForPage(request, url.pathname)) {
      const body = await readText(request)
      return await answerPage(apple, { method, url, body, referer: request.headers.referer })
    }
    for (const control of controls) {
      const parameters = control.pattern.exec(key)?.slice(1)
      if (!parameters) continue
      const body = parsedBody(await readText(request))
      const result = await control.run(apple, { parameters, query: url.searchParams, body })
      // Whoever hears that it is done may rely on it.
      if (method !== 'GET') apple.world.save()
      return json(200, result ?? {})
    }
  } catch (error) {
    return json(statusOf(error), { error: error instanceof Error ? error.message : String(error) })
  }
  const usages = controls.map(({ usage }) => usage)
  if (key === 'GET /') return json(200, { controls: usages })
  return json(404, { error: `There is no control ${key}`, controls: usages })
}

/** Why a request is none of the machine's own user, as far as that can be told. */
function foreignness({ headers }: IncomingMessage): string | undefined {
  // A web page that resolves its own name to this machine would carry that name here.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.host ?? ''))
    return 'The control port answers to 127.0.0.1 and localhost only'
  // And one that posts a form to this machine would say where it comes from.
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`)
    return 'The control port does not answer pages of other sites'
  // Nor does an image or a script of another page, which browsers mark so.
  if (/^(cross-site|same-site)$/.test(String(headers['sec-fetch-site'] ?? '')))
    return 'The control port does not answer pages of other sites'
  return undefined
}

/** At the root a browser gets the page, and everything else the list of controls. */
function isForPage({ headers }: IncomingMessage, pathname: string): boolean {
  return isPagePath(pathname) && (pathname !== '/' || (headers.accept ?? '').includes('text/html'))
}

function statusOf(error: unknown): number {
  const isMalformed =
    error instanceof ControlRefusal || error instanceof ScenarioRefusal || error instanceof SyntaxError
  return isMalformed ? 400 : 409
}

const json = (status: number, body: unknown): PageAnswer => ({
  status,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json;charset=utf-8' },
})

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function parsedBody(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = text === '' ? {} : JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ControlRefusal('The body must be a JSON object')
  }
  return { ...value }
}
