/** Staged rollouts (A6): waves whose date has come, and the stop when too many fail. */
import { rolloutNow, shouldStop, type Wave, writeStop } from '@apportion/core/assignments/rollout'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { lookAgainAtAssets } from '../platform/outbox.ts'
import { hasLicense } from './grant.ts'
import { siblings } from './rules.ts'

/** Waves as they are stored. */
export type StoredWaves = readonly { readonly percent: number; readonly at: string | null }[]

/** Stored waves as the rule takes them. */
export function wavesOf(stored: StoredWaves): readonly Wave[] {
  return stored.map(({ percent, at }) => ({ percent, at: at === null ? null : new Date(at) }))
}

interface RolloutRow {
  readonly id: number
  readonly asset_id: number
  readonly waves: StoredWaves
  readonly percent: number
  readonly stop_at: number | null
  readonly pools: string
}

/** Puts waves in force whose moment has come, unless too many of those before have failed. */
export async function advanceRollouts(
  tx: Tx,
  { locationId, now }: { readonly locationId: number; readonly now: Date },
): Promise<void> {
  const { rows } = await sql<RolloutRow>`
    SELECT s.id, s.asset_id, s.rollout_waves AS waves, s.rollout_percent AS percent, s.rollout_stop_at AS stop_at, s.pools
    FROM assignments s JOIN assets a ON a.id = s.asset_id
    WHERE a.location_id = ${locationId} AND s.rollout_next_at <= ${now} AND s.rollout_stopped_at IS NULL
    ORDER BY s.id FOR UPDATE OF s SKIP LOCKED`.execute(tx)
  for (const rollout of rows) await advance(tx, rollout, now)
}

async function advance(tx: Tx, rollout: RolloutRow, now: Date): Promise<void> {
  if (await stopIfFailing(tx, rollout, now)) return
  const { percent, nextAt } = rolloutNow(wavesOf(rollout.waves), now)
  await sql`UPDATE assignments SET rollout_percent = ${percent}, rollout_next_at = ${nextAt}
    WHERE id = ${rollout.id}`.execute(tx)
  if (percent === rollout.percent) return
  await lookAgainAtAssets(tx, [rollout.asset_id])
  if (rollout.pools !== 'own') await lookAgainAtSiblings(tx, rollout.asset_id)
}

/** Asks to look again at the other pools of a title. */
export async function lookAgainAtSiblings(tx: Tx, assetId: number): Promise<void> {
  const { rows } = await sql<{ id: number }>`SELECT s.id FROM (${siblings(assetId)}) AS s(id)`.execute(tx)
  await lookAgainAtAssets(
    tx,
    rows.map(({ id }) => id),
  )
}

/**
 * Stops a rollout of whose devices too many failed, of those of which the outcome is known, in all pools of the title:
 * nothing more is given by it until an administrator goes on. What failed is what Apple refused and has not given since, and
 * what did not install on devices under management, where only an installed app counts as one that went well.
 */
async function stopIfFailing(
  tx: Tx,
  rollout: Pick<RolloutRow, 'id' | 'asset_id' | 'stop_at'>,
  now: Date,
): Promise<boolean> {
  if (rollout.stop_at === null) return false
  const { rows } = await sql<{ failed: number; tried: number }>`
    SELECT count(*) FILTER (WHERE k.failed)::int AS failed, count(*) FILTER (WHERE k.failed OR k.has)::int AS tried
    FROM (SELECT (t.waits AND t.refused_detail IS NOT NULL) OR i.state IN ('failed', 'cannot_install') AS failed,
        NOT t.waits AND coalesce(i.state = 'installed', ${hasLicense(sql`l.state = 'held'`)}) AS has
      FROM assets me JOIN assets a ON a.adam_id = me.adam_id
      JOIN targets t ON t.location_id = a.location_id AND t.asset_id = a.id
      LEFT JOIN installs i ON i.device_id = t.device_id AND i.adam_id = a.adam_id AND i.wanted = 'installed'
      WHERE me.id = ${rollout.asset_id} AND t.assignment_id = ${rollout.id} AND t.wants) AS k`.execute(tx)
  const { failed, tried } = rows[0] ?? { failed: 0, tried: 0 }
  if (!shouldStop({ failed, tried, stopAtPercent: rollout.stop_at })) return false
  const why = writeStop({ code: 'failures', failed, tried, percent: rollout.stop_at })
  await sql`UPDATE assignments SET rollout_stopped_at = ${now}, rollout_stopped_why = ${why}, rollout_next_at = NULL
    WHERE id = ${rollout.id} AND rollout_stopped_at IS NULL`.execute(tx)
  return true
}

/** Stops those rollouts of an asset of whose devices too many failed; called whenever the asset is looked at. */
export async function stopFailingRollouts(
  tx: Tx,
  { assetId, now }: { readonly assetId: number; readonly now: Date },
): Promise<void> {
  const { rows } = await sql<Pick<RolloutRow, 'id' | 'asset_id' | 'stop_at'>>`
    SELECT id, asset_id, rollout_stop_at AS stop_at FROM assignments WHERE asset_id = ${assetId}
      AND rollout_stop_at IS NOT NULL AND rollout_stopped_at IS NULL ORDER BY id`.execute(tx)
  for (const rollout of rows) await stopIfFailing(tx, rollout, now)
}
