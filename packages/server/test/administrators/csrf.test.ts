import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ada, startTestServer, type TestServer } from '../support/test-server.ts'

describe('A change that comes with a cookie has to come from our own page', () => {
  let running: TestServer
  beforeAll(async () => {
    running = await startTestServer({ environment: { APPORTION_PUBLIC_URL: 'http://localhost:9999' } })
    await running.signedIn()
  })
  afterAll(() => running[Symbol.asyncDispose]())

  type Headers = (own: { readonly url: string; readonly host: string }) => Record<string, string>
  const cases: [string, string | null, Headers, number][] = [
    ['the right token', 'own', () => ({}), 200],
    ['the right token and our own origin', 'own', ({ url }) => ({ origin: url }), 200],
    [
      'the right token and the public address as origin',
      'own',
      () => ({ origin: 'http://localhost:9999' }),
      200,
    ],
    ['the right token and a same-origin fetch', 'own', () => ({ 'sec-fetch-site': 'same-origin' }), 200],
    ['no token', null, () => ({}), 403],
    ['an empty token', '', () => ({}), 403],
    ['a token of the right length', 'A'.repeat(43), () => ({}), 403],
    [
      'the right token and the origin of another site',
      'own',
      () => ({ origin: 'https://evil.example' }),
      403,
    ],
    ['the right token and an opaque origin', 'own', () => ({ origin: 'null' }), 403],
    ['the right token and another port', 'own', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['the right token and a cross-site fetch', 'own', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
  ]
  for (const [what, token, headersOf, status] of cases) {
    test(`${what}: ${status}`, async () => {
      const browser = await running.signedIn()
      if (token !== 'own') browser.csrfToken = token
      const headers = headersOf({ url: running.url, host: new URL(running.url).host })
      const answer = await browser.send('PATCH', '/api/v1/session/administrator', {
        body: { language: 'en' },
        headers,
      })
      expect(answer.status).toBe(status)
      if (status === 403) expect(answer.json.code).toBe('session.csrf')
    })
  }

  test('the token of another session does not do', async () => {
    const [mine, other] = [await running.signedIn(), await running.signedIn()]
    mine.csrfToken = other.csrfToken
    expect((await mine.send('DELETE', '/api/v1/session')).json.code).toBe('session.csrf')
  })

  test('reading needs no token', async () => {
    const browser = await running.signedIn()
    browser.csrfToken = null
    expect((await browser.get('/api/v1/api-keys')).status).toBe(200)
  })

  test('another site cannot sign its own account into our page', async () => {
    const answer = await running.browser().post('/api/v1/session', ada, { origin: 'https://evil.example' })
    expect([answer.status, answer.json.code]).toEqual([403, 'session.csrf'])
  })
})
