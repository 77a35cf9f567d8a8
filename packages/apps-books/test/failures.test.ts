import { inspect } from 'node:util'
import { ERROR_NUMBERS } from '@apportion/apple-wire/error-numbers'
import duplicateSerials from '@apportion/apple-wire/fixtures/error-duplicate-serial-numbers.json' with {
  type: 'json',
}
import invalidToken from '@apportion/apple-wire/fixtures/error-invalid-token.json' with { type: 'json' }
import event from '@apportion/apple-wire/fixtures/event.json' with { type: 'json' }
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppleError, AppsBooksError } from '../src/errors.ts'
import { clientOf, failureOf, json, type Script, TOKEN } from './scripted-apple.ts'

const command = { assets: [{ adamId: '900001' }], serialNumbers: ['SAMPLE0001'] }
const once = { maxTries: 1, baseMs: 1, maxWaitMs: 1 }

const refusal = (errorNumber: number, status: number, headers: Record<string, string> = {}): Response =>
  json({ errorNumber, errorMessage: 'as Apple puts it' }, { status, headers })

describe('an error number is a failure on any status', () => {
  for (const { errorNumber, code, httpStatus, retry } of ERROR_NUMBERS) {
    for (const status of new Set([200, httpStatus ?? 400])) {
      test(`${errorNumber} with ${status}: ${code}, retry ${retry}`, async () => {
        const { client } = clientOf(() => refusal(errorNumber, status), { retry: once })
        for (const call of [client.clientConfig(), client.associate(command)]) {
          const failure = await failureOf(call)
          expect(failure).toBeInstanceOf(AppleError)
          expect(failure).toMatchObject({
            code,
            errorNumber,
            httpStatus: status,
            retry,
          })
        }
      })
    }
  }

  test('an invalid token that comes with 200', async () => {
    const { client, asked } = clientOf(() => json(invalidToken))
    await expect(client.clientConfig()).rejects.toMatchObject({ code: 'apple.token_invalid', retry: 'auth' })
    expect(asked).toHaveLength(1)
  })

  test('what Apple names as the cause is kept', async () => {
    const { client } = clientOf(() => json(duplicateSerials, { status: 400 }))
    await expect(client.associate(command)).rejects.toMatchObject({
      errorInfo: duplicateSerials.errorInfo,
      message:
        'Apple refused POST /mdm/v2/assets/associate: a serial number is listed twice ' +
        '(error 9705, status 400, in Apple’s words "Duplicate serial numbers")',
    })
  })

  test('a number that nobody knows yet', async () => {
    const { client } = clientOf(() => refusal(9999, 403))
    await expect(client.clientConfig()).rejects.toMatchObject({ code: 'apple.9999', retry: 'no' })
  })

  test('the number zero is none', async () => {
    const { client } = clientOf(() => json({ ...event, errorNumber: 0 }))
    expect(await client.associate(command)).toEqual(event)
  })
})

const page = '<html><body>Service unavailable</body></html>'
const truncated = '{"eventId":"e0a8d3de'

/** What stands for a question (GET) and for a command (POST) when the answer is no answer of the API. */
const odd: [title: string, script: Script, question: string, command: string][] = [
  ['a page with 200', () => new Response(page), 'apple.not_json', 'apple.outcome_unknown'],
  ['a cut-off body with 200', () => new Response(truncated), 'apple.not_json', 'apple.outcome_unknown'],
  [
    'an empty body with 204',
    () => new Response(null, { status: 204 }),
    'apple.not_json',
    'apple.outcome_unknown',
  ],
  ['a JSON list with 200', () => json([]), 'apple.not_json', 'apple.outcome_unknown'],
  ['a page with 400', () => new Response(page, { status: 400 }), 'apple.http_error', 'apple.http_error'],
  ['a page with 404', () => new Response(page, { status: 404 }), 'apple.http_error', 'apple.http_error'],
  ['a page with 408', () => new Response(page, { status: 408 }), 'apple.http_error', 'apple.outcome_unknown'],
  ['a page with 429', () => new Response(page, { status: 429 }), 'apple.http_error', 'apple.http_error'],
  ['a page with 503', () => new Response(page, { status: 503 }), 'apple.http_error', 'apple.outcome_unknown'],
  [
    'JSON without a number with 502',
    () => json({}, { status: 502 }),
    'apple.http_error',
    'apple.outcome_unknown',
  ],
  [
    'a redirect',
    () => new Response(null, { status: 307, headers: { location: 'https://elsewhere.example/' } }),
    'apple.redirected',
    'apple.redirected',
  ],
  [
    'a connection that breaks',
    () => Promise.reject(new TypeError('fetch failed')),
    'apple.unreachable',
    'apple.outcome_unknown',
  ],
  [
    'a body that breaks off',
    () => new Response(new ReadableStream({ start: (body) => body.error(new TypeError('terminated')) })),
    'apple.unreachable',
    'apple.outcome_unknown',
  ],
  [
    'a connection that is refused',
    () => Promise.reject(broken('ECONNREFUSED')),
    'apple.unreachable',
    'apple.unreachable',
  ],
  ['an unknown host', () => Promise.reject(broken('ENOTFOUND')), 'apple.unreachable', 'apple.unreachable'],
  [
    'a certificate of others',
    () => Promise.reject(broken('CERT_HAS_EXPIRED')),
    'apple.unreachable',
    'apple.unreachable',
  ],
  [
    'a reset connection',
    () => Promise.reject(broken('ECONNRESET')),
    'apple.unreachable',
    'apple.outcome_unknown',
  ],
]

function broken(code: string): TypeError {
  const cause = Object.assign(new Error(`authorization: Bearer ${TOKEN}`), { code })
  return new TypeError('fetch failed', { cause })
}

