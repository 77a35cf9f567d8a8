/**
 * From assignments to targets (A1, A2): for which devices and people an asset is meant, how, and by which rule.
 *
 * The rules themselves are pure functions in `core/assignments`. The database finds for each device the set of rules that
 * reach it, and joins it with the table of their verdicts; all of it is one set.
 */
import { allVerdicts, type SignedVerdict, type Verdict, verdictOn } from '@apportion/core/assignments/decide'
import { enrolmentKinds, licenseRefusal } from '@apportion/core/assignments/license-rule'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import { isSmall, type Reaching, signedPeople, signedReach } from './reach.ts'

/** What is resolved: an asset by its rules, for all devices or only some. */
export interface Resolving extends Reaching {
  readonly isBook: boolean
}

/**
 * Rows `(device_id, user_id, holder, intent, offered, license_type, assignment_id, priority, of_user, enrolment, unfit)` for every
 * device and every person whom the rules reach. A person stands in a row of its own, beside the devices, where user
 * licenses are meant: the devices share that license. `unfit` is null where the asset can go, and else why not:
 * `wrong_platform`, `wrong_family`, `os_too_old` (C2), or why a license of this type does not work there (1.4 of Intune's
 * rules). Who holds a license keeps it when an update of the app needs a newer system: what is installed runs on.
 */
export async function resolved(db: Db | Tx, resolving: Resolving): Promise<RawBuilder<unknown>> {
  const verdicts = await verdictsOf(db, resolving)
  if (resolving.isBook) return booksOf(resolving, verdicts)
  const devices = devicesOf(resolving, verdicts)
  if (resolving.rules.every((rule) => rule.license === 'device' || rule.mode === 'exclude')) return devices
  return sql`WITH of_devices AS MATERIALIZED (${devices}) SELECT * FROM of_devices UNION ALL (${peopleOf})`
}

function devicesOf({ assetId, ...resolving }: Resolving, verdicts: Verdicts): RawBuilder<unknown> {
  return sql`
    SELECT f.device_id, NULL::int AS user_id, f.holder, f.intent, f.offered, f.license_type, f.assignment_id, f.priority,
      f.of_user, f.enrolment,
      CASE WHEN f.unfit IN ('wrong_family', 'os_too_old') AND EXISTS (SELECT FROM licenses l
        WHERE l.location_id = f.location_id AND l.asset_id = ${assetId} AND l.holder_kind = 'device'
          AND l.holder = f.holder AND l.state <> 'releasing') THEN NULL ELSE f.unfit END AS unfit
    FROM (
      SELECT s.device_id, d.serial_number AS holder, ${verdicts.columns}, d.user_id AS of_user, p.location_id, p.enrolment,
        ${unfitBy(sql`p`, sql`${verdicts.intent}`, sql`${verdicts.license}`)} AS unfit
      FROM (${signedReach({ assetId, ...resolving })}) AS s ${verdicts.join}
      JOIN devices d ON d.id = s.device_id JOIN (${profilesFor(assetId)}) AS p ON p.profile = d.profile
      WHERE ${verdicts.intent} IS NOT NULL
    ) AS f`
}

/** Why something does not go to a device of the profile `p`, for an intent and a type of license. */
export function unfitBy(
  p: RawBuilder<unknown>,
  intent: RawBuilder<unknown>,
  license: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`coalesce(CASE WHEN ${p}.has_left THEN 'left_management' WHEN ${intent} = 'uninstall' THEN NULL WHEN ${license} = 'device' THEN ${p}.refusal_device
    ELSE ${p}.refusal_user END, ${p}.unfit_title)`
}

/**
 * Rows `(profile, location_id, enrolment, has_left, refusal_device, refusal_user, unfit_title)`: what an asset is to each profile of
 * devices that occurs. Hops from profile to profile through the index.
 */
