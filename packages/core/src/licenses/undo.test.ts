import { expect, test } from 'vitest'
import {
  type NotUndone,
  type UndoFacts,
  type UndoVerdict,
  undoUntil,
  undoVerdict,
  undoVerdicts,
} from './undo.ts'

const gone: UndoFacts = { was: 'taken', state: 'none', withheld: 'no', wanted: false, offered: true }
const withheld = { ...gone, withheld: 'by_this' } as const
const asked = { ...gone, was: 'asked' } as const
const waiting = { ...withheld, was: 'waiting' } as const
const skip = (reason: NotUndone): UndoVerdict => ({ act: 'skip', reason })

const cases: [string, UndoFacts, UndoVerdict][] = [
  ['what nobody requires is given again', gone, { act: 'give' }],
  ['what is withheld is given again, or waits', withheld, { act: 'give_or_queue' }],
  ['what waited waits again', waiting, { act: 'queue' }],
  [
    'what waited and is withheld no longer is nothing to undo',
    { ...waiting, withheld: 'no' },
    { act: 'ignore' },
  ],
  ['what a later record withholds stays so', { ...gone, withheld: 'by_another' }, skip('withheld_again')],
  ['what is required again waits already', { ...gone, wanted: true }, skip('waits_already')],
  ['what Apple does not offer cannot be given', { ...gone, offered: false }, skip('not_offered')],
  ['what Apple does not offer is withheld no longer', { ...withheld, offered: false }, { act: 'queue' }],
  ['what was not sent yet stays', { ...asked, state: 'unsent' }, { act: 'keep' }],
  ['what Apple was asked for comes back first', { ...asked, state: 'releasing' }, skip('on_its_way_back')],
  ['what Apple refused to take back stays for good', { ...asked, state: 'held' }, { act: 'keep' }],
  [
    'a grant under way of what is withheld stays',
    { ...withheld, was: 'asked', state: 'granting' },
    { act: 'keep' },
  ],
  ['who has one again needs none', { ...gone, state: 'held' }, skip('held_again')],
  ['who is about to get one needs none', { ...gone, state: 'granting' }, skip('held_again')],
]

test.each(cases)('%s', (_title, facts, verdict) => {
  expect(undoVerdict(facts)).toEqual(verdict)
})

test('the table for the database has each combination that is not ignored, once', () => {
  const keyOf = ({ was, state, withheld: by, wanted, offered }: UndoFacts) =>
    [was, state, by, wanted, offered].join(' ')
  const byKey = Map.groupBy(undoVerdicts, keyOf)
  for (const [, facts, verdict] of cases) {
    const found = byKey.get(keyOf(facts))?.map((row) => row.verdict) ?? []
    expect(found).toEqual(verdict.act === 'ignore' ? [] : [verdict])
  }
})

test('30 days are counted from the moment it was begun', () => {
  expect(undoUntil(new Date('2026-03-02T08:00:00Z')).toISOString()).toBe('2026-04-01T08:00:00.000Z')
})
