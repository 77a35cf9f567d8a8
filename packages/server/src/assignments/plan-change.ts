/** What a plan is about: the assignments of assets, or the members of a group. Made in a transaction, kept or rolled back. */
import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import { changeMembersIn } from '../directory/groups/change-members.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Tx } from '../platform/db/database.ts'
import { lookAgainAtAssets, wakeLocation } from '../platform/outbox.ts'
import { placeDevices } from './placements.ts'
import { type PlanAsset, planAssets } from './plan.ts'
import { lockPool } from './pool.ts'
import { refuseContradictions, refuseUnfitAssignments } from './refusals.ts'
import { savedRules, siblings } from './rules.ts'
import { replaceAssignments, type WantedAssignment } from './store.ts'

/** What is to be changed. */
export type PlanChange =
  | { readonly kind: 'assignments'; readonly changes: readonly AssetChange[] }
  | {
      readonly kind: 'group'
      readonly groupId: number
      readonly add: readonly string[]
      readonly remove: readonly string[]
      readonly addGroups: readonly number[]
      readonly removeGroups: readonly number[]
    }

/** The assignments of one asset as they are to be. */
export interface AssetChange {
  readonly assetId: number
  readonly wanted: readonly WantedAssignment[]
}

/** When a change is made, and by whom. */
export interface Making {
  readonly at: Date
  readonly actor: Actor
}

/** The assets that a change concerns: also the other pools of a title from which devices may get it (C3). */
export async function assetsConcerned(tx: Tx, change: PlanChange): Promise<readonly number[]> {
  if (change.kind === 'group') {
    const { rows } = await sql<{ id: number }>`SELECT DISTINCT p.id FROM assignments s
      JOIN group_closure c ON c.group_id = s.group_id JOIN assets a ON a.id = s.asset_id
      JOIN assets p ON p.id = a.id OR (s.pools <> 'own' AND p.adam_id = a.adam_id AND p.gone_at IS NULL)
      WHERE c.member_group_id = ${change.groupId} ORDER BY p.id`.execute(tx)
    return rows.map(({ id }) => id)
  }
  const concerned = new Set<number>()
  for (const { assetId, wanted } of change.changes) {
    concerned.add(assetId)
    if (!wanted.some(({ pools }) => pools !== 'own') && !(await drawsOnOthers(tx, assetId))) continue
    const { rows } = await sql<{ id: number }>`SELECT s.id FROM (${siblings(assetId)}) AS s(id)`.execute(tx)
    for (const { id } of rows) concerned.add(id)
  }
  return [...concerned].sort((a, b) => a - b)
}

/** Whether a saved assignment draws on the other pools of the title: what it gave there may have to come back. */
async function drawsOnOthers(tx: Tx, assetId: number): Promise<boolean> {
  const { rows } =
    await sql`SELECT FROM assignments WHERE asset_id = ${assetId} AND pools <> 'own' LIMIT 1`.execute(tx)
  return rows.length > 0
}

/**
 * Makes the change. Where it is only `tried`, to be rolled back, nobody is told of it.
 *
 * @throws Refusal `group.unknown`, `assignment.conflict`, `assignment.*`, and for a group those of changing its members
 */
export async function make(
  tx: Tx,
  change: PlanChange,
  { at, actor, tried }: Making & { readonly tried: boolean },
): Promise<void> {
  if (change.kind === 'group') {
    await changeMembersIn(tx, change, { at, actor: tried ? null : actor })
    for (const assetId of await assetsDrawingOnOthers(tx, change.groupId)) await place(tx, assetId, at)
    return
  }
  // In the order of their ids, as everybody locks them.
  for (const { assetId, wanted } of change.changes.toSorted((a, b) => a.assetId - b.assetId)) {
    refuseContradictions(wanted)
    const [asset] = await planAssets(tx, [assetId], 'read')
    if (asset !== undefined) await refuseUnfitAssignments(tx, asset, wanted)
    await replaceAssignments(tx, { assetId, wanted, at, by: actor.name })
    if (wanted.some(({ pools }) => pools !== 'own')) await place(tx, assetId, at)
  }
}

async function place(tx: Tx, assetId: number, at: Date): Promise<void> {
  const pool = await lockPool(tx, { assetId, now: at })
  if (pool !== undefined) await placeDevices(tx, pool, await savedRules(tx, assetId))
}

/** Assets of which an assignment to the group, or to one that contains it, draws on the other pools of the title. */
async function assetsDrawingOnOthers(tx: Tx, groupId: number): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`SELECT DISTINCT s.asset_id AS id FROM assignments s
    JOIN group_closure c ON c.group_id = s.group_id
    WHERE c.member_group_id = ${groupId} AND s.pools <> 'own' AND s.mode = 'include' ORDER BY s.asset_id`.execute(
    tx,
  )
  return rows.map(({ id }) => id)
}

/** Has what was saved carried out, and says in the audit log what it is. */
export async function followUp(
  tx: Tx,
  change: PlanChange,
  {
    assets,
    planId,
    at,
    actor,
    summary,
  }: Making & { readonly assets: readonly PlanAsset[]; readonly planId: string; readonly summary: object },
): Promise<void> {
  await lookAgainAtAssets(
    tx,
    assets.map(({ id }) => id),
  )
  for (const locationId of new Set(assets.map((asset) => asset.location_id)))
    await wakeLocation(tx, locationId)
  if (change.kind === 'group') return
  for (const { assetId, wanted } of change.changes) {
    const name = assets.find(({ id }) => id === assetId)?.name ?? null
    await record(tx, {
      actor,
      at,
      action: 'assignments.changed',
      subject: { kind: 'asset', id: assetId, name },
      details: { planId, wanted, outcome: summary },
    })
  }
}
