/** A rule of a group as a sentence. */
import type { Condition, GroupRule } from './group-rule.ts'
import type { Fact, Operator } from './rule-facts.ts'

/** The words of a sentence in one language. */
export interface RuleWords {
  readonly factWord: (fact: Fact) => string
  readonly operatorWord: (op: Operator) => string
  /** A value as people read it. */
  readonly valueWord: (fact: Fact, value: string) => string
  readonly and: string
  readonly or: string
  /** What is put before something that must not hold. */
  readonly not: string
  /** A fact that is yes or no, as it reads when it holds and when it does not. */
  readonly yesNo: Readonly<Record<'supervised' | 'kiosk' | 'has_user', readonly [yes: string, no: string]>>
}

const factWords: Readonly<Record<Fact, string>> = {
  platform: 'platform',
  os_version: 'OS version',
  model: 'model',
  name: 'name',
  serial_number: 'serial number',
  ownership: 'ownership',
  supervised: 'supervised',
  kiosk: 'kiosk',
  enrollment_type: 'enrollment',
  tag: 'tag',
  country: 'country',
  site: 'site',
  has_user: 'user',
  user_name: 'user name',
  user_department: "user's department",
  user_email: "user's e-mail address",
}

const operatorWords: Readonly<Record<Operator, string>> = {
  is: 'is',
  is_not: 'is not',
  starts_with: 'starts with',
  contains: 'contains',
  one_of: 'is one of',
  at_least: 'is at least',
  below: 'is below',
  has: 'is',
}

const english: RuleWords = {
  factWord: (fact) => factWords[fact],
  operatorWord: (op) => operatorWords[op],
  valueWord: (_fact, value) => value,
  and: 'and',
  or: 'or',
  not: 'not',
  yesNo: {
    supervised: ['supervised', 'not supervised'],
    kiosk: ['a kiosk', 'not a kiosk'],
    has_user: ['has a user', 'has no user'],
  },
}

/**
 * The rule in words: `platform is iPadOS and (supervised or tag is "cart")`. In English, unless other words are
 * given.
 */
export function describeRule(rule: GroupRule, words: RuleWords = english): string {
  return describe(rule, words, false)
}

/** `inner`: stands within another rule, so that more than one part needs brackets. */
function describe(rule: GroupRule, words: RuleWords, inner: boolean): string {
  if ('not' in rule) return `${words.not} ${bracketed(describe(rule.not, words, false))}`
  if ('all' in rule) return joined(rule.all, { words, word: words.and, inner })
  if ('any' in rule) return joined(rule.any, { words, word: words.or, inner })
  return describeCondition(rule, words)
}

function joined(
  parts: readonly GroupRule[],
  { words, word, inner }: { readonly words: RuleWords; readonly word: string; readonly inner: boolean },
): string {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return describe(only, words, inner)
  const text = parts.map((part) => describe(part, words, true)).join(` ${word} `)
  return inner ? bracketed(text) : text
}

const bracketed = (text: string) => `(${text})`

function describeCondition({ fact, op, value }: Condition, words: RuleWords): string {
  if (fact === 'supervised' || fact === 'kiosk' || fact === 'has_user')
    return words.yesNo[fact][value === true ? 0 : 1]
  const read = (text: string) => quoted(words.valueWord(fact, text))
  const values = typeof value === 'object' ? value.map(read).join(', ') : read(String(value))
  return `${words.factWord(fact)} ${words.operatorWord(op)} ${values}`
}

const quoted = (text: string) => (/^[\w.]+$/.test(text) ? text : `"${text}"`)
