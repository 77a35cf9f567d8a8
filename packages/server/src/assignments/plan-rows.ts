/**
 * Everybody whom one kind of change of a plan concerns (A4): worked out again, in a transaction that is rolled back, so a
 * list is as true as the moment in which it is read. Pages by keyset, whoever waits by place.
 */
import { sql } from 'kysely'
import { z } from 'zod'
import type { Actor } from '../platform/auth/actor.ts'
import type { Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { allowMemory, type PlanPorts } from './apply.ts'
import { type PlanAsset, planAssets, serve, systemsOf } from './plan.ts'
import { make } from './plan-change.ts'
import { findPlan, nameOf, type PartRow, partsOf, storeQueue } from './plan-facts.ts'
import { presentRow, presentWaiting } from './plan-present.ts'
import { lockPlan, setSavepoint, undo } from './plan-store.ts'
import { storedChange } from './stored-change.ts'

/** Which page of which list. */
export interface PlanRowsAsked {
  readonly planId: string
  readonly assetId: number
  readonly part: 'grants' | 'waits' | 'releases' | 'kept' | 'cannot'
  readonly q?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** @throws Refusal `plan.unknown`, `asset.unknown` */
export async function pageOfPlanRows(ports: PlanPorts, asked: PlanRowsAsked, actor: Actor) {
  return inTransaction(ports.db, async (tx) => {
    const plan = await lockPlan(tx, asked.planId)
    const { planId } = asked
    if (plan === undefined)
      throw new Refusal('plan.unknown', `There is no plan with the id ${planId}.`, { planId })
    const at = ports.clock.now()
    await allowMemory(tx)
    await setSavepoint(tx)
    if (plan.applied_at === null) await make(tx, storedChange(plan.wanted), { at, actor, tried: true })
    const [asset] = await planAssets(tx, [asked.assetId], 'read')
    if (asset === undefined) throw new Error('planAssets gives every asset')
    const page = await pageOf(tx, asset, { asked, at })
    await undo(tx)
    return page
  })
}

interface Asking {
  readonly asked: PlanRowsAsked
  readonly at: Date
}

const partOf = { releases: 'superfluous', kept: 'policy', cannot: 'unfit' } as const

async function pageOf(tx: Tx, asset: PlanAsset, asking: Asking) {
  const { part } = asking.asked
  if (part === 'grants' || part === 'waits') return pageOfQueue(tx, asset, { ...asking, part })
  const { asked, at } = asking
  const after = decodeCursor(asked.cursor, z.tuple([z.enum(['device', 'user']), z.string()]))
  const { rows } = await sql<PartRow>`
    SELECT p.part, p.kind, p.holder, p.device_id, p.user_id, ${nameOf(sql`p`)} AS name, p.intent, p.unfit,
      p.until::text AS until, 0 AS place
    FROM (${await partsOf(tx, asset, at)}) AS p WHERE p.part = ${partOf[part]}
      AND (p.kind, p.holder) > (${after?.[0] ?? 'device'}::holder_kind, ${after?.[1] ?? ''}::text) AND ${matching(asked)}
    ORDER BY p.kind, p.holder LIMIT ${asked.limit + 1}`.execute(tx)
  const os = await systemsOf(tx, rows)
  return pageFrom(rows, asked.limit, {
    key: (row) => [row.kind, row.holder],
    present: (row) => presentRow(asset, row, os),
  })
}

const matching = ({ q = '' }: PlanRowsAsked) =>
  q === ''
    ? sql`true`
    : sql`(starts_with(p.holder, upper(${q})) OR starts_with(lower(${nameOf(sql`p`)}), lower(${q})))`

async function pageOfQueue(
  tx: Tx,
  asset: PlanAsset,
  { asked, at, part }: Asking & { readonly part: 'grants' | 'waits' },
) {
  const { counts } = await findPlan(tx, asset, at)
  const { numbers, flags, stopAt } = await serve(tx, asset, { counts, now: at })
  // Worked out once; whoever is looked for may stand anywhere in it.
  await storeQueue(tx, asset, await partsOf(tx, asset, at))
  const after = decodeCursor(asked.cursor, z.tuple([z.int().min(0)]))?.[0] ?? 0
  const isServed =
    flags === null
      ? sql`p.place <= ${numbers.grants}`
      : sql`get_byte(${Buffer.from(flags)}::bytea, p.place - 1) = 1`
  const { rows } = await sql<PartRow>`SELECT p.*, ${nameOf(sql`p`)} AS name FROM plan_queue p
    WHERE p.place > ${after} AND (${isServed}) = ${part === 'grants'} AND ${matching(asked)}
    ORDER BY p.place LIMIT ${asked.limit + 1}`.execute(tx)
  const ranks = flags === null ? null : ranksOfWaiting(flags)
  const rankOf = (place: number) => ranks?.[place - 1] ?? place - numbers.grants
  return pageFrom(rows, asked.limit, {
    key: (row) => [row.place],
    present: (row) =>
      part === 'grants'
        ? presentRow(asset, row, new Map())
        : presentWaiting({ ...row, place: rankOf(row.place), stop: stopAt(row.place) }),
  })
}

/** For each place of the queue how many of those up to it are not served. */
function ranksOfWaiting(flags: Uint8Array): Int32Array {
  let rank = 0
  return Int32Array.from(flags, (flag) => {
    if (flag !== 1) rank += 1
    return rank
  })
}
