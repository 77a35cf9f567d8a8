/**
 * The plan before save (A4): what would change for whom if things were as they are in this transaction, in which whoever
 * plans has made the change, to roll it back afterwards. So what is planned is what will be done, by the same code.
 */
import { licensesToGive, type PlanNumbers, planNumbers } from '@apportion/core/assignments/plan-outcome'
import { type Stop, serveQueue, stops } from '@apportion/core/assignments/shares'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Db, Tx } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { sharesOf } from './grant.ts'
import {
  assignmentsInOrder,
  findPlan,
  type PartRow,
  type PlanCounts,
  type PlannedPool,
  partsOf,
  sampleSize,
  wantingInOrder,
} from './plan-facts.ts'
import { forecastAfter } from './plan-forecast.ts'
import { presentOutcome, type WaitingRow } from './plan-present.ts'
import type { planOutcome } from './plan-schema.ts'
import { othersInUse } from './pool.ts'

export type PlanOutcome = z.output<typeof planOutcome>

/** What a plan found of one asset, and a mark of the world it found it in. */
export interface Planned {
  readonly asset: PlanAsset
  readonly outcome: PlanOutcome
  readonly fingerprint: string
}

/** The asset that a plan is for. */
export interface PlanAsset extends PlannedPool {
  readonly name: string
  readonly location_name: string
  readonly country: string
  /** The least version of the system that the title needs, by the store. */
  readonly minimum_os: string | null
  readonly leaving: boolean
}

/** Who stands where in the queue, and who of it would be served. */
export interface Served {
  readonly numbers: PlanNumbers
  /** For each place of the queue 1 when it is served; null when simply the first are. */
  readonly flags: Uint8Array | null
  /** Why a place of the queue, from 1, is not served. */
  readonly stopAt: (place: number) => Stop
}

/** Works out what the saved assignments of an asset would change. Reads only. */
export async function workOut(tx: Db | Tx, asset: PlanAsset, now: Date): Promise<Planned> {
  const { counts, sample } = await findPlan(tx, asset, now)
  const served = await serve(tx, asset, { counts, now })
  const { numbers } = served
  // When nobody waits, the order of those who get one does not matter.
  const queue =
    numbers.waits === 0
      ? { getting: sample.filter(({ part }) => part === 'wanting'), waiting: [] }
      : await endsOfQueue(tx, asset, { parts: await partsOf(tx, asset, now), served })
  const forecast = await forecastAfter(tx, asset, {
    free: numbers.availableAfter ?? 0,
    waiting: numbers.waits,
    now,
  })
  return {
    asset,
    outcome: presentOutcome(asset, {
      counts,
      numbers,
      sample,
      ...queue,
      os: await systemsOf(tx, sample),
      forecast,
    }),
    fingerprint: [
      asset.id,
      counts.mark,
      asset.total,
      asset.used,
      asset.retired,
      numbers.grants,
      numbers.waits,
    ].join('.'),
  }
}

interface Counted {
  readonly counts: PlanCounts
  readonly now: Date
}

/** How far the licenses go, by the queue's order where assignments have reserves or quotas. */
export async function serve(tx: Db | Tx, asset: PlanAsset, { counts, now }: Counted): Promise<Served> {
  const facts = {
    wanting: counts.wanting,
    superfluous: counts.superfluous,
    keptByPolicy: counts.policy,
    kept: counts.kept,
    keptOutside: counts.kept_outside,
    unfit: counts.unfit,
    withheld: counts.withheld,
    joining: counts.joining,
    moving: counts.moving,
    replaced: counts.replaced,
    serving: null,
    asset: { ...asset, deviceAssignable: asset.device_assignable },
  }
  const shares = await sharesOf(tx, asset)
  if (shares === null) return { numbers: planNumbers(facts), flags: null, stopAt: () => 'none' }
  const parts = await partsOf(tx, asset, now)
  const ids = await assignmentsInOrder(tx, asset, parts)
  const places = new Map(shares.map(({ id }, index) => [id, index]))
  const free = licensesToGive(facts.asset, counts.superfluous)
  const queue = Int32Array.from(ids, (id) => places.get(id) ?? -1)
  const held = await heldByAssignment(tx, parts)
  const serving = serveQueue(
    queue,
    shares.map((share) => ({ ...share, held: (held.get(share.id) ?? 0) + share.beside })),
    free,
  )
  return {
    numbers: planNumbers({ ...facts, serving }),
    flags: serving.served,
    stopAt: (place) => stops[(serving.stopped[place - 1] ?? 0) - 1] ?? 'none',
  }
}

