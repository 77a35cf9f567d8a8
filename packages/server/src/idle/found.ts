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
 * Rows `(location_id, asset_id, holder_kind, holder, ours, reason)`: those of `held` that are idle now. `held` selects
 * rows of `licenses` that are held.
 */
export function idleAmong(held: RawBuilder<unknown>, unseenBefore: Date): RawBuilder<unknown> {
  return sql`
    SELECT f.location_id, f.asset_id, f.holder_kind, f.holder, f.ours, r.reason FROM (
      SELECT l.location_id, l.asset_id, l.holder_kind, l.holder, l.ours,
        d.id IS NOT NULL OR p.id IS NOT NULL AS known, NOT coalesce(o.active, p.active, true) AS person_left,
        coalesce(d.last_seen_at < ${unseenBefore}::timestamptz, false) AS unseen,
        CASE WHEN l.keep_until IS NULL THEN 'no' WHEN l.keep_why = 'undone' THEN 'undone' ELSE 'by_policy' END AS kept
      FROM (${held}) AS l
      LEFT JOIN devices d ON l.holder_kind = 'device' AND d.serial_number = l.holder
      LEFT JOIN users o ON o.id = d.user_id
      LEFT JOIN users p ON l.holder_kind = 'user' AND p.client_user_id::text = l.holder) AS f
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
 * Rows `(location_id, asset_id, holder_kind, holder)`: what the last look found for these reasons, and is idle for one
 * of them still. It costs what was found, not what is held.
 */
export function idleStill({ reasons, unseenBefore, locationId, assetId }: IdleScope): RawBuilder<unknown> {
  const held = sql`SELECT l.* FROM idle_licenses i
    JOIN licenses l ON l.location_id = i.location_id AND l.asset_id = i.asset_id AND l.holder_kind = i.holder_kind
      AND l.holder = i.holder AND l.state = 'held'
    WHERE i.reason = ANY(${[...reasons]}::text[])
      AND ${locationId === null ? sql`true` : sql`i.location_id = ${locationId}::int`}
      AND ${assetId === null ? sql`true` : sql`i.asset_id = ${assetId}::int`}`
  return sql`SELECT n.location_id, n.asset_id, n.holder_kind, n.holder FROM (${idleAmong(held, unseenBefore)}) AS n
    WHERE n.reason = ANY(${[...reasons]}::text[])`
}
