import { expect, test } from 'vitest'
import { manualClock, realClock } from '../src/clock.ts'
import { seededRandom } from '../src/random.ts'
import { Timeline } from '../src/timeline.ts'

test('a manual clock stands still, moves by hand, and never backwards', () => {
  const clock = manualClock(1000)
  clock.advance(500)
  expect(clock.now()).toBe(1500)
  for (const ms of [-1, Number.NaN]) expect(() => clock.advance(ms)).toThrow(TypeError)
})

test('plans happen in the order of their time, each at its own moment, and equal ones as they were asked for', () => {
  const clock = manualClock(0)
  const timeline = new Timeline(clock)
  const happened: [string, number][] = []
  for (const [name, at] of [
    ['c', 30],
    ['a', 10],
    ['b1', 20],
    ['b2', 20],
  ] as const) {
    timeline.at(at, () => happened.push([name, clock.now()]))
  }
  clock.advance(20)
  expect(happened).toEqual([
    ['a', 10],
    ['b1', 20],
    ['b2', 20],
  ])
  clock.advance(100)
  expect(happened.at(-1)).toEqual(['c', 30])
  expect(clock.now()).toBe(120)
})

test('a real clock runs by itself and can be moved ahead', async () => {
  const clock = realClock()
  const woken = new Promise<number>((resolve) =>
    clock.wakeAt(clock.now() + 3_600_000, () => resolve(clock.now())),
  )
  const before = clock.now()
  clock.advance(3_600_000)
  expect((await woken) - before).toBeGreaterThanOrEqual(3_600_000)
})

test('the same seed gives the same chance, and a position continues it', () => {
  const one = seededRandom(7)
  const other = seededRandom(7)
  expect(one.uuid()).toBe(other.uuid())
  expect(one.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const third = seededRandom(0)
  other.uuid()
  third.continueAt(other.position())
  expect(third.hex(32)).toBe(one.hex(32))
})
