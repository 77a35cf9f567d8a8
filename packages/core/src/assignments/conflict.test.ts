import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Action,
  type Offer,
  type PublishedIntent,
  type ResolvedIntent,
  resolveIntents,
  type SidedIntent,
} from './conflict.ts'

const intentOf: Record<string, PublishedIntent> = {
  R: 'required',
  A: 'available',
  U: 'uninstall',
  AWE: 'available_without_enrollment',
  NA: 'not_applicable',
}

/** Reads the notation of the published tables: "uR+A, dU" is required and available by user, uninstall by device. */
function intentsOf(row: string): readonly SidedIntent[] {
  return row.split(', ').flatMap((part) =>
    part
      .slice(1)
      .split('+')
      .map((letters): SidedIntent => {
        const intent = intentOf[letters]
        if (intent === undefined) throw new TypeError(`no intent "${letters}"`)
        return { side: part.startsWith('u') ? 'user' : 'device', intent }
      }),
  )
}

/** The results of the published tables. */
const outcomes: Record<string, ResolvedIntent> = {
  R: { action: 'install', offer: 'none' },
  'R + A': { action: 'install', offer: 'enrolled' },
  'R + AWE': { action: 'install', offer: 'anywhere' },
  A: { action: 'none', offer: 'enrolled' },
  AWE: { action: 'none', offer: 'anywhere' },
  U: { action: 'remove', offer: 'none' },
  'A, and U unless chosen': { action: 'remove_unless_chosen', offer: 'enrolled' },
  'AWE, and U unless chosen': { action: 'remove_unless_chosen', offer: 'anywhere' },
  NA: { action: 'none', offer: 'none' },
}

function table(rows: readonly [given: string, result: string][]): void {
  test.each(rows)('%s gives %s', (given, result) => {
    expect(outcomes).toHaveProperty([result])
    expect(resolveIntents(intentsOf(given))).toEqual(outcomes[result])
    expect(resolveIntents(intentsOf(given).toReversed())).toEqual(outcomes[result])
  })
}

describe('A2 the matrix of today, row by row', () => {
  table([
    ['uR, uA', 'R + A'],
    ['uR, uU', 'R'],
    ['uA, uU', 'U'],
    ['uR, dR', 'R'],
    ['uR, dU', 'R'],
    ['uA, dR', 'R + A'],
    ['uA, dU', 'A, and U unless chosen'],
    ['uU, dR', 'R'],
    ['uU, dU', 'U'],
    ['dR, dU', 'R'],
    ['dR, dA', 'R + A'],
    ['dA, dU', 'U'],
    ['uR+A, uA', 'R + A'],
    ['uR+A, uU', 'R + A'],
    ['uR+A, dR', 'R + A'],
    ['uR+A, dU', 'R + A'],
    ['uAWE, uR+A', 'R + A'],
    ['uAWE, uR', 'R'],
    ['uAWE, uA', 'A'],
    ['uAWE, dR', 'R + AWE'],
    ['uAWE, dU', 'AWE, and U unless chosen'],
  ])
})

describe('A2 the rows of 2017 with not applicable', () => {
  table([
    ['uR, uNA', 'R'],
    ['uA, uNA', 'NA'],
    ['uNA, uU', 'U'],
    ['uNA, dR', 'R'],
    ['uNA, dU', 'U'],
    ['uR+A, uNA', 'R + A'],
    ['uR+A, dNA', 'R + A'],
    ['uNA, dNA', 'NA'],
    ['uA, dNA', 'A'],
    ['uR, dNA', 'R'],
    ['uAWE, uNA', 'NA'],
    ['uAWE, dNA', 'AWE'],
  ])
})

describe('A2 one intent alone is what it says', () => {
  table([
    ['uR', 'R'],
    ['dR', 'R'],
    ['uA', 'A'],
    ['dA', 'A'],
    ['uU', 'U'],
    ['dU', 'U'],
    ['uAWE', 'AWE'],
    ['uNA', 'NA'],
    ['dNA', 'NA'],
  ])
  test('no group at all: nothing is done and nothing offered', () =>
    expect(resolveIntents([])).toEqual(outcomes.NA))
})

