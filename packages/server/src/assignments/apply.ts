/** Makes plans, and saves what was planned (A4). */
import { sql } from 'kysely'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import type { NewId } from '../platform/ids.ts'
import { lookAtDelivery } from '../platform/outbox.ts'
import { type Planned, type PlanOutcome, planAssets, workOut } from './plan.ts'
import { assetsConcerned, followUp, type Making, make, type PlanChange } from './plan-change.ts'
import { insertPlan, lockPlan, markApplied, type PlanRow, setSavepoint, undo } from './plan-store.ts'
import { sumOutcomes } from './plan-sum.ts'
import { storedChange } from './stored-change.ts'

export interface PlanPorts {
  readonly db: Db
  readonly clock: Clock
  readonly newId: NewId
}

/** How long a plan can be applied. */
const planMinutes = 30

/** What a plan would do to one asset. */
export interface AssetPlan {
  readonly assetId: number
  readonly name: string
  readonly tokenId: number
  readonly tokenName: string
  readonly country: string
  readonly outcome: PlanOutcome
}

/** A plan as it is stored and shown. */
export interface StoredPlan {
  readonly id: string
  readonly change: PlanChange
  readonly outcome: PlanOutcome
  readonly assets: readonly AssetPlan[]
  readonly createdAt: Date
  readonly expiresAt: Date
}

/**
 * Works a plan out and stores it. The change is made in the transaction, looked at, and undone.
 *
 * @throws Refusal `asset.unknown`, `token.leaving`, `group.unknown`, `assignment.…`, and those of a group's members
 */
export async function makePlan(ports: PlanPorts, change: PlanChange, actor: Actor): Promise<StoredPlan> {
  return inTransaction(ports.db, async (tx) => {
    const at = ports.clock.now()
    await allowMemory(tx)
    const rules = await rulesNow(tx, change)
    await setSavepoint(tx)
    const all = await planIn(tx, change, { at, actor, tried: true })
    await undo(tx)
    return storePlan(ports, tx, { change, all, rules, actor })
  })
}

/** A plan compares large sets; spilling them to disk is what would make it slow. */
export async function allowMemory(tx: Tx): Promise<void> {
  await sql`SET LOCAL work_mem = '128MB'`.execute(tx)
}

/** Makes the change and works out what it would do; the caller keeps it or undoes it. */
export async function planIn(
  tx: Tx,
  change: PlanChange,
  making: Making & { readonly tried: boolean },
): Promise<readonly Planned[]> {
  const concerned = await assetsConcerned(tx, change)
  await make(tx, change, making)
  const all: Planned[] = []
  for (const asset of await planAssets(tx, concerned, 'read')) all.push(await workOut(tx, asset, making.at))
  return all
}

/** The saved assignments that the change would replace: who changed them meanwhile must not be overruled unseen. */
async function rulesNow(tx: Tx, change: PlanChange): Promise<string> {
  if (change.kind === 'group') return ''
  const ids = change.changes.map(({ assetId }) => assetId)
  const { rows } = await sql<{
    rules: string | null
  }>`SELECT md5(string_agg(concat_ws(' ', s.asset_id, s.group_id, s.mode,
      s.intent, s.license_type, s.priority, s.reserve, s.quota, s.pools, s.settings, s.reclaim, s.rollout_waves,
      s.rollout_percent, s.rollout_stop_at), ',' ORDER BY s.asset_id, s.group_id)) AS rules
    FROM assignments s WHERE s.asset_id = ANY(${ids}::int[])`.execute(tx)
  return rows[0]?.rules ?? ''
}

/** What the saved assignments of each asset say of its settings. */
async function settingsNow(tx: Tx, change: PlanChange): Promise<ReadonlyMap<number, string>> {
  if (change.kind === 'group') return new Map()
  const ids = change.changes.map(({ assetId }) => assetId)
  const { rows } = await sql<{ asset_id: number; settings: string }>`
    SELECT asset_id, md5(string_agg(group_id || ' ' || settings, ',' ORDER BY group_id)) AS settings FROM assignments
    WHERE asset_id = ANY(${ids}::int[]) GROUP BY asset_id`.execute(tx)
  return new Map(rows.map(({ asset_id, settings }) => [asset_id, settings]))
}

/** Devices that have the app are told of settings that are new (A3). */
async function lookAtNewSettings(
  tx: Tx,
  change: PlanChange,
  before: ReadonlyMap<number, string>,
): Promise<void> {
  const after = await settingsNow(tx, change)
  const changed = [...after].filter(([id, settings]) => before.get(id) !== settings).map(([id]) => id)
  if (changed.length === 0) return
  await lookAtDelivery(sql`SELECT location_id, asset_id, device_id FROM installs
    WHERE asset_id = ANY(${changed}::int[]) AND state = 'installed'`).execute(tx)
}

