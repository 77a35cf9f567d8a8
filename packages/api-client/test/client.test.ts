import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, expectTypeOf, test } from 'vitest'
import {
  type Answer,
  createApiClient,
  csvUpload,
  type Item,
  Problem,
  Unreachable,
  unwrap,
  unwrapOrNull,
} from '../src/client.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void

const open: { close(): void }[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

/** A real HTTP server that answers with `handler`; gives its address. */
async function serve(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => handler(request, response, Buffer.concat(parts)))
  })
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, {
    'content-type': status < 400 ? 'application/json' : 'application/problem+json',
  })
  response.end(JSON.stringify(body))
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

test('a successful answer is unwrapped and typed by the operation', async () => {
  const baseUrl = await serve((_request, response) => json(response, 200, { items: [], nextCursor: null }))
  const page = unwrap(await createApiClient({ baseUrl }).GET('/api/v1/tokens'))
  expectTypeOf(page).toEqualTypeOf<Answer<'listTokens'>>()
  expectTypeOf<Item<'listTokens'>['uid']>().toEqualTypeOf<string>()
  expect(page).toEqual({ items: [], nextCursor: null })
})

test('the API key is sent as a bearer token and query parameters as the document names them', async () => {
  const seen: (string | undefined)[] = []
  const baseUrl = await serve((request, response) => {
    seen.push(request.headers.authorization, request.url)
    json(response, 200, { items: [], nextCursor: null })
  })
  const client = createApiClient({ baseUrl, apiKey: 'apk_test' })
  await client.GET('/api/v1/assets', { params: { query: { q: 'a b', show: 'waiting' } } })
  expect(seen).toEqual(['Bearer apk_test', '/api/v1/assets?q=a%20b&show=waiting'])
})

const methods: [string, 'GET' | 'POST', string | undefined][] = [
  ['a request that changes something carries the csrf token of the moment', 'POST', 'csrf-2'],
  ['a request that only reads carries no csrf token', 'GET', undefined],
]

for (const [title, method, expected] of methods) {
  test(title, async () => {
    const seen: unknown[] = []
    const baseUrl = await serve((request, response) => {
      seen.push(request.headers['x-csrf-token'])
      json(response, 200, { items: [], nextCursor: null })
    })
    let token = 'csrf-1'
    const client = createApiClient({ baseUrl, csrfToken: () => token })
    token = 'csrf-2'
    if (method === 'GET') await client.GET('/api/v1/groups')
    else await client.POST('/api/v1/groups', { body: { kind: 'device', name: 'iPads' } })
    expect(seen).toEqual([expected])
  })
}

test('a problem document becomes a Problem with code, facts and the values that are not right', async () => {
  const document = {
    type: 'urn:apportion:problem:request.invalid',
    title: 'The request is not valid',
    status: 400,
    code: 'request.invalid',
    detail: 'name is too long',
    requestId: 'r1',
    errors: [{ path: 'body.name', message: 'Too long' }],
    facts: { limit: 200 },
  }
  const baseUrl = await serve((_request, response) => json(response, 400, document))
  const result = await createApiClient({ baseUrl }).POST('/api/v1/groups', {
    body: { kind: 'device', name: 'x' },
  })
  expect(() => unwrap(result)).toThrow(Problem)
  const problem = await failureOf(Promise.resolve(result).then(unwrap))
  expect(problem).toMatchObject({
    code: 'request.invalid',
    status: 400,
    message: 'name is too long',
    detail: 'name is too long',
    title: 'The request is not valid',
    requestId: 'r1',
    facts: { limit: 200 },
    errors: [{ path: 'body.name', message: 'Too long' }],
  })
})

test("a proxy's page is a Problem named by its status, without its text", async () => {
  const baseUrl = await serve((_request, response) => {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
  })
  const result = await createApiClient({ baseUrl }).GET('/api/v1/overview')
  const problem = await failureOf(Promise.resolve(result).then(unwrap))
  expect(problem).toMatchObject({ code: 'http.502', status: 502, requestId: null })
  expect(String(problem)).not.toContain('Bad gateway')
})

test('one problem may mean that there is nothing: null, while every other one is thrown', async () => {
  const problem = { code: 'token.unknown', status: 404, title: 'Unknown', detail: 'There is no token 7.' }
  const baseUrl = await serve((_request, response) => json(response, 404, problem))
  const result = await createApiClient({ baseUrl }).GET('/api/v1/tokens/{id}', {
    params: { path: { id: 7 } },
  })
  expect(unwrapOrNull(result, 'token.unknown')).toBe(null)
  expect(() => unwrapOrNull(result, 'device.unknown')).toThrow(Problem)
})

test('an answer without a body unwraps to nothing', async () => {
  const baseUrl = await serve((_request, response) => response.writeHead(204).end())
  const result = await createApiClient({ baseUrl }).DELETE('/api/v1/groups/{id}', {
    params: { path: { id: 7 } },
  })
  expect(unwrap(result)).toBeUndefined()
})

test('a CSV file is sent as its bytes', async () => {
  const seen: unknown[] = []
  const baseUrl = await serve((request, response, body) => {
    seen.push(request.headers['content-type'], [...body])
    json(response, 200, {})
  })
  const bytes = new Uint8Array([0xff, 0xfe, 0x41, 0x00])
  await createApiClient({ baseUrl }).POST('/api/v1/imports', {
    params: { query: { kind: 'devices' } },
    ...csvUpload(bytes),
  })
  expect(seen).toEqual(['text/csv', [0xff, 0xfe, 0x41, 0x00]])
})

test('a server that does not answer is Unreachable and named', async () => {
  const baseUrl = await serve(() => undefined)
  for (const server of open.splice(0)) server.close()
  const failure = await failureOf(createApiClient({ baseUrl }).GET('/api/v1/overview'))
  expect(failure).toBeInstanceOf(Unreachable)
  expect(failure).toMatchObject({ code: 'server.unreachable', origin: baseUrl })
})

test('an aborted call stays an abort', async () => {
  const baseUrl = await serve(() => undefined)
  const controller = new AbortController()
  const call = createApiClient({ baseUrl }).GET('/api/v1/overview', { signal: controller.signal })
  controller.abort()
  expect(await failureOf(call)).toMatchObject({ name: 'AbortError' })
})
