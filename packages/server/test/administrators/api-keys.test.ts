import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../support/test-server.ts'

describe('API keys (P4)', () => {
  let running: TestServer
  beforeAll(async () => {
    running = await startTestServer()
  })
  afterAll(() => running[Symbol.asyncDispose]())

  const make = async (name: string, expiresAt: string | null = null) => {
    const browser = await running.signedIn()
    const { key, apiKey } = (await browser.post('/api/v1/api-keys', { name, expiresAt })).json
    if (key === undefined || apiKey === undefined) throw new Error('No key was made')
    return { key, apiKey }
  }
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
  const listWith = (headers: Record<string, string>) => running.browser().get('/api/v1/api-keys', headers)

  test('a key is shown once and stored as a hash', async () => {
    const { key, apiKey } = await make('nightly import')
    expect(key).toMatch(/^apk_[\w-]{43}$/)
    expect(apiKey).toMatchObject({
      name: 'nightly import',
      createdBy: { name: 'Ada Byron' },
      lastUsedAt: null,
    })
    const { rows } = await running.database.pool.query('select json_agg(k)::text as all from api_keys k')
    expect(rows[0].all).not.toContain(key)
    expect((await listWith(bearer(key))).text).not.toContain(key)
  })

  test('a key reads and changes without a CSRF token', async () => {
    const { key } = await make('works')
    const { apiKey } = await make('goes away')
    const answer = await running
      .browser()
      .send('DELETE', `/api/v1/api-keys/${apiKey.id}`, { headers: bearer(key) })
    expect(answer.status).toBe(204)
  })

  const refused: [string, (key: string) => string][] = [
    [
      'a key with one character changed',
      (key) => `Bearer ${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
    ],
    ['a key without Bearer', (key) => key],
    ['a key as Basic', (key) => `Basic ${Buffer.from(key).toString('base64')}`],
    ['something that is no key', () => 'Bearer hello'],
    ['an empty value', () => 'Bearer '],
  ]
  for (const [what, authorization] of refused) {
    test(`${what} is refused`, async () => {
      const { key } = await make('refused')
      const answer = await listWith({ authorization: authorization(key) })
      expect([answer.status, answer.json.code]).toEqual([401, 'session.required'])
      expect(answer.text).not.toContain(key)
    })
  }

  test('a wrong key is not made good by a session beside it', async () => {
    const browser = await running.signedIn()
    expect((await browser.get('/api/v1/session', bearer('apk_wrong'))).status).toBe(401)
  })

  test('a revoked key stops working with the next request, and cannot be revoked twice', async () => {
    const { key, apiKey } = await make('revoked')
    const browser = await running.signedIn()
    expect((await listWith(bearer(key))).status).toBe(200)
    expect((await browser.send('DELETE', `/api/v1/api-keys/${apiKey.id}`)).status).toBe(204)
    expect((await listWith(bearer(key))).status).toBe(401)
    const again = await browser.send('DELETE', `/api/v1/api-keys/${apiKey.id}`)
    expect([again.status, again.json.code]).toEqual([404, 'api_key.unknown'])
  })

  test('an expired key stops working', async () => {
    const soon = new Date(running.clock.now().getTime() + 60_000).toISOString()
    const { key } = await make('short-lived', soon)
    expect((await listWith(bearer(key))).status).toBe(200)
    await running.clock.advance(60_000)
    expect((await listWith(bearer(key))).status).toBe(401)
  })

  test('a key that would have expired already is not made', async () => {
    const browser = await running.signedIn()
    const answer = await browser.post('/api/v1/api-keys', {
      name: 'late',
      expiresAt: '2001-01-01T00:00:00.000Z',
    })
    expect([answer.status, answer.json.code]).toEqual([400, 'request.invalid'])
  })

  test('the last use is noted', async () => {
    const { key, apiKey } = await make('used')
    const { json } = await listWith(bearer(key))
    const used = (await listWith(bearer(key))).json.items?.find(({ id }) => id === apiKey.id)
    expect(json.items?.length).toBeGreaterThan(0)
    expect(used?.lastUsedAt).toBe(running.clock.now().toISOString())
  })

  const personOnly: [string, string, string, unknown][] = [
    ['make keys', 'POST', '/api/v1/api-keys', { name: 'child', expiresAt: null }],
    ['have a session', 'GET', '/api/v1/session', undefined],
    ['change the administrator', 'PATCH', '/api/v1/session/administrator', { language: 'nl' }],
  ]
  for (const [what, method, path, body] of personOnly) {
    test(`a key cannot ${what}`, async () => {
      const { key } = await make('limited')
      const answer = await running.browser().send(method, path, { body, headers: bearer(key) })
      expect([answer.status, answer.json.code]).toEqual([401, 'session.required'])
    })
  }
})
