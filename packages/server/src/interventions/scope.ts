/**
 * Which licenses an intervention is about, and what becomes of each: rows of the books, joined with the table of
 * verdicts (L6, S5). All of it are sets in SQL; the rule is in `core/licenses/intervention`.
 */
import type { IdleReason } from '@apportion/core/licenses/idle'
import { type Intervention, type VerdictRow, verdicts } from '@apportion/core/licenses/intervention'
import { type RawBuilder, sql } from 'kysely'
import { idleStill } from '../idle/found.ts'
import { undone } from './undo-scope.ts'

/** What is null does not narrow the scope; all null is everything. An asset comes with its location. */
export interface Scope {
  readonly locationId: number | null
  readonly assetId: number | null
  readonly holder: { readonly kind: 'device' | 'user'; readonly id: string } | null
  /** What a person of the directory holds, and the devices of that person. */
  readonly userId: number | null
  /** Only what is idle for one of these reasons, and nobody who waits. */
  readonly idle: { readonly reasons: readonly IdleReason[]; readonly unseenBefore: Date } | null
}

/** What is asked for: one of the rule's, or undoing a record. */
export type AskedFor = Intervention | { readonly kind: 'undo'; readonly undoes: string }

/** What becomes of a license, and why if that is not plain. */
export type Outcome = 'asked' | 'adopted' | 'withheld' | 'skipped'

/** The outcome as it stands in a record: `reason` is `withheld` where a license is taken from who still requires it. */
export function outcomeOf(verdict: VerdictRow['verdict']): {
  readonly outcome: Outcome
  readonly reason: string | null
} {
  switch (verdict.act) {
    case 'take':
      return { outcome: 'asked', reason: null }
    case 'take_and_withhold':
      return { outcome: 'asked', reason: 'withheld' }
    case 'withhold':
      return { outcome: 'withheld', reason: null }
    case 'adopt':
      return { outcome: 'adopted', reason: verdict.asWell }
    case 'skip':
      return { outcome: 'skipped', reason: verdict.reason }
  }
}

/**
 * Rows `(location_id, asset_id, holder_kind, holder, state, ours, since, device_id, user_id, required, revocable)`: the licenses
 * of the scope, and the targets in it that wait for one, with state `none`. `since` tells when it came into the scope:
 * a grant of ours was in it as a target already, whatever its license did since.
 */
export function pairs(scope: Scope): RawBuilder<unknown> {
  return sql`
    SELECT l.location_id, l.asset_id, l.holder_kind, l.holder, l.state::text AS state, l.ours,
      CASE WHEN l.ours THEN coalesce(t.entered_at, p.entered_at, l.since) ELSE l.since END AS since, t.device_id, p.user_id,
      coalesce(t.wants, p.wants, false) AS required, a.revocable
    FROM ${scope.idle === null ? sql`licenses` : sql`(${idleStill({ ...scope, ...scope.idle })})`} AS l
    JOIN assets a ON a.id = l.asset_id
    LEFT JOIN devices d ON l.holder_kind = 'device' AND d.serial_number = l.holder
    LEFT JOIN targets t ON t.location_id = l.location_id AND t.asset_id = l.asset_id AND t.device_id = d.id
      AND t.license_type = 'device' AND ${isMeant(sql`t`)}
    LEFT JOIN users u ON l.holder_kind = 'user' AND u.client_user_id::text = l.holder
    LEFT JOIN targets p ON p.location_id = l.location_id AND p.asset_id = l.asset_id AND p.user_id = u.id
      AND ${isMeant(sql`p`)}
    WHERE ${narrowed(scope, { row: sql`l`, kind: sql`l.holder_kind`, holder: sql`l.holder` })}
    UNION ALL
    SELECT t.location_id, t.asset_id, 'device'::holder_kind, d.serial_number, 'none', true, t.entered_at, t.device_id,
      NULL::int, true, a.revocable
    FROM targets t JOIN devices d ON d.id = t.device_id JOIN assets a ON a.id = t.asset_id
    WHERE t.waits AND ${meantToWait(scope)} AND ${narrowed(scope, { row: sql`t`, kind: sql`'device'::holder_kind`, holder: sql`d.serial_number` })}
    UNION ALL
    SELECT t.location_id, t.asset_id, 'user'::holder_kind, u.client_user_id::text, 'none', true, t.entered_at, NULL::int,
      t.user_id, true, a.revocable
    FROM targets t JOIN users u ON u.id = t.user_id JOIN assets a ON a.id = t.asset_id
    WHERE t.waits AND ${meantToWait(scope)} AND ${narrowed(scope, { row: sql`t`, kind: sql`'user'::holder_kind`, holder: sql`u.client_user_id::text` })}`
}

