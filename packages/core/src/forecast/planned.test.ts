import { expect, test } from 'vitest'
import { plannedWaves, type Rollout } from './planned.ts'

const now = new Date('2026-11-01T00:00:00Z')
const on = (day: number) => new Date(Date.UTC(2026, 10, day))
const rollout: Rollout = { percent: 10, waves: [], remaining: 900, atMost: null }

const cases: readonly [string, Partial<Rollout>, readonly number[]][] = [
  ['no waves ask for nothing', {}, []],
  ['the last wave asks for all who remain', { waves: [{ percent: 100, at: on(5) }] }, [900]],
  [
    'two waves share them by their steps',
    {
      waves: [
        { percent: 40, at: on(5) },
        { percent: 100, at: on(9) },
      ],
    },
    [300, 600],
  ],
  ['a rollout that ends below 100 leaves some out', { waves: [{ percent: 55, at: on(5) }] }, [450]],
  [
    'what is past is over',
    {
      waves: [
        { percent: 10, at: on(1) },
        { percent: 100, at: on(9) },
      ],
    },
    [900],
  ],
  [
    'waves count in the order of their moments',
    {
      waves: [
        { percent: 100, at: on(9) },
        { percent: 40, at: on(5) },
      ],
    },
    [300, 600],
  ],
  [
    'a wave that does not raise the share asks for nothing',
    {
      waves: [
        { percent: 40, at: on(5) },
        { percent: 30, at: on(6) },
        { percent: 100, at: on(9) },
      ],
    },
    [300, 600],
  ],
  [
    'a quota ends it',
    {
      waves: [
        { percent: 40, at: on(5) },
        { percent: 100, at: on(9) },
      ],
      atMost: 500,
    },
    [300, 200],
  ],
  [
    'a rollout that is complete has nothing ahead',
    { percent: 100, waves: [{ percent: 100, at: on(5) }] },
    [],
  ],
  [
    'thirds add up to the whole',
    {
      percent: 0,
      remaining: 100,
      waves: [
        { percent: 33, at: on(2) },
        { percent: 66, at: on(3) },
        { percent: 100, at: on(4) },
      ],
    },
    [33, 33, 34],
  ],
]

test.each(cases)('%s', (_, some, licenses) => {
  expect(plannedWaves({ ...rollout, ...some }, now).map((wave) => wave.licenses)).toEqual(licenses)
})
