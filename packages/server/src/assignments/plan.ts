/**
 * The plan before save (A4): what would change for whom if these were the assignments of an asset. Nothing changes
 * until it is applied, and what is applied is what was planned.
 */
import { type PlanNumbers, planNumbers } from '@apportion/core/assignments/plan-outcome'
import type { UnfitReason } from '@apportion/core/catalog/fits'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { unfitSentence } from '../catalog/unfit-sentence.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { plannedRules, resolved } from './resolve.ts'
import type { planOutcome } from './schema.ts'
import type { WantedAssignment } from './store.ts'

export type PlanOutcome = z.output<typeof planOutcome>
type PlanRowShown = PlanOutcome['grants']['sample'][number]

/** What a plan found, and a mark of the world it found it in. */
export interface Planned {
  readonly outcome: PlanOutcome
  readonly fingerprint: string
}

/** The asset that a plan is for. */
export interface PlanAsset {
  readonly id: number
  readonly location_id: number
  readonly name: string
  readonly unlimited: boolean
  readonly total: number
  readonly retired: number
  readonly used: number
  readonly revocable: boolean
  readonly device_assignable: boolean
  /** The least version of the system that the title needs, by the store. */
  readonly minimum_os: string | null
  /** The saved assignments: who changed them meanwhile must not be overruled unseen. */
  readonly rules: string
  readonly leaving: boolean
  readonly location_name: string
}

/** Names in a sample at most. */
const sampleSize = 20

/** Works a plan out. Reads only. */
export async function workOut(
  tx: Db | Tx,
  asset: PlanAsset,
  wanted: readonly WantedAssignment[],
): Promise<Planned> {
  const facts = await countFacts(tx, asset, wanted)
  const numbers = planNumbers({
    wanting: facts.wanting,
    superfluous: facts.superfluous,
    kept: facts.kept,
    keptOutside: facts.kept_outside,
    unfit: facts.unfit,
    withheld: facts.withheld,
    asset: { ...asset, deviceAssignable: asset.device_assignable },
  })
  const samples = await takeSamples(tx, asset, { wanted, grants: numbers.grants })
  return {
    outcome: present(asset, { facts, numbers, samples }),
    fingerprint: [
      facts.mark,
      asset.total,
      asset.used,
      asset.retired,
      numbers.grants,
      numbers.waits,
      asset.rules,
    ].join('.'),
  }
}

interface Facts {
  readonly reached: number
  readonly wanting: number
  readonly superfluous: number
  readonly kept: number
  readonly kept_outside: number
  readonly unfit: number
  readonly unfit_by_reason: Readonly<Record<UnfitReason, number>>
  readonly withheld: number
  /** Changes when any device changes its part in the plan. */
  readonly mark: string
}

/** The sets of a plan: targets joined with licenses, each row with its part. */
function parts(asset: PlanAsset, wanted: readonly WantedAssignment[]): RawBuilder<unknown> {
  return sql`
    SELECT coalesce(r.serial_number, l.holder) AS serial_number, r.device_id, r.name, r.intent, r.unfit, l.ours,
      CASE
        -- Taken back by hand (L6): as long as it stays a target, it gets none.
        WHEN r.intent = 'required' AND r.unfit IS NULL AND w.device_id IS NOT NULL THEN 'withheld'
        WHEN r.intent = 'required' AND r.unfit IS NULL AND (l.holder IS NULL OR l.state = 'releasing') THEN 'wanting'
        WHEN r.intent = 'required' AND r.unfit IS NULL THEN 'kept'
        WHEN l.holder IS NOT NULL AND l.ours AND l.state <> 'releasing' THEN 'superfluous'
        WHEN r.intent = 'required' THEN 'unfit'
        ELSE 'none'
      END AS part
    FROM (${resolved(asset.id, plannedRules(wanted))}) AS r
    FULL JOIN (SELECT holder, state, ours FROM licenses
      WHERE location_id = ${asset.location_id} AND asset_id = ${asset.id} AND holder_kind = 'device') AS l
      ON l.holder = r.serial_number
    LEFT JOIN targets w ON w.location_id = ${asset.location_id} AND w.asset_id = ${asset.id} AND w.device_id = r.device_id
      AND w.intent = 'required' AND w.withheld_by IS NOT NULL`
}

