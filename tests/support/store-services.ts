/** Apple's metadata API for organizations and its public lookup, as scripts behind a real address of this machine. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'

export interface StoreServices extends AsyncDisposable {
  /** Root of the API for organizations. */
  readonly catalogUrl: string
  readonly lookupUrl: string
  /** What was asked, with the headers that came. */
  readonly asked: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[]
}

/** Answers paths below `/v1` and `/lookup` with a status and a JSON body. */
export async function startStoreServices(
  answer: (path: string) => { readonly status?: number; readonly body: unknown },
): Promise<StoreServices> {
  const asked: { path: string; headers: IncomingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push({ path, headers: request.headers })
    const { status = 200, body } = answer(path)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    catalogUrl: `${origin}/v1`,
    lookupUrl: `${origin}/lookup`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
