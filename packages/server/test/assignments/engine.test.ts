import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { EngineWorld } from '../support/engine-world.ts'
import { recipe, type Step, step, take, worldOf, worlds } from '../support/random-world.ts'
import { createTestDatabase } from '../support/test-database.ts'

/** What may never be, whatever happened: each query names what it finds. */
const broken = {
  'more reserved than is owned': sql`SELECT id::text AS found FROM assets
    WHERE reserved > 0 AND held + reserved + retired > total`,
  'counts that are not those of the rows': sql`SELECT a.id::text AS found FROM assets a WHERE
    (a.held, a.held_outside, a.reserved, a.waiting) IS DISTINCT FROM (
      (SELECT count(*)::int FROM licenses l WHERE l.asset_id = a.id AND l.state <> 'granting'),
      (SELECT count(*)::int FROM licenses l WHERE l.asset_id = a.id AND NOT l.ours),
      (SELECT count(*)::int FROM licenses l WHERE l.asset_id = a.id AND l.state = 'granting'),
      (SELECT count(*)::int FROM targets t WHERE t.asset_id = a.id AND t.waits))`,
  'a title from two pools, both by us': sql`SELECT l.holder AS found FROM licenses l JOIN assets a ON a.id = l.asset_id
    WHERE l.ours AND l.state <> 'releasing' AND l.keep_until IS NULL GROUP BY a.adam_id, l.holder_kind, l.holder HAVING count(*) > 1`,
  'somebody who wants a license, has none and does not wait': sql`SELECT t.asset_id::text AS found FROM targets t
    LEFT JOIN devices d ON d.id = t.device_id LEFT JOIN users u ON u.id = t.user_id WHERE t.wants AND NOT t.waits
    AND NOT EXISTS (SELECT FROM licenses l JOIN assets a ON a.id = l.asset_id JOIN assets b ON b.adam_id = a.adam_id
      WHERE b.id = t.asset_id AND l.holder = coalesce(d.serial_number, u.client_user_id::text))`,
}

async function expectSound(world: EngineWorld): Promise<void> {
  for (const [what, query] of Object.entries(broken))
    expect({ what, found: (await query.execute(world.db)).rows }).toEqual({ what, found: [] })
}

/** Assignments with a quota of one pool, and who has a license by them. */
async function quotas(world: EngineWorld) {
  const { rows } = await sql<{ id: number; quota: number; holders: string[] }>`
    SELECT s.id, s.quota, ARRAY(SELECT l.holder FROM targets t LEFT JOIN devices d ON d.id = t.device_id
      LEFT JOIN users u ON u.id = t.user_id JOIN licenses l ON l.asset_id = t.asset_id
        AND l.holder = coalesce(d.serial_number, u.client_user_id::text)
      WHERE t.asset_id = s.asset_id AND t.assignment_id = s.id AND t.wants) AS holders
    FROM assignments s WHERE s.quota IS NOT NULL AND s.pools = 'own'`.execute(world.db)
  return rows
}

/** Nobody loses a license by a quota; but nobody gets one past it. */
async function expectQuotasKept(world: EngineWorld, holdersBefore: ReadonlySet<string>): Promise<void> {
  for (const { quota, holders } of await quotas(world)) {
    if (holders.some((holder) => !holdersBefore.has(holder)))
      expect(holders.length).toBeLessThanOrEqual(quota)
  }
}

const holdersOf = async (world: EngineWorld) =>
  new Set(
    (await sql<{ holder: string }>`SELECT holder FROM licenses`.execute(world.db)).rows.map(
      ({ holder }) => holder,
    ),
  )

const outsiders = async (world: EngineWorld) =>
  (await sql`SELECT asset_id, holder FROM licenses WHERE NOT ours ORDER BY 1, 2`.execute(world.db)).rows

test('after any changes the books are sound, comparing again changes nothing, and single devices are looked at as all are', async () => {
  await using database = await createTestDatabase()
  await fc.assert(
    fc.asyncProperty(
      recipe(9),
      fc.array(fc.tuple(step(), fc.boolean()), { minLength: 4, maxLength: 7 }),
      async (made, steps) => {
        const world = await worldOf(database, made)
        for (const [each, settles] of steps) {
          const before = await outsiders(world)
          const holders = await holdersOf(world)
          await take(world, each)
          await world.compare()
          await expectQuotasKept(world, holders)
          await expectSound(world)
          // By what was asked for, some devices or whole assets; then everything is looked at.
          const narrow = await world.rows()
          await world.lookAgain()
          await world.compare()
          expect(await world.rows()).toEqual(narrow)
          if (each.do !== 'outside') expect(await outsiders(world)).toEqual(before)
          if (!settles) continue
          await world.rest()
          await expectSound(world)
        }
      },
    ),
    worlds(5),
  )
})

/** What a change is about: one asset, device, person, or membership. */
function subjectsOf(step: Step): readonly string[] {
  if (step.do === 'assign') return [step.asset]
  if ('member' in step) return [step.member]
  return 'serial' in step ? [step.serial] : 'person' in step ? [step.person] : []
}

const isIndependent = (one: Step, other: Step) =>
  subjectsOf(one).every((subject) => !subjectsOf(other).includes(subject))

test('of two changes it does not matter which comes first, where there is no shortage', async () => {
  await using database = await createTestDatabase()
  const kinds = ['assign', 'put', 'remove', 'join', 'leave', 'active']
  const change = step({ plain: true, pools: false }).filter((each) => kinds.includes(each.do))
  await fc.assert(
    fc.asyncProperty(
      recipe(9),
      fc.array(change, { maxLength: 2 }),
      fc.tuple(change, change),
      async (made, steps, [one, other]) => {
        fc.pre(isIndependent(one, other))
        const ends = []
        for (const both of [
          [one, other],
          [other, one],
        ]) {
          const world = await worldOf(database, { ...made, totals: { north: 50, south: 50, book: 50 } })
          for (const each of [...steps, ...both]) {
            await take(world, each)
            await world.rest()
          }
          ends.push(await world.rows())
        }
        expect(ends[1]).toEqual(ends[0])
      },
    ),
    worlds(6),
  )
})
