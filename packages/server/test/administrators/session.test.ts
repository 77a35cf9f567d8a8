import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ada, startTestServer, type TestServer } from '../support/test-server.ts'

const hour = 3_600_000

describe('Sessions (P1)', () => {
  let running: TestServer
  beforeAll(async () => {
    running = await startTestServer()
    await running.signedIn()
  })
  afterAll(() => running[Symbol.asyncDispose]())

  test('signing in gives the administrator, a CSRF token and the end of the session', async () => {
    const { status, json } = await running.browser().post('/api/v1/session', ada)
    expect(status).toBe(201)
    expect(json.administrator).toEqual({
      id: expect.any(String),
      email: ada.email,
      name: ada.name,
      language: 'en',
    })
    expect(json.csrfToken).toMatch(/^[\w-]{43}$/)
    expect(new Date(json.expiresAt ?? 0).getTime() - running.clock.now().getTime()).toBe(12 * hour)
  })

  test('the address may be typed in any case', async () => {
    const answer = await running.browser().post('/api/v1/session', { ...ada, email: 'ADA@Example.ORG' })
    expect(answer.status).toBe(201)
  })

  const wrong: [string, Record<string, string>][] = [
    ['a wrong password', { email: ada.email, password: 'a quiet river at dawn' }],
    ['an unknown address', { email: 'eve@example.org', password: ada.password }],
    ['SQL in place of an address', { email: "' or 1=1 --", password: ada.password }],
  ]
  for (const [what, credentials] of wrong) {
    test(`${what} gets the same answer and no cookie`, async () => {
      const browser = running.browser()
      const answer = await browser.post('/api/v1/session', credentials)
      expect([answer.status, answer.json.code]).toEqual([401, 'session.wrong_credentials'])
      expect(answer.json.detail).toBe('The email address or the password is wrong.')
      expect(browser.cookies.size).toBe(0)
    })
  }

  test('the cookie is out of reach of scripts and of other sites', async () => {
    const { headers } = await running.browser().post('/api/v1/session', ada)
    const [cookie = ''] = headers.getSetCookie()
    expect(cookie).toMatch(/^apportion=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/)
  })

  test('a cookie from before sign-in is never taken over', async () => {
    const browser = running.browser()
    browser.setCookie('apportion', 'chosen-by-an-attacker')
    await browser.post('/api/v1/session', ada)
    expect(browser.cookies.get('apportion')).not.toBe('chosen-by-an-attacker')
    expect(
      (await running.browser().get('/api/v1/session', { cookie: 'apportion=chosen-by-an-attacker' })).status,
    ).toBe(401)
  })

  test('signing out ends the session at the server, not only in the browser', async () => {
    const browser = await running.signedIn()
    const stolen = { cookie: `apportion=${browser.cookies.get('apportion')}` }
    expect((await running.browser().get('/api/v1/session', stolen)).status).toBe(200)
    expect((await browser.send('DELETE', '/api/v1/session')).status).toBe(204)
    expect(browser.cookies.size).toBe(0)
    expect((await running.browser().get('/api/v1/session', stolen)).status).toBe(401)
  })

  test('the language of the console is kept with the administrator', async () => {
    const browser = await running.signedIn()
    const changed = await browser.send('PATCH', '/api/v1/session/administrator', { body: { language: 'nl' } })
    expect([changed.status, changed.json.language]).toEqual([200, 'nl'])
    const elsewhere = await running.signedIn()
    expect((await elsewhere.get('/api/v1/session')).json.administrator?.language).toBe('nl')
  })

  test('a disabled administrator is signed out at once and cannot sign in', async () => {
    const browser = await running.signedIn()
    await running.database.pool.query('update administrators set disabled_at = now()')
    expect((await browser.get('/api/v1/session')).json.code).toBe('session.required')
    const answer = await running.browser().post('/api/v1/session', ada)
    expect(answer.json.code).toBe('session.wrong_credentials')
    await running.database.pool.query('update administrators set disabled_at = null')
  })

  test('the stored hash is renewed at sign-in when its costs are below the present ones', async () => {
    const cheap = '$argon2id$v=19$m=64,t=1,p=1$'
    const { rows } = await running.database.pool.query('select password_hash from administrators')
    await running.database.pool.query('update administrators set password_hash = $1', [
      await cheapHash(ada.password),
    ])
    expect((await running.browser().post('/api/v1/session', ada)).status).toBe(201)
    const after = await running.database.pool.query('select password_hash from administrators')
    expect(after.rows[0].password_hash).not.toContain(cheap)
    expect(after.rows[0].password_hash.slice(0, 31)).toBe(rows[0].password_hash.slice(0, 31))
  })
})

describe('The end of a session', () => {
  test('it ends after twelve hours without use', async () => {
    await using running = await startTestServer()
    const browser = await running.signedIn()
    await running.clock.advance(12 * hour - 1000)
    expect((await browser.get('/api/v1/session')).status).toBe(200)
    await running.clock.advance(12 * hour - 1000)
    expect((await browser.get('/api/v1/session')).status).toBe(200)
    await running.clock.advance(12 * hour)
    const answer = await browser.get('/api/v1/session')
    expect([answer.status, answer.json.code]).toEqual([401, 'session.required'])
  })

  test('it ends after seven days however much it is used', async () => {
    await using running = await startTestServer()
    const browser = await running.signedIn()
    for (let day = 0; day < 6.75; day += 0.25) {
      await running.clock.advance(6 * hour)
      expect((await browser.get('/api/v1/session')).status).toBe(200)
    }
    await running.clock.advance(6 * hour)
    expect((await browser.get('/api/v1/session')).status).toBe(401)
  })

  test('what has ended is removed from the database', async () => {
    await using running = await startTestServer()
    await running.signedIn()
    const remaining = async () => {
      await running.clock.advance(hour)
      return (await running.database.pool.query('select 1 from sessions')).rowCount
    }
    await running.clock.advance(10 * hour)
    expect(await remaining()).toBe(1)
    await expect.poll(remaining, { timeout: 10_000 }).toBe(0)
  })
})

test('under an https address the cookie is Secure and bound to the host', async () => {
  await using running = await startTestServer({
    environment: { APPORTION_PUBLIC_URL: 'https://apportion.example.org' },
  })
  const { headers, status } = await running
    .browser()
    .post('/api/v1/setup', { code: running.server.setupCode, ...ada })
  expect(status).toBe(201)
  expect(headers.getSetCookie()[0]).toMatch(
    /^__Host-apportion=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
  )
  expect(headers.get('strict-transport-security')).toContain('max-age=31536000')
  expect(running.server.setupLink).toMatch(/^https:\/\/apportion\.example\.org\/setup#/)
})

async function cheapHash(password: string): Promise<string> {
  const { argon2Sync } = await import('node:crypto')
  const nonce = Buffer.alloc(16, 7)
  const key = argon2Sync('argon2id', {
    message: password,
    nonce,
    memory: 64,
    passes: 1,
    parallelism: 1,
    tagLength: 32,
  })
  const plain = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=64,t=1,p=1$${plain(nonce)}$${plain(key)}`
}