async function countFacts(
  tx: Db | Tx,
  asset: PlanAsset,
  wanted: readonly WantedAssignment[],
): Promise<Facts> {
  const { rows } = await sql<Facts>`
    SELECT (count(*) FILTER (WHERE device_id IS NOT NULL))::int AS reached,
      (count(*) FILTER (WHERE part = 'wanting'))::int AS wanting,
      (count(*) FILTER (WHERE part = 'superfluous'))::int AS superfluous,
      (count(*) FILTER (WHERE part = 'kept'))::int AS kept,
      (count(*) FILTER (WHERE part = 'kept' AND NOT ours))::int AS kept_outside,
      (count(*) FILTER (WHERE part = 'unfit'))::int AS unfit,
      jsonb_build_object('wrong_platform', count(*) FILTER (WHERE part = 'unfit' AND unfit = 'wrong_platform'),
        'wrong_family', count(*) FILTER (WHERE part = 'unfit' AND unfit = 'wrong_family'),
        'os_too_old', count(*) FILTER (WHERE part = 'unfit' AND unfit = 'os_too_old')) AS unfit_by_reason,
      (count(*) FILTER (WHERE part = 'withheld'))::int AS withheld,
      coalesce(bit_xor(hashtextextended(part || ' ' || serial_number, 0)), 0)::text AS mark
    FROM (${parts(asset, wanted)}) AS p`.execute(tx)
  const [facts] = rows
  if (facts === undefined) throw new Error('A plan without counts')
  return facts
}

interface SampleRow {
  readonly part: 'wanting' | 'superfluous' | 'unfit'
  readonly place: number
  readonly device_id: number | null
  readonly serial_number: string
  readonly name: string | null
  readonly intent: string | null
  readonly unfit: UnfitReason | null
  readonly os_version: string | null
}

/** The first of each part, in the order of the queue; of those who want a license also the first who would wait. */
async function takeSamples(
  tx: Db | Tx,
  asset: PlanAsset,
  { wanted, grants }: { readonly wanted: readonly WantedAssignment[]; readonly grants: number },
): Promise<readonly SampleRow[]> {
  const { rows } = await sql<SampleRow>`
    SELECT part, place, device_id, serial_number, name, intent, unfit,
      (SELECT os_version FROM devices d WHERE d.id = ordered.device_id) AS os_version FROM (
      SELECT p.part, p.device_id, p.serial_number, p.name, p.intent, p.unfit,
        (row_number() OVER (PARTITION BY p.part ORDER BY t.entered_at NULLS LAST, p.device_id, p.serial_number))::int AS place
      FROM (${parts(asset, wanted)}) AS p LEFT JOIN targets t
        ON t.location_id = ${asset.location_id} AND t.asset_id = ${asset.id} AND t.device_id = p.device_id
        AND t.intent = 'required'
      WHERE p.part IN ('wanting', 'superfluous', 'unfit')) AS ordered
    WHERE place <= ${sampleSize}
      OR (part = 'wanting' AND place > ${grants}::int AND place <= ${grants}::int + ${sampleSize}::int)
    ORDER BY part, place`.execute(tx)
  return rows
}

function whyUnfit(
  { unfit, os_version: osVersion }: SampleRow,
  { minimum_os: minimumOs }: PlanAsset,
): PlanReason {
  const code = unfit ?? 'wrong_platform'
  return { code, reason: unfitSentence(code, { minimumOs, osVersion }) }
}

/** Why a device has its part in the plan. */
type PlanReason = Pick<PlanRowShown, 'code' | 'reason'> & { readonly place?: number }

