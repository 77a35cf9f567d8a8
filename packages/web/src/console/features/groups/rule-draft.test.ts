/** A1: what the rule builder makes of a rule, and what rule it says. */
import type { GroupRule } from '@apportion/core/directory/group-rule'
import { expect, test } from 'vitest'
import { about, comparedWith, newBlock, newCondition, toDraft, toRule, withPart } from './rule-draft.ts'

const iPads: GroupRule = { fact: 'platform', op: 'is', value: 'iPadOS' }
const carts: GroupRule = { fact: 'tag', op: 'one_of', value: ['cart', 'loan'] }

const rules: [string, GroupRule, GroupRule][] = [
  ['one condition becomes a block of it', iPads, { all: [iPads] }],
  [
    'all, any and none stay',
    { all: [iPads, { any: [carts, iPads] }, { not: { any: [iPads, carts] } }] },
    { all: [iPads, { any: [carts, iPads] }, { not: { any: [iPads, carts] } }] },
  ],
  ['none of one is not that one', { not: iPads }, { not: iPads }],
  ['not all of some stays', { not: { all: [iPads, carts] } }, { not: { all: [iPads, carts] } }],
]
test.each(rules)('%s', (_title, rule, expected) => {
  expect(toRule(toDraft(rule))).toEqual(expected)
})

test('a draft says no rule while a value is missing or a block is empty', () => {
  const site = { ...newCondition(), ...about('site') }
  expect(toRule(site)).toBeUndefined()
  expect(toRule({ ...newBlock(), parts: [] })).toBeUndefined()
  expect(toRule({ ...newBlock(), parts: [newCondition(), site] })).toBeUndefined()
  expect(toRule({ ...site, value: 'Harbor' })).toEqual({ fact: 'site', op: 'is', value: 'Harbor' })
})

test('another comparison keeps the value where it can', () => {
  const site = { ...newCondition(), ...about('site'), value: 'Harbor' }
  const list = comparedWith(site, 'one_of')
  expect(list.value).toEqual(['Harbor'])
  expect(comparedWith(list, 'contains')).toMatchObject({ op: 'contains', value: 'Harbor' })
  expect(comparedWith({ ...list, value: [] }, 'is').value).toBe('')
})

test('a part is changed or taken out by its key, and the others stay', () => {
  const [one, other] = [newCondition(), newCondition()]
  const block = { ...newBlock(), parts: [one, other] }
  expect(withPart(block, one.key, () => undefined).parts).toEqual([other])
  expect(withPart(block, other.key, (part) => ({ ...part, key: 'new' })).parts.map(({ key }) => key)).toEqual(
    [one.key, 'new'],
  )
})
