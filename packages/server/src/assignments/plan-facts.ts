/**
 * The sets of a plan (A4): what the assignments of an asset resolve to, joined with the licenses there are, each row with
 * its part in the plan. Counted in one pass; the first few of each part come along as a sample.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import { countClasses, hasClasses } from './plan-classes.ts'
import type { Pool } from './pool.ts'
import { keptTable, policiesOf } from './release.ts'
import { resolved } from './resolve.ts'
import { type Rule, savedRules } from './rules.ts'

/** The asset whose plan is worked out. */
export interface PlannedPool
  extends Pick<Pool, 'id' | 'location_id' | 'is_book' | 'others' | 'device_assignable'> {
  readonly unlimited: boolean
  readonly total: number
  readonly retired: number
  readonly used: number
  readonly revocable: boolean
}

/** What becomes of a device or person. `elsewhere`: has the title from another pool (C3). */
export type Part = 'withheld' | 'elsewhere' | 'wanting' | 'kept' | 'superfluous' | 'policy' | 'unfit' | 'none'

/**
 * Rows `(kind, holder, device_id, user_id, intent, offered, license_type, assignment_id, priority, of_user, enrolment,
 * unfit, ours, until, part)`. By the saved assignments: whoever plans has saved the wanted ones in a transaction that is
 * rolled back.
 */
export async function partsOf(tx: Db | Tx, pool: PlannedPool, now: Date): Promise<RawBuilder<unknown>> {
  const rules = await savedRules(tx, pool.id)
  const rows = await resolved(tx, { assetId: pool.id, rules, isBook: pool.is_book })
  const policies = await policiesOf(tx, { pool, now })
  const asset = sql`location_id = ${pool.location_id} AND asset_id = ${pool.id}`
  const elsewhere =
    pool.others.length === 0
      ? sql`false`
      : sql`EXISTS (SELECT FROM licenses o WHERE o.holder = r.holder AND o.holder_kind = r.kind
          AND o.asset_id = ANY(${[...pool.others]}::int[]) AND o.state <> 'releasing')`
  const removed =
    policies !== null && rules.some(({ intent }) => intent === 'uninstall')
      ? removedFromPerson(rows)
      : sql`false`
  return sql`
    SELECT coalesce(r.kind, l.holder_kind) AS kind, coalesce(r.holder, l.holder) AS holder, r.device_id, r.user_id,
      r.intent, r.offered, r.license_type, r.assignment_id, r.priority, r.of_user, r.enrolment, r.unfit, l.ours,
      y.until,
      CASE
        WHEN r.wants AND r.withheld THEN 'withheld'
        WHEN r.wants AND r.unfit IS NULL AND (l.holder IS NULL OR l.state = 'releasing')
          THEN CASE WHEN ${elsewhere} THEN 'elsewhere' ELSE 'wanting' END
        WHEN r.wants AND r.unfit IS NULL THEN 'kept'
        WHEN l.ours AND l.state <> 'releasing' THEN CASE WHEN y.until IS NULL THEN 'superfluous' ELSE 'policy' END
        WHEN r.intent = 'required' AND r.unfit IS NOT NULL THEN 'unfit'
        ELSE 'none'
      END AS part
    FROM (${wantingRows(pool, rows)}) AS r
    FULL JOIN (SELECT holder_kind, holder, state, ours, assignment_id, keep_until FROM licenses
      WHERE ${asset}) AS l ON l.holder_kind = r.kind AND l.holder = r.holder
    LEFT JOIN (${keptTable(policies)}) AS y ON y.assignment_id = l.assignment_id
      AND y.event = CASE WHEN (r.intent = 'uninstall' AND r.unfit IS NULL) OR ${removed} THEN 'uninstall'
        WHEN r.unfit = 'left_management' THEN 'device_left' WHEN r.holder IS NOT NULL THEN 'unassigned'
        WHEN l.holder_kind = 'device' AND NOT EXISTS (SELECT FROM devices d WHERE d.serial_number = l.holder
          AND d.management_ended_at IS NULL)
          THEN 'device_left'
        WHEN l.holder_kind = 'user' AND NOT EXISTS (SELECT FROM users u
          WHERE u.client_user_id::text = l.holder AND u.active) THEN 'user_left' ELSE 'unassigned' END`
}

