import { describe, expect, test } from 'vitest'
import { exitCode } from '../src/exit-codes.ts'
import { apportion, page, problem, type Serve, signedIn } from './support/fake-world.ts'
import { routes } from './support/routes.ts'
import { tokenRow } from './support/rows.ts'

describe('wrong use', () => {
  const uses: [string, string[], string][] = [
    ['an unknown command', ['tokn'], 'there is no command “tokn”'],
    ['an unknown flag', ['apps', '--bogus'], 'bogus'],
    ['a missing argument', ['licenses'], 'APP'],
    ['a count that is none', ['apps', '--limit', 'many'], '“many” is not a whole number'],
    ['neither a token nor --all', ['token', 'sync'], '--all'],
    ['an assignment of nothing', ['plan', '--app', 'Atlas'], '--group'],
  ]
  for (const [title, words, said] of uses) {
    test(`${title} exits with 2, says what and sends nothing`, async () => {
      const { code, stdout, stderr, sent } = await apportion(words)
      expect(code).toBe(exitCode.usage)
      expect(stderr).toContain('apportion: ')
      expect(stderr).toContain(said)
      expect([stdout, sent]).toEqual(['', []])
    })
  }
})

test('without a sign-in a command exits with 3 and says how to get one', async () => {
  const { code, stderr } = await apportion(['apps'], { credentials: null })
  expect(code).toBe(exitCode.notSignedIn)
  expect(stderr).toContain('apportion login')
})

test('a server that does not answer exits with 5', async () => {
  const { code, stderr } = await apportion(['overview'])
  expect(code).toBe(exitCode.unreachable)
  expect(stderr).toContain('No answer from http://server.test')
})

test('the kept key is never sent to another server than the one that gave it', async () => {
  const { code, sent } = await apportion(['apps'], { settings: { url: 'https://elsewhere.test' } })
  expect([code, sent]).toEqual([exitCode.notSignedIn, []])
})

test('APPORTION_URL and APPORTION_API_KEY go before what login kept', async () => {
  const { sent } = await apportion(['token', 'list'], {
    settings: { url: 'https://elsewhere.test', apiKey: 'apk_other' },
    serve: routes({ 'GET /api/v1/tokens': page() }),
  })
  expect(sent[0]?.headers.get('authorization')).toBe('Bearer apk_other')
})

describe('login', () => {
  const serve: Serve = ({ method, path }) => {
    if (method === 'POST' && path === '/api/v1/session') {
      const headers = { 'set-cookie': 'apportion=s3cret; HttpOnly; Path=/' }
      return Response.json(
        { administrator: {}, csrfToken: 'csrf-1', expiresAt: '' },
        { status: 201, headers },
      )
    }
    if (method === 'POST') return Response.json({ key: 'apk_new', apiKey: { id: 'k9' } }, { status: 201 })
    if (method === 'DELETE') return new Response(null, { status: 204 })
    return { items: [] }
  }
  const words = ['login', '--url', 'http://localhost:8080', '--email', 'ada@example.org', '--password-stdin']

  test('keeps an API key, ends the session, and keeps no password', async () => {
    const { code, saved, sent, stdout, stderr } = await apportion(words, {
      serve,
      credentials: null,
      files: { '-': 'a quiet river\n' },
    })
    expect(code).toBe(exitCode.ok)
    expect(saved).toEqual({
      url: 'http://localhost:8080',
      apiKey: 'apk_new',
      apiKeyId: 'k9',
      email: 'ada@example.org',
    })
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v1/session',
      'POST /api/v1/api-keys',
      'DELETE /api/v1/session',
      'GET /api/v1/api-keys',
    ])
    expect(sent[1]?.headers.get('cookie')).toBe('apportion=s3cret')
    expect(sent[1]?.headers.get('x-csrf-token')).toBe('csrf-1')
    expect(stdout + stderr).not.toContain('apk_new')
  })

  test('with a wrong password exits with 3 and keeps what was there', async () => {
    const refusing: Serve = () => problem(401, 'session.wrong_credentials')
    const { code, saved } = await apportion(words, { serve: refusing, files: { '-': 'wrong\n' } })
    expect([code, saved]).toEqual([exitCode.notSignedIn, signedIn])
  })

  test('sends no password over plain HTTP to another machine', async () => {
    const { code, sent } = await apportion(['login', '--url', 'http://apportion.example'], { serve })
    expect([code, sent]).toEqual([exitCode.usage, []])
  })

  test('asks a person for what is not given', async () => {
    const { code, asked } = await apportion(['login'], {
      serve,
      credentials: null,
      answers: ['localhost', 'ada@example.org', 'pw'],
    })
    expect(code).toBe(exitCode.ok)
    expect(asked).toEqual(['Address of the server', 'Email address', 'Password'])
  })
})

test('logout revokes the key at the server and forgets it, even when the server is gone', async () => {
  const { code, sent, saved, stderr } = await apportion(['logout'])
  expect([code, saved]).toEqual([exitCode.ok, null])
  expect(sent[0]).toMatchObject({ method: 'DELETE', path: '/api/v1/api-keys/k1' })
  expect(stderr).toContain('stays valid there')
})

const health = (
  status: 'warning' | 'unhealthy',
  code: 'token_expiring' | 'token_expired',
): ReturnType<typeof tokenRow>['health'] => ({
  status,
  reasons: [{ code, severity: status, text: 'Renew it.', count: null, at: null }],
})

describe('doctor', () => {
  const date = new Date('2027-03-01T12:00:00.000Z').toUTCString()
  const serving = (...tokens: readonly unknown[]): Serve =>
    routes({
      'GET /health': () => Response.json({ status: 'ok' }, { headers: { date } }),
      'GET /api/v1/openapi.json': { info: { version: '1.2.3' } },
      'GET /api/v1/api-keys': { items: [] },
      'GET /api/v1/tokens': page(...tokens),
    })
  const cases: [string, Serve, number, string][] = [
    ['all is well', serving(tokenRow()), exitCode.ok, 'ok    Token Main school: valid'],
    [
      'a token expires soon',
      serving(tokenRow({ state: 'expiring', health: health('warning', 'token_expiring') })),
      exitCode.attention,
      'apportion token renew 1 FILE',
    ],
    [
      'a token has expired',
      serving(tokenRow({ state: 'expired', health: health('unhealthy', 'token_expired') })),
      exitCode.failed,
      'fail  Token Main school',
    ],
    ['the server does not answer', () => undefined, exitCode.failed, 'fail  Server: no answer'],
    [
      'the server cannot work',
      routes({
        'GET /health': () =>
          Response.json(
            { status: 'unavailable', reason: 'disk.full', detail: 'The disk is full.' },
            { status: 503 },
          ),
      }),
      exitCode.failed,
      'The disk is full.',
    ],
  ]
  for (const [title, serve, expected, said] of cases) {
    test(`exits with ${expected} when ${title}`, async () => {
      const { code, stdout } = await apportion(['doctor'], { serve })
      expect(code).toBe(expected)
      expect(stdout).toContain(said)
    })
  }
})

test('a shell can ask what could follow', async () => {
  const { stdout } = await apportion(['__complete', 'token', 's'])
  expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual(['show', 'sync', 'syncs', ''])
})
