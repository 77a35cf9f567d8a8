/**
 * The control port: what a test does with the world object, as HTTP with JSON, for a simulator in its own process.
 *
 * Never on the Apple-facing port, and on the loopback interface only: whoever reaches it holds every token.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AppleSim } from './apple-sim.ts'
import { ControlRefusal } from './control-body.ts'
import { CONTROLS } from './controls.ts'

export interface ControlPlane extends AsyncDisposable {
  readonly origin: string
}

/** Starts the control port of a simulator; 0 takes a free one. */
export async function startControlPlane(apple: AppleSim, port: number): Promise<ControlPlane> {
  const server = createServer((request, response) => {
    void answer(apple, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json;charset=utf-8' })
      response.end(JSON.stringify(body))
    })
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

interface ControlAnswer {
  readonly status: number
  readonly body: unknown
}

async function answer(apple: AppleSim, request: IncomingMessage): Promise<ControlAnswer> {
  // A web page that resolves its own name to this machine would carry that name here.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) {
    return { status: 403, body: { error: 'The control port answers to 127.0.0.1 and localhost only' } }
  }
  const { pathname } = new URL(request.url ?? '/', 'http://control.invalid')
  const key = `${request.method} ${pathname}`
  for (const control of CONTROLS) {
    const match = control.pattern.exec(key)
    if (!match) continue
    try {
      const body = await readJson(request)
      return { status: 200, body: (await control.run(apple, { parameters: match.slice(1), body })) ?? {} }
    } catch (error) {
      const status = error instanceof ControlRefusal || error instanceof SyntaxError ? 400 : 409
      return { status, body: { error: error instanceof Error ? error.message : String(error) } }
    }
  }
  return {
    status: 404,
    body: { error: `There is no control ${key}`, controls: CONTROLS.map(({ usage }) => usage) },
  }
}

async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  const value: unknown = text === '' ? {} : JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ControlRefusal('The body must be a JSON object')
  }
  return { ...value }
}
