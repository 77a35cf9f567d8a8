/** Stops a staged rollout by hand, or goes on with one that stopped (A6). */
import { rolloutNow, writeStop } from '@apportion/core/assignments/rollout'
import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { lookAgainAtAssets, wakeLocation } from '../platform/outbox.ts'
import type { PlanPorts } from './apply.ts'
import { type StoredWaves, wavesOf } from './rollouts.ts'

/** @throws Refusal `not_found`, `assignment.no_rollout` */
export async function changeRollout(
  { db, clock }: Pick<PlanPorts, 'db' | 'clock'>,
  { id, act }: { readonly id: number; readonly act: 'stop' | 'go_on' },
  actor: Actor,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const pools = await lockPoolsOf(tx, id)
    const { rows } = await sql<{ asset_id: number; name: string; waves: StoredWaves }>`
      SELECT s.asset_id, g.name, s.rollout_waves AS waves FROM assignments s JOIN groups g ON g.id = s.group_id
      WHERE s.id = ${id} FOR UPDATE OF s`.execute(tx)
    const [assignment] = rows
    if (assignment === undefined)
      throw new Refusal('not_found', `There is no assignment with the id ${id}.`, { id })
    if (assignment.waves.length === 0) {
      throw new Refusal(
        'assignment.no_rollout',
        `The assignment to "${assignment.name}" is for everybody at once; there is no rollout to change. Plan one with waves first.`,
        { id },
      )
    }
    const at = clock.now()
    const why = writeStop({ code: 'by_hand', by: actor.name })
    // Going on, it is not stopped again by what failed before: those are tried anew.
    const { percent, nextAt } = rolloutNow(wavesOf(assignment.waves), at)
    await (act === 'stop'
      ? sql`UPDATE assignments SET rollout_stopped_at = coalesce(rollout_stopped_at, ${at}),
          rollout_stopped_why = coalesce(rollout_stopped_why, ${why}), rollout_next_at = NULL
        WHERE id = ${id}`.execute(tx)
      : sql`WITH again AS (
          UPDATE targets SET refused_number = NULL, refused_detail = NULL, retry_at = NULL
          WHERE location_id = ANY(${pools.map((pool) => pool.location_id)}::int[])
            AND asset_id = ANY(${pools.map((pool) => pool.id)}::int[]) AND assignment_id = ${id}
            AND refused_detail IS NOT NULL
        )
        UPDATE assignments SET rollout_stopped_at = NULL, rollout_stopped_why = NULL, rollout_percent = ${percent},
          rollout_next_at = ${nextAt} WHERE id = ${id}`.execute(tx))
    await lookAgainAtAssets(
      tx,
      pools.map((pool) => pool.id),
    )
    for (const locationId of new Set(pools.map((pool) => pool.location_id)))
      await wakeLocation(tx, locationId)
    const action = act === 'stop' ? 'rollout.stopped' : 'rollout.went_on'
    const subject = { kind: 'assignment', id, name: assignment.name }
    await record(tx, { actor, at, action, subject, details: { assetId: assignment.asset_id } })
  })
}

/** The pools from which the targets of an assignment may get it, locked before anything of theirs as everybody does. */
async function lockPoolsOf(
  tx: Tx,
  assignmentId: number,
): Promise<readonly { readonly id: number; readonly location_id: number }[]> {
  const { rows } = await sql<{ id: number; location_id: number }>`
    SELECT p.id, p.location_id FROM assignments s JOIN assets a ON a.id = s.asset_id
    JOIN assets p ON p.id = a.id OR (s.pools <> 'own' AND p.adam_id = a.adam_id)
    WHERE s.id = ${assignmentId} ORDER BY p.id FOR UPDATE OF p`.execute(tx)
  return rows
}