/** The target is meant to have a license: it is required there, or was asked for; perhaps withheld. */
const isMeant = (target: RawBuilder<unknown>) =>
  sql`(${target}.intent = 'required' OR ${target}.asked_at IS NOT NULL)`

/** Who waits holds nothing that could be idle. */
const meantToWait = (scope: Scope) => (scope.idle === null ? sql`true` : sql`false`)

interface Columns {
  readonly row: RawBuilder<unknown>
  readonly kind: RawBuilder<unknown>
  readonly holder: RawBuilder<unknown>
}

function narrowed(
  { locationId, assetId, holder, userId }: Scope,
  { row, kind, holder: name }: Columns,
): RawBuilder<unknown> {
  const conditions = [sql`true`]
  if (locationId !== null) conditions.push(sql`${row}.location_id = ${locationId}::int`)
  if (assetId !== null) conditions.push(sql`${row}.asset_id = ${assetId}::int`)
  if (holder !== null) conditions.push(sql`${kind} = ${holder.kind}::holder_kind AND ${name} = ${holder.id}`)
  if (userId !== null) {
    conditions.push(sql`(${kind}, ${name}) IN (
      SELECT 'user'::holder_kind, u.client_user_id::text FROM users u WHERE u.id = ${userId}::int
      UNION ALL SELECT 'device'::holder_kind, d.serial_number FROM devices d WHERE d.user_id = ${userId}::int)`)
  }
  return sql.join(conditions, sql` AND `)
}

/** Rows `(state, ours, holder_kind, required, revocable, outcome, reason)`: the rule, for the database to join with. */
export function verdictTable(asked: Intervention): RawBuilder<unknown> {
  const rows = verdicts(asked).map(({ verdict, ...facts }) => ({ ...facts, ...outcomeOf(verdict) }))
  return sql`SELECT * FROM unnest(${rows.map((row) => row.state)}::text[], ${rows.map((row) => row.ours)}::boolean[],
    ${rows.map((row) => row.holderKind)}::holder_kind[], ${rows.map((row) => row.required)}::boolean[],
    ${rows.map((row) => row.revocable)}::boolean[], ${rows.map((row) => row.outcome)}::text[],
    ${rows.map((row) => row.reason)}::text[])
    AS rule(state, ours, holder_kind, required, revocable, outcome, reason)`
}

/** Joins rows of `pairs`, called `p`, with their verdict, called `v`. */
export const verdictOfPair = sql`v.state = p.state AND v.ours = p.ours AND v.holder_kind = p.holder_kind
  AND v.required = p.required AND v.revocable = p.revocable`

/** Rows of `pairs` with `outcome` and `reason`, or those of `undone`; what is not meant is left out. */
export function decided(scope: Scope, asked: AskedFor): RawBuilder<unknown> {
  if (asked.kind === 'undo') return undone({ ...scope, undoes: asked.undoes })
  return sql`SELECT p.*, v.outcome, v.reason FROM (${pairs(scope)}) AS p
    JOIN (${verdictTable(asked)}) AS v ON ${verdictOfPair}`
}
