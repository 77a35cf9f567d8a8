import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Serving, type Share, serveQueue } from './shares.ts'

const share = (changed: Partial<Share> = {}): Share => ({ held: 0, reserve: 0, quota: null, ...changed })
const places = (serving: Serving): number[] =>
  [...serving.served].flatMap((served, place) => (served === 1 ? [place] : []))

describe('L8 L9 who is served', () => {
  interface Case {
    queue: number[]
    shares?: Share[]
    free: number
    served: number[]
    stoppedBy?: Partial<Serving['stoppedBy']>
  }
  const rows: [string, Case][] = [
    [
      'the first come, without shares',
      { queue: [-1, -1, -1], free: 2, served: [0, 1], stoppedBy: { none: 1 } },
    ],
    ['nobody, when nothing is free', { queue: [-1, -1], free: 0, served: [], stoppedBy: { none: 2 } }],
    ['nobody, when more is held than owned', { queue: [-1], free: -3, served: [], stoppedBy: { none: 1 } }],
    [
      'everybody, when the asset is unlimited',
      { queue: [-1, 0, -1], shares: [share()], free: Infinity, served: [0, 1, 2] },
    ],
    [
      'those for whom licenses are kept, although others come first',
      {
        queue: [-1, -1, 0],
        shares: [share({ reserve: 1 })],
        free: 2,
        served: [0, 2],
        stoppedBy: { reserve: 1 },
      },
    ],
    [
      'nobody else from a reserve, even while none of its own waits',
      { queue: [-1, -1], shares: [share({ reserve: 2 })], free: 3, served: [0], stoppedBy: { reserve: 1 } },
    ],
    [
      'others again, once the reserve is held',
      { queue: [-1, -1], shares: [share({ reserve: 2, held: 2 })], free: 2, served: [0, 1] },
    ],
    [
      'its own beyond the reserve, in their order in the queue',
      {
        queue: [0, 0, -1, 0],
        shares: [share({ reserve: 1 })],
        free: 3,
        served: [0, 1, 2],
        stoppedBy: { none: 1 },
      },
    ],
    [
      'no more of a share than its quota',
      {
        queue: [0, 0, 0, -1],
        shares: [share({ held: 1, quota: 3 })],
        free: 10,
        served: [0, 1, 3],
        stoppedBy: { quota: 1 },
      },
    ],
    [
      'nobody of a share that holds more than its quota already',
      {
        queue: [0, -1],
        shares: [share({ held: 5, quota: 3 })],
        free: 10,
        served: [1],
        stoppedBy: { quota: 1 },
      },
    ],
    [
      'nobody of a share that may have none, even when unlimited',
      { queue: [0, -1], shares: [share({ quota: 0 })], free: Infinity, served: [1], stoppedBy: { quota: 1 } },
    ],
    [
      'the first of several reserves that exceed what is free',
      {
        queue: [1, 0, 1, 0, -1],
        shares: [share({ reserve: 2 }), share({ reserve: 2 })],
        free: 3,
        served: [0, 1, 2],
        stoppedBy: { none: 2 },
      },
    ],
    [
      'others from what its quota does not let a reserve use',
      {
        queue: [-1, -1],
        shares: [share({ reserve: 5, quota: 1 })],
        free: 2,
        served: [0],
        stoppedBy: { reserve: 1 },
      },
    ],
    ['nobody of nobody', { queue: [], free: 5, served: [] }],
  ]
  test.each(rows)('%s', (_title, { queue, shares = [], free, served, stoppedBy }) => {
    const serving = serveQueue(queue, shares, free)
    expect(places(serving)).toEqual(served)
    expect(serving.count).toBe(served.length)
    expect(serving.stoppedBy).toEqual({ quota: 0, reserve: 0, none: 0, ...stoppedBy })
  })

  test('a share that is not there is a mistake of the caller', () =>
    expect(() => serveQueue([1], [share()], 1)).toThrow('the queue names share 1, and there are 1'))
  test('a queue of a typed array is as good as a list', () =>
    expect(places(serveQueue(Int32Array.of(-1, 0), [share()], 1))).toEqual([0]))
})