export function profilesFor(assetId: number): RawBuilder<unknown> {
  return sql`
    WITH RECURSIVE hops AS (
      (SELECT d.profile FROM devices d ORDER BY d.profile LIMIT 1)
      UNION ALL
      SELECT n.profile FROM hops h CROSS JOIN LATERAL (
        SELECT d.profile FROM devices d WHERE d.profile > h.profile ORDER BY d.profile LIMIT 1) AS n
    ), profiles AS MATERIALIZED (
      SELECT h.profile, e.*, t.location_id, unfit_reason_of(e.platform, e.os_rank, e.handheld, t.platforms, t.families,
          t.kind, t.minimum) AS unfit_title
      FROM hops h CROSS JOIN LATERAL (SELECT d.platform, d.os_rank, d.handheld, d.user_id IS NOT NULL AS has_user,
          d.management_ended_at IS NOT NULL AS has_left,
          enrolment_kind(d.enrollment_type, d.kiosk, d.ownership, d.supervised) AS enrolment
        FROM devices d WHERE d.profile = h.profile LIMIT 1) AS e
      CROSS JOIN (${titleOf(assetId)}) AS t
    )
    SELECT p.profile, p.location_id, p.enrolment, p.has_left, p.unfit_title, ${refusalOf('device')} AS refusal_device,
      ${refusalOf('user')} AS refusal_user FROM profiles p`
}

/** The person of each device that needs a user license, once. */
const peopleOf = sql`
  SELECT NULL::int AS device_id, p.of_user AS user_id, u.client_user_id::text AS holder, p.intent, p.offered,
    'user'::text AS license_type, p.assignment_id, p.priority, p.of_user, NULL::text AS enrolment, NULL::text AS unfit
  FROM (
    SELECT DISTINCT ON (d.of_user) d.of_user, CASE WHEN d.intent = 'required' THEN 'required' ELSE 'available' END AS intent,
      d.offered, d.assignment_id, d.priority
    FROM of_devices d WHERE d.license_type = 'user' AND d.unfit IS NULL AND d.intent <> 'uninstall'
    ORDER BY d.of_user, d.intent = 'required' DESC, d.priority DESC, d.assignment_id
  ) AS p JOIN users u ON u.id = p.of_user AND u.active`

/** Books go to people, with or without a device. */
function booksOf({ rules }: Resolving, verdicts: Verdicts): RawBuilder<unknown> {
  return sql`
    SELECT NULL::int AS device_id, b.user_id, b.holder, b.intent, b.offered, 'user'::text AS license_type,
      b.assignment_id, b.priority, b.user_id AS of_user, NULL::text AS enrolment, NULL::text AS unfit
    FROM (SELECT s.user_id, u.client_user_id::text AS holder, ${verdicts.columns}
      FROM (${signedPeople({ rules })}) AS s ${verdicts.join} JOIN users u ON u.id = s.user_id) AS b
    WHERE b.intent IS NOT NULL`
}

/** What an asset's title needs of a device. */
function titleOf(assetId: number): RawBuilder<unknown> {
  return sql`SELECT a.location_id, title_platforms(a.platforms, coalesce(s.families, '{}')) AS platforms,
      coalesce(s.families, '{}') AS families, os_minimum(s.minimum_os) AS minimum,
      CASE WHEN a.product_type = 'Book' THEN 'book' ELSE s.kind END AS kind
    FROM assets a JOIN locations l ON l.id = a.location_id
    LEFT JOIN titles s ON s.country = l.country AND s.adam_id = a.adam_id WHERE a.id = ${assetId} OFFSET 0`
}

/** Why a license of a type does not work on devices of the profile `p`, by the table of `core/assignments`. */
function refusalOf(license: 'device' | 'user'): RawBuilder<unknown> {
  const whens = enrolmentKinds.flatMap((enrolment) =>
    [true, false].flatMap((hasUser) => {
      const refusal = licenseRefusal({ enrolment, license, hasUser })
      if (refusal === null) return []
      return [
        sql`WHEN p.enrolment = ${sql.lit(enrolment)} AND p.has_user = ${sql.lit(hasUser)} THEN ${sql.lit(refusal)}::text`,
      ]
    }),
  )
  return whens.length === 0 ? sql`NULL::text` : sql`CASE ${sql.join(whens, sql` `)} END`
}

/**
 * How rows `s` with a signature get their verdict: `intent` is null where nothing is meant. Few signatures are looked up in
 * arrays, since the planner cannot guess how many rows a join with a table of verdicts leaves.
 */
export interface Verdicts {
  readonly join: RawBuilder<unknown>
  readonly intent: RawBuilder<unknown>
  readonly license: RawBuilder<unknown>
  /** `intent, offered, license_type, assignment_id, priority`. */
  readonly columns: RawBuilder<unknown>
  readonly rows: readonly VerdictRow[]
}

