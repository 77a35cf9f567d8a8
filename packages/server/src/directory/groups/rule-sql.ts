/** The rule of a dynamic group as a condition of the database: every value is a parameter (A1). */
import type { Condition, GroupRule } from '@apportion/core/directory/group-rule'
import type { Fact } from '@apportion/core/directory/rule-facts'
import { type RawBuilder, sql } from 'kysely'

/**
 * The facts that rules ask for, one row for each device of `condition`, which speaks of `d.id` or `d.user_id`.
 * Who has left is nobody's user any more.
 */
export function ruleFacts(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`SELECT d.id, d.platform, d.os_version, d.model, d.name, d.serial_number, d.ownership, d.supervised, d.kiosk,
      d.enrollment_type, d.tags, d.country, d.site, u.id AS user_id, u.user_name, u.department AS user_department,
      u.email AS user_email
    FROM devices d LEFT JOIN users u ON u.id = d.user_id AND u.active WHERE ${condition}`
}

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

/** Whether the rule holds for a row `f` of `ruleFacts`: true or false, never unknown. */
export function ruleHolds(rule: GroupRule): RawBuilder<boolean> {
  if ('all' in rule) return sql`(${sql.join(rule.all.map(ruleHolds), sql` AND `)})`
  if ('any' in rule) return sql`(${sql.join(rule.any.map(ruleHolds), sql` OR `)})`
  if ('not' in rule) return sql`(NOT ${ruleHolds(rule.not)})`
  return sql`coalesce(${conditionHolds(rule)}, ${rule.op === 'is_not'})`
}

function conditionHolds({ fact, op, value }: Condition): RawBuilder<unknown> {
  const column = columns[fact]
  if (typeof value === 'boolean') return sql`${column} = ${value}`
  const values = typeof value === 'string' ? [value] : value
  if (fact === 'tag')
    return sql`EXISTS (SELECT FROM unnest(${column}) AS tag WHERE lower(tag) IN ${folded(values)})`
  if (fact === 'os_version' && op !== 'starts_with') return versionHolds(column, op, values)
  const [text = ''] = values
  if (op === 'starts_with') return sql`starts_with(lower(${column}), lower(${text}::text))`
  if (op === 'contains') return sql`strpos(lower(${column}), lower(${text}::text)) > 0`
  const isIn = sql`lower(${column}) IN ${folded(values)}`
  return op === 'is_not' ? sql`NOT (${isIn})` : isIn
}

/** Lower case as the database makes it, on both sides. */
function folded(values: readonly string[]): RawBuilder<unknown> {
  return sql`(SELECT lower(given) FROM unnest(${[...values]}::text[]) AS given)`
}

/** By the numbers: 17 is 17.0, and 9.3 is below 10. */
function versionHolds(column: RawBuilder<unknown>, op: Condition['op'], [value = '']: readonly string[]) {
  const wanted = sql`os_minimum(${value}::text)`
  if (op === 'at_least') return sql`os_numbers(${column}) >= ${wanted}`
  if (op === 'below') return sql`os_numbers(${column}) < ${wanted}`
  const equal = sql`os_minimum(${column}) = ${wanted}`
  return op === 'is_not' ? sql`NOT (${equal})` : equal
}
