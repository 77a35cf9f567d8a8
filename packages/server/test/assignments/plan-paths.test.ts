import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { AssetPlan } from '../../src/assignments/apply.ts'
import { planAssets } from '../../src/assignments/plan.ts'
import { make } from '../../src/assignments/plan-change.ts'
import { countClasses, hasClasses } from '../../src/assignments/plan-classes.ts'
import { countParts, partsOf } from '../../src/assignments/plan-facts.ts'
import { policiesOf } from '../../src/assignments/release.ts'
import { savedRules } from '../../src/assignments/rules.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import type { EngineWorld, Wish } from '../support/engine-world.ts'
import { ada } from '../support/intervention-scene.ts'
import { recipe, step, take, wishes, worldOf, worlds } from '../support/random-world.ts'
import { createTestDatabase } from '../support/test-database.ts'

class Undo extends Error {}

/** The counts of the plan for an asset, by classes and row by row; null where it has no classes. */
async function bothCounts(world: EngineWorld, wanted: readonly Wish[]) {
  const found: { byClasses?: unknown; byRows?: unknown } = {}
  const at = world.clock.now()
  const run = inTransaction(world.db, async (tx) => {
    await make(tx, world.change({ north: wanted }), { at, actor: ada, tried: true })
    const [pool] = await planAssets(tx, [world.asset('north')], 'read')
    if (pool === undefined) throw new Error('No asset')
    const rules = await savedRules(tx, pool.id)
    if (await hasClasses(tx, { pool, rules })) {
      const policies = await policiesOf(tx, { pool, now: at })
      found.byClasses = comparable((await countClasses(tx, { pool, rules, policies, sampleSize: 20 })).counts)
      found.byRows = comparable(
        (await countParts(tx, pool, { parts: await partsOf(tx, pool, at), rules })).counts,
      )
    }
    throw new Undo()
  })
  await expect(run).rejects.toThrow(Undo)
  return found
}

/** Without the mark, which each way computes for itself; enrolments in order. */
function comparable({ installs, ...counts }: Awaited<ReturnType<typeof countParts>>['counts']) {
  return { ...counts, mark: '', installs: installs.map((each) => JSON.stringify(each)).toSorted() }
}

test('a plan counted by classes of devices is the plan counted device by device', async () => {
  await using database = await createTestDatabase()
  const seen = { plans: 0 }
  await fc.assert(
    fc.asyncProperty(
      recipe(9),
      fc.array(step({ devicesOnly: true }), { minLength: 2, maxLength: 4 }),
      fc.array(wishes({ devicesOnly: true }), { minLength: 5, maxLength: 5 }),
      async (made, steps, plans) => {
        const world = await worldOf(database, made)
        for (const [index, each] of steps.entries()) {
          await take(world, each)
          await (index % 2 === 0 ? world.rest() : world.compare())
        }
        for (const wanted of plans) {
          const { byClasses, byRows } = await bothCounts(world, wanted)
          expect(byClasses).toEqual(byRows)
          if (byClasses !== undefined) seen.plans += 1
        }
      },
    ),
    worlds(6),
  )
  expect(seen.plans).toBeGreaterThan(5)
})

/** Licenses of an asset by holder, with what is kept for a while. */
async function licensesOf(world: EngineWorld, assetId: number) {
  const { rows } = await sql<{
    key: string
    ours: boolean
    kept: boolean
  }>`SELECT holder_kind || ' ' || holder AS key, ours,
      keep_until IS NOT NULL AS kept FROM licenses WHERE asset_id = ${assetId}`.execute(world.db)
  return new Map(rows.map((row) => [row.key, row]))
}

/** What became of an asset, in the words of a plan. */
async function became(world: EngineWorld, assetId: number, before: Awaited<ReturnType<typeof licensesOf>>) {
  const after = await licensesOf(world, assetId)
  const { rows } = await sql<{
    waiting: number
    used: number
  }>`SELECT waiting, held + reserved AS used FROM assets
    WHERE id = ${assetId}`.execute(world.db)
  return {
    grants: [...after.keys()].filter((key) => !before.has(key)).length,
    releases: [...before.keys()].filter((key) => !after.has(key)).length,
    kept: [...after.values()].filter(({ kept }) => kept).length,
    waits: rows[0]?.waiting,
    usedAfter: rows[0]?.used,
  }
}

const said = ({ outcome }: AssetPlan) => ({
  grants: outcome.grants.count,
  releases: outcome.releases.count,
  kept: outcome.kept.count,
  waits: outcome.waits.count,
  usedAfter: outcome.licenses.usedAfter,
})

/** Whoever moves from a user license gives it back only when each device has its own: how far few licenses go then hangs on that. */
const isTightMove = ({ outcome }: AssetPlan, before: Awaited<ReturnType<typeof licensesOf>>) =>
  [...before.entries()].some(([key, { ours }]) => ours && key.startsWith('user ')) &&
  outcome.grants.count + outcome.waits.count > (outcome.licenses.availableBefore ?? 0)

test('what a plan said is what is done when it is applied: grants, waits, releases, and what is kept', async () => {
  await using database = await createTestDatabase()
  await fc.assert(
    fc.asyncProperty(
      recipe(9),
      fc.array(step({ pools: false }), { minLength: 2, maxLength: 5 }),
      wishes({ pools: false }),
      async (made, steps, wanted) => {
        const world = await worldOf(database, made)
        for (const each of steps) {
          await take(world, each)
          await world.rest()
        }
        const before = await licensesOf(world, world.asset('north'))
        const plan = await world.assign({ north: wanted })
        await world.rest()
        for (const each of plan.assets) {
          if (isTightMove(each, before)) continue
          expect(await became(world, each.assetId, before)).toEqual(said(each))
          const waiting = each.outcome.waits.sample.map((row) => row.serialNumber ?? row.userName)
          expect(await world.queue('north')).toEqual(waiting)
        }
      },
    ),
    worlds(6),
  )
})
