/** What only real connections show: how they fail, and that nothing is sent twice. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createAppsBooksClient } from '../src/client.ts'
import { TOKEN } from './scripted-apple.ts'

const command = { assets: [{ adamId: '900001' }], serialNumbers: ['SAMPLE0001'] }
const once = { maxTries: 1, baseMs: 1, maxWaitMs: 1 }

async function withServer<T>(listener: RequestListener, use: (host: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    if (request.url === '/mdm/v2/service/config') response.end('{}')
    else listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    // A listening server on a port has an address with a port.
    return await use(`127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

function clientAt(host: string) {
  return createAppsBooksClient({
    serviceConfigUrl: `http://${host}/mdm/v2/service/config`,
    token: TOKEN,
    allowedHosts: [host],
    allowPlainHttpLoopback: true,
    retry: once,
    timeoutMs: 300,
  })
}

const failures: [string, RequestListener, question: string, command: string][] = [
  [
    'resets the connection',
    (request) => request.socket.destroy(),
    'apple.unreachable',
    'apple.outcome_unknown',
  ],
  ['never answers', () => undefined, 'apple.timeout', 'apple.outcome_unknown'],
  [
    'stops in the middle of its answer',
    (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{"eventId":')
      setTimeout(() => request.socket.destroy(), 5)
    },
    'apple.unreachable',
    'apple.outcome_unknown',
  ],
  [
    'redirects',
    (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    'apple.redirected',
    'apple.redirected',
  ],
]

describe('a server that', () => {
  for (const [title, listener, question, commanded] of failures) {
    test(`${title}: a question ${question}, a command ${commanded}, each sent once`, async () => {
      let received = 0
      const counting: RequestListener = (request, response) => {
        received += 1
        listener(request, response)
      }
      await withServer(counting, async (host) => {
        await expect(clientAt(host).clientConfig()).rejects.toMatchObject({ code: question })
        await expect(clientAt(host).associate(command)).rejects.toMatchObject({ code: commanded })
      })
      expect(received).toBe(2)
    })
  }

  test('is gone: nothing was started', async () => {
    const host = await withServer(
      () => undefined,
      async (address) => address,
    )
    const client = createAppsBooksClient({
      serviceConfigUrl: `http://${host}/mdm/v2/service/config`,
      token: TOKEN,
      allowedHosts: [host],
      allowPlainHttpLoopback: true,
      serviceConfigCache: { get: async () => ({}) },
    })
    await expect(client.associate(command)).rejects.toMatchObject({
      code: 'apple.unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test('answers: the token arrives whole', async () => {
    const seen: (string | undefined)[] = []
    await withServer(
      (request, response) => {
        seen.push(request.headers.authorization)
        response.end('{"uId":"7"}')
      },
      async (host) => expect(await clientAt(host).clientConfig()).toEqual({ uId: '7' }),
    )
    expect(seen).toEqual([`Bearer ${TOKEN}`])
  })
})
