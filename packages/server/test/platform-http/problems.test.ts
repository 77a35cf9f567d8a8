import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Feature } from '../../src/feature.ts'
import { DatabaseFailure } from '../../src/platform/db/failure.ts'
import { Refusal } from '../../src/platform/errors.ts'
import { problemStatus } from '../../src/platform/http/problems.ts'
import { defineContract, noContent, rawBody, route } from '../../src/platform/http/routes.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'

const base = { tags: ['test'], summary: 'A route for tests', access: 'public' } as const

const echo = defineContract({
  ...base,
  method: 'POST',
  url: '/api/v1/test/:id',
  operationId: 'echo',
  params: z.object({ id: z.coerce.number().int().positive() }),
  querystring: z.object({ limit: z.coerce.number().int().max(500).default(50) }),
  body: z.object({
    rows: z.array(z.object({ serial: z.string().min(8) })).max(3),
    password: z.string().min(12).optional(),
  }),
  response: { 200: z.object({ id: z.number(), limit: z.number(), count: z.number() }) },
})

const upload = defineContract({
  ...base,
  method: 'POST',
  url: '/api/v1/test/upload',
  operationId: 'upload',
  body: rawBody,
  consumes: ['text/csv'],
  bodyLimit: 1000,
  response: { 202: z.object({ bytes: z.number() }) },
})

const rows = defineContract({
  ...base,
  method: 'GET',
  url: '/api/v1/test/rows.csv',
  operationId: 'rows',
  response: { 200: { contentType: 'text/csv; charset=utf-8', description: 'Rows' } },
})

const wrongAnswer = defineContract({
  ...base,
  method: 'GET',
  url: '/api/v1/test/wrong-answer',
  operationId: 'wrongAnswer',
  response: { 200: z.object({ count: z.number().max(10) }) },
})

const fail = defineContract({
  ...base,
  method: 'GET',
  url: '/api/v1/test/fail/:how',
  operationId: 'fail',
  params: z.object({ how: z.string() }),
  response: { 204: noContent },
})

const secret = 'hunter2-in-a-message'
const failures: Record<string, () => unknown> = {
  refusal: () => new Refusal('token.expired', 'It expired yesterday.', { expiredAt: '2026-01-01' }),
  bug: () => new TypeError(`x is not a function, ${secret}`),
  text: () => secret,
  nothing: () => undefined,
  connection: () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  shutdown: () => Object.assign(new Error('terminating connection'), { code: '57P01' }),
  broken: () => new Error('Connection terminated unexpectedly'),
  full: () => Object.assign(new Error('could not extend file'), { code: '53100' }),
  noSpace: () => Object.assign(new Error('write'), { code: 'ENOSPC' }),
  unavailable: () => new DatabaseFailure('database.unavailable', 'The database cannot be reached'),
  constraint: () => Object.assign(new Error('duplicate key'), { code: '23505', detail: secret }),
}

const testFeature: Feature = {
  name: 'test',
  open: () => ({
    routes: (app) => {
      route(app, echo, ({ params, query, body }) => ({
        id: params.id,
        limit: query.limit,
        count: body.rows.length,
      }))
      route(app, upload, ({ body }) => ({ bytes: body.length }))
      route(app, rows, () => 'serial\nC02X\n')
      route(app, wrongAnswer, () => ({ count: 11 }))
      route(app, fail, ({ params }) => {
        throw failures[params.how]?.()
      })
    },
  }),
}