/** Whether the license `l` is of a person from whose devices the app is removed; asked only where a policy may keep it. */
const removedFromPerson = (rows: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(l.holder_kind = 'user' AND l.holder IN (SELECT u.client_user_id::text FROM (${rows}) AS x
    JOIN users u ON u.id = x.of_user AND u.active WHERE x.intent = 'uninstall' AND x.unfit IS NULL))`

/** Resolved rows with their kind, and whether they want a license. */
function wantingRows(pool: PlannedPool, rows: RawBuilder<unknown>): RawBuilder<unknown> {
  const asset = sql`t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id}`
  // Few rows each, by an index of their own: only what was taken back by hand, and what was asked for.
  const marked = sql`
    SELECT t.device_id, t.user_id, t.intent, t.license_type, bool_or(t.withheld_by IS NOT NULL) AS withheld,
      bool_or(t.asked_at IS NOT NULL) AS asked
    FROM (SELECT * FROM targets t WHERE ${asset} AND t.withheld_by IS NOT NULL
      UNION ALL SELECT * FROM targets t WHERE ${asset} AND t.asked_at IS NOT NULL) AS t
    GROUP BY t.device_id, t.user_id, t.intent, t.license_type`
  // Whoever is meant otherwise than before is withheld no more.
  const stays = (mark: RawBuilder<unknown>) =>
    sql`(${mark}.withheld AND ${mark}.intent = s.intent AND ${mark}.license_type = s.license_type)`
  return sql`
    SELECT s.*, s.takes AND (s.intent = 'required' OR (coalesce(m.asked, n.asked, false) AND s.intent <> 'uninstall')) AS wants,
      coalesce(${stays(sql`m`)}, ${stays(sql`n`)}, false) AS withheld
    FROM (SELECT x.*, CASE WHEN x.user_id IS NULL THEN 'device' ELSE 'user' END::holder_kind AS kind,
        x.user_id IS NOT NULL OR x.license_type = 'device' AS takes FROM (${rows}) AS x) AS s
    LEFT JOIN (${marked}) AS m ON m.device_id = s.device_id LEFT JOIN (${marked}) AS n ON n.user_id = s.user_id`
}

/** What was counted. */
export interface PlanCounts {
  readonly devices: number
  readonly people: number
  readonly wanting: number
  readonly superfluous: number
  readonly policy: number
  readonly kept: number
  readonly kept_outside: number
  readonly elsewhere: number
  readonly withheld: number
  readonly unfit: number
  readonly unfit_by: Readonly<Record<string, number>>
  readonly uninstalls: number
  readonly offered: number
  readonly joining: number
  readonly moving: number
  /** People whose devices get device licenses in the place of the user license that comes back. */
  readonly replaced: number
  readonly installs: readonly {
    readonly enrolment: string
    readonly license: 'device' | 'user'
    readonly n: number
  }[]
  /** Changes when any device or person changes its part in the plan. */
  readonly mark: string
}

/** A row of a sample, or of a list. */
export interface PartRow {
  readonly part: Part
  readonly kind: 'device' | 'user'
  readonly holder: string
  readonly device_id: number | null
  readonly user_id: number | null
  readonly name: string | null
  readonly intent: string | null
  readonly unfit: string | null
  readonly until: string | null
  readonly place: number
}

/** The most rows of a sample. */
export const sampleSize = 20

/** What a plan counts, and the first few of each part. */
export interface PlanFound {
  readonly counts: PlanCounts
  readonly sample: readonly PartRow[]
}

/** Counts the parts: by classes where that is possible, else row by row. */
export async function findPlan(tx: Db | Tx, pool: PlannedPool, now: Date): Promise<PlanFound> {
  const rules = await savedRules(tx, pool.id)
  if (!(await hasClasses(tx, { pool, rules })))
    return countParts(tx, pool, { parts: await partsOf(tx, pool, now), rules })
  return countClasses(tx, { pool, rules, policies: await policiesOf(tx, { pool, now }), sampleSize })
}

/** Counts the parts row by row: where people hold licenses, or by many rules. */
export async function countParts(
  tx: Db | Tx,
  pool: PlannedPool,
  { parts, rules }: { readonly parts: RawBuilder<unknown>; readonly rules: readonly Rule[] },
): Promise<PlanFound> {
  const { rows } = await sql<{ counts: PlanCounts; sample: PartRow[] | null }>`
    WITH p AS MATERIALIZED (${parts}), c AS (
      SELECT (count(*) FILTER (WHERE device_id IS NOT NULL))::int AS devices,
        (count(*) FILTER (WHERE user_id IS NOT NULL))::int AS people,
        (count(*) FILTER (WHERE part = 'wanting'))::int AS wanting,
        (count(*) FILTER (WHERE part = 'superfluous'))::int AS superfluous,
        (count(*) FILTER (WHERE part = 'policy'))::int AS policy,
        (count(*) FILTER (WHERE part = 'kept'))::int AS kept,
        (count(*) FILTER (WHERE part = 'kept' AND NOT ours))::int AS kept_outside,
        (count(*) FILTER (WHERE part = 'elsewhere'))::int AS elsewhere,
        (count(*) FILTER (WHERE part = 'withheld'))::int AS withheld,
        (count(*) FILTER (WHERE part = 'unfit'))::int AS unfit,
        (count(*) FILTER (WHERE device_id IS NOT NULL AND intent = 'uninstall'))::int AS uninstalls,
        (count(*) FILTER (WHERE offered AND unfit IS NULL AND intent <> 'required'
          AND (user_id IS NOT NULL OR license_type = 'device')))::int AS offered,
        coalesce(bit_xor(hashtextextended(holder, CASE part WHEN 'wanting' THEN 1 WHEN 'kept' THEN 2
          WHEN 'superfluous' THEN 3 WHEN 'unfit' THEN 4 WHEN 'withheld' THEN 5 WHEN 'policy' THEN 6 WHEN 'elsewhere' THEN 7
          ELSE 0 END)), 0)::text AS mark
      FROM p
    )
    SELECT to_jsonb(c) || jsonb_build_object(
        'unfit_by', CASE WHEN c.unfit = 0 THEN '{}' ELSE (SELECT jsonb_object_agg(u.unfit, u.n) FROM (
          SELECT unfit, count(*)::int AS n FROM p WHERE part = 'unfit' GROUP BY unfit) AS u) END,
        'joining', ${joining(pool, rules)}, 'moving', ${moving(pool, rules)},
        'replaced', ${replaced(pool, rules)},
        'installs', coalesce((SELECT jsonb_agg(i) FROM (${installs(rules)}) AS i), '[]')) AS counts,
      (SELECT jsonb_agg(s) FROM (${samples}) AS s) AS sample
    FROM c`.execute(tx)
  const [found] = rows
  if (found === undefined) throw new Error('A plan without counts')
  return { counts: found.counts, sample: found.sample ?? [] }
}

const givesToPeople = (rules: readonly Rule[], pool: Pick<PlannedPool, 'is_book'>): boolean =>
  pool.is_book || rules.some(({ license, mode }) => license === 'user' && mode === 'include')

/** People who are not known to Apple at this location as having joined. */
function joining(pool: PlannedPool, rules: readonly Rule[]): RawBuilder<unknown> {
  if (!givesToPeople(rules, pool)) return sql`0`
  return sql`(SELECT count(*)::int FROM p WHERE p.part = 'wanting' AND p.kind = 'user' AND NOT EXISTS (
    SELECT FROM apple_users k WHERE k.location_id = ${pool.location_id} AND k.client_user_id = p.holder
      AND k.status = 'Associated') AND NOT EXISTS (SELECT FROM users u
        WHERE u.id = p.user_id AND u.managed_apple_account IS NOT NULL))`
}

/** Devices that are to have a device license while their person holds a user license of the same asset (L12). */
function moving(pool: PlannedPool, rules: readonly Rule[]): RawBuilder<unknown> {
  if (pool.is_book || rules.every(({ license }) => license === 'user')) return sql`0`
  return sql`(SELECT CASE WHEN EXISTS (SELECT FROM licenses l WHERE l.location_id = ${pool.location_id}
      AND l.asset_id = ${pool.id} AND l.holder_kind = 'user' AND l.ours)
    THEN (SELECT count(*)::int FROM p JOIN users u ON u.id = p.of_user JOIN licenses l
      ON l.location_id = ${pool.location_id} AND l.asset_id = ${pool.id} AND l.holder_kind = 'user'
        AND l.holder = u.client_user_id::text AND l.state <> 'releasing' AND l.ours
      WHERE p.part = 'wanting' AND p.kind = 'device') ELSE 0 END)`
}

/** Of what comes back: user licenses in whose place the person's devices have device licenses, so that nothing stops. */
function replaced(pool: PlannedPool, rules: readonly Rule[]): RawBuilder<unknown> {
  if (pool.is_book || rules.every(({ license }) => license === 'user')) return sql`0`
  return sql`(SELECT count(*)::int FROM p JOIN users u ON u.client_user_id::text = p.holder
    WHERE p.kind = 'user' AND p.part = 'superfluous' AND EXISTS (SELECT FROM p AS d
      WHERE d.of_user = u.id AND d.kind = 'device' AND d.part IN ('wanting', 'kept')))`
}

/** On which kinds of devices the app will be installed anew, with which license. */
function installs(rules: readonly Rule[]): RawBuilder<unknown> {
  const ofDevices = sql`SELECT enrolment, 'device' AS license, count(*)::int AS n FROM p
    WHERE part = 'wanting' AND kind = 'device' GROUP BY enrolment`
  if (!rules.some(({ license }) => license === 'user')) return ofDevices
  return sql`${ofDevices} UNION ALL
    SELECT p.enrolment, 'user', count(*)::int FROM p JOIN p AS person ON person.user_id = p.of_user AND person.part = 'wanting'
    WHERE p.device_id IS NOT NULL AND p.license_type = 'user' AND p.intent = 'required' AND p.unfit IS NULL
    GROUP BY p.enrolment`
}

/** The first of each part. */
const samples = sql`SELECT q.*, ${nameOf(sql`q`)} AS name FROM unnest('{wanting,superfluous,policy,unfit}'::text[]) AS w(part)
  CROSS JOIN LATERAL (
    SELECT p.part, p.kind, p.holder, p.device_id, p.user_id, p.intent, p.unfit, p.until::text AS until, 0 AS place
    FROM p WHERE p.part = w.part ORDER BY p.kind, p.holder LIMIT ${sampleSize}) AS q`

/** The name of the device or person of a row. */
export function nameOf(row: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`CASE WHEN ${row}.device_id IS NOT NULL THEN (SELECT d.name FROM devices d WHERE d.id = ${row}.device_id)
    WHEN ${row}.kind = 'user' THEN (SELECT coalesce(nullif(u.name, ''), u.user_name) FROM users u
      WHERE u.client_user_id::text = ${row}.holder) END`
}

/** Those who want a license in the order of the queue, from a place on. */
export async function wantingInOrder(
  tx: Db | Tx,
  pool: PlannedPool,
  page: { readonly parts: RawBuilder<unknown>; readonly from: number; readonly limit: number },
): Promise<readonly PartRow[]> {
  const { rows } = await sql<PartRow>`
    SELECT w.*, ${nameOf(sql`w`)} AS name FROM (SELECT o.*, row_number() OVER () AS n FROM (${ordered(pool, page.parts)}
      OFFSET ${page.from} LIMIT ${page.limit}) AS o) AS w ORDER BY w.n`.execute(tx)
  return rows.map((row, index) => ({ ...row, place: page.from + index + 1 }))
}

/** Keeps those who want a license, with their place in the queue, as `plan_queue` until the transaction ends. */
export async function storeQueue(tx: Tx, pool: PlannedPool, parts: RawBuilder<unknown>): Promise<void> {
  await sql`CREATE TEMP TABLE plan_queue ON COMMIT DROP AS
    SELECT o.*, (row_number() OVER ())::int AS place FROM (${ordered(pool, parts)}) AS o`.execute(tx)
}

/** The assignment by which each of those wants it, in the order of the queue: what reserves and quotas go by. */
export async function assignmentsInOrder(
  tx: Db | Tx,
  pool: PlannedPool,
  parts: RawBuilder<unknown>,
): Promise<readonly number[]> {
  const { rows } = await sql<{ ids: number[] | null }>`
    SELECT array_agg(o.assignment_id ORDER BY o.n) AS ids FROM (
      SELECT q.assignment_id, row_number() OVER () AS n FROM (${ordered(pool, parts)}) AS q) AS o`.execute(tx)
  return rows[0]?.ids ?? []
}

function ordered(pool: PlannedPool, parts: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    SELECT q.part, q.kind, q.holder, q.device_id, q.user_id, q.intent, q.unfit, NULL AS until, q.assignment_id
    FROM (SELECT p.part, p.kind, p.holder, p.device_id, p.user_id, p.intent, p.unfit, p.assignment_id, p.priority,
        coalesce(t.entered_at, v.entered_at) AS entered_at
      FROM (${parts}) AS p
      LEFT JOIN targets t ON t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id}
        AND t.device_id = p.device_id AND t.wants AND t.intent = p.intent AND t.license_type = p.license_type
      LEFT JOIN targets v ON v.location_id = ${pool.location_id} AND v.asset_id = ${pool.id}
        AND v.user_id = p.user_id AND v.wants AND v.intent = p.intent
      WHERE p.part = 'wanting') AS q
    ORDER BY q.priority DESC, q.entered_at NULLS LAST, q.device_id, q.user_id`
}
