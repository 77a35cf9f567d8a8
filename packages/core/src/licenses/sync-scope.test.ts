import { expect, test } from 'vitest'
import { type SyncStart, scopeOf } from './sync-scope.ts'

const now = new Date('2026-03-09T08:00:00Z')
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000)
const usual: SyncStart = { version: 'v1', comparedAt: daysAgo(1), wantsEverything: false, now }

const cases: readonly [string, Partial<SyncStart>, 'changes' | 'everything'][] = [
  ['usually what changed', {}, 'changes'],
  ['everything the first time', { version: null, comparedAt: null }, 'everything'],
  ['everything when Apple has forgotten the version', { version: null }, 'everything'],
  ['everything when no comparison was ever complete', { comparedAt: null }, 'everything'],
  ['everything when it is asked for', { wantsEverything: true }, 'everything'],
  ['what changed on the sixth day', { comparedAt: daysAgo(6) }, 'changes'],
  ['everything after a week', { comparedAt: daysAgo(7) }, 'everything'],
]

test.each(cases)('a sync reads %s', (_, start, scope) => {
  expect(scopeOf({ ...usual, ...start })).toBe(scope)
})
