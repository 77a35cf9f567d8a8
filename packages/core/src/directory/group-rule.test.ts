/** A1: which rules of a group are sound, and what is said of those that are not. */
import { describe, expect, test } from 'vitest'
import { describeRule } from './describe-rule.ts'
import { asksForUser, countConditions, parseGroupRule } from './group-rule.ts'

const iPads = { fact: 'platform', op: 'is', value: 'iPadOS' }

describe('a rule', () => {
  const sound: [string, unknown, string][] = [
    ['one condition', iPads, 'platform is iPadOS'],
    ['a platform as people write it', { fact: 'platform', op: 'is', value: 'ipad' }, 'platform is iPadOS'],
    ['a version', { fact: 'os_version', op: 'at_least', value: '17.4' }, 'OS version is at least 17.4'],
    ['yes and no', { not: { fact: 'supervised', op: 'is', value: true } }, 'not (supervised)'],
    [
      'a list',
      { fact: 'site', op: 'one_of', value: ['Main Street', 'Harbor', 'Harbor'] },
      'site is one of "Main Street", Harbor',
    ],
    ['a tag', { fact: 'tag', op: 'has', value: ' cart ' }, 'tag is cart'],
    [
      'all of some, any of others',
      {
        all: [
          iPads,
          {
            any: [
              { fact: 'has_user', op: 'is', value: false },
              { fact: 'ownership', op: 'is_not', value: 'BYOD' },
            ],
          },
        ],
      },
      'platform is iPadOS and (has no user or ownership is not personal)',
    ],
    ['a single part, without brackets', { all: [{ any: [iPads] }] }, 'platform is iPadOS'],
  ]
  test.each(sound)('of %s is read and described', (_title, input, sentence) => {
    const reading = parseGroupRule(input)
    expect(reading.kind === 'rule' && describeRule(reading.rule)).toBe(sentence)
    // What was read is read again as it is.
    expect(reading.kind === 'rule' && parseGroupRule(reading.rule)).toEqual(reading)
  })

  const wrong: [string, unknown, string][] = [
    ['nothing', null, 'rule is null; a rule is an object'],
    ['a list', [iPads], 'rule is [{"fact"'],
    ['an empty object', {}, 'rule has nothing in it'],
    ['two ways to join', { all: [iPads], any: [iPads] }, 'rule has all, any'],
    ['an empty list', { all: [] }, 'rule.all is empty'],
    ['no list', { any: iPads }, 'rule.any is {"fact"'],
    [
      'an unknown fact',
      { all: [iPads, { fact: 'color', op: 'is', value: 'red' }] },
      'rule.all[1].fact is "color"; it can be platform',
    ],
    [
      'a fact in another spelling',
      { fact: 'OS Version', op: 'is', value: '17' },
      'rule.fact is "OS Version"; write os_version',
    ],
    ['a fact of every object', { fact: 'constructor', op: 'is', value: '1' }, 'rule.fact is "constructor"'],
    [
      'an operator that does not fit',
      { fact: 'supervised', op: 'contains', value: 'y' },
      'rule.op is "contains"; supervised can be compared with is.',
    ],
    [
      'a text for yes or no',
      { not: { fact: 'supervised', op: 'is', value: 'yes' } },
      'rule.not.value is "yes"; supervised is takes true or false',
    ],
    [
      'a choice that there is not',
      { fact: 'platform', op: 'is', value: 'Android' },
      'rule.value is "Android"; platform is takes one of iOS',
    ],
    [
      'a version that is none',
      { fact: 'os_version', op: 'below', value: 'Sonoma' },
      'rule.value is "Sonoma"; os_version below takes a version',
    ],
    ['an empty text', { fact: 'site', op: 'is', value: ' ' }, 'rule.value is " "; site is takes a text'],
    ['a missing value', { fact: 'site', op: 'is' }, 'rule.value is missing'],
    [
      'one value where a list is due',
      { fact: 'site', op: 'one_of', value: 'Main' },
      'takes a list of 1 to 100 values',
    ],
    [
      'a number in a list',
      { fact: 'model', op: 'one_of', value: ['iPad', 3] },
      'takes a list of 1 to 100 values, each a text',
    ],
    ['half a character', { fact: 'site', op: 'is', value: '\ud800' }, 'site is takes a text'],
    ['something more', { ...iPads, extra: 1 }, 'rule has fact, op, value, extra'],
    [
      'five levels',
      { all: [{ any: [{ not: { all: [iPads] } }] }] },
      'rule.all[0].any[0].not.all[0] is more than 4 levels deep',
    ],
    [
      '51 conditions',
      { any: Array.from({ length: 51 }, () => iPads) },
      'rule has 51 conditions; 50 are possible',
    ],
  ]
  test.each(wrong)('of %s is refused with the place and the value', (_title, input, message) => {
    expect(parseGroupRule(input)).toMatchObject({
      kind: 'problem',
      message: expect.stringContaining(message),
    })
  })

  test('says how many conditions it has and whether it asks for the user', () => {
    const department = { fact: 'user_department', op: 'is', value: 'Maths' }
    const reading = parseGroupRule({ all: [iPads, { not: { any: [iPads, department] } }] })
    if (reading.kind === 'problem') throw new Error(reading.message)
    expect([countConditions(reading.rule), asksForUser(reading.rule)]).toEqual([3, true])
  })
})