async function heldByAssignment(
  tx: Db | Tx,
  parts: RawBuilder<unknown>,
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ id: number; n: number }>`SELECT assignment_id AS id, count(*)::int AS n
    FROM (${parts}) AS p WHERE part = 'kept' GROUP BY 1`.execute(tx)
  return new Map(rows.map(({ id, n }) => [id, n]))
}

interface QueueSample {
  readonly getting: readonly PartRow[]
  readonly waiting: readonly WaitingRow[]
}

/** The first who get one, and the first who wait with their places. */
async function endsOfQueue(
  tx: Db | Tx,
  asset: PlanAsset,
  {
    parts,
    served: { numbers, flags, stopAt },
  }: { readonly parts: RawBuilder<unknown>; readonly served: Served },
): Promise<QueueSample> {
  if (flags === null) {
    const getting = await wantingInOrder(tx, asset, {
      parts,
      from: 0,
      limit: Math.min(sampleSize, numbers.grants),
    })
    const waiting = await wantingInOrder(tx, asset, { parts, from: numbers.grants, limit: sampleSize })
    return {
      getting,
      waiting: waiting.map((row) => ({ ...row, place: row.place - numbers.grants, stop: 'none' })),
    }
  }
  const firstWait = flags.indexOf(0)
  const rows = await wantingInOrder(tx, asset, {
    parts,
    from: 0,
    limit: Math.max(sampleSize, firstWait + sampleSize),
  })
  const isServed = (row: PartRow) => flags[row.place - 1] === 1
  return {
    getting: rows.filter(isServed).slice(0, sampleSize),
    waiting: rows
      .filter((row) => !isServed(row))
      .slice(0, sampleSize)
      .map((row, index) => ({ ...row, place: index + 1, stop: stopAt(row.place) })),
  }
}

/** The systems of the devices in a sample, which the reasons name. */
export async function systemsOf(
  tx: Db | Tx,
  rows: readonly PartRow[],
): Promise<ReadonlyMap<number, string | null>> {
  const ids = rows.flatMap(({ device_id: id, unfit }) => (id === null || unfit === null ? [] : [id]))
  if (ids.length === 0) return new Map()
  const found = await sql<{ id: number; os_version: string | null }>`SELECT id, os_version FROM devices
    WHERE id = ANY(${ids}::int[])`.execute(tx)
  return new Map(found.rows.map((row) => [row.id, row.os_version]))
}

/** What plans need to know of their assets, by id. @throws Refusal `asset.unknown`, `token.leaving` */
export async function planAssets(
  tx: Db | Tx,
  assetIds: readonly number[],
  lock: 'lock' | 'read',
): Promise<readonly PlanAsset[]> {
  const { rows } = await sql<PlanAsset>`
    SELECT a.id, a.location_id, coalesce(t.name, a.adam_id) AS name, a.unlimited, a.total, a.retired,
      a.held + a.reserved AS used, a.revocable, a.device_assignable, a.product_type = 'Book' AS is_book,
      t.minimum_os, l.leaving_since IS NOT NULL AS leaving, l.name AS location_name, l.country,
      ARRAY(${othersInUse(sql`a.id`)}) AS others
    FROM assets a JOIN locations l ON l.id = a.location_id
    LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id
    WHERE a.id = ANY(${[...assetIds]}::int[]) ORDER BY a.id ${lock === 'lock' ? sql`FOR UPDATE OF a` : sql``}`.execute(
    tx,
  )
  const found = new Set(rows.map(({ id }) => id))
  const missing = assetIds.find((id) => !found.has(id))
  if (missing !== undefined)
    throw new Refusal('asset.unknown', `There is no app or book with the id ${missing}.`, {
      assetId: missing,
    })
  const leaving = rows.find((asset) => asset.leaving)
  if (leaving !== undefined) {
    throw new Refusal(
      'token.leaving',
      `"${leaving.name}" cannot be assigned: its content token "${leaving.location_name}" is being deleted.`,
    )
  }
  return rows
}