function show(rows: readonly SampleRow[], reasonOf: (row: SampleRow) => PlanReason): PlanRowShown[] {
  return rows.slice(0, sampleSize).map((row) => ({
    deviceId: row.device_id,
    serialNumber: row.serial_number,
    deviceName: row.name,
    place: null,
    ...reasonOf(row),
  }))
}

function present(
  asset: PlanAsset,
  found: { readonly facts: Facts; readonly numbers: PlanNumbers; readonly samples: readonly SampleRow[] },
): PlanOutcome {
  const { facts, numbers, samples } = found
  const wanting = samples.filter((row) => row.part === 'wanting')
  const getting = wanting.filter((row) => row.place <= numbers.grants)
  const waiting = wanting.filter((row) => row.place > numbers.grants)
  const superfluous = asset.revocable ? samples.filter((row) => row.part === 'superfluous') : []
  const unfit = samples.filter((row) => row.part === 'unfit')
  return {
    devicesReached: facts.reached,
    grants: {
      count: numbers.grants,
      sample: show(getting, () => ({ code: 'required', reason: 'Required and not licensed yet.' })),
    },
    waits: {
      count: numbers.waits,
      sample: show(waiting, (row) => {
        const place = row.place - numbers.grants
        return {
          code: 'no_license_left',
          place,
          reason: `No license is left; number ${place} of those who wait.`,
        }
      }),
    },
    releases: {
      count: numbers.releases,
      sample: show(superfluous, (row) =>
        row.intent === 'uninstall'
          ? { code: 'uninstall', reason: 'To be uninstalled.' }
          : { code: 'no_longer_assigned', reason: 'No longer assigned.' },
      ),
    },
    withheld: facts.withheld,
    keeps: { count: facts.kept, outside: facts.kept_outside },
    cannot: {
      count: facts.unfit,
      sample: show(unfit, (row) => whyUnfit(row, asset)),
      byReason: facts.unfit_by_reason,
    },
    requests: requestsFor(numbers.grants) + requestsFor(numbers.releases),
    licenses: {
      unlimited: asset.unlimited,
      total: asset.unlimited ? null : asset.total,
      usedBefore: numbers.usedBefore,
      usedAfter: numbers.usedAfter,
      availableBefore: numbers.availableBefore,
      availableAfter: numbers.availableAfter,
    },
    warnings: [...numbers.warnings],
  }
}

/** Apple's usual limits; the exact ones are read when it is carried out. */
const requestsFor = (holders: number): number => Math.ceil(holders / 1000)

/** What a plan needs to know of its asset. @throws Refusal `asset.unknown`, `token.leaving` */
export async function planAsset(tx: Db | Tx, assetId: number, lock: 'lock' | 'read'): Promise<PlanAsset> {
  const { rows } = await sql<PlanAsset>`
    SELECT a.id, a.location_id, coalesce(t.name, a.adam_id) AS name, a.unlimited, a.total, a.retired,
      a.held + a.reserved AS used, a.revocable, a.device_assignable, t.minimum_os,
      (SELECT coalesce(string_agg(concat_ws(' ', s.group_id, s.mode, s.intent), ',' ORDER BY s.group_id), '')
        FROM assignments s WHERE s.asset_id = a.id) AS rules,
      l.leaving_since IS NOT NULL AS leaving, l.name AS location_name
    FROM assets a JOIN locations l ON l.id = a.location_id
    LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id
    WHERE a.id = ${assetId} ${lock === 'lock' ? sql`FOR UPDATE OF a` : sql``}`.execute(tx)
  const [asset] = rows
  if (asset === undefined)
    throw new Refusal('asset.unknown', `There is no app or book with the id ${assetId}.`, { assetId })
  if (asset.leaving) {
    const { name, location_name: location } = asset
    throw new Refusal(
      'token.leaving',
      `"${name}" cannot be assigned: its content token "${location}" is being deleted.`,
    )
  }
  return asset
}
