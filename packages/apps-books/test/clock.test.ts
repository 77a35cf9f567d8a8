import { describe, expect, test } from 'vitest'
import { systemClock } from '../src/clock.ts'
import { AppsBooksError } from '../src/errors.ts'
import { createPause } from '../src/pause.ts'
import { createManualClock } from './scripted-apple.ts'

describe('the machine’s clock', () => {
  test('sleeps about as long as it should', async () => {
    const before = systemClock.now().getTime()
    await systemClock.sleep(20)
    expect(systemClock.now().getTime() - before).toBeGreaterThanOrEqual(18)
  })

  test('wakes with the reason when it is stopped, before or during sleep', async () => {
    const reason = new Error('the server stops')
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason)
    const stop = new AbortController()
    const sleeping = systemClock.sleep(60_000, stop.signal)
    stop.abort(reason)
    await expect(sleeping).rejects.toBe(reason)
  })

  test('turns a reason that is no error into one', async () => {
    await expect(systemClock.sleep(1, AbortSignal.abort('enough'))).rejects.toThrow('aborted')
  })
})

describe('a pause that Apple asks for', () => {
  const slowDown = (retryAfterMs: number) =>
    new AppsBooksError('apple.http_error', 'slow down', { httpStatus: 503, retryAfterMs })

  test('lasts as long as the longest one asked for', async () => {
    const clock = createManualClock()
    const pause = createPause({ clock, maxWaitMs: 60_000 })
    pause.noteFailure(slowDown(30_000), undefined)
    pause.noteFailure(slowDown(5000), undefined)
    await pause.over()
    expect(clock.slept).toEqual([30_000])
  })

  test('comes with 429 even without Retry-After, and with no other failure', async () => {
    for (const [httpStatus, slept] of [
      [429, [700]],
      [500, []],
    ] as const) {
      const clock = createManualClock()
      const pause = createPause({ clock, maxWaitMs: 60_000 })
      pause.noteFailure(new AppsBooksError('apple.http_error', 'refused', { httpStatus }), 700)
      await pause.over()
      expect(clock.slept).toEqual(slept)
    }
  })

  test('ends by itself', async () => {
    const clock = createManualClock()
    const pause = createPause({ clock, maxWaitMs: 1000 })
    const failure = slowDown(5000)
    pause.noteFailure(failure, undefined)
    await expect(pause.over()).rejects.toBe(failure)
    await clock.sleep(4500)
    await pause.over()
    expect(clock.slept).toEqual([4500, 500])
  })
})
