/** The rule of a dynamic group as a condition of the database: every value is a parameter (A1). */
import type { Condition, GroupRule } from '@apportion/core/directory/group-rule'
import { type Fact, factForm } from '@apportion/core/directory/rule-facts'
import { type RawBuilder, sql } from 'kysely'
import { deviceColumns } from '../device-store.ts'
import { ruledFacts, ruledUserFacts } from '../facts-that-count.ts'

/**
 * The facts that rules ask for, one row for each device of `condition`, which speaks of `d.id` or `d.user_id`.
 * Who has left is nobody's user any more.
 */
export function ruleFacts(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`SELECT ${known}, os_numbers(d.os_version) AS os_numbers FROM ${source} WHERE ${condition}`
}

/**
 * The same for every device. There are many devices and few versions: each version is taken apart once, which for
 * 200,000 devices is a tenth of a second instead of two.
 */
export function everyRuleFacts(): RawBuilder<unknown> {
  return sql`SELECT ${known}, v.os_numbers FROM ${source} LEFT JOIN (
      SELECT e.os_version, os_numbers(e.os_version) AS os_numbers
      FROM (SELECT DISTINCT os_version FROM devices WHERE os_version IS NOT NULL OFFSET 0) AS e
    ) AS v ON v.os_version = d.os_version`
}

const source = sql`devices d LEFT JOIN users u ON u.id = d.user_id AND u.active`
const ofDevice = sql.join(ruledFacts.map((fact) => sql.ref(`d.${deviceColumns[fact]}`)))
const ofUser = sql.join(
  ruledUserFacts.map((fact) => sql`${sql.ref(`u.${fact}`)} AS ${sql.id(`user_${fact}`)}`),
)
const known = sql`d.id, d.serial_number, ${ofDevice}, u.id AS user_id, u.user_name, ${ofUser}`

const columns: Readonly<Record<Fact, RawBuilder<unknown>>> = {
  platform: sql`f.platform`,
  os_version: sql`f.os_version`,
  model: sql`f.model`,
  name: sql`f.name`,
  serial_number: sql`f.serial_number`,
  ownership: sql`f.ownership`,
  supervised: sql`f.supervised`,
  kiosk: sql`f.kiosk`,
  enrollment_type: sql`f.enrollment_type`,
  tag: sql`f.tags`,
  country: sql`f.country`,
  site: sql`f.site`,
  has_user: sql`(f.user_id IS NOT NULL)`,
  user_name: sql`f.user_name`,
  user_department: sql`f.user_department`,
  user_email: sql`f.user_email`,
}

/** Whether the rule holds for a row `f` of `ruleFacts` or `everyRuleFacts`: true or false, never unknown. */
export function ruleHolds(rule: GroupRule): RawBuilder<boolean> {
  if ('all' in rule) return sql`(${sql.join(cheapFirst(rule.all).map(ruleHolds), sql` AND `)})`
  if ('any' in rule) return sql`(${sql.join(cheapFirst(rule.any).map(ruleHolds), sql` OR `)})`
  if ('not' in rule) return sql`(NOT ${ruleHolds(rule.not)})`
  return sql`coalesce(${conditionHolds(rule)}, ${sql.lit(rule.op === 'is_not')})`
}

/** Taking a version apart costs many times what comparing a text does; most devices need not get that far. */
function cheapFirst(rules: readonly GroupRule[]): readonly GroupRule[] {
  return rules.toSorted((a, b) => costOf(a) - costOf(b))
}

function costOf(rule: GroupRule): number {
  if ('all' in rule) return rule.all.reduce((sum, part) => sum + costOf(part), 0)
  if ('any' in rule) return rule.any.reduce((sum, part) => sum + costOf(part), 0)
  if ('not' in rule) return costOf(rule.not)
  return { yes_no: 1, choice: 1, text: 3, tags: 10, version: 30 }[factForm(rule.fact).kind]
}

function conditionHolds({ fact, op, value }: Condition): RawBuilder<unknown> {
  const column = columns[fact]
  if (typeof value === 'boolean') return sql`${column} = ${value}`
  const values = typeof value === 'string' ? [value] : value
  // In lower case as one text: cheaper than looking at one tag after the other.
  if (fact === 'tag') return sql`lower(${column}::text)::text[] && ${folded(values)}`
  if (fact === 'os_version' && op !== 'starts_with') return versionHolds(op, values)
  const [text = ''] = values
  if (op === 'starts_with') return sql`starts_with(lower(${column}), lower(${text}::text))`
  if (op === 'contains') return sql`strpos(lower(${column}), lower(${text}::text)) > 0`
  const isIn = sql`lower(${column}) = ANY(${folded(values)})`
  return op === 'is_not' ? sql`NOT (${isIn})` : isIn
}

/** Lower case as the database makes it, on both sides; worked out once, since nothing in it varies. */
function folded(values: readonly string[]): RawBuilder<unknown> {
  return sql`ARRAY[${sql.join(values.map((value) => sql`lower(${value}::text)`))}]`
}

/** By the numbers: 17 is 17.0, and 9.3 is below 10. */
function versionHolds(op: Condition['op'], [value = '']: readonly string[]) {
  const wanted = sql`os_minimum(${value}::text)`
  if (op === 'at_least') return sql`f.os_numbers >= ${wanted}`
  if (op === 'below') return sql`f.os_numbers < ${wanted}`
  const equal = sql`f.os_numbers BETWEEN ${wanted} AND ${wanted} || '{0,0,0,0,0,0}'::bigint[]`
  return op === 'is_not' ? sql`NOT (${equal})` : equal
}
