import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spreadOver } from './spread.ts'

describe('targets that may draw on any pool', () => {
  const cases: [string, readonly number[], number, readonly number[]][] = [
    ['go to the pool with the most free', [5, 2], 1, [1, 0]],
    ['level the pools before they take from both', [5, 2], 3, [3, 0]],
    ['take in turn once the pools are level', [5, 2], 5, [4, 1]],
    ['the first of equals is drawn on first', [3, 3], 1, [1, 0]],
    ['never take more than there is', [1, 1], 5, [1, 1]],
    ['all go to an unlimited pool', [5, Number.POSITIVE_INFINITY], 9, [0, 9]],
    ['take nothing from a pool that owes', [-3, 2], 2, [0, 2]],
    ['of nobody take nothing', [4, 4], 0, [0, 0]],
  ]
  test.each(cases)('%s', (_title, free, count, taken) => {
    expect(spreadOver(free, count)).toEqual(taken)
  })

  test('are spread as if each in turn chose the pool with the most free', () => {
    const pools = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(pools, fc.integer({ min: 0, max: 100 }), (free, count) => {
        const left = [...free]
        const taken = free.map(() => 0)
        for (let n = 0; n < count; n += 1) {
          const most = Math.max(...left)
          if (most === 0) break
          const index = left.indexOf(most)
          left[index] = most - 1
          taken[index] = (taken[index] ?? 0) + 1
        }
        expect(spreadOver(free, count)).toEqual(taken)
      }),
    )
  })
})
