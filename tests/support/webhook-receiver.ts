/** A notification address as small as one can be: checks the secret, keeps what it hears, and answers at once. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type ParsedNotification, parseNotification } from '@apportion/apple-wire/notifications'

export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string
  readonly authToken: string
  /** Each notification once, in the order of their first arrival. */
  readonly heard: readonly ParsedNotification[]
  /** Bodies that were no notification, and calls with another secret. */
  readonly refused: number
}

/** Listens on a free port of this machine. */
export async function startWebhookReceiver(authToken: string): Promise<WebhookReceiver> {
  const heard = new Map<string, ParsedNotification>()
  let refused = 0
  const hear = async (request: IncomingMessage): Promise<204 | 401> => {
    const told = parseNotification(await jsonOf(request))
    const known = request.headers.authorization === `Bearer ${authToken}`
    if (told === undefined || !known) refused += 1
    else if (!heard.has(told.notificationId)) heard.set(told.notificationId, told)
    return known && told !== undefined ? 204 : 401
  }
  const server = createServer((request, response) => {
    hear(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/notifications`,
    authToken,
    get heard() {
      return [...heard.values()]
    },
    get refused() {
      return refused
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