describe('an answer that is none of the API', () => {
  for (const [title, script, question, commanded] of odd) {
    test(`${title}: a question ${question}, a command ${commanded}`, async () => {
      const asking = clientOf(script, { retry: once })
      await expect(asking.client.clientConfig()).rejects.toMatchObject({
        name: 'AppsBooksError',
        code: question,
      })
      const telling = clientOf(script)
      await expect(telling.client.associate(command)).rejects.toMatchObject({
        name: 'AppsBooksError',
        code: commanded,
      })
      expect(telling.asked).toHaveLength(1)
    })
  }

  test('an accepted command without an event has an unknown outcome', async () => {
    const { client } = clientOf(() => json({ uId: '7' }))
    await expect(client.revoke({ serialNumbers: ['A'] })).rejects.toMatchObject({
      code: 'apple.outcome_unknown',
    })
  })

  test('a status without a state cannot be used', async () => {
    const { client } = clientOf(() => json({ uId: '7' }))
    await expect(client.status('x')).rejects.toMatchObject({ code: 'apple.unexpected_answer' })
  })
})

describe('an answer that does not come in time', () => {
  const silent: Script = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

  test('a question times out', async () => {
    const { client } = clientOf(silent, { timeoutMs: 5, retry: once })
    await expect(client.clientConfig()).rejects.toMatchObject({ code: 'apple.timeout' })
  })

  test('a command has an unknown outcome and is sent once', async () => {
    const { client, asked } = clientOf(silent, { timeoutMs: 5 })
    await expect(client.associate(command)).rejects.toMatchObject({ code: 'apple.outcome_unknown' })
    expect(asked).toHaveLength(1)
  })

  test('a body without end is cut off by the time limit too', async () => {
    const endless: Script = ({ signal }) =>
      new Response(
        new ReadableStream({
          start: (body) => signal.addEventListener('abort', () => body.error(signal.reason)),
        }),
      )
    const { client } = clientOf(endless, { timeoutMs: 5, retry: once })
    await expect(client.clientConfig()).rejects.toMatchObject({ code: 'apple.timeout' })
  })

  test('stopping rejects a question with the reason, and leaves the outcome of a command open', async () => {
    for (const kind of ['question', 'command'] as const) {
      const stop = new AbortController()
      const reason = new Error('the server stops')
      const { client, asked } = clientOf(
        (one) => {
          setImmediate(() => stop.abort(reason))
          return silent(one)
        },
        { signal: stop.signal },
      )
      const failure = await failureOf(kind === 'question' ? client.clientConfig() : client.associate(command))
      if (kind === 'question') expect(failure).toBe(reason)
      else expect(failure).toMatchObject({ code: 'apple.outcome_unknown' })
      expect(await failureOf(client.clientConfig())).toBe(reason)
      expect(asked).toHaveLength(1)
    }
  })
})

describe('an answer that is too large', () => {
  test('is not read to its end', async () => {
    let sent = 0
    const chunk = new TextEncoder().encode('x'.repeat(1024 * 1024))
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1
        controller.enqueue(chunk)
      },
    })
    const { client } = clientOf(() => new Response(body), { retry: once })
    await expect(client.clientConfig()).rejects.toMatchObject({
      message: expect.stringContaining('too large'),
    })
    expect(sent).toBeLessThan(40)
  })
})

describe('no failure gives a secret away', () => {
  const secret = 'notification-secret-of-the-test'
  const config = { notificationUrl: 'https://mobility.example/hooks/1', notificationAuthToken: secret }
  const echo = `Bearer ${TOKEN} and ${secret}`

  const echoes: [string, Script][] = [
    ['a refusal that repeats them', () => json({ errorNumber: 9602, errorMessage: echo }, { status: 400 })],
    ['a page that repeats them', () => new Response(echo, { status: 500 })],
    ['cut-off JSON that repeats them', () => new Response(`{"notificationAuthToken":"${secret}`)],
    [
      'a broken connection whose error repeats them',
      () => Promise.reject(new TypeError(echo, { cause: broken('EPIPE') })),
    ],
    [
      'a redirect to a place that repeats them',
      () => new Response(null, { status: 302, headers: { location: `https://x.example/${TOKEN}` } }),
    ],
  ]
  for (const [title, script] of echoes) {
    test(title, async () => {
      const { client } = clientOf(script, { retry: once })
      for (const call of [
        client.setClientConfig(config),
        client.clientConfig(),
        client.assets().pages[Symbol.asyncIterator]().next(),
      ]) {
        const failure = await failureOf(call)
        expect(failure instanceof AppleError || failure instanceof AppsBooksError).toBe(true)
        const told = `${inspect(failure, { depth: 9, showHidden: true })} ${JSON.stringify(failure)} ${String(failure)}`
        expect(told).not.toContain(TOKEN)
        // A question does not know the notification secret, so it can only redact the token.
        if (call !== undefined && told.includes('POST')) expect(told).not.toContain(secret)
      }
    })
  }

  test('whatever Apple answers', async () => {
    const answers = fc.tuple(fc.constantFrom(200, 400, 401, 404, 500, 503), fc.json(), fc.nat(3))
    await fc.assert(
      fc.asyncProperty(answers, async ([status, text, where]) => {
        const message = [text, `${TOKEN}${text}`, `${text}${TOKEN}`, `${text}${TOKEN}${text}`][where] ?? ''
        const body = where === 0 ? message : JSON.stringify({ errorNumber: 9602, errorMessage: message })
        const { client } = clientOf(() => new Response(body, { status }), { retry: once })
        const failure = await failureOf(client.associate(command))
        expect(inspect(failure, { depth: 9 })).not.toContain(TOKEN)
        expect(JSON.stringify(failure)).not.toContain(TOKEN)
      }),
      { numRuns: 60 },
    )
  })
})
