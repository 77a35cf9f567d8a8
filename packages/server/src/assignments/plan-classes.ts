/**
 * The counts of a plan for device licenses (A4), the common case: devices that the same rules reach, of the same profile,
 * with the same license, have the same part in the plan. So devices are only put into classes, which is hardly more work
 * than the bare set difference, and everything else is decided for each class.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import type { PartRow, PlanCounts, PlannedPool } from './plan-facts.ts'
import { isSmall, signedReach } from './reach.ts'
import { keptTable, type Policies } from './release.ts'
import { profilesFor, unfitBy, verdictsOf } from './resolve.ts'
import type { Rule } from './rules.ts'

/** What is counted. */
export interface Counting {
  readonly pool: PlannedPool
  readonly rules: readonly Rule[]
  readonly policies: Policies | null
  /** The most rows of a sample. */
  readonly sampleSize: number
}

/**
 * Whether a plan can be counted by classes: only devices get licenses, by not too many rules, no
 * person has a license that may have to come back, and nothing was taken back by hand but what is required.
 */
export async function hasClasses(
  tx: Db | Tx,
  { pool, rules }: Pick<Counting, 'pool' | 'rules'>,
): Promise<boolean> {
  const onlyDevices = rules.every(({ license, mode }) => license === 'device' || mode === 'exclude')
  if (pool.is_book || !onlyDevices || !isSmall(rules)) return false
  const { rows } =
    await sql`SELECT FROM licenses WHERE location_id = ${pool.location_id} AND asset_id = ${pool.id}
    AND holder_kind = 'user' AND ours
    UNION ALL SELECT FROM targets WHERE location_id = ${pool.location_id} AND asset_id = ${pool.id}
      AND withheld_by IS NOT NULL AND (intent <> 'required' OR license_type <> 'device') LIMIT 1`.execute(tx)
  return rows.length === 0
}

/** Counts the parts, with the first few of each. */
export async function countClasses(
  tx: Db | Tx,
  counting: Counting,
): Promise<{ readonly counts: PlanCounts; readonly sample: readonly PartRow[] }> {
  const { rows } = await sql<{ counts: PlanCounts; shown: ShownClass[] | null }>`
    WITH c AS MATERIALIZED (${await classes(tx, counting)})
    SELECT (SELECT to_jsonb(t) FROM (${totals()}) AS t) AS counts, (SELECT jsonb_agg(k) FROM (
      SELECT part, mix, profile::text AS profile, ${counting.policies === null ? sql`0` : sql`given_by`} AS given_by, intent,
        unfit, until::text AS until FROM c WHERE part = ANY(${shownParts}::text[])) AS k) AS shown`.execute(
    tx,
  )
  const [found] = rows
  if (found === undefined) throw new Error('A plan without counts')
  const { counts, shown } = found
  const sample: PartRow[] = []
  for (const part of shownParts) {
    const some = (shown ?? []).filter((each) => each.part === part)
    if (some.length > 0) sample.push(...(await sampleOf(tx, counting, { part, some, count: counts[part] })))
  }
  return { counts, sample }
}

/** The parts of which a plan shows some. */
const shownParts = ['wanting', 'superfluous', 'policy', 'unfit'] as const

/** A class of a shown part. */
interface ShownClass {
  readonly part: (typeof shownParts)[number]
  readonly mix: number
  readonly profile: string
  readonly given_by: number
  readonly intent: string | null
  readonly unfit: string | null
  readonly until: string | null
}

/**
 * What a class is made of; never null, so that classes can be compared. `mix` holds, from the lowest bit on, the signature
 * (10 bits), the license (2: none, ours, outside, on its way back), the mark (2: none, withheld, asked for), whether the
 * title is had from another pool, and whether the device has left. Which assignment gave a license matters only where a
 * policy keeps some.
 */
const keysOf = ({ policies }: Pick<Counting, 'policies'>): RawBuilder<unknown> =>
  sql.raw(policies === null ? 'mix, profile' : 'mix, profile, given_by')

/**
 * Rows of every device that the rules reach and of every holder of a license, with the class of each; of one of the two
 * sides only when that is all that is looked for.
 */