export interface VerdictRow {
  readonly intent: string
  readonly offered: boolean
  readonly license: 'device' | 'user'
  readonly assignmentId: number
  readonly priority: number
}

/** The verdicts on all that the rules of an asset can reach. */
export async function verdictsOf(db: Db | Tx, resolving: Resolving): Promise<Verdicts> {
  const { rules } = resolving
  return isSmall(rules) ? inArrays(rules, allVerdicts(rules)) : inTable(rules, await occurring(db, resolving))
}

type Rules = Resolving['rules']

function rowOf(rules: Rules, { intent, offered, rule }: Verdict): VerdictRow {
  const decider = rules[rule]
  if (decider === undefined) throw new Error(`A verdict by rule ${rule} of ${rules.length}`)
  return { intent, offered, license: decider.license, assignmentId: decider.id, priority: decider.priority }
}

function inArrays(rules: Rules, verdicts: readonly SignedVerdict[]): Verdicts {
  const rows: VerdictRow[] = []
  const places = new Map<string, number>()
  const codes = Array.from({ length: 2 ** rules.length - 1 }, () => 0)
  for (const verdict of verdicts) {
    const row = rowOf(rules, verdict)
    const key = JSON.stringify(row)
    const place = places.get(key) ?? rows.push(row)
    places.set(key, place)
    codes[verdict.signature - 1] = place
  }
  // A place of none gives null, and so does every column.
  const [single] = rows
  const code = sql`(${codes}::int[])[s.signature]`
  const column = (values: readonly unknown[], type: RawBuilder<unknown>) =>
    single !== undefined && codes.length === 1
      ? sql`(${values[0]})::${type}`
      : sql`(${values}::${type}[])[${code}]`
  const intent = column(
    rows.map((row) => row.intent),
    sql`text`,
  )
  const license = column(
    rows.map((row) => row.license),
    sql`text`,
  )
  const offered = column(
    rows.map((row) => row.offered),
    sql`boolean`,
  )
  const assignment = column(
    rows.map((row) => row.assignmentId),
    sql`int`,
  )
  const priority = column(
    rows.map((row) => row.priority),
    sql`int`,
  )
  const columns = sql`${intent} AS intent, ${offered} AS offered, ${license} AS license_type,
    ${assignment} AS assignment_id, ${priority} AS priority`
  return { join: sql``, intent, license, columns, rows }
}

/** The verdicts on the signatures that occur: of many rules there are too many sets to decide all beforehand. */
async function occurring(
  db: Db | Tx,
  resolving: Resolving,
): Promise<readonly (Verdict & { readonly signature: string })[]> {
  const { rules, isBook } = resolving
  const reach = isBook ? signedPeople(resolving) : signedReach(resolving)
  const { rows } = await sql<{ signature: string }>`
    SELECT DISTINCT s.signature::text AS signature FROM (${reach}) AS s`.execute(db)
  return rows.flatMap(({ signature }) => {
    const verdict = verdictOn(rules, placesOfOnes(signature))
    return verdict === null ? [] : [{ signature, ...verdict }]
  })
}

const placesOfOnes = (bits: string): readonly number[] =>
  bits.split('').flatMap((bit, index) => (bit === '1' ? [index] : []))

function inTable(rules: Rules, verdicts: readonly (Verdict & { readonly signature: string })[]): Verdicts {
  const rows = verdicts.map((verdict) => rowOf(rules, verdict))
  return {
    join: sql`JOIN (SELECT t.signature::bit(${sql.lit(rules.length)}) AS signature, t.intent, t.offered, t.license_type,
        t.assignment_id, t.priority
      FROM unnest(${verdicts.map(({ signature }) => signature)}::text[], ${rows.map(({ intent }) => intent)}::text[],
        ${rows.map(({ offered }) => offered)}::boolean[], ${rows.map(({ license }) => license)}::text[],
        ${rows.map(({ assignmentId }) => assignmentId)}::int[], ${rows.map(({ priority }) => priority)}::int[])
        AS t(signature, intent, offered, license_type, assignment_id, priority)) AS v ON v.signature = s.signature`,
    intent: sql`v.intent`,
    license: sql`v.license_type`,
    columns: sql`v.intent, v.offered, v.license_type, v.assignment_id, v.priority`,
    rows,
  }
}
