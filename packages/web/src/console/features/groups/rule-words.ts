import { describeRule, type RuleWords } from '@apportion/core/directory/describe-rule'
import { type GroupRule, parseGroupRule } from '@apportion/core/directory/group-rule'
import { type Fact, factNames, type Operator, operators } from '@apportion/core/directory/rule-facts'
import type { TFunction } from 'i18next'
import type { Group } from '../../../shared/api/shapes.ts'

/** The rule of a group, or undefined where its members are picked by hand. */
export function ruleOf({ rule }: Group): GroupRule | undefined {
  const reading = rule === null ? undefined : parseGroupRule(rule)
  return reading?.kind === 'rule' ? reading.rule : undefined
}

/** A rule as a sentence in the language of the console. */
export function ruleText(rule: GroupRule, t: TFunction): string {
  return describeRule(rule, wordsOf(t))
}

/** A choice as people read it. */
export function choiceText(fact: Fact, value: string, t: TFunction): string {
  if (fact === 'ownership' && (value === 'corporate' || value === 'personal'))
    return t(`devices.ownerships.${value}`)
  if (fact === 'enrollment_type' && (value === 'device' || value === 'user' || value === 'shared')) {
    return t(`devices.enrollments.${value}`)
  }
  return value
}

function wordsOf(t: TFunction): RuleWords {
  const facts = Object.fromEntries(factNames.map((fact) => [fact, t(`rules.facts.${fact}`)]))
  const compared = Object.fromEntries(operators.map((op) => [op, t(`rules.operators.${op}`)]))
  return {
    factWord: (fact: Fact) => facts[fact] ?? fact,
    operatorWord: (op: Operator) => compared[op] ?? op,
    valueWord: (fact, value) => choiceText(fact, value, t),
    and: t('rules.and'),
    or: t('rules.or'),
    not: t('rules.not'),
    yesNo: {
      supervised: [t('rules.yes_no.supervised'), t('rules.yes_no.supervised_not')],
      kiosk: [t('rules.yes_no.kiosk'), t('rules.yes_no.kiosk_not')],
      has_user: [t('rules.yes_no.has_user'), t('rules.yes_no.has_user_not')],
    },
  }
}