async function devicesAndLicenses(
  tx: Db | Tx,
  { pool, rules, policies }: Counting,
  join: 'FULL JOIN' | 'LEFT JOIN' | 'RIGHT JOIN' = 'FULL JOIN',
): Promise<RawBuilder<unknown>> {
  const asset = sql`location_id = ${pool.location_id} AND asset_id = ${pool.id}`
  const marks = await marksOf(tx, pool)
  const mix = [sql`coalesce(d.signature, 0)`, sql`coalesce(l.flag, 0)`, ...marks.bits]
  if (pool.others.length > 0) {
    mix.push(sql`CASE WHEN EXISTS (SELECT FROM licenses o WHERE o.holder = d.holder AND o.holder_kind = 'device'
      AND o.asset_id = ANY(${[...pool.others]}::int[]) AND o.state <> 'releasing') THEN 16384 ELSE 0 END`)
  }
  if (policies !== null) {
    mix.push(sql`CASE WHEN d.holder IS NULL AND NOT EXISTS (SELECT FROM devices g WHERE g.serial_number = l.holder
        AND g.management_ended_at IS NULL)
      THEN 32768 ELSE 0 END`)
  }
  return sql`
    SELECT d.device_id, CASE WHEN d.device_id IS NULL THEN l.holder END AS stray, ${sql.join(mix, sql` + `)} AS mix,
      coalesce(d.profile, 0) AS profile ${policies === null ? sql`` : sql`, coalesce(l.assignment_id, 0) AS given_by`}
    FROM (SELECT s.device_id, s.signature, v.serial_number AS holder, v.profile
      FROM (${signedReach({ assetId: pool.id, rules })}) AS s JOIN devices v ON v.id = s.device_id) AS d
    ${sql.raw(join)} (SELECT holder, assignment_id, CASE WHEN state = 'releasing' THEN 3072 WHEN ours THEN 1024 ELSE 2048 END AS flag
      FROM licenses WHERE ${asset} AND holder_kind = 'device') AS l ON l.holder = d.holder
    ${marks.join}`
}

/** What was taken back by hand, and what was asked for: few devices, so they are only joined when there are some. */
async function marksOf(
  tx: Db | Tx,
  pool: PlannedPool,
): Promise<{ readonly bits: readonly RawBuilder<unknown>[]; readonly join: RawBuilder<unknown> }> {
  const asset = sql`t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id} AND t.device_id IS NOT NULL`
  const marked = sql`SELECT t.device_id, 4096 AS bit FROM targets t WHERE ${asset} AND t.withheld_by IS NOT NULL
    UNION ALL SELECT t.device_id, 8192 FROM targets t WHERE ${asset} AND t.asked_at IS NOT NULL AND t.withheld_by IS NULL`
  const { rows } = await sql`SELECT FROM (${marked}) AS m LIMIT 1`.execute(tx)
  if (rows.length === 0) return { bits: [], join: sql`` }
  return {
    bits: [sql`coalesce(m.bit, 0)`],
    join: sql`LEFT JOIN (${marked}) AS m ON m.device_id = d.device_id`,
  }
}

/** The classes with how many they are, and what was decided of each. */
async function classes(tx: Db | Tx, counting: Counting): Promise<RawBuilder<unknown>> {
  const { pool, rules, policies } = counting
  const keys = keysOf({ policies })
  const verdicts = await verdictsOf(tx, { assetId: pool.id, rules, isBook: false })
  const unfit = unfitBy(sql`p`, verdicts.intent, verdicts.license)
  return sql`
    SELECT k.*, y.until, CASE
        WHEN k.intent = 'required' AND k.marked = 1 THEN 'withheld'
        WHEN k.wants AND k.unfit IS NULL AND k.flag IN (0, 3) THEN CASE WHEN k.elsewhere THEN 'elsewhere' ELSE 'wanting' END
        WHEN k.wants AND k.unfit IS NULL THEN 'kept'
        WHEN k.flag = 1 THEN CASE WHEN y.until IS NULL THEN 'superfluous' ELSE 'policy' END
        WHEN k.intent = 'required' AND k.unfit IS NOT NULL THEN 'unfit'
        ELSE 'none' END AS part
    FROM (
      SELECT d.*, d.intent = 'required' OR (d.marked = 2 AND d.intent <> 'uninstall') AS wants,
        -- Who holds a license keeps it when an update of the app needs a newer system: what is installed runs on.
        CASE WHEN d.flag IN (1, 2) AND d.misfit IN ('wrong_family', 'os_too_old') THEN NULL ELSE d.misfit END AS unfit
      FROM (
        SELECT s.*, p.enrolment, CASE WHEN s.signature > 0 THEN ${verdicts.intent} END AS intent,
          CASE WHEN s.signature > 0 THEN ${offeredOf(verdicts)} END AS offered,
          CASE WHEN s.signature > 0 THEN ${unfit} END AS misfit
        FROM (SELECT g.*, g.mix & 1023 AS signature, g.mix >> 10 & 3 AS flag, g.mix >> 12 & 3 AS marked,
            g.mix >> 14 & 1 = 1 AS elsewhere, g.mix >> 15 & 1 = 1 AS has_left
          FROM (SELECT ${keys}, count(*)::int AS n, bit_xor(CASE WHEN device_id IS NULL THEN hashtextextended(stray, 0)
              ELSE hashint8extended(device_id, 0) END) AS mark
            FROM (${await devicesAndLicenses(tx, counting)}) AS r GROUP BY ${keys}) AS g) AS s
        LEFT JOIN (${profilesFor(pool.id)}) AS p ON p.profile = s.profile
      ) AS d
    ) AS k
    LEFT JOIN (${keptTable(policies)}) AS y ON y.assignment_id = ${policies === null ? sql`0` : sql`k.given_by`} AND y.event = CASE
      WHEN k.intent = 'uninstall' AND k.unfit IS NULL THEN 'uninstall'
      WHEN k.has_left OR k.unfit = 'left_management' THEN 'device_left' ELSE 'unassigned' END`
}

