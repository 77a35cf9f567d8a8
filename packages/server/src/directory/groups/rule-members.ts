/**
 * Keeps the members of groups by rule right (A1): those of one group when its rule changes, those of all such groups
 * when facts of devices or of their users do, which costs in proportion to the devices that changed.
 *
 * The caller has the directory's turn, and has written the facts.
 */
import { type GroupRule, parseGroupRule } from '@apportion/core/directory/group-rule'
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/db/database.ts'
import { lookAgainAtGroups, lookAgainAtMembers, mostDevicesNamed } from '../../platform/outbox.ts'
import { everyRuleFacts, ruleFacts, ruleHolds } from './rule-sql.ts'

/** Groups whose rules are worked out in one statement. */
const groupsAtOnce = 20

/** Works the rule of a group out for every device and signals who joined or left. Gives how many did. */
export async function refreshRuleGroup(
  tx: Tx,
  { id, rule }: { readonly id: number; readonly rule: GroupRule },
  at: Date,
): Promise<number> {
  const wanted = sql`SELECT f.id FROM (${everyRuleFacts()}) AS f WHERE ${ruleHolds(rule)}`
  const { rows } = await sql<Moved>`
    WITH wanted AS MATERIALIZED (${wanted}), gone AS (
      DELETE FROM group_devices m WHERE m.group_id = ${id} AND NOT EXISTS (SELECT FROM wanted w WHERE w.id = m.device_id)
      RETURNING m.group_id, m.device_id
    ), come AS (
      INSERT INTO group_devices (group_id, device_id, added_at)
      SELECT ${id}::int, w.id, ${at}::timestamptz FROM wanted w ORDER BY w.id
      ON CONFLICT DO NOTHING RETURNING group_id, device_id
    ) ${movedRows}`.execute(tx)
  await signalMoved(tx, rows[0])
  return rows[0]?.moved ?? 0
}

/** Works all rules out for the devices of `condition`, which speaks of `d.id` or `d.user_id`, and signals who moved. */
export async function refreshRuleMembers(tx: Tx, condition: RawBuilder<unknown>, at: Date): Promise<void> {
  const groups = await groupsByRule(tx)
  for (let start = 0; start < groups.length; start += groupsAtOnce) {
    await refreshSome(tx, { groups: groups.slice(start, start + groupsAtOnce), condition, at })
  }
}

/** The condition for devices that are known one by one. */
export function theseDevices(ids: readonly number[]): RawBuilder<unknown> {
  return sql`d.id = ANY(${[...ids]}::int[])`
}

/** The condition for the devices of users that are known one by one. */
export function devicesOfThese(userIds: readonly number[]): RawBuilder<unknown> {
  return sql`d.user_id = ANY(${[...userIds]}::int[])`
}

interface RuleGroup {
  readonly id: number
  readonly rule: GroupRule
}

async function groupsByRule(tx: Tx): Promise<readonly RuleGroup[]> {
  const { rows } = await sql<{ id: number; rule: unknown }>`SELECT id, rule FROM groups WHERE rule IS NOT NULL
    ORDER BY id`.execute(tx)
  return rows.map(({ id, rule }) => ({ id, rule: storedRule(id, rule) }))
}

/** A rule as it was stored, which was sound. */
export function storedRule(groupId: number, stored: unknown): GroupRule {
  const reading = parseGroupRule(stored)
  if (reading.kind === 'rule') return reading.rule
  throw new Error(`The stored rule of group ${groupId} cannot be read: ${reading.message}`)
}

async function refreshSome(
  tx: Tx,
  {
    groups,
    condition,
    at,
  }: { readonly groups: readonly RuleGroup[]; readonly condition: RawBuilder<unknown>; readonly at: Date },
): Promise<void> {
  const verdicts = groups.map(({ id, rule }) => sql`(${id}::int, ${ruleHolds(rule)})`)
  const ids = groups.map(({ id }) => id)
  const { rows } = await sql<Moved>`
    WITH facts AS MATERIALIZED (${ruleFacts(condition)}), wanted AS MATERIALIZED (
      SELECT v.group_id, f.id AS device_id
      FROM facts f CROSS JOIN LATERAL (VALUES ${sql.join(verdicts)}) AS v(group_id, holds) WHERE v.holds
    ), gone AS (
      DELETE FROM group_devices m USING facts f
      WHERE m.device_id = f.id AND m.group_id = ANY(${ids}::int[])
        AND NOT EXISTS (SELECT FROM wanted w WHERE w.group_id = m.group_id AND w.device_id = m.device_id)
      RETURNING m.group_id, m.device_id
    ), come AS (
      INSERT INTO group_devices (group_id, device_id, added_at)
      SELECT w.group_id, w.device_id, ${at}::timestamptz FROM wanted w ORDER BY 1, 2
      ON CONFLICT DO NOTHING RETURNING group_id, device_id
    ) ${movedRows}`.execute(tx)
  await signalMoved(tx, rows[0])
}

interface Moved {
  readonly moved: number
  readonly groups: readonly number[]
  /** At most one more than can be named. */
  readonly devices: readonly number[]
}

const movedRows = sql`, moved AS (SELECT group_id, device_id FROM gone UNION ALL SELECT group_id, device_id FROM come)
  SELECT (SELECT count(*)::int FROM moved) AS moved,
    ARRAY(SELECT DISTINCT group_id FROM moved ORDER BY 1) AS groups,
    ARRAY(SELECT DISTINCT device_id FROM moved ORDER BY 1 LIMIT ${sql.lit(mostDevicesNamed + 1)}) AS devices`

async function signalMoved(tx: Tx, moved: Moved | undefined): Promise<void> {
  if (moved === undefined || moved.moved === 0) return
  const { groups, devices } = moved
  if (devices.length > mostDevicesNamed) await lookAgainAtGroups(tx, groups)
  else await lookAgainAtMembers(tx, { groupIds: groups, deviceIds: devices })
}
