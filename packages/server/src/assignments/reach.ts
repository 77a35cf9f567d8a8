/**
 * Which devices the rules of an asset reach, as a set in SQL: rows `(device_id, signature)` in which bit i of the
 * signature says that rule i reaches the device. Each source is read once, however many rules use it.
 */
import { rulesDecidedBeforehand } from '@apportion/core/assignments/decide'
import { type RawBuilder, sql } from 'kysely'
import type { Rule } from './rules.ts'

/** The asset, its rules, and the devices to look at when not all of them. */
export interface Reaching {
  readonly assetId: number
  readonly rules: readonly Rule[]
  readonly only?: readonly number[] | undefined
}

/** Whether signatures fit an integer and are all decided beforehand; else they are bit strings. */
export const isSmall = (rules: readonly unknown[]): boolean => rules.length <= rulesDecidedBeforehand

/** Rows `(device_id, signature)`. Without rules there are none. */
export function signedReach(reaching: Reaching): RawBuilder<unknown> {
  const branches = branchesOf(reaching)
  const [only] = branches
  if (only === undefined) return sql`SELECT NULL::int AS device_id, 0 AS signature WHERE false`
  // One source that names each device once needs no putting together.
  if (branches.length === 1 && namesEachOnce(reaching.rules))
    return sql`SELECT r.device_id, r.mask AS signature FROM (${only}) AS r`
  return sql`SELECT r.device_id, bit_or(r.mask) AS signature FROM (${sql.join(branches, sql` UNION ALL `)}) AS r
    GROUP BY r.device_id`
}

/** All of it is one group without groups in it: a device is in it once, and has one person. */
function namesEachOnce(rules: readonly Rule[]): boolean {
  const groups = new Set(
    rules.flatMap(({ memberGroups, builtIn }) => (builtIn === null ? memberGroups : [-1])),
  )
  return groups.size === 1
}

/** Rows `(user_id, signature)` of the people whom rules of groups of users reach: who gets a book (U2). */
export function signedPeople({ rules }: Pick<Reaching, 'rules'>): RawBuilder<unknown> {
  const branches = indexed(rules)
    .filter(({ rule }) => rule.side === 'user')
    .map(({ rule, index }) => {
      const mask = masked(rules, [index])
      return sql`SELECT p.user_id, ${mask} AS mask FROM group_people p WHERE p.group_id = ${rule.groupId}::int`
    })
  if (branches.length === 0) return sql`SELECT NULL::int AS user_id, 0 AS signature WHERE false`
  return sql`SELECT r.user_id, bit_or(r.mask) AS signature FROM (${sql.join(branches, sql` UNION ALL `)}) AS r
    GROUP BY r.user_id`
}

interface IndexedRule {
  readonly rule: Rule
  readonly index: number
}

const indexed = (rules: readonly Rule[]): readonly IndexedRule[] =>
  rules.map((rule, index) => ({ rule, index }))

/** A rule in stages, or one whose devices have their places in several pools, reaches only a part of its group. */
const isPartial = ({ percent, pools, mode }: Rule): boolean =>
  mode === 'include' && (percent < 100 || pools !== 'own')

function branchesOf(reaching: Reaching): readonly RawBuilder<unknown>[] {
  const all = indexed(reaching.rules)
  const whole = all.filter(({ rule }) => !isPartial(rule))
  const partial = all.filter(({ rule }) => isPartial(rule))
  return [
    ...sourcesOf(reaching, whole, sql`true`),
    ...partial.flatMap((one) => sourcesOf(reaching, [one], partOf(reaching, one.rule))),
  ]
}