const anyShare = fc.record({ held: fc.nat(6), reserve: fc.nat(6), quota: fc.option(fc.nat(8)) })
const worlds = fc.array(anyShare, { maxLength: 4 }).chain((shares) =>
  fc.record({
    shares: fc.constant(shares),
    queue: fc.array(fc.integer({ min: -1, max: shares.length - 1 }), { maxLength: 30 }),
    free: fc.integer({ min: -2, max: 30 }),
  }),
)
interface World {
  readonly shares: Share[]
  readonly queue: number[]
  readonly free: number
}
const servedOf = ({ queue }: World, { served }: Serving, at: number): number =>
  queue.filter((one, place) => one === at && served[place] === 1).length
const held = (world: World, serving: Serving): Share[] =>
  world.shares.map((one, at) => ({ ...one, held: one.held + servedOf(world, serving, at) }))

describe('L8 L9 whatever waits, whatever is free', () => {
  const property = (title: string, holds: (world: World, serving: Serving) => void) =>
    test(title, () =>
      fc.assert(
        fc.property(worlds, (world) => {
          holds(world, serveQueue(world.queue, world.shares, world.free))
        }),
        { numRuns: 500 },
      ),
    )

  property('never more are served than are free', ({ free }, { count }) =>
    expect(count).toBeLessThanOrEqual(Math.max(0, free)),
  )
  property('each place is served or counted as stopped once', ({ queue }, { served, count, stoppedBy }) => {
    expect(served.filter((one) => one === 1)).toHaveLength(count)
    expect(count + stoppedBy.quota + stoppedBy.reserve + stoppedBy.none).toBe(queue.length)
  })
  property('no share goes beyond its quota', (world, serving) => {
    for (const [at, one] of held(world, serving).entries()) {
      const before = world.shares[at]?.held ?? 0
      if (one.quota !== null && one.held > before) expect(one.held).toBeLessThanOrEqual(one.quota)
    }
  })
  property('its own get a reserve as far as licenses and quota go', (world, serving) => {
    const due = world.shares.map(({ reserve, quota, held: before }, at) => {
      const waiting = world.queue.filter((one) => one === at).length
      return Math.min(waiting, Math.max(0, Math.min(reserve, quota ?? reserve) - before))
    })
    const dueInAll = due.reduce((sum, each) => sum + each, 0)
    if (dueInAll > Math.max(0, world.free)) expect(serving.count).toBe(Math.max(0, world.free))
    else
      for (const [at, each] of due.entries())
        expect(servedOf(world, serving, at)).toBeGreaterThanOrEqual(each)
  })
  property('others never take what is kept', (world, serving) => {
    const after = held(world, serving)
    const kept = after.reduce(
      (sum, one) => sum + Math.max(0, Math.min(one.reserve, one.quota ?? one.reserve) - one.held),
      0,
    )
    const toOthers = servedOf(world, serving, -1)
    if (toOthers > 0) expect(world.free - serving.count).toBeGreaterThanOrEqual(kept)
  })
  property('nobody is passed by one who comes later of the same share', ({ queue }, { served }) => {
    const stopped = new Set<number>()
    for (const [place, one] of queue.entries())
      if (served[place] === 0) stopped.add(one)
      else expect(stopped).not.toContain(one)
  })
  property('without shares the first are served', ({ queue, free }) => {
    const all = queue.map(() => -1)
    const first = all.map((_, place) => place).slice(0, Math.max(0, free))
    expect(places(serveQueue(all, [], free))).toEqual(first)
  })
  property('serving again serves nobody more', (world, serving) => {
    const rest = world.queue.filter((_, place) => serving.served[place] === 0)
    expect(serveQueue(rest, held(world, serving), world.free - serving.count).count).toBe(0)
  })
  property('one more license takes from nobody', (world, serving) => {
    const more = serveQueue(world.queue, world.shares, world.free + 1)
    for (const place of places(serving)) expect(more.served[place]).toBe(1)
    expect(more.count - serving.count).toBeLessThanOrEqual(1)
  })
})
