import { describe, expect, test } from 'vitest'
import { causeTexts, causeWithNumber, ledgerCauses, readCause, type StoredCause } from './ledger-cause.ts'

const line = (stored: Partial<StoredCause>): StoredCause => ({
  change: 'granted',
  cause: 'assigned',
  intervention: null,
  ...stored,
})

describe('the cause of a line of the ledger', () => {
  const cases: [string, StoredCause, string, number | null][] = [
    ['a code stands for itself', line({ cause: 'found_at_sync', change: 'found' }), 'found_at_sync', null],
    ['an older grant', line({ cause: 'confirmed by Apple' }), 'assigned', null],
    [
      'an older release',
      line({ cause: 'confirmed by Apple', change: 'released' }),
      'no_longer_required',
      null,
    ],
    [
      'a release that an administrator asked for',
      line({ cause: 'confirmed by Apple', change: 'released', intervention: 'take_back' }),
      'taken_back',
      null,
    ],
    [
      'a release of what was held outside',
      line({ cause: 'read back from Apple', change: 'released', intervention: 'free' }),
      'freed',
      null,
    ],
    ['read back', line({ cause: 'read back from Apple' }), 'read_back', null],
    [
      'an older refusal with a number',
      line({ cause: 'refused by Apple (9709)', change: 'refused' }),
      'refused_by_apple',
      9709,
    ],
    [
      'an older refusal without one',
      line({ cause: 'refused by Apple (no number)', change: 'refused' }),
      'refused_by_apple',
      null,
    ],
    [
      'a refused release with a number',
      line({ cause: causeWithNumber('release_refused_by_apple', 9706), change: 'refused' }),
      'release_refused_by_apple',
      9706,
    ],
    ['given outside', line({ cause: 'given outside Apportion', change: 'found' }), 'given_outside', null],
    [
      'taken outside',
      line({ cause: 'taken back outside Apportion', change: 'vanished' }),
      'taken_outside',
      null,
    ],
    ['gone at a sync', line({ cause: 'no longer held at Apple', change: 'vanished' }), 'gone_at_sync', null],
    ['done late', line({ cause: 'done late by Apple' }), 'done_late', null],
    ['words that nobody knows', line({ cause: 'because' }), 'other', null],
    ['a name that every object has', line({ cause: 'constructor' }), 'other', null],
  ]
  test.each(cases)('%s', (_title, stored, code, errorNumber) => {
    expect(readCause(stored)).toEqual({ code, errorNumber })
  })

  test('every cause has a sentence', () => {
    expect(Object.keys(causeTexts)).toEqual([...ledgerCauses])
  })
})
