/** Assignments as the API shows them. */
import { readStop, stopSentence } from '@apportion/core/assignments/rollout'
import type { z } from 'zod'
import type * as contract from './schema.ts'
import type { AssignmentRow } from './store.ts'

/** One assignment. */
export function presentAssignment(row: AssignmentRow): z.output<typeof contract.assignment> {
  return {
    id: row.id,
    assetId: row.asset_id,
    assetName: row.asset_name,
    tokenName: row.token_name,
    group: { id: row.group_id, name: row.group_name, kind: row.group_kind },
    mode: row.mode,
    intent: row.intent,
    licenseType: row.license_type,
    priority: row.priority,
    reserve: row.reserve,
    quota: row.quota,
    pools: row.pools,
    settings: row.settings,
    reclaim: row.reclaim,
    rollout: presentRollout(row),
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
  }
}

function presentRollout(row: AssignmentRow): z.output<typeof contract.assignment>['rollout'] {
  if (row.rollout_waves.length === 0) return null
  const stop = row.rollout_stopped_why === null ? null : readStop(row.rollout_stopped_why)
  return {
    waves: [...row.rollout_waves],
    stopAtPercent: row.rollout_stop_at,
    percent: row.rollout_percent,
    nextAt: row.rollout_next_at?.toISOString() ?? null,
    stoppedAt: row.rollout_stopped_at?.toISOString() ?? null,
    stoppedWhy: stop === null ? null : stopSentence(stop),
    stoppedCode: stop,
  }
}
