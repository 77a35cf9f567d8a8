/**
 * The plan of one assignment over a fleet (A4), against the bare set difference that somebody would write by hand for it:
 * who is in the group and has no license, and who has one and is not in the group.
 */
import { randomUUID } from 'node:crypto'
import { makePlan } from '@apportion/server/assignments/apply'
import { systemClock } from '@apportion/server/platform/clock'
import type { Db } from '@apportion/server/platform/db/database'
import { sql } from 'kysely'
import { type BenchFleet, startBenchDatabase, storeFleet } from './fleet.ts'
import type { BenchCase } from './report.ts'

/** Times each is run; the fastest counts, so that what else the machine does counts less. */
const runs = 5

/** Measures the plan over each number of devices. */
export async function* planCases(sizes: readonly number[]): AsyncIterable<BenchCase> {
  for (const devices of sizes) yield await measure(devices)
}

async function measure(devices: number): Promise<BenchCase> {
  await using bench = await startBenchDatabase()
  const fleet = await storeFleet(bench.db, { devices, apps: 1 })
  const plans: number[] = []
  const bare: number[] = []
  let grants = 0
  for (let run = 0; run < runs; run += 1) {
    bare.push(await secondsOf(() => bareDifference(bench.db, fleet)))
    plans.push(
      await secondsOf(async () => {
        grants = await plan(bench.db, fleet)
      }),
    )
  }
  const [value, floor] = [Math.min(...plans), Math.min(...bare)]
  return {
    bench: 'plan',
    case: `one assignment over ${devices.toLocaleString('en')} devices`,
    value,
    floor,
    ratio: value / floor,
    unit: 's',
    extra: { grants },
  }
}

const actor = { kind: 'system', name: 'bench' } as const

async function plan(db: Db, { assetIds, groupId }: BenchFleet): Promise<number> {
  const [assetId = 0] = assetIds
  const wanted = {
    groupId,
    mode: 'include',
    intent: 'required',
    licenseType: 'device',
    priority: 0,
    reserve: null,
    quota: null,
    pools: 'own',
    settings: {},
    reclaim: {},
    rollout: null,
  } as const
  const change = { kind: 'assignments', changes: [{ assetId, wanted: [wanted] }] } as const
  const { outcome } = await makePlan({ db, clock: systemClock, newId: randomUUID }, change, actor)
  return outcome.grants.count
}

async function bareDifference(db: Db, { locationId, assetIds, groupId }: BenchFleet): Promise<void> {
  await sql`
    SELECT count(*) FILTER (WHERE l.holder IS NULL) AS missing, count(*) FILTER (WHERE d.id IS NULL) AS superfluous
    FROM (SELECT d.id, d.serial_number FROM group_devices m JOIN devices d ON d.id = m.device_id
      WHERE m.group_id = ${groupId}) AS d
    FULL JOIN (SELECT holder FROM licenses WHERE location_id = ${locationId} AND asset_id = ${assetIds[0]}
      AND holder_kind = 'device') AS l ON l.holder = d.serial_number`.execute(db)
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}
