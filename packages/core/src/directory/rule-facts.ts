/** The facts that a rule of a group can ask for, how each is compared, and with what. */
import { parseOwnership, parsePlatform } from './device-facts.ts'

/** How a fact is compared. Texts compare without regard to case; versions by their numbers. */
export const operators = [
  'is',
  'is_not',
  'starts_with',
  'contains',
  'one_of',
  'at_least',
  'below',
  'has',
] as const
/** One of them. */
export type Operator = (typeof operators)[number]

/** What a fact is compared with: a list for `one_of`. */
export type RuleValue = string | boolean | readonly string[]

/** What a fact is. */
export type FactKind = 'choice' | 'yes_no' | 'text' | 'version' | 'tags'

interface FactForm {
  readonly kind: FactKind
  readonly operators: readonly Operator[]
  /** The values of a choice. */
  readonly values?: readonly string[]
}

const yesOrNo: FactForm = { kind: 'yes_no', operators: ['is'] }
const text: FactForm = { kind: 'text', operators: ['is', 'is_not', 'starts_with', 'contains', 'one_of'] }
const choice = (...values: string[]): FactForm => ({
  kind: 'choice',
  operators: ['is', 'is_not', 'one_of'],
  values,
})

/** Every fact with its form, in the order in which people are offered them. */
export const facts = {
  platform: choice('iOS', 'iPadOS', 'macOS', 'tvOS', 'visionOS', 'watchOS'),
  os_version: { kind: 'version', operators: ['at_least', 'below', 'is', 'is_not', 'starts_with'] },
  model: text,
  name: text,
  serial_number: text,
  ownership: choice('corporate', 'personal'),
  supervised: yesOrNo,
  kiosk: yesOrNo,
  enrollment_type: choice('device', 'user', 'shared'),
  tag: { kind: 'tags', operators: ['has', 'one_of'] },
  country: text,
  site: text,
  has_user: yesOrNo,
  user_name: text,
  user_department: text,
  user_email: text,
} as const satisfies Readonly<Record<string, FactForm>>

/** A fact of a device or of its user. */
export type Fact = keyof typeof facts

/** The form of a fact, with everything that a form can have. */
export function factForm(fact: Fact): FactForm {
  return facts[fact]
}

/** Their names, in the order in which people are offered them. */
export const factNames = Object.keys(facts).filter(isFact)

/** Whether this names a fact. */
export function isFact(input: unknown): input is Fact {
  return typeof input === 'string' && Object.hasOwn(facts, input)
}

/** Whether this names an operator, of whatever fact. */
export function isOperator(input: unknown): input is Operator {
  return operators.some((op) => op === input)
}

/** Longest text of a value, in characters. */
export const longestValue = 320
/** Values of `one_of`. */
export const mostValues = 100

const versionForm = /^\d{1,6}(\.\d{1,6}){0,5}$/

/** The value in the spelling that is kept, or what was expected instead. */
export function readValue({
  fact,
  op,
  value,
}: {
  readonly fact: Fact
  readonly op: Operator
  readonly value: unknown
}): { readonly value: RuleValue } | { readonly expected: string } {
  const form = factForm(fact)
  if (form.kind === 'yes_no') return typeof value === 'boolean' ? { value } : { expected: 'true or false' }
  if (op !== 'one_of') return readText({ fact, op, value })
  const expected = `a list of 1 to ${mostValues} values`
  if (!Array.isArray(value) || value.length === 0 || value.length > mostValues) return { expected }
  const read = value.map((each: unknown) => readText({ fact, op, value: each }))
  const kept: string[] = []
  for (const each of read) {
    if ('expected' in each) return { expected: `${expected}, each ${each.expected}` }
    if (!kept.includes(each.value)) kept.push(each.value)
  }
  return { value: kept }
}

function readText({
  fact,
  op,
  value,
}: {
  readonly fact: Fact
  readonly op: Operator
  readonly value: unknown
}): { readonly value: string } | { readonly expected: string } {
  const form = factForm(fact)
  const given = typeof value === 'string' ? value.normalize('NFC').trim() : ''
  if (form.kind === 'choice') {
    const known = form.values?.find((each) => each === (spelled(fact, given) ?? given))
    return known === undefined ? { expected: `one of ${form.values?.join(', ')}` } : { value: known }
  }
  if (form.kind === 'version' && op !== 'starts_with' && !versionForm.test(given)) {
    return { expected: 'a version such as "17" or "17.4.1"' }
  }
  if (given === '' || given.length > longestValue || /\p{Control}/u.test(given) || !given.isWellFormed()) {
    return { expected: `a text of 1 to ${longestValue} characters` }
  }
  return { value: given }
}

/** The known spelling of a choice that people write in several ways: `ipad`, `BYOD`. */
function spelled(fact: Fact, given: string): string | undefined {
  if (fact === 'platform') return parsePlatform(given)
  if (fact === 'ownership') return parseOwnership(given)
  return given.toLowerCase()
}
