import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ada, startTestServer, type TestServer } from '../support/test-server.ts'

describe('The first administrator (P1)', () => {
  let running: TestServer
  beforeAll(async () => {
    running = await startTestServer()
  })
  afterAll(() => running[Symbol.asyncDispose]())

  const setUp = (changes: Record<string, unknown>) =>
    running.browser().post('/api/v1/setup', { code: running.server.setupCode, ...ada, ...changes })

  test('a new server says that setup is needed', async () => {
    expect((await running.browser().get('/api/v1/setup')).json).toEqual({ needed: true })
  })

  test('the setup link carries the code where proxies do not log it', () => {
    expect(running.server.setupLink).toBe(
      `http://localhost:${running.server.port}/setup#${running.server.setupCode}`,
    )
  })

  const refused: [string, Record<string, unknown>, number, string][] = [
    ['a wrong code', { code: 'AAAAAAAAAAAAAAAAAAAAAA' }, 403, 'setup.wrong_code'],
    ['a code with one character changed', { code: 'x' }, 403, 'setup.wrong_code'],
    ['an address without @', { email: 'ada' }, 400, 'request.invalid'],
    ['an empty name', { name: '  ' }, 400, 'request.invalid'],
    ['a short password', { password: 'elevenchars' }, 422, 'administrator.weak_password'],
    ['the address as the password', { password: 'ADA@example.org' }, 422, 'administrator.weak_password'],
    ['one character as the password', { password: 'aaaaaaaaaaaaaaaa' }, 422, 'administrator.weak_password'],
    ['a language we do not have', { language: 'tlh' }, 400, 'request.invalid'],
  ]
  for (const [what, changes, status, code] of refused) {
    test(`${what} is refused with ${code} and makes nobody`, async () => {
      const answer = await setUp(changes)
      expect([answer.status, answer.json.code]).toEqual([status, code])
      expect((await running.browser().get('/api/v1/setup')).json).toEqual({ needed: true })
    })
  }

  test('of many who send the right code at once exactly one becomes the administrator, signed in', async () => {
    const browsers = Array.from({ length: 5 }, () => running.browser())
    const answers = await Promise.all(
      browsers.map((browser, i) =>
        browser.post('/api/v1/setup', {
          code: running.server.setupCode,
          ...ada,
          email: `ada${i}@example.org`,
        }),
      ),
    )
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409, 409, 409])
    const winner = answers.findIndex(({ status }) => status === 201)
    const session = await browsers[winner]?.get('/api/v1/session')
    expect(session?.json.administrator).toMatchObject({
      email: `ada${winner}@example.org`,
      name: ada.name,
      language: 'en',
    })
  })

  test('afterwards setup is over, for the code that was used too', async () => {
    expect((await running.browser().get('/api/v1/setup')).json).toEqual({ needed: false })
    const answer = await setUp({ email: 'eve@example.org' })
    expect([answer.status, answer.json.code]).toEqual([409, 'setup.done'])
  })

  test('neither the code nor the password is stored as it is', async () => {
    const { rows } = await running.database.pool.query(
      `select (select row_to_json(c)::text from setup_codes c) || (select json_agg(a)::text from administrators a) ||
              (select json_agg(s)::text from sessions s) || (select json_agg(e)::text from audit_entries e) as everything`,
    )
    expect(rows[0].everything).toContain('argon2id')
    expect(rows[0].everything).not.toContain(running.server.setupCode)
    expect(rows[0].everything).not.toContain(ada.password)
  })
})

test('guessing the setup code stops after thirty attempts', async () => {
  await using running = await startTestServer()
  const guess = (code: string) => running.browser().post('/api/v1/setup', { code, ...ada })
  for (let i = 0; i < 30; i++) expect((await guess(`guess-${i}`)).status).toBe(403)
  const answer = await guess(running.server.setupCode ?? '')
  expect([answer.status, answer.json.code]).toEqual([429, 'session.too_many_attempts'])
  expect(answer.headers.get('retry-after')).toBe('900')
  await running.clock.advance(15 * 60_000)
  expect((await guess(running.server.setupCode ?? '')).status).toBe(201)
})