interface NewPlan {
  readonly change: PlanChange
  readonly all: readonly Planned[]
  readonly rules: string
  readonly actor: Actor
}

const fingerprintOf = ({ all, rules }: Pick<NewPlan, 'all' | 'rules'>): string =>
  [...all.map(({ fingerprint }) => fingerprint), rules].join(';')

async function storePlan(ports: PlanPorts, tx: Tx, plan: NewPlan): Promise<StoredPlan> {
  const { change, all, actor } = plan
  const createdAt = ports.clock.now()
  const expiresAt = new Date(createdAt.getTime() + planMinutes * 60_000)
  const id = ports.newId()
  const assets = all.map(({ asset, outcome }) => ({
    assetId: asset.id,
    name: asset.name,
    tokenId: asset.location_id,
    tokenName: asset.location_name,
    country: asset.country,
    outcome,
  }))
  const outcome = sumOutcomes(all.map((each) => each.outcome))
  await insertPlan(tx, {
    id,
    kind: change.kind,
    asset_id: soleAsset(change),
    wanted: change,
    outcome,
    fingerprint: fingerprintOf(plan),
    created_at: createdAt,
    expires_at: expiresAt,
    by: actor.name,
  })
  return { id, change, outcome, assets, createdAt, expiresAt }
}

function soleAsset(change: PlanChange): number | null {
  if (change.kind === 'group' || change.changes.length !== 1) return null
  return change.changes[0]?.assetId ?? null
}

/**
 * Saves what was planned and gives the assets' ids. When the world has moved so that it would do something else, nothing
 * is saved, and the refusal carries a new plan to look at.
 *
 * @throws Refusal `plan.unknown`, `plan.expired`, `plan.applied`, `plan.world_moved`
 */
export async function applyPlan(ports: PlanPorts, planId: string, actor: Actor): Promise<readonly number[]> {
  const result = await inTransaction(ports.db, async (tx) => {
    const plan = await lockPlan(tx, planId)
    const at = ports.clock.now()
    refuseUnusable(plan, planId, at)
    const change = storedChange(plan.wanted)
    await allowMemory(tx)
    await planAssets(tx, await assetsConcerned(tx, change), 'lock')
    const rules = await rulesNow(tx, change)
    const settings = await settingsNow(tx, change)
    await setSavepoint(tx)
    const all = await planIn(tx, change, { at, actor, tried: false })
    if (fingerprintOf({ all, rules }) !== plan.fingerprint) {
      await undo(tx)
      return { moved: await storePlan(ports, tx, { change, all, rules, actor }) }
    }
    await markApplied(tx, planId, at)
    await lookAtNewSettings(tx, change, settings)
    const assets = all.map(({ asset }) => asset)
    await followUp(tx, change, { assets, planId, at, actor, summary: summaryOf(all) })
    return { assetIds: assets.map(({ id }) => id) }
  })
  if (result.moved === undefined) return result.assetIds
  throw new Refusal(
    'plan.world_moved',
    'Something changed since this plan was made, and saving it would now do something else. Look at the new plan and apply that.',
    { plan: presentPlan(result.moved) },
  )
}

/** A plan as the API shows it. */
export function presentPlan(plan: StoredPlan) {
  const { change } = plan
  const [only] = change.kind === 'assignments' ? change.changes : []
  return {
    id: plan.id,
    kind: change.kind,
    assetId: soleAsset(change),
    wanted: soleAsset(change) === null ? [] : (only?.wanted ?? []).map(wantedAsAsked),
    outcome: plan.outcome,
    assets: plan.assets.map((each) => ({ ...each })),
    createdAt: plan.createdAt.toISOString(),
    expiresAt: plan.expiresAt.toISOString(),
  }
}

function wantedAsAsked({
  intent,
  rollout,
  ...rest
}: (PlanChange & { kind: 'assignments' })['changes'][number]['wanted'][number]) {
  return {
    ...rest,
    ...(intent === null ? {} : { intent }),
    rollout: rollout === null ? null : { ...rollout, waves: [...rollout.waves] },
  }
}

const summaryOf = (all: readonly Planned[]) => {
  const { grants, waits, releases } = sumOutcomes(all.map(({ outcome }) => outcome))
  return { grants: grants.count, waits: waits.count, releases: releases.count }
}

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