const offeredOf = ({ columns }: { readonly columns: RawBuilder<unknown> }) =>
  sql`(SELECT v.offered FROM (SELECT ${columns}) AS v)`

/** The counts over all classes. */
function totals(): RawBuilder<unknown> {
  const sum = (condition: RawBuilder<unknown>) => sql`coalesce(sum(n) FILTER (WHERE ${condition}), 0)::int`
  const part = (name: string) => sum(sql`part = ${sql.lit(name)}`)
  return sql`
    SELECT ${sum(sql`intent IS NOT NULL`)} AS devices, 0 AS people, ${part('wanting')} AS wanting,
      ${part('superfluous')} AS superfluous, ${part('policy')} AS policy, ${part('kept')} AS kept,
      ${sum(sql`part = 'kept' AND flag = 2`)} AS kept_outside, ${part('elsewhere')} AS elsewhere,
      ${part('withheld')} AS withheld, ${part('unfit')} AS unfit, ${sum(sql`intent = 'uninstall'`)} AS uninstalls,
      ${sum(sql`offered AND unfit IS NULL AND intent <> 'required'`)} AS offered,
      coalesce((SELECT jsonb_object_agg(u.unfit, u.n) FROM (SELECT unfit, sum(n)::int AS n FROM c WHERE part = 'unfit'
        GROUP BY unfit) AS u), '{}') AS unfit_by,
      0 AS joining, 0 AS moving, 0 AS replaced,
      coalesce((SELECT jsonb_agg(i) FROM (SELECT enrolment, 'device' AS license, sum(n)::int AS n FROM c
        WHERE part = 'wanting' GROUP BY enrolment) AS i), '[]') AS installs,
      coalesce((SELECT jsonb_object_agg(h.part, h.mark) FROM (SELECT part, bit_xor(mark)::text AS mark FROM c
        GROUP BY part) AS h), '{}')::text AS mark
    FROM c`
}

/** Of more than so many a sample need not be the first: whoever is found at once will do. */
const sortedAtMost = 2000

/** The first of a part: of those who want a license as they were added, of the others by serial number. */
async function sampleOf(
  tx: Db | Tx,
  counting: Counting,
  {
    part,
    some,
    count,
  }: { readonly part: ShownClass['part']; readonly some: readonly ShownClass[]; readonly count: number },
): Promise<readonly PartRow[]> {
  const isOfLicenses = part === 'superfluous' || part === 'policy'
  const rows = await devicesAndLicenses(tx, counting, isOfLicenses ? 'RIGHT JOIN' : 'LEFT JOIN')
  const order = part === 'wanting' ? sql`r.device_id` : sql`holder`
  const found = await sql<PartRow>`
    SELECT ${part} AS part, 'device' AS kind, coalesce(d.serial_number, r.stray) AS holder, r.device_id,
      NULL::int AS user_id, r.intent, r.unfit, r.until, 0 AS place, d.name
    FROM (SELECT r.stray, r.device_id, c.intent, c.unfit, c.until FROM (${rows}) AS r
      JOIN unnest(${some.map(({ mix }) => mix)}::int[], ${some.map(({ profile }) => profile)}::bigint[],
          ${some.map((each) => each.given_by)}::int[], ${some.map(({ intent }) => intent)}::text[],
          ${some.map(({ unfit }) => unfit)}::text[], ${some.map(({ until }) => until)}::text[])
        AS c(mix, profile, given_by, intent, unfit, until) USING (${keysOf(counting)})
      LIMIT ${count > sortedAtMost ? counting.sampleSize : sortedAtMost}) AS r
    LEFT JOIN devices d ON d.id = r.device_id ORDER BY ${order} LIMIT ${counting.sampleSize}`.execute(tx)
  return found.rows
}
