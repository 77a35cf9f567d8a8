import clientConfig from '@apportion/apple-wire/fixtures/client-config.json' with { type: 'json' }
import event from '@apportion/apple-wire/fixtures/event.json' with { type: 'json' }
import { describe, expect, test } from 'vitest'
import { DEFAULT_RETRY, parseRetryAfter } from '../src/retry.ts'
import { clientOf, failureOf, json, type Script } from './scripted-apple.ts'

const command = { assets: [{ adamId: '900001' }], serialNumbers: ['SAMPLE0001'] }

const refusal = (errorNumber: number, status: number, headers: Record<string, string> = {}): Response =>
  json({ errorNumber }, { status, headers })

/** Answers one after the other, the last one for ever. */
function inTurn(...answers: (() => Response | Promise<Response>)[]): Script {
  let turn = 0
  return () => {
    const answer = answers[Math.min(turn, answers.length - 1)]
    turn += 1
    if (answer === undefined) throw new Error('the script has no answers')
    return answer()
  }
}

const passing: [string, () => Response | Promise<Response>, question: boolean, command: boolean][] = [
  ['9646 with 429', () => refusal(9646, 429), true, true],
  ['9729 with 503', () => refusal(9729, 503), true, true],
  ['9603 with 500', () => refusal(9603, 500), true, false],
  ['a page with 429', () => new Response('slow down', { status: 429 }), true, false],
  ['a page with 503', () => new Response('busy', { status: 503 }), true, false],
  ['a broken connection', () => Promise.reject(new TypeError('fetch failed')), true, false],
  ['a page with 200', () => new Response('hello'), true, false],
  ['9602 with 400', () => refusal(9602, 400), false, false],
  ['9625 with 401', () => refusal(9625, 401), false, false],
  ['a page with 404', () => new Response('none', { status: 404 }), false, false],
  ['a redirect', () => new Response(null, { status: 302 }), false, false],
]

describe('what passes is tried again', () => {
  for (const [title, failing, question, commanded] of passing) {
    test(`${title}: a question ${question ? 'is' : 'is not'}, a command ${commanded ? 'is' : 'is not'}`, async () => {
      const asking = clientOf(inTurn(failing, () => json(clientConfig)))
      const answer = asking.client.clientConfig()
      if (question) expect(await answer).toEqual(clientConfig)
      else await failureOf(answer)
      expect(asking.asked).toHaveLength(question ? 2 : 1)

      const telling = clientOf(inTurn(failing, () => json(event)))
      const outcome = telling.client.associate(command)
      if (commanded) expect(await outcome).toEqual(event)
      else await failureOf(outcome)
      expect(telling.asked).toHaveLength(commanded ? 2 : 1)
    })
  }

  test('pauses double, vary with chance, and end', async () => {
    for (const [random, pauses] of [
      [0, [500, 1000, 2000, 4000]],
      [1, [1000, 2000, 4000, 8000]],
    ] as const) {
      const { client, clock, asked } = clientOf(() => refusal(9729, 503), { random: () => random })
      await expect(client.clientConfig()).rejects.toMatchObject({ code: 'apple.unavailable' })
      expect(asked).toHaveLength(DEFAULT_RETRY.maxTries)
      expect(clock.slept).toEqual(pauses)
    }
  })
})

describe('Retry-After', () => {
  const now = new Date('2030-01-01T00:00:00Z')
  const headers: [header: string | null, ms: number | undefined][] = [
    ['2', 2000],
    [' 120 ', 120_000],
    ['0', 0],
    ['Tue, 01 Jan 2030 00:00:05 GMT', 5000],
    ['Tuesday, 01-Jan-30 00:00:05 GMT', 5000],
    ['Tue Jan  1 00:00:05 2030', 5000],
    ['Mon, 31 Dec 2029 23:00:00 GMT', 0],
    [null, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['2030-01-01', undefined],
  ]
  for (const [header, ms] of headers) {
    test(`"${header}" is ${ms ?? 'nothing'}`, () => expect(parseRetryAfter(header, now)).toBe(ms))
  }

  for (const header of ['7', 'Tue, 01 Jan 2030 00:00:07 GMT']) {
    test(`"${header}" is waited for`, async () => {
      const { client, asked } = clientOf(
        inTurn(
          () => refusal(9729, 503, { 'retry-after': header }),
          () => json(clientConfig),
        ),
      )
      await client.clientConfig()
      expect((asked[1]?.at ?? 0) - (asked[0]?.at ?? 0)).toBe(7000)
    })
  }

  test('never shortens the pause of the client', async () => {
    const { client, clock } = clientOf(
      inTurn(
        () => refusal(9729, 503, { 'retry-after': '0' }),
        () => json(clientConfig),
      ),
    )
    await client.clientConfig()
    expect(clock.slept).toEqual([750])
  })

  test('longer than the client waits goes to the caller, and further requests are not even sent', async () => {
    const { client, asked, clock } = clientOf(() => refusal(9729, 503, { 'retry-after': '3600' }))
    await expect(client.clientConfig()).rejects.toMatchObject({
      code: 'apple.unavailable',
      retryAfterMs: 3_600_000,
    })
    await expect(client.associate(command)).rejects.toMatchObject({ code: 'apple.unavailable' })
    expect(asked).toHaveLength(1)
    expect(clock.slept).toEqual([])
  })

  test('holds back the other requests of the unit as well', async () => {
    const { client, asked } = clientOf(
      inTurn(
        () => refusal(9729, 503, { 'retry-after': '30' }),
        () => json({ ...clientConfig, ...event }),
      ),
    )
    await Promise.all([client.clientConfig(), client.clientConfig().then(() => client.associate(command))])
    const [first, ...others] = asked.map(({ at }) => at)
    // The second question left together with the first, before Apple asked for the pause.
    expect(others.filter((at) => at !== first).every((at) => at >= (first ?? 0) + 30_000)).toBe(true)
    expect(others.at(-1)).toBeGreaterThanOrEqual((first ?? 0) + 30_000)
  })
})
