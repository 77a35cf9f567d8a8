import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRateLimiter } from '../src/limiter.ts'
import { clientOf, createManualClock, json } from './scripted-apple.ts'

/** The most requests within any second of the list. */
function busiestSecond(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at <= from + 1000).length))
}

describe('the limiter', () => {
  test('lets at most fifteen requests into any second, in the order of their coming', async () => {
    const clock = createManualClock()
    const limiter = createRateLimiter({ perSecond: () => 15, clock })
    const order: number[] = []
    const times: number[] = []
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        await limiter.take()
        order.push(index)
        times.push(clock.now().getTime())
      }),
    )
    expect(busiestSecond(times)).toBe(15)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  test('keeps the limit whatever the rhythm', async () => {
    const rhythm = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(rhythm, fc.integer({ min: 1, max: 20 }), async (gaps, perSecond) => {
        const clock = createManualClock()
        const limiter = createRateLimiter({ perSecond: () => perSecond, clock })
        const times: number[] = []
        for (const gap of gaps) {
          if (gap > 0) await clock.sleep(gap)
          await limiter.take()
          times.push(clock.now().getTime())
        }
        expect(busiestSecond(times)).toBeLessThanOrEqual(perSecond)
      }),
      { numRuns: 40 },
    )
  })

  test('lets go of a request that is stopped, and of no slot with it', async () => {
    const clock = createManualClock()
    const limiter = createRateLimiter({ perSecond: () => 1, clock })
    const stop = new AbortController()
    await limiter.take()
    stop.abort(new Error('stopped'))
    await expect(limiter.take(stop.signal)).rejects.toThrow('stopped')
    const before = clock.now().getTime()
    await limiter.take()
    expect(clock.now().getTime() - before).toBeLessThanOrEqual(1050)
  })
})

describe('a client', () => {
  test('never sends more than Apple’s limit in any second, lanes and repetitions included', async () => {
    const total = 80
    const { client, asked } = clientOf(({ url }) => {
      const pageIndex = Number(url.searchParams.get('pageIndex'))
      return json({ currentPageIndex: pageIndex, totalPages: total, size: 0, versionId: 'v' })
    })
    for await (const _ of client.assets().pages);
    expect(asked).toHaveLength(total)
    expect(busiestSecond(asked.map(({ at }) => at))).toBeLessThanOrEqual(15)
  })

  test('asks the given limiter before each attempt, and not for the service config', async () => {
    let taken = 0
    let turn = 0
    const { client } = clientOf(
      () => json(turn++ === 0 ? { errorNumber: 9729 } : {}, { status: turn === 1 ? 503 : 200 }),
      {
        limiter: {
          take: async () => {
            taken += 1
          },
        },
      },
    )
    await client.serviceConfig()
    expect(taken).toBe(0)
    await client.clientConfig()
    expect(taken).toBe(2)
  })
})
