import { describe, expect, test } from 'vitest'
import { createLog } from '../../src/platform/log.ts'
import { ada, memoryLog, startTestServer } from '../support/test-server.ts'

const token = Buffer.from(
  JSON.stringify({ expDate: '2027-01-01', token: 'x'.repeat(80), orgName: 'Org' }),
).toString('base64')

describe('A secret does not reach the log (invariant 7)', () => {
  const secret = 'correct-horse-battery'
  const cases: [string, Record<string, unknown>][] = [
    ['as a password', { password: secret }],
    ['deep inside', { a: { b: { c: [{ password: secret }] } } }],
    ['as a header', { headers: { authorization: secret, Cookie: secret, 'set-cookie': [secret] } }],
    ['as a notification token', { notificationAuthToken: secret }],
    ['as a device cookie of Apple', { itvt: secret }],
    ['as the content of a token file', { content: secret, sToken: secret, s_token: secret }],
    ['as bytes', { bytes: Buffer.from(secret), view: new Uint8Array(Buffer.from(secret)) }],
    [
      'as an API key in a sentence',
      { note: `used apk_${'a'.repeat(43)} here ${secret.slice(0, 0)}`, password: secret },
    ],
    [
      'in what an error carries',
      { err: Object.assign(new Error('failed'), { detail: secret, parameters: [secret] }) },
    ],
    [
      'in the cause of an error',
      { err: new Error('failed', { cause: Object.assign(new Error('x'), { body: secret }) }) },
    ],
    [
      'in the query of a request',
      { req: { method: 'GET', url: `/apps?q=${secret}`, ip: '::1', headers: { cookie: secret } } },
    ],
  ]
  for (const [where, fields] of cases) {
    test(where, () => {
      const lines: string[] = []
      const log = memoryLog(lines)
      log.info(fields, 'something happened')
      log.child(fields).info('said by a child')
      expect(lines).toHaveLength(2)
      for (const line of lines) {
        expect(line).not.toContain(secret)
        expect(line).not.toContain(Buffer.from(secret).join(','))
        expect(line).not.toContain('apk_aaa')
      }
    })
  }

  test('in a message', () => {
    const lines: string[] = []
    memoryLog(lines).info(`token ${token} and key apk_${'b'.repeat(43)}, Authorization: Bearer abcdefghijkl`)
    expect(lines[0]).toContain('token [redacted] and key [redacted]')
    expect(lines[0]).not.toMatch(/apk_b|abcdefghijkl|eyJ/)
  })
})

test('what is not a secret stays readable', () => {
  const lines: string[] = []
  memoryLog(lines).warn(
    { location: 7, asset: { adamId: '361309726', total: 10 }, code: 'token.expired' },
    'Out of licenses',
  )
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'warn',
    msg: 'Out of licenses',
    location: 7,
    asset: { adamId: '361309726', total: 10 },
    code: 'token.expired',
  })
})

test('the text format gives one readable line and the stack of an error', () => {
  const lines: string[] = []
  const destination = {
    write(line: string) {
      lines.push(line)
    },
  }
  const log = createLog({ level: 'info', format: 'text', destination })
  log.info({ port: 8080 }, 'Listening')
  log.error({ err: new Error('no route') }, 'Failed')
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info {2}Listening \{"port":8080\}\n$/)
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d error Failed\nError: no route\n {4}at /)
})

test('a running server logs nothing of what it was told in confidence', async () => {
  await using running = await startTestServer()
  const browser = await running.signedIn()
  const { json } = await browser.post('/api/v1/api-keys', { name: 'log test', expiresAt: null })
  await browser.post('/api/v1/tokens', { name: 'x', content: token })
  await running.browser().post('/api/v1/session', { email: ada.email, password: 'a wrong password' })
  await running.browser().get('/api/v1/audit', { authorization: `Bearer ${json.key}` })
  await running.browser().post('/api/v1/session', `{"email":"${ada.email}","password":"${ada.password}"`)
  const log = running.logged.join('')
  expect(log).toContain('/api/v1/session')
  const secrets = [
    ada.password,
    'a wrong password',
    json.key,
    token,
    browser.csrfToken,
    running.server.setupCode,
  ]
  for (const secret of [...secrets, ...browser.cookies.values()]) {
    expect(secret).toBeTruthy()
    expect(log).not.toContain(secret)
  }
})