describe('Problems (RFC 9457)', () => {
  let running: TestServer
  beforeAll(async () => {
    running = await startTestServer({ features: [testFeature] })
  })
  afterAll(() => running[Symbol.asyncDispose]())

  test('a valid request is parsed: numbers from text, defaults filled in', async () => {
    const answer = await running.browser().post('/api/v1/test/7?limit=3', { rows: [{ serial: 'C02X1234' }] })
    expect([answer.status, answer.text]).toEqual([200, '{"id":7,"limit":3,"count":1}'])
  })

  const invalid: [string, string, unknown, string, string][] = [
    [
      'a row',
      '7',
      { rows: [{ serial: 'C02X1234' }, { serial: 'short' }] },
      'body.rows[1].serial',
      'it is "short"',
    ],
    ['a wrong type', '7', { rows: 'none' }, 'body.rows', 'it is "none"'],
    ['a missing value', '7', {}, 'body.rows', 'expected array'],
    ['a parameter', 'seven', { rows: [] }, 'params.id', 'expected number'],
    ['the query', '7?limit=501', { rows: [] }, 'query.limit', 'it is "501"'],
  ]
  for (const [what, path, body, place, message] of invalid) {
    test(`names ${what} that is not right, with its value`, async () => {
      const answer = await running.browser().post(`/api/v1/test/${path}`, body)
      expect(answer.status).toBe(400)
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(answer.json.errors?.[0]?.path).toBe(place)
      expect(answer.json.errors?.[0]?.message).toContain(message)
      expect(answer.json.detail).toContain(place)
    })
  }

  test('never repeats a password that is not right', async () => {
    const answer = await running.browser().post('/api/v1/test/7', { rows: [], password: 'hunter2' })
    expect(answer.json.errors?.[0]?.path).toBe('body.password')
    expect(answer.text).not.toContain('hunter2')
  })

  const bodies: [string, string, string, number, string][] = [
    ['half a JSON object', '{"rows":', 'application/json', 400, 'request.invalid'],
    ['nothing', '', 'application/json', 400, 'request.invalid'],
    ['a form', 'rows=1', 'application/x-www-form-urlencoded', 415, 'request.unsupported_type'],
    ['two megabytes', `{"rows":"${'x'.repeat(2_000_000)}"}`, 'application/json', 413, 'request.too_large'],
    ['a prototype', '{"__proto__":{"x":1}}', 'application/json', 400, 'request.invalid'],
  ]
  for (const [what, body, type, status, code] of bodies) {
    test(`a body of ${what}: ${code}`, async () => {
      const answer = await running.browser().post('/api/v1/test/7', body, { 'content-type': type })
      expect([answer.status, answer.json.code, answer.json.status]).toEqual([status, code, status])
    })
  }

  const thrown: [string, number, string][] = [
    ['refusal', 422, 'token.expired'],
    ['bug', 500, 'internal'],
    ['text', 500, 'internal'],
    ['nothing', 500, 'internal'],
    ['connection', 503, 'database.unavailable'],
    ['shutdown', 503, 'database.unavailable'],
    ['broken', 503, 'database.unavailable'],
    ['unavailable', 503, 'database.unavailable'],
    ['full', 507, 'disk.full'],
    ['noSpace', 507, 'disk.full'],
    ['constraint', 500, 'internal'],
  ]
  for (const [how, status, code] of thrown) {
    test(`what a handler throws (${how}) is answered with ${code} and without details of ours`, async () => {
      const answer = await running.browser().get(`/api/v1/test/fail/${how}`)
      expect([answer.status, answer.json.code]).toEqual([status, code])
      expect(answer.json.type).toBe(`urn:apportion:problem:${code}`)
      expect(answer.json.requestId).toBe(answer.headers.get('x-request-id'))
      expect(answer.text).not.toContain(secret)
      expect(answer.text).not.toContain('stack')
      if (status === 503) expect(answer.headers.get('retry-after')).toBe('5')
    })
  }

  test('a refusal carries its message and the values to act on, and is not reported', async () => {
    const before = running.logged.length
    const { json } = await running.browser().get('/api/v1/test/fail/refusal')
    expect(json).toMatchObject({ detail: 'It expired yesterday.', facts: { expiredAt: '2026-01-01' } })
    expect(running.logged.slice(before).filter((line) => line.includes('"error"'))).toEqual([])
  })

  test('a defect is logged with its cause under the request id', async () => {
    const { json } = await running.browser().get('/api/v1/test/fail/bug')
    const line = running.logged.find((each) => each.includes(`${json.requestId}`) && each.includes('"error"'))
    expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 'error', err: { type: 'TypeError' } })
  })

  test('an answer that breaks its own contract never leaves the server', async () => {
    const answer = await running.browser().get('/api/v1/test/wrong-answer')
    expect([answer.status, answer.json.code]).toEqual([500, 'internal'])
  })

  test('bytes arrive as they were sent, up to the limit of the contract', async () => {
    const send = (body: string, type = 'text/csv') =>
      running.browser().send('POST', '/api/v1/test/upload', { body, headers: { 'content-type': type } })
    expect((await send('a,b\n')).text).toBe('{"bytes":4}')
    expect((await send('x'.repeat(1001))).json.code).toBe('request.too_large')
    expect((await send('a,b', 'image/png')).json.code).toBe('request.unsupported_type')
  })

  test('an answer may be something else than JSON', async () => {
    const answer = await running.browser().get('/api/v1/test/rows.csv')
    expect([answer.headers.get('content-type'), answer.text]).toEqual([
      'text/csv; charset=utf-8',
      'serial\nC02X\n',
    ])
  })

  const missing: [string, string, number][] = [
    ['GET', '/api/v1/nothing', 404],
    ['GET', '/api', 404],
    ['POST', '/api/v1/setup/more', 404],
    ['POST', '/', 404],
    ['GET', '/api/v1/%E0%A4%A', 400],
  ]
  for (const [method, path, status] of missing) {
    test(`${method} ${path} is a problem with status ${status}`, async () => {
      const answer = await running.browser().send(method, path)
      expect([answer.status, answer.json.status]).toEqual([status, status])
    })
  }

  test('no answer of the API is kept by a cache, framed, or guessed to be a page', async () => {
    const { headers } = await running.browser().get('/api/v1/setup')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'")
  })

  test('what costs much and asks for no sign-in is limited by address', async () => {
    await using other = await startTestServer()
    const calls = Array.from({ length: 121 }, () => other.browser().get('/api/v1/setup'))
    const statuses = (await Promise.all(calls)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(1)
    const { json, headers } = await other.browser().get('/api/v1/setup')
    expect(json.code).toBe('request.too_many')
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

test('every code is a noun and a reason, has an error status and a title', () => {
  for (const [code, { status, title }] of Object.entries(problemStatus)) {
    expect(code).toMatch(/^[a-z_]+(\.[a-z_0-9]+)?$/)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(title).toMatch(/^[A-Z].*[^.]$/)
  }
})
