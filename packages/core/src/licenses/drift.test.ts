import { expect, test } from 'vitest'
import { type AssetCounts, countsAddUp, isCheaperByAsset } from './drift.ts'

const still: AssetCounts = {
  assigned: 10,
  retired: 0,
  held: 10,
  releasing: 0,
  granting: 0,
  found: 0,
  gap: 0,
}

const cases: readonly [string, Partial<AssetCounts>, boolean][] = [
  ['equal counts add up', {}, true],
  ['one that Apple no longer counts was taken back', { assigned: 9 }, false],
  ['one more than we know turned up', { assigned: 11 }, false],
  ['a grant under way may be counted', { assigned: 11, granting: 1 }, true],
  ['a grant under way need not be counted', { assigned: 10, granting: 1 }, true],
  ['two more than what is under way do not add up', { assigned: 12, granting: 1 }, false],
  ['a release under way may be done', { assigned: 9, releasing: 1 }, true],
  ['a release under way need not be done', { assigned: 10, releasing: 1 }, true],
  ['fewer than what is under way do not add up', { assigned: 8, releasing: 1 }, false],
  ['one found since may be counted', { assigned: 11, found: 1 }, true],
  ['licenses of retired users may count beside', { assigned: 8, retired: 2 }, true],
  ['or within', { assigned: 10, retired: 2 }, true],
  ['a difference that is known raises no doubt', { assigned: 12, gap: 2 }, true],
  ['one more than the known difference does', { assigned: 13, gap: 2 }, false],
]

test.each(cases)('%s', (_, counts, addUp) => {
  expect(countsAddUp({ ...still, ...counts })).toBe(addUp)
})

test.each([
  ['one small asset of many licenses is read alone', [10], 100_000, true],
  ['a few of equal cost are read alone', [400, 400], 1000, true],
  ['many small ones cost more than everything', [1, 1, 1], 900, false],
  ['nothing to read costs nothing', [], 0, true],
])('%s', (_, held, all, reread) => {
  expect(isCheaperByAsset({ held, all })).toBe(reread)
})
