/** Makes plans, and saves what was planned (A4). */

import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import type { NewId } from '../platform/ids.ts'
import { lookAgainAtAssets, wakeLocation } from '../platform/outbox.ts'
import { type PlanAsset, type Planned, type PlanOutcome, planAsset, workOut } from './plan.ts'
import {
  insertPlan,
  lockPlan,
  markApplied,
  type PlanRow,
  replaceAssignments,
  type WantedAssignment,
} from './store.ts'

export interface PlanPorts {
  readonly db: Db
  readonly clock: Clock
  readonly newId: NewId
}

/** How long a plan can be applied. */
const planMinutes = 30

/** A plan as it is stored and shown. */
export interface StoredPlan {
  readonly id: string
  readonly assetId: number
  readonly wanted: readonly WantedAssignment[]
  readonly outcome: PlanOutcome
  readonly createdAt: Date
  readonly expiresAt: Date
}

/**
 * Works a plan out and stores it.
 *
 * @throws Refusal `asset.unknown`, `group.unknown`, `assignment.conflict` for a group named twice or an inclusion
 * without intent, `assignment.not_device_assignable`
 */
export async function makePlan(
  ports: PlanPorts,
  asked: { readonly assetId: number; readonly wanted: readonly WantedAssignment[] },
  actor: Actor,
): Promise<StoredPlan> {
  refuseContradictions(asked.wanted)
  return inTransaction(ports.db, async (tx) => {
    const asset = await planAsset(tx, asked.assetId, 'read')
    await refuseUnknownGroups(tx, asked.wanted)
    refuseUserOnly(asset, asked.wanted)
    return storePlan(ports, tx, {
      asset,
      wanted: asked.wanted,
      planned: await workOut(tx, asset, asked.wanted),
      actor,
    })
  })
}

interface NewPlan {
  readonly asset: PlanAsset
  readonly wanted: readonly WantedAssignment[]
  readonly planned: Planned
  readonly actor: Actor
}

async function storePlan(
  ports: PlanPorts,
  tx: Tx,
  { asset, wanted, planned, actor }: NewPlan,
): Promise<StoredPlan> {
  const createdAt = ports.clock.now()
  const expiresAt = new Date(createdAt.getTime() + planMinutes * 60_000)
  const id = ports.newId()
  await insertPlan(tx, {
    id,
    asset_id: asset.id,
    wanted,
    outcome: planned.outcome,
    fingerprint: planned.fingerprint,
    created_at: createdAt,
    expires_at: expiresAt,
    by: actor.name,
  })
  return { id, assetId: asset.id, wanted, outcome: planned.outcome, createdAt, expiresAt }
}

/**
 * Saves what was planned and gives the asset's id. When the world has moved so that it would do something else, nothing
 * is saved, and the refusal carries a new plan to look at.
 *
 * @throws Refusal `plan.unknown`, `plan.expired`, `plan.applied`, `plan.world_moved`
 */
export async function applyPlan(ports: PlanPorts, planId: string, actor: Actor): Promise<number> {
  const result = await inTransaction(ports.db, async (tx) => {
    const plan = await lockPlan(tx, planId)
    const at = ports.clock.now()
    refuseUnusable(plan, planId, at)
    const asset = await planAsset(tx, plan.asset_id, 'lock')
    await refuseUnknownGroups(tx, plan.wanted)
    const planned = await workOut(tx, asset, plan.wanted)
    if (planned.fingerprint !== plan.fingerprint) {
      return { moved: await storePlan(ports, tx, { asset, wanted: plan.wanted, planned, actor }) }
    }
    await replaceAssignments(tx, { assetId: asset.id, wanted: plan.wanted, at, by: actor.name })
    await markApplied(tx, planId, at)
    await lookAgainAtAssets(tx, [asset.id])
    await wakeLocation(tx, asset.location_id)
    await record(tx, {
      actor,
      at,
      action: 'assignments.changed',
      subject: { kind: 'asset', id: asset.id, name: asset.name },
      details: { planId, wanted: plan.wanted, outcome: summary(planned.outcome) },
    })
    return { assetId: asset.id }
  })
  if ('assetId' in result) return result.assetId
  const { moved } = result
  throw new Refusal(
    'plan.world_moved',
    'Something changed since this plan was made, and saving it would now do something else. Look at the new plan and apply that.',
    { plan: presentPlan(moved) },
  )
}

/** A plan as the API shows it. */
export function presentPlan(plan: StoredPlan) {
  return {
    id: plan.id,
    assetId: plan.assetId,
    wanted: plan.wanted.map(({ groupId, mode, intent }) => ({
      groupId,
      mode,
      ...(intent === null ? {} : { intent }),
    })),
    outcome: plan.outcome,
    createdAt: plan.createdAt.toISOString(),
    expiresAt: plan.expiresAt.toISOString(),
  }
}

const summary = (outcome: PlanOutcome) => ({
  grants: outcome.grants.count,
  waits: outcome.waits.count,
  releases: outcome.releases.count,
})

function refuseUnusable(plan: PlanRow | undefined, planId: string, now: Date): asserts plan is PlanRow {
  if (plan === undefined)
    throw new Refusal('plan.unknown', `There is no plan with the id ${planId}.`, { planId })
  if (plan.applied_at !== null) {
    throw new Refusal('plan.applied', `This plan was applied at ${plan.applied_at.toISOString()} already.`, {
      planId,
    })
  }
  if (plan.expires_at <= now) {
    throw new Refusal('plan.expired', 'This plan is too old to be applied. Make a new one.', { planId })
  }
}

function refuseContradictions(wanted: readonly WantedAssignment[]): void {
  const seen = new Set<number>()
  for (const { groupId, mode, intent } of wanted) {
    if (seen.has(groupId)) {
      throw new Refusal(
        'assignment.conflict',
        `Group ${groupId} is named twice; a group has one intent per app.`,
        { groupId },
      )
    }
    seen.add(groupId)
    if (mode === 'include' && intent === null) {
      throw new Refusal(
        'assignment.conflict',
        `Group ${groupId} is included without an intent; give "required" or "uninstall".`,
        { groupId },
      )
    }
  }
}

async function refuseUnknownGroups(tx: Tx, wanted: readonly WantedAssignment[]): Promise<void> {
  const ids = wanted.map((each) => each.groupId)
  const { rows } = await sql<{ id: number }>`SELECT w.id FROM unnest(${ids}::int[]) AS w(id)
    WHERE NOT EXISTS (SELECT 1 FROM groups g WHERE g.id = w.id)`.execute(tx)
  const [unknown] = rows
  if (unknown !== undefined) {
    throw new Refusal('group.unknown', `There is no group with the id ${unknown.id}.`, {
      groupId: unknown.id,
    })
  }
}

function refuseUserOnly(asset: PlanAsset, wanted: readonly WantedAssignment[]): void {
  if (asset.device_assignable || !wanted.some((each) => each.intent === 'required')) return
  throw new Refusal(
    'assignment.not_device_assignable',
    `Apple does not give "${asset.name}" to devices, only to people. It cannot be required with device licenses.`,
    { assetId: asset.id },
  )
}
