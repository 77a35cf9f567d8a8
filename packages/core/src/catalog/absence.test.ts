import { describe, expect, test } from 'vitest'
import { type Absence, afterSighting, type LookupSaid, type Sighting, sightingOf } from './absence.ts'

describe('C4 what an answer of the lookup says of a title that it leaves out', () => {
  const said = (changed: Partial<LookupSaid>): LookupSaid => ({
    asked: ['1', '2'],
    told: [{ adamId: '2', isCustomApp: false }],
    isOtherCountry: false,
    ...changed,
  })
  const cases: [string, boolean, LookupSaid, Sighting][] = [
    ['told of: it is there', false, said({ told: [{ adamId: '1', isCustomApp: false }] }), 'there'],
    ['left out while another is told of: absent', false, said({}), 'absent'],
    ['nothing is told of: it may be a failure', false, said({ told: [] }), 'unclear'],
    ['another country answered', false, said({ isOtherCountry: true }), 'unclear'],
    [
      'another country answered and knows it',
      false,
      said({ isOtherCountry: true, told: [{ adamId: '1', isCustomApp: false }] }),
      'unclear',
    ],
    ['it was not asked for', false, said({ asked: ['2'] }), 'unclear'],
    [
      'a custom app, and only public titles are told of: the token may have been ignored',
      true,
      said({}),
      'unclear',
    ],
    [
      'a custom app, and another custom app is told of',
      true,
      said({ told: [{ adamId: '2', isCustomApp: true }] }),
      'absent',
    ],
  ]
  for (const [says, isCustomApp, answer, sighting] of cases) {
    test(`${says}: ${sighting}`, () => {
      expect(sightingOf({ adamId: '1', isCustomApp }, answer)).toBe(sighting)
    })
  }
})

describe('C4 removed from the store after two looks at least a day apart', () => {
  const hours = (count: number) => new Date(Date.UTC(2027, 0, 1, count))
  const never: Absence = { absentSince: null, notInStoreSince: null }
  const cases: [string, Absence, Sighting, number, Absence, string | null][] = [
    ['the first look without it', never, 'absent', 0, { absentSince: hours(0), notInStoreSince: null }, null],
    [
      'a second look an hour short of a day later',
      { absentSince: hours(0), notInStoreSince: null },
      'absent',
      23,
      { absentSince: hours(0), notInStoreSince: null },
      null,
    ],
    [
      'a second look a day later',
      { absentSince: hours(0), notInStoreSince: null },
      'absent',
      24,
      { absentSince: hours(0), notInStoreSince: hours(24) },
      'not_in_store',
    ],
    [
      'every look after that',
      { absentSince: hours(0), notInStoreSince: hours(24) },
      'absent',
      48,
      { absentSince: hours(0), notInStoreSince: hours(24) },
      null,
    ],
    [
      'an unclear look changes nothing',
      { absentSince: hours(0), notInStoreSince: null },
      'unclear',
      48,
      {
        absentSince: hours(0),
        notInStoreSince: null,
      },
      null,
    ],
    [
      'seen in between: the count begins anew',
      { absentSince: hours(0), notInStoreSince: null },
      'there',
      12,
      never,
      null,
    ],
    [
      'back again',
      { absentSince: hours(0), notInStoreSince: hours(24) },
      'there',
      72,
      never,
      'in_store_again',
    ],
  ]
  for (const [says, known, sighting, at, after, change] of cases) {
    test(`${says}: ${change ?? 'nothing to tell'}`, () => {
      expect(afterSighting(known, sighting, hours(at))).toEqual({ ...after, change })
    })
  }
})
