/** The assignments that concern an asset, as the rules that decide about it: its own, and those of other pools. */
import type { DecidingRule } from '@apportion/core/assignments/decide'
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

/** A rule with its group. */
export interface Rule extends DecidingRule {
  /** Of the assignment. */
  readonly id: number
  readonly groupId: number
  readonly builtIn: 'all_devices' | 'all_users' | null
  /** The group and all groups in it. */
  readonly memberGroups: readonly number[]
  /** Share of the devices for which it is in force (A6). */
  readonly percent: number
  /** From which pool of the title its targets get their license (C3). */
  readonly pools: 'own' | 'country' | 'most_free'
}

interface RuleRow {
  readonly id: number
  readonly asset_id: number
  readonly group_id: number
  readonly kind: 'device' | 'user'
  readonly built_in: 'all_devices' | 'all_users' | null
  readonly members: readonly number[]
  readonly mode: 'include' | 'exclude'
  readonly intent: DecidingRule['intent']
  readonly license_type: 'device' | 'user'
  readonly priority: number
  readonly percent: number
  readonly pools: Rule['pools']
}

const membersOf = sql`(SELECT array_agg(c.member_group_id ORDER BY c.member_group_id) FROM group_closure c
  WHERE c.group_id = g.id)`

/** The saved rules of an asset, in the order of their ids. */
export async function savedRules(db: Db | Tx, assetId: number): Promise<readonly Rule[]> {
  const { rows } = await sql<RuleRow>`
    SELECT s.id, s.asset_id, s.group_id, g.kind, g.built_in, ${membersOf} AS members, s.mode, s.intent, s.license_type,
      s.priority, s.rollout_percent AS percent, s.pools
    FROM assignments s JOIN groups g ON g.id = s.group_id
    WHERE s.asset_id = ${assetId}
      OR ((s.pools <> 'own' OR s.mode = 'exclude') AND s.asset_id IN (${siblings(assetId)})
        AND EXISTS (SELECT FROM assignments w WHERE w.asset_id = s.asset_id AND w.pools <> 'own'))
    ORDER BY s.id`.execute(db)
  return rows.map(toRule)
}

/** The other pools of the same title, in any location. */
export function siblings(assetId: number) {
  return sql`SELECT b.id FROM assets a JOIN assets b ON b.adam_id = a.adam_id AND b.id <> a.id
    WHERE a.id = ${assetId} AND b.gone_at IS NULL`
}

function toRule(row: RuleRow): Rule {
  return {
    id: row.id,
    assetId: row.asset_id,
    groupId: row.group_id,
    builtIn: row.built_in,
    memberGroups: row.members,
    side: row.kind,
    mode: row.mode,
    intent: row.intent,
    license: row.license_type,
    priority: row.priority,
    percent: row.percent,
    pools: row.pools,
  }
}
