import { describe, expect, test } from 'vitest'
import {
  type Intervention,
  interventionNumbers,
  type LicenseFacts,
  type SkipReason,
  type Verdict,
  verdictOn,
  verdicts,
} from './intervention.ts'

const held: LicenseFacts = {
  state: 'held',
  ours: true,
  holderKind: 'device',
  required: false,
  revocable: true,
}
const outside = { ...held, ours: false }
const required = { ...held, required: true }

const takeBack = (more: Partial<Extract<Intervention, { kind: 'take_back' }>> = {}): Intervention => ({
  kind: 'take_back',
  includeOutside: false,
  required: 'leave',
  ...more,
})
const skip = (reason: SkipReason): Verdict => ({ act: 'skip', reason })

describe('taking back', () => {
  const cases: [string, LicenseFacts, Intervention, Verdict][] = [
    ['what is ours and nobody requires comes back', held, takeBack(), { act: 'take' }],
    [
      'what is required stays, unless the administrator says otherwise',
      required,
      takeBack(),
      skip('still_required'),
    ],
    [
      'what is required is taken and withheld',
      required,
      takeBack({ required: 'withhold' }),
      { act: 'take_and_withhold' },
    ],
    ['what is held outside stays', outside, takeBack({ required: 'withhold' }), skip('held_outside')],
    [
      'what is held outside comes back when it is included',
      outside,
      takeBack({ includeOutside: true }),
      { act: 'take' },
    ],
    [
      'what is held outside and required is also withheld, or it would be given at once',
      { ...outside, required: true },
      takeBack({ includeOutside: true, required: 'withhold' }),
      { act: 'take_and_withhold' },
    ],
    [
      'a book stays, whatever is asked',
      { ...outside, revocable: false, holderKind: 'user' },
      takeBack({ includeOutside: true, required: 'withhold' }),
      skip('not_revocable'),
    ],
    [
      'what is on its way back is left to it',
      { ...held, state: 'releasing' },
      takeBack(),
      skip('already_returning'),
    ],
    [
      'what is on its way to a device is withheld: it comes back once Apple has confirmed it',
      { ...required, state: 'granting' },
      takeBack({ required: 'withhold' }),
      { act: 'take_and_withhold' },
    ],
    [
      'what is on its way although nobody requires it any more comes back anyway',
      { ...held, state: 'granting' },
      takeBack(),
      skip('already_returning'),
    ],
    [
      'who waits is withheld too, or what comes free would go there',
      { ...required, state: 'none' },
      takeBack({ required: 'withhold' }),
      { act: 'withhold' },
    ],
    ['who waits goes on waiting', { ...required, state: 'none' }, takeBack(), { act: 'ignore' }],
  ]
  test.each(cases)('%s', (_title, facts, asked, verdict) => {
    expect(verdictOn(facts, asked)).toEqual(verdict)
  })
})

describe('freeing what is held outside', () => {
  const free: Intervention = { kind: 'free', required: 'leave' }
  const cases: [string, LicenseFacts, Intervention, Verdict][] = [
    ['it comes back', outside, free, { act: 'take' }],
    ['what is ours is not meant', held, free, { act: 'ignore' }],
    [
      'what is required stays: it would be given again at once',
      { ...outside, required: true },
      free,
      skip('still_required'),
    ],
    [
      'who waits is not meant',
      { ...required, state: 'none' },
      { kind: 'free', required: 'withhold' },
      { act: 'ignore' },
    ],
    ['a book stays', { ...outside, revocable: false }, free, skip('not_revocable')],
  ]
  test.each(cases)('%s', (_title, facts, asked, verdict) => {
    expect(verdictOn(facts, asked)).toEqual(verdict)
  })
})

describe('adopting what is held outside', () => {
  const careful: Intervention = { kind: 'adopt', unassigned: 'leave' }
  const all: Intervention = { kind: 'adopt', unassigned: 'take_back' }
  const cases: [string, LicenseFacts, Intervention, Verdict][] = [
    [
      'what is required becomes ours',
      { ...outside, required: true },
      careful,
      { act: 'adopt', asWell: null },
    ],
    ['what no assignment requires stays outside', outside, careful, skip('not_assigned')],
    ['or becomes ours and comes back', outside, all, { act: 'adopt', asWell: 'comes_back' }],
    [
      'what a person holds and no assignment requires stays outside too',
      { ...outside, holderKind: 'user' },
      careful,
      skip('not_assigned'),
    ],
    [
      'what is required of a person becomes ours',
      { ...outside, holderKind: 'user', required: true },
      careful,
      { act: 'adopt', asWell: null },
    ],
    [
      'a book becomes ours and never comes back',
      { ...outside, revocable: false },
      all,
      { act: 'adopt', asWell: null },
    ],
    ['what is ours already is not meant', required, all, { act: 'ignore' }],
  ]
  test.each(cases)('%s', (_title, facts, asked, verdict) => {
    expect(verdictOn(facts, asked)).toEqual(verdict)
  })
})

test('the table holds each combination of facts once, without those that are not meant', () => {
  const rows = verdicts(takeBack({ required: 'withhold' }))
  const keys = rows.map(({ state, ours, holderKind, required: wanted, revocable }) =>
    [state, ours, holderKind, wanted, revocable].join(' '),
  )
  expect(new Set(keys).size).toBe(rows.length)
  for (const { verdict, ...facts } of rows) {
    expect(verdict).toEqual(verdictOn(facts, takeBack({ required: 'withhold' })))
  }
  expect(
    verdicts({ kind: 'adopt', unassigned: 'leave' }).every((row) => !row.ours && row.state === 'held'),
  ).toBe(true)
})

test('what would be done is added up by what becomes of it', () => {
  const numbers = interventionNumbers([
    { verdict: { act: 'take' }, count: 3 },
    { verdict: { act: 'take_and_withhold' }, count: 2 },
    { verdict: { act: 'withhold' }, count: 7 },
    { verdict: { act: 'skip', reason: 'held_outside' }, count: 4 },
    { verdict: { act: 'skip', reason: 'not_revocable' }, count: 1 },
    { verdict: { act: 'skip', reason: 'held_outside' }, count: 5 },
  ])
  expect(numbers).toEqual({
    licenses: 5,
    withheld: 2,
    waitingWithheld: 7,
    comeBack: 0,
    skipped: [
      { reason: 'held_outside', count: 9 },
      { reason: 'not_revocable', count: 1 },
    ],
  })
})