describe('A2 what the tables leave open, as decided', () => {
  table([
    ['uU, dA', 'A, and U unless chosen'],
    ['uA, dA', 'A'],
    ['uR, dA', 'R + A'],
    ['uU, dNA', 'U'],
    ['uAWE, dA', 'A'],
    ['uAWE, uU', 'U'],
    ['uAWE, uR, dR', 'R'],
    ['uR, uA, uU', 'R + A'],
    ['uA, uU, dR', 'R + A'],
    ['uA, uU, dU', 'U'],
    ['uA, dA, dU', 'A, and U unless chosen'],
    ['uA, uU, dA', 'A, and U unless chosen'],
    ['uA, uNA, dU', 'U'],
    ['uA, dNA, dU', 'A, and U unless chosen'],
    ['uA, uNA, dR', 'R + A'],
    ['uAWE, uA, dU', 'A, and U unless chosen'],
    ['uAWE, dR, dU', 'R + AWE'],
  ])
})

const sided = fc.record<SidedIntent>({
  side: fc.constantFrom('user', 'device'),
  intent: fc.constantFrom(...Object.values(intentOf)),
})
const intents = fc.array(sided, { maxLength: 12 })
const says = (all: readonly SidedIntent[], intent: PublishedIntent) =>
  all.some((one) => one.intent === intent)
const turned = (all: readonly SidedIntent[]): readonly SidedIntent[] =>
  all.map(({ side, intent }) => ({ side: side === 'user' ? 'device' : 'user', intent }))

describe('A2 whatever groups there are', () => {
  const property = (title: string, holds: (all: readonly SidedIntent[], found: ResolvedIntent) => void) =>
    test(title, () =>
      fc.assert(
        fc.property(intents, (all) => {
          holds(all, resolveIntents(all))
        }),
      ),
    )

  test('the order of groups does not matter', () =>
    fc.assert(
      fc.property(
        intents.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect(resolveIntents(shuffled)).toEqual(resolveIntents(all))
        },
      ),
    ))
  property('a second group that says the same changes nothing', (all, found) =>
    expect(resolveIntents([...all, ...all])).toEqual(found),
  )
  property('required anywhere installs, and nothing else does', (all, found) =>
    expect(found.action === 'install').toBe(says(all, 'required')),
  )
  property('nothing is removed unless a group says uninstall', (all, found) => {
    const removing: readonly Action[] = ['remove', 'remove_unless_chosen']
    if (!says(all, 'uninstall')) expect(removing).not.toContain(found.action)
  })
  property('uninstall without required always removes, at least what nobody chose', (all, found) => {
    if (says(all, 'uninstall') && !says(all, 'required')) expect(found.action).toMatch(/^remove/)
  })
  property('nothing is offered unless a group offers it', (all, found) => {
    if (!says(all, 'available') && !says(all, 'available_without_enrollment'))
      expect(found.offer).toBe<Offer>('none')
  })
  property(
    'a removal that a choice overrides stands beside an offer, and no other removal does',
    (_all, found) => {
      if (found.action === 'remove_unless_chosen') expect(found.offer).not.toBe<Offer>('none')
      if (found.action === 'remove') expect(found.offer).toBe<Offer>('none')
    },
  )
  property('uninstall changes nothing where it is required', (all, found) => {
    if (!says(all, 'required')) return
    for (const side of ['user', 'device'] as const)
      expect(resolveIntents([...all, { side, intent: 'uninstall' }])).toEqual(found)
  })
  property('not applicable on one side takes nothing from the other', (all) => {
    const ofUsers = all.filter(({ side }) => side === 'user')
    expect(resolveIntents([...ofUsers, { side: 'device', intent: 'not_applicable' }])).toEqual(
      resolveIntents(ofUsers),
    )
  })
  property('users and devices may be exchanged where enrolment matters to nobody', (all, found) => {
    if (!says(all, 'available_without_enrollment')) expect(resolveIntents(turned(all))).toEqual(found)
  })
})
