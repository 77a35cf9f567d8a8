/** A rule while somebody writes it: blocks and conditions that may still lack a value. */
import type { GroupRule } from '@apportion/core/directory/group-rule'
import {
  type Fact,
  factForm,
  type Operator,
  type RuleValue,
  readValue,
} from '@apportion/core/directory/rule-facts'

/** How the parts of a block are joined. */
export const joins = ['all', 'any', 'none'] as const
type Join = (typeof joins)[number]

/** A condition as it stands on the page. `key` stays with it while it is edited. */
export interface DraftCondition {
  readonly kind: 'condition'
  readonly key: string
  readonly fact: Fact
  readonly op: Operator
  readonly value: RuleValue
}

/** Conditions and blocks that are joined. */
export interface DraftBlock {
  readonly kind: 'block'
  readonly key: string
  readonly join: Join
  readonly parts: readonly DraftPart[]
}

export type DraftPart = DraftCondition | DraftBlock

/** Blocks in one another that a rule has room for: each takes a level of it, and one of none two. */
export const deepestBlock = 3

const newKey = () => crypto.randomUUID()

/** A condition to begin with. */
export function newCondition(): DraftCondition {
  return { kind: 'condition', key: newKey(), ...about('platform') }
}

/** A block to begin with. */
export function newBlock(): DraftBlock {
  return { kind: 'block', key: newKey(), join: 'all', parts: [newCondition()] }
}

/** What a condition on this fact begins with. */
export function about(fact: Fact): Pick<DraftCondition, 'fact' | 'op' | 'value'> {
  const [op = 'is'] = factForm(fact).operators
  return { fact, op, value: firstValue(fact, op) }
}

/** The same condition with another comparison; the value stays where it still makes sense. */
export function comparedWith(condition: DraftCondition, op: Operator): DraftCondition {
  const { fact, value } = condition
  if ((op === 'one_of') === (typeof value === 'object')) return { ...condition, op }
  if (op === 'one_of')
    return { ...condition, op, value: typeof value === 'string' && value !== '' ? [value] : [] }
  const [first] = typeof value === 'object' ? value : []
  return { ...condition, op, value: first ?? firstValue(fact, op) }
}

function firstValue(fact: Fact, op: Operator): RuleValue {
  const { kind, values } = factForm(fact)
  if (kind === 'yes_no') return true
  if (op === 'one_of') return []
  return values?.[0] ?? ''
}

/** The rule that a draft says, or undefined while a value is missing or wrong. */
export function toRule(part: DraftPart): GroupRule | undefined {
  if (part.kind === 'condition') {
    const { fact, op, value } = part
    return isSound(part) ? { fact, op, value } : undefined
  }
  const parts: GroupRule[] = []
  for (const inner of part.parts) {
    const rule = toRule(inner)
    if (rule === undefined) return undefined
    parts.push(rule)
  }
  const [only] = parts
  if (only === undefined) return undefined
  if (part.join === 'none') return { not: parts.length === 1 ? only : { any: parts } }
  return part.join === 'all' ? { all: parts } : { any: parts }
}

/** Whether a condition has a value that its comparison takes. */
function isSound({ fact, op, value }: DraftCondition): boolean {
  return !('expected' in readValue({ fact, op, value }))
}

/** A rule as a draft, whose outermost part is a block. */
export function toDraft(rule: GroupRule): DraftBlock {
  const part = partOf(rule)
  return part.kind === 'block' ? part : { kind: 'block', key: newKey(), join: 'all', parts: [part] }
}

function partOf(rule: GroupRule): DraftPart {
  if ('all' in rule) return { kind: 'block', key: newKey(), join: 'all', parts: rule.all.map(partOf) }
  if ('any' in rule) return { kind: 'block', key: newKey(), join: 'any', parts: rule.any.map(partOf) }
  if ('not' in rule) {
    const parts = 'any' in rule.not ? rule.not.any : [rule.not]
    return { kind: 'block', key: newKey(), join: 'none', parts: parts.map(partOf) }
  }
  return { kind: 'condition', key: newKey(), ...rule }
}

/** The block with one of its parts changed, or without it when `change` gives undefined. */
export function withPart(
  block: DraftBlock,
  key: string,
  change: (part: DraftPart) => DraftPart | undefined,
): DraftBlock {
  const parts = block.parts.flatMap((part) => (part.key === key ? (change(part) ?? []) : [part]))
  return { ...block, parts }
}
