/** Why licenses are idle, as sets in SQL; the rule is in `core/licenses/idle` (L11). */
import { type IdleReason, idleVerdicts } from '@apportion/core/licenses/idle'
import { type RawBuilder, sql } from 'kysely'

/** The table of all verdicts, as rows `(holder_kind, ours, known, person_left, unseen, kept, reason)`. */
const verdictTable = sql`SELECT * FROM unnest(
  ${idleVerdicts.map((row) => row.holderKind)}::holder_kind[], ${idleVerdicts.map((row) => row.ours)}::boolean[],
  ${idleVerdicts.map((row) => row.known)}::boolean[], ${idleVerdicts.map((row) => row.personLeft)}::boolean[],
  ${idleVerdicts.map((row) => row.unseen)}::boolean[], ${idleVerdicts.map((row) => row.kept)}::text[],
  ${idleVerdicts.map((row) => row.reason)}::text[])
  AS rule(holder_kind, ours, known, person_left, unseen, kept, reason)`

/**
 * Those rows of `held` that are idle now, with the reason: `held` selects rows of `licenses` that are held, with all their
 * columns. The facts are gathered first and then judged: the planner would otherwise look for them once for each verdict.
 */
export function idleAmong(held: RawBuilder<unknown>, unseenBefore: Date): RawBuilder<unknown> {
  return sql`
    WITH facts AS MATERIALIZED (
      SELECT l.*, d.id IS NOT NULL OR p.id IS NOT NULL AS known, NOT coalesce(o.active, p.active, true) AS person_left,
        coalesce(d.last_seen_at < ${unseenBefore}::timestamptz, false) AS unseen,
        CASE WHEN l.keep_until IS NULL THEN 'no' WHEN l.keep_why = 'undone' THEN 'undone' ELSE 'by_policy' END AS kept
      FROM (${held}) AS l
      LEFT JOIN devices d ON l.holder_kind = 'device' AND d.serial_number = l.holder
      LEFT JOIN users o ON o.id = d.user_id
      LEFT JOIN users p ON l.holder_kind = 'user' AND p.client_user_id::text = l.holder
    )
    SELECT f.*, r.reason FROM facts f
    JOIN (${verdictTable}) AS r ON r.holder_kind = f.holder_kind AND r.ours = f.ours AND r.known = f.known
      AND r.person_left = f.person_left AND r.unseen = f.unseen AND r.kept = f.kept`
}

/** Which idle licenses are meant. */
export interface IdleScope {
  readonly reasons: readonly IdleReason[]
  /** Devices last seen before it are unseen. */
  readonly unseenBefore: Date
  /** Null does not narrow it; an asset comes with its location. */
  readonly locationId: number | null
  readonly assetId: number | null
}

/**
 * The rows of `licenses`, with their columns, that the last look found for these reasons and that are idle for one of
 * them still. It costs what was found, not what is held.
 */
export function idleStill({ reasons, unseenBefore, locationId, assetId }: IdleScope): RawBuilder<unknown> {
  // One by one by the whole key: what is idle is far less than what is held, and a fresh list has no statistics yet.
  const held = sql`SELECT l.* FROM idle_licenses i CROSS JOIN LATERAL (
      SELECT k.* FROM licenses k WHERE k.location_id = i.location_id AND k.asset_id = i.asset_id
        AND k.holder_kind = i.holder_kind AND k.holder = i.holder AND k.state = 'held' OFFSET 0) AS l
    WHERE i.reason = ANY(${[...reasons]}::text[])
      AND ${locationId === null ? sql`true` : sql`i.location_id = ${locationId}::int`}
      AND ${assetId === null ? sql`true` : sql`i.asset_id = ${assetId}::int`}`
  return sql`SELECT n.* FROM (${idleAmong(held, unseenBefore)}) AS n WHERE n.reason = ANY(${[...reasons]}::text[])`
}
