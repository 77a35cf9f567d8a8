import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/platform/clock.ts'
import { createIdSource, parseUuid } from '../../src/platform/ids.ts'
import { ManualClock } from '../support/manual-clock.ts'

describe('Identifiers (RFC 9562)', () => {
  test('carry the time, the version and the variant', () => {
    const newId = createIdSource(new ManualClock('2026-03-01T08:00:00.000Z'), (bytes) => bytes.fill(0xff))
    expect(newId()).toBe('019ca869-5000-7000-bfff-ffffffffffff')
  })

  test('sort in the order they were made, within a millisecond and when the clock goes back', () => {
    const clock = new ManualClock()
    const newId = createIdSource({
      now: () => new Date(clock.now().getTime() - Math.floor(Math.random() * 50)),
    })
    const ids = Array.from({ length: 20_000 }, newId)
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)))
    expect(new Set(ids).size).toBe(ids.length)
  })

  const texts: [string, string | undefined][] = [
    ['019c9a67-e800-7000-bfff-ffffffffffff', '019c9a67-e800-7000-bfff-ffffffffffff'],
    ['019C9A67-E800-7000-BFFF-FFFFFFFFFFFF', '019c9a67-e800-7000-bfff-ffffffffffff'],
    ['019c9a67e8007000bfffffffffffffff', undefined],
    ['{019c9a67-e800-7000-bfff-ffffffffffff}', undefined],
    ['', undefined],
  ]
  for (const [text, uuid] of texts) {
    test(`${JSON.stringify(text)} is ${uuid === undefined ? 'none' : 'one'}`, () => {
      expect(parseUuid(text)).toBe(uuid)
    })
  }
})

describe('The clock of the machine', () => {
  test('sleeps about as long as asked', async () => {
    const started = performance.now()
    await systemClock.sleep(30)
    expect(performance.now() - started).toBeGreaterThanOrEqual(25)
  })

  test('wakes with the reason of the abort', async () => {
    const stopping = new AbortController()
    const sleeping = systemClock.sleep(60_000, stopping.signal)
    stopping.abort(new Error('stop'))
    await expect(sleeping).rejects.toThrow('stop')
    await expect(systemClock.sleep(1, stopping.signal)).rejects.toThrow('stop')
  })

  test('sleeps longer than one timer of Node can', async () => {
    const stopping = new AbortController()
    const sleeping = systemClock.sleep(2 ** 40, stopping.signal)
    const early = await Promise.race([
      sleeping.then(() => 'woke'),
      systemClock.sleep(30).then(() => 'sleeps'),
    ])
    stopping.abort(new Error('stop'))
    await expect(sleeping).rejects.toThrow('stop')
    expect(early).toBe('sleeps')
  })
})

describe('The clock of tests', () => {
  test('wakes sleepers in the order of time, each at its time', async () => {
    const clock = new ManualClock()
    const start = clock.now().getTime()
    const woken: [string, number][] = []
    const sleeper = async (name: string, ms: number) => {
      await clock.sleep(ms)
      woken.push([name, clock.now().getTime() - start])
    }
    const all = [sleeper('c', 300), sleeper('a', 100), sleeper('b', 200), sleeper('a2', 100)]
    await clock.advance(1000)
    await Promise.all(all)
    expect(woken).toEqual([
      ['a', 100],
      ['a2', 100],
      ['b', 200],
      ['c', 300],
    ])
    expect(clock.now().getTime() - start).toBe(1000)
  })

  test('lets a sleeper sleep again within one step', async () => {
    const clock = new ManualClock()
    let ticks = 0
    const ticking = (async () => {
      for (; ticks < 5; ticks++) await clock.sleep(10)
    })()
    await clock.advance(50)
    await ticking
    expect(ticks).toBe(5)
  })
})
