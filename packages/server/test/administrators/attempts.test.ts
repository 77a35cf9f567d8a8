import { describe, expect, test } from 'vitest'
import { createAttemptLimit } from '../../src/administrators/attempts.ts'
import { Refusal } from '../../src/platform/errors.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { ada, startTestServer } from '../support/test-server.ts'

const minute = 60_000

describe('A limit of three failures in ten minutes', () => {
  const started = () => {
    const clock = new ManualClock()
    return { clock, limit: createAttemptLimit(clock, { most: 3, windowMs: 10 * minute }) }
  }
  const failThrice = (limit: ReturnType<typeof started>['limit'], key: string) => {
    for (let i = 0; i < 3; i++) limit.begin(key)
  }

  test('the fourth attempt is refused with the seconds to wait', async () => {
    const { clock, limit } = started()
    failThrice(limit, 'ada')
    await clock.advance(4 * minute)
    const refusal = thrownBy(() => limit.begin('ada'))
    expect(refusal).toMatchObject({ code: 'session.too_many_attempts', facts: { retryAfterSeconds: 360 } })
    expect(refusal.message).toBe('Too many attempts failed. Try again in 6 minutes.')
  })

  test('another key is not affected', () => {
    const { limit } = started()
    failThrice(limit, 'ada')
    expect(() => limit.begin('grace')).not.toThrow()
  })

  test('after the window attempts are possible again', async () => {
    const { clock, limit } = started()
    failThrice(limit, 'ada')
    await clock.advance(10 * minute)
    expect(() => limit.begin('ada')).not.toThrow()
  })

  test('refused attempts do not make the wait longer', async () => {
    const { clock, limit } = started()
    failThrice(limit, 'ada')
    await clock.advance(9 * minute)
    thrownBy(() => limit.begin('ada'))
    await clock.advance(minute)
    expect(() => limit.begin('ada')).not.toThrow()
  })

  test('a success forgets the failures before it', () => {
    const { limit } = started()
    limit.begin('ada')
    limit.begin('ada')
    limit.succeeded('ada')
    expect(() => failThrice(limit, 'ada')).not.toThrow()
  })

  test('ten thousand other keys push out the oldest, never more than that are remembered', () => {
    const { limit } = started()
    failThrice(limit, 'ada')
    for (let i = 0; i < 10_000; i++) limit.begin(`other-${i}`)
    expect(() => limit.begin('ada')).not.toThrow()
  })
})

describe('Signing in', () => {
  const attempt = (email: string, password: string) => ({ email, password })

  test('ten wrong passwords close an account for a quarter of an hour, to the right one too', async () => {
    await using running = await startTestServer()
    await running.signedIn()
    const browser = running.browser()
    for (let i = 0; i < 10; i++) {
      expect((await browser.post('/api/v1/session', attempt(ada.email, `wrong ${i}`))).status).toBe(401)
    }
    const answer = await browser.post('/api/v1/session', attempt(ada.email.toUpperCase(), ada.password))
    expect([answer.status, answer.json.code]).toEqual([429, 'session.too_many_attempts'])
    expect(answer.headers.get('retry-after')).toBe('900')
    expect(answer.json.facts).toEqual({ retryAfterSeconds: 900 })
    await running.clock.advance(15 * minute)
    expect((await browser.post('/api/v1/session', ada)).status).toBe(201)
  })

  test('thirty failures from one address close it for every account', async () => {
    await using running = await startTestServer()
    await running.signedIn()
    const browser = running.browser()
    for (let i = 0; i < 30; i++)
      await browser.post('/api/v1/session', attempt(`nobody${i}@example.org`, 'wrong'))
    expect((await browser.post('/api/v1/session', ada)).status).toBe(429)
  })

  const proxies: [string, string, number][] = [
    ['whatever the caller says of its address', 'false', 429],
    ['for the address that a trusted proxy names', '127.0.0.1', 401],
  ]
  for (const [whose, trusted, status] of proxies) {
    test(`failures count ${whose}`, async () => {
      await using running = await startTestServer({ environment: { APPORTION_TRUST_PROXY: trusted } })
      const fail = async (address: string) =>
        await running
          .browser()
          .post('/api/v1/session', attempt(`${address}@example.org`, 'wrong'), { 'x-forwarded-for': address })
      for (let i = 1; i <= 30; i++) expect((await fail(`192.0.2.${i}`)).status).toBe(401)
      expect((await fail('192.0.2.31')).status).toBe(status)
    })
  }

  test('an unknown address takes as long as a wrong password', async () => {
    await using running = await startTestServer()
    await running.signedIn()
    const timeOf = async (email: string) => {
      const times: number[] = []
      for (let i = 0; i < 7; i++) {
        const started = performance.now()
        await running.browser().post('/api/v1/session', attempt(email, 'not the password'))
        times.push(performance.now() - started)
      }
      return Math.min(...times)
    }
    const [known, unknown] = [await timeOf(ada.email), await timeOf('nobody@example.org')]
    // Without the hash of an unknown address it would be ten times faster.
    expect(unknown / known).toBeGreaterThan(0.4)
  })
})

function thrownBy(act: () => void): Refusal {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return error
  }
  throw new Error('Expected a refusal')
}