/** Up to four sources: all devices, those of people, members of groups of devices, and of groups of users. */
function sourcesOf(
  reaching: Reaching,
  some: readonly IndexedRule[],
  condition: RawBuilder<unknown>,
): readonly RawBuilder<unknown>[] {
  const { rules, only } = reaching
  const named = only === undefined ? sql`true` : sql`d.id = ANY(${[...only]}::int[])`
  const builtIn = (kind: Rule['builtIn']) => some.filter(({ rule }) => rule.builtIn === kind)
  const own = (side: Rule['side']) => some.filter(({ rule }) => rule.builtIn === null && rule.side === side)
  const branches: RawBuilder<unknown>[] = []
  const everywhere = builtIn('all_devices')
  if (everywhere.length > 0) {
    const mask = masked(rules, indexesOf(everywhere))
    branches.push(
      sql`SELECT d.id AS device_id, ${mask} AS mask FROM devices d WHERE ${named} AND ${condition}`,
    )
  }
  const everybody = builtIn('all_users')
  if (everybody.length > 0) {
    const mask = masked(rules, indexesOf(everybody))
    branches.push(sql`SELECT d.id AS device_id, ${mask} AS mask FROM devices d
      JOIN users u ON u.id = d.user_id AND u.active WHERE ${named} AND ${condition}`)
  }
  const devices = memberMasks(rules, own('device'))
  if (devices !== null) {
    const among = only === undefined ? sql`true` : sql`d.device_id = ANY(${[...only]}::int[])`
    branches.push(sql`SELECT d.device_id, ${devices.mask} AS mask
      FROM (SELECT device_id, device_id AS id, group_id FROM group_devices) AS d
      WHERE d.group_id = ANY(${devices.groups}::int[]) AND ${among} AND ${condition}`)
  }
  const people = memberMasks(rules, own('user'))
  if (people !== null) {
    branches.push(sql`SELECT d.id AS device_id, ${people.mask} AS mask
      FROM (SELECT user_id, group_id FROM group_users) AS m JOIN users u ON u.id = m.user_id AND u.active
      JOIN devices d ON d.user_id = u.id
      WHERE m.group_id = ANY(${people.groups}::int[]) AND ${named} AND ${condition}`)
  }
  return branches
}

const indexesOf = (some: readonly IndexedRule[]): readonly number[] => some.map(({ index }) => index)

/** The groups that some rules reach through, and the mask of each: the rules whose group it is, or is in. */
function memberMasks(
  rules: readonly Rule[],
  some: readonly IndexedRule[],
): { readonly groups: readonly number[]; readonly mask: RawBuilder<unknown> } | null {
  const byGroup = new Map<number, number[]>()
  for (const { rule, index } of some) {
    for (const group of rule.memberGroups) byGroup.set(group, [...(byGroup.get(group) ?? []), index])
  }
  const groups = [...byGroup.keys()]
  if (groups.length === 0) return null
  const texts = [...byGroup.values()].map((indexes) => maskText(rules, indexes))
  const [first = ''] = texts
  if (texts.every((text) => text === first)) return { groups, mask: typed(rules, sql`${first}::text`) }
  const column = some[0]?.rule.side === 'user' ? sql`m.group_id` : sql`d.group_id`
  return { groups, mask: typed(rules, sql`(${texts}::text[])[array_position(${groups}::int[], ${column})]`) }
}

function masked(rules: readonly Rule[], indexes: readonly number[]): RawBuilder<unknown> {
  return typed(rules, sql`${maskText(rules, indexes)}::text`)
}

function typed(rules: readonly Rule[], text: RawBuilder<unknown>): RawBuilder<unknown> {
  return isSmall(rules) ? sql`(${text})::int` : sql`(${text})::bit(${sql.lit(rules.length)})`
}

/** A mask as text: an integer, or from the first rule on a bit each. */
function maskText(rules: readonly Rule[], indexes: readonly number[]): string {
  if (isSmall(rules)) return String(indexes.reduce((mask, index) => mask | (1 << index), 0))
  const bits = new Set(indexes)
  return rules.map((_, index) => (bits.has(index) ? '1' : '0')).join('')
}

/** The devices `d.id` of a rule that is only partly in force. */
function partOf({ assetId }: Reaching, rule: Rule): RawBuilder<unknown> {
  const conditions: RawBuilder<unknown>[] = []
  if (rule.percent < 100) {
    conditions.push(
      sql`rollout_place(d.id, ${rule.assetId}::int, ${rule.groupId}::int) < ${rule.percent * 100}::int`,
    )
  }
  if (rule.pools !== 'own') {
    const here = sql`SELECT FROM placements p WHERE p.device_id = d.id AND p.adam_id = (
      SELECT a.adam_id FROM assets a WHERE a.id = ${assetId}::int)`
    // Until it has a place, a device belongs to the pool that the assignment names.
    conditions.push(
      rule.assetId === assetId
        ? sql`NOT EXISTS (${here} AND p.asset_id <> ${assetId}::int)`
        : sql`EXISTS (${here} AND p.asset_id = ${assetId}::int)`,
    )
  }
  return sql.join(conditions, sql` AND `)
}
