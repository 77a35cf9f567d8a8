import { once } from 'node:events'
import { createServer } from 'node:http'
import type {
  AssetCountNotification,
  AssetManagementNotification,
  ResponseUser,
} from '@apportion/apple-wire/messages'

/** The payload of any type; which fields are really there is what the tests are about. */
type Payload = AssetCountNotification &
  Required<AssetManagementNotification> & {
    readonly associatedUsers: readonly ResponseUser[]
  }

interface Received {
  readonly authorization: string | undefined
  readonly contentType: string | undefined
  readonly body: {
    readonly notificationId: string
    readonly notificationType: string
    readonly uId: string
    readonly notification: Payload
  }
}

/** A webhook that keeps what it hears, and answers as told. */
export async function webhookReceiver() {
  const received: Received[] = []
  const answers: (number | 'silence')[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({
        authorization: request.headers.authorization,
        contentType: request.headers['content-type'],
        body: JSON.parse(Buffer.concat(chunks).toString('utf8')),
      })
      const answer = answers.shift() ?? 204
      if (answer !== 'silence') response.writeHead(answer).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hooks/a`,
    received,
    /** The answers to the next notifications; 204 after that. */
    answerNext: (...next: (number | 'silence')[]) => answers.push(...next),
    ofType: (type: string) =>
      received.filter(({ body }) => body.notificationType === type).map(({ body }) => body),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
