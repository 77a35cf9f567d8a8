import { describe, expect, test } from 'vitest'
import { enrollmentSteps, type KnownEnrollment, type ToldMessage } from './told-enrollment.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 2, 9, 0, second))
const known = (state: KnownEnrollment['state'], second: number): KnownEnrollment => ({
  state,
  messageAt: at(second),
})
const told = (kind: ToldMessage['kind'], second: number, isNew = false): ToldMessage => ({
  kind,
  isNew,
  at: at(second),
})

describe('messages in their order', () => {
  test.each([
    ['Authenticate begins', null, told('authenticate', 1), ['begin']],
    [
      'the first TokenUpdate completes',
      known('authenticated', 1),
      told('token_update', 2, true),
      ['complete'],
    ],
    ['a later TokenUpdate changes nothing', known('enrolled', 2), told('token_update', 3), []],
    ['CheckOut ends', known('enrolled', 2), told('check_out', 3), ['end_checked_out']],
    ['Authenticate of one that has left begins anew', known('left', 3), told('authenticate', 4), ['begin']],
    [
      'Authenticate of one that is enrolled ends what was and begins anew',
      known('enrolled', 2),
      told('authenticate', 3),
      ['end_enrolled_again', 'begin'],
    ],
    ['a report changes nothing', known('enrolled', 2), told('report', 3), []],
    ['all within one moment', known('authenticated', 1), told('token_update', 1, true), ['complete']],
  ])('%s', (_what, before, message, steps) => {
    expect(enrollmentSteps(before, message)).toEqual(steps)
  })
})

describe('messages of which some were lost', () => {
  test.each([
    ['TokenUpdate without Authenticate', null, told('token_update', 2, true), ['begin', 'complete']],
    ['a device that was enrolled before we listened', null, told('report', 2), ['begin', 'complete']],
    ['a report instead of the TokenUpdate', known('authenticated', 1), told('report', 2), ['complete']],
    [
      'TokenUpdate of a new enrollment without its Authenticate',
      known('enrolled', 2),
      told('token_update', 5, true),
      ['end_enrolled_again', 'begin', 'complete'],
    ],
    ['TokenUpdate after leaving', known('left', 3), told('token_update', 4), ['begin', 'complete']],
    ['a report after leaving, which NanoMDM still answers', known('left', 3), told('report', 4), []],
    ['CheckOut of somebody unknown', null, told('check_out', 4), []],
  ])('%s', (_what, before, message, steps) => {
    expect(enrollmentSteps(before, message)).toEqual(steps)
  })
})

describe('messages that come late or twice', () => {
  test.each([
    ['Authenticate after its TokenUpdate', known('enrolled', 2), told('authenticate', 1)],
    ['Authenticate twice', known('authenticated', 1), told('authenticate', 1)],
    ['the first TokenUpdate twice', known('enrolled', 2), told('token_update', 2, true)],
    ['TokenUpdate after CheckOut', known('left', 3), told('token_update', 2)],
    ['CheckOut of an earlier enrollment', known('enrolled', 5), told('check_out', 4)],
    ['a report from before this enrollment', known('authenticated', 5), told('report', 4)],
  ])('%s changes nothing', (_what, before, message) => {
    expect(enrollmentSteps(before, message)).toEqual([])
  })
})
