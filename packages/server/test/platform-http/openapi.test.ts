import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../support/test-server.ts'

interface Document {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, unknown> }
}

interface Operation {
  readonly operationId: string
  readonly security: readonly Record<string, unknown>[]
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>
}

describe('The description of the API (P4)', () => {
  let running: TestServer
  let document: Document
  beforeAll(async () => {
    running = await startTestServer()
    document = JSON.parse((await running.browser().get('/api/v1/openapi.json')).text)
  })
  afterAll(() => running[Symbol.asyncDispose]())

  const operations = () => Object.values(document.paths).flatMap((methods) => Object.values(methods))

  test('is OpenAPI 3.1', () => {
    expect(document.openapi).toBe('3.1.0')
  })

  test('names every operation once', () => {
    const ids = operations().map(({ operationId }) => operationId)
    expect(ids).toContain('signIn')
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('says of every operation that a failure is a problem', () => {
    for (const { responses } of operations()) {
      expect(responses.default?.content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      })
    }
  })

  test('says which operations need sign-in', () => {
    expect(document.paths['/api/v1/session']?.post?.security).toEqual([])
    expect(document.paths['/api/v1/session']?.get?.security).toEqual([{ session: [] }, { apiKey: [] }])
  })

  test('defines what it refers to, and nothing else', () => {
    const text = JSON.stringify(document)
    const used = new Set([...text.matchAll(/#\/components\/schemas\/([^"]+)/g)].map(([, name]) => name))
    expect(used).toEqual(new Set(Object.keys(document.components.schemas)))
  })

  test('can be read as a page that loads nothing from elsewhere', async () => {
    const { status, text, headers } = await running.browser().get('/api/v1/docs/')
    expect(status).toBe(200)
    expect(text).not.toMatch(/(src|href)="https?:/)
    const scripts = text.match(/<script/g) ?? []
    const [, nonce = ''] = /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '') ?? []
    expect(text.split(`<script nonce="${nonce}"`)).toHaveLength(scripts.length + 1)
    expect((await running.browser().get('/api/v1/docs/js/scalar.js')).status).toBe(200)
  })
})
