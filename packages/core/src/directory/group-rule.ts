/**
 * The rule of a dynamic group (A1): a tree of conditions on facts of a device and of its user.
 *
 * Parsed here from whatever came in, so that everywhere else a rule is known to be sound. What is not known of a
 * device is never equal to, never in, and never at least anything; so `is_not` and `not` hold for it.
 */
import { compactName } from './device-facts.ts'
import {
  type Fact,
  factForm,
  factNames,
  isFact,
  isOperator,
  type Operator,
  type RuleValue,
  readValue,
} from './rule-facts.ts'

/** One condition: `{ fact: 'os_version', op: 'at_least', value: '17.4' }`. */
export interface Condition {
  readonly fact: Fact
  readonly op: Operator
  readonly value: RuleValue
}

/** A rule: all, any or none of what is in it, down to conditions. */
export type GroupRule =
  | { readonly all: readonly GroupRule[] }
  | { readonly any: readonly GroupRule[] }
  | { readonly not: GroupRule }
  | Condition

/** Levels of a rule, the outermost included. */
export const deepest = 4
/** Conditions of a rule. */
export const mostConditions = 50

/** A rule, or where it is wrong and what to do, in one sentence that begins with the place. */
export type RuleReading =
  | { readonly kind: 'rule'; readonly rule: GroupRule }
  | { readonly kind: 'problem'; readonly place: string; readonly message: string }

/** Reads a rule from parsed JSON. */
export function parseGroupRule(input: unknown): RuleReading {
  try {
    const rule = readRule(input, { place: 'rule', depth: 1 })
    const conditions = countConditions(rule)
    if (conditions > mostConditions) {
      throw new RuleProblem(
        'rule',
        `has ${conditions} conditions; ${mostConditions} are possible. Use one_of for several values.`,
      )
    }
    return { kind: 'rule', rule }
  } catch (error) {
    if (error instanceof RuleProblem) return { kind: 'problem', place: error.place, message: error.message }
    throw error
  }
}

/** How many conditions a rule has. */
export function countConditions(rule: GroupRule): number {
  if ('all' in rule) return rule.all.reduce((sum, part) => sum + countConditions(part), 0)
  if ('any' in rule) return rule.any.reduce((sum, part) => sum + countConditions(part), 0)
  return 'not' in rule ? countConditions(rule.not) : 1
}

/** Whether a rule looks at the user of a device. */
export function asksForUser(rule: GroupRule): boolean {
  if ('all' in rule) return rule.all.some(asksForUser)
  if ('any' in rule) return rule.any.some(asksForUser)
  return 'not' in rule ? asksForUser(rule.not) : rule.fact.startsWith('user_')
}

class RuleProblem extends Error {
  readonly place: string

  constructor(place: string, what: string) {
    super(`${place} ${what}`)
    this.place = place
  }
}

interface Place {
  readonly place: string
  readonly depth: number
}

const forms = 'an object with all, any or not, or with fact, op and value'

function readRule(input: unknown, at: Place): GroupRule {
  if (!isObject(input)) throw new RuleProblem(at.place, `is ${shown(input)}; a rule is ${forms}.`)
  if (at.depth > deepest)
    throw new RuleProblem(at.place, `is more than ${deepest} levels deep; make the rule flatter.`)
  const keys = Object.keys(input)
  const [key] = keys
  if (keys.length === 1 && key === 'all')
    return { all: readParts(input[key], { ...at, place: `${at.place}.all` }) }
  if (keys.length === 1 && key === 'any')
    return { any: readParts(input[key], { ...at, place: `${at.place}.any` }) }
  if (keys.length === 1 && key === 'not') {
    return { not: readRule(input[key], { place: `${at.place}.not`, depth: at.depth + 1 }) }
  }
  const wrong = keys.find((name) => !['fact', 'op', 'value'].includes(name))
  if (wrong !== undefined || keys.length === 0) {
    throw new RuleProblem(at.place, `has ${shownKeys(keys)}; a rule is ${forms}.`)
  }
  return readCondition(input, at.place)
}

function readParts(input: unknown, at: Place): readonly GroupRule[] {
  if (!Array.isArray(input))
    throw new RuleProblem(at.place, `is ${shown(input)}; it has to be a list of rules.`)
  if (input.length === 0) throw new RuleProblem(at.place, 'is empty; add a condition to it.')
  return input.map((part: unknown, index) =>
    readRule(part, { place: `${at.place}[${index}]`, depth: at.depth + 1 }),
  )
}

function readCondition(input: Readonly<Record<string, unknown>>, place: string): Condition {
  const { fact, op, value } = input
  if (!isFact(fact)) {
    throw new RuleProblem(
      `${place}.fact`,
      `is ${shown(fact)}; ${closest(fact)}it can be ${factNames.join(', ')}.`,
    )
  }
  const { operators } = factForm(fact)
  if (!isOperator(op) || !operators.includes(op)) {
    throw new RuleProblem(
      `${place}.op`,
      `is ${shown(op)}; ${fact} can be compared with ${operators.join(', ')}.`,
    )
  }
  const reading = readValue({ fact, op, value })
  if ('expected' in reading) {
    throw new RuleProblem(`${place}.value`, `is ${shown(value)}; ${fact} ${op} takes ${reading.expected}.`)
  }
  return { fact, op, value: reading.value }
}

/** The fact that was meant, when only its spelling is another: `OS version`. */
function closest(fact: unknown): string {
  if (typeof fact !== 'string') return ''
  const meant = factNames.find((name) => compactName(name) === compactName(fact))
  return meant === undefined ? '' : `write ${meant}: `
}

function isObject(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}

function shown(input: unknown): string {
  if (input === undefined) return 'missing'
  const text = JSON.stringify(input)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function shownKeys(keys: readonly string[]): string {
  return keys.length === 0 ? 'nothing in it' : keys.slice(0, 10).join(', ').slice(0, 80)
}
