import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PlanFacts, planNumbers } from './plan-outcome.ts'

const asset = { unlimited: false, total: 100, retired: 0, used: 40, revocable: true, deviceAssignable: true }
const facts = (changed: Partial<PlanFacts>): PlanFacts => ({
  wanting: 0,
  superfluous: 0,
  kept: 0,
  keptOutside: 0,
  unfit: 0,
  withheld: 0,
  keptByPolicy: 0,
  joining: 0,
  moving: 0,
  replaced: 0,
  serving: null,
  asset,
  ...changed,
})

describe('A4 the numbers of a plan', () => {
  const cases: [string, PlanFacts, object][] = [
    [
      'enough licenses: all get one',
      facts({ wanting: 50 }),
      { grants: 50, waits: 0, usedAfter: 90, availableAfter: 10 },
    ],
    [
      'too few: the rest wait',
      facts({ wanting: 70 }),
      { grants: 60, waits: 10, usedAfter: 100, availableAfter: 0 },
    ],
    [
      'licenses that come back are given out again',
      facts({ wanting: 70, superfluous: 10 }),
      { grants: 70, waits: 0, releases: 10 },
    ],
    [
      'what Apple does not take back frees nothing',
      facts({ wanting: 70, superfluous: 10, asset: { ...asset, revocable: false } }),
      { grants: 60, waits: 10, releases: 0 },
    ],
    [
      'an unlimited asset never runs out',
      facts({ wanting: 5000, asset: { ...asset, unlimited: true } }),
      { grants: 5000, waits: 0, availableAfter: null },
    ],
    [
      'retired licenses cannot be given',
      facts({ wanting: 60, asset: { ...asset, retired: 5 } }),
      { grants: 55, waits: 5, availableBefore: 55 },
    ],
    [
      'more held than owned, after a refund: nothing is free',
      facts({ wanting: 1, asset: { ...asset, total: 30 } }),
      { grants: 0, waits: 1, availableBefore: 0 },
    ],
  ]
  for (const [title, given, expected] of cases)
    test(title, () => expect(planNumbers(given)).toMatchObject(expected))

  test('a shortage, a release and a misfit are each said', () => {
    const plan = planNumbers(facts({ wanting: 90, superfluous: 2, unfit: 1, withheld: 3 }))
    expect(plan.warnings.map((warning) => warning.code)).toEqual([
      'releases',
      'shortage',
      'unfit',
      'withheld',
    ])
    expect(plan.warnings[1]?.text).toContain('28 more licenses are needed')
  })

  test('who changes from a user license to device licenses loses nothing, and no warning says so', () => {
    const plan = planNumbers(facts({ wanting: 3, superfluous: 2, replaced: 2 }))
    expect(plan).toMatchObject({ grants: 3, releases: 2 })
    expect(plan.warnings).toEqual([])
  })

  test('invariant 1: a plan never uses more than is owned, unless more was used before', () => {
    const count = fc.nat(1000)
    const world = fc.record({ wanting: count, superfluous: count, total: count, retired: count, used: count })
    fc.assert(
      fc.property(world, ({ wanting, superfluous, total, retired, used }) => {
        const releasable = Math.min(superfluous, used)
        const plan = planNumbers(
          facts({ wanting, superfluous: releasable, asset: { ...asset, total, retired, used } }),
        )
        expect(plan.grants + plan.waits).toBe(wanting)
        expect(plan.usedAfter).toBeLessThanOrEqual(Math.max(total - retired, used))
      }),
    )
  })
})
