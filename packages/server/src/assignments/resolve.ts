/**
 * From assignments to targets (A1, A2): which devices an asset is required on, and by which rule.
 *
 * Exclusion wins over inclusion within the same kind of group only; of several intents for one device required
 * wins. Both rules are Intune's (include/exclude, conflict table). All of it is one set in SQL.
 */
import { type RawBuilder, sql } from 'kysely'

/** Rows `(id, group_id, mode, intent)`: assignments of one asset, saved or only planned. */
export type Rules = RawBuilder<unknown>

/** The saved assignments of an asset. */
export function savedRules(assetId: number): Rules {
  return sql`SELECT id, group_id, mode, intent FROM assignments WHERE asset_id = ${assetId}`
}

/** Assignments that are only planned; they have no ids yet. */
export function plannedRules(
  wanted: readonly { readonly groupId: number; readonly mode: string; readonly intent: string | null }[],
): Rules {
  return sql`SELECT row_number() OVER (ORDER BY p.group_id)::int AS id, p.group_id, p.mode, p.intent
    FROM unnest(${wanted.map((rule) => rule.groupId)}::int[], ${wanted.map((rule) => rule.mode)}::text[],
      ${wanted.map((rule) => rule.intent)}::text[]) AS p(group_id, mode, intent)`
}

/**
 * Rows `(device_id, serial_number, name, intent, assignment_id, fits)` for every device that the rules reach.
 * `fits` is false where the asset does not run on the device's platform (C2).
 */
export function resolved(assetId: number, rules: Rules): RawBuilder<unknown> {
  return sql`
    WITH reach AS (
      SELECT r.id, r.mode, r.intent, g.kind, gr.device_id
      FROM (${rules}) AS r JOIN groups g ON g.id = r.group_id JOIN group_reach gr ON gr.group_id = r.group_id
    ), excluded AS (
      SELECT DISTINCT kind, device_id FROM reach WHERE mode = 'exclude'
    ), chosen AS (
      SELECT DISTINCT ON (i.device_id) i.device_id, i.intent, i.id AS assignment_id
      FROM reach i LEFT JOIN excluded e ON e.kind = i.kind AND e.device_id = i.device_id
      WHERE i.mode = 'include' AND e.device_id IS NULL
      ORDER BY i.device_id, i.intent = 'required' DESC, i.id
    )
    SELECT c.device_id, d.serial_number, d.name, c.intent, c.assignment_id,
      d.platform IS NULL OR a.platforms = '{}'
        OR (CASE d.platform WHEN 'iPadOS' THEN 'iOS' ELSE d.platform END) = ANY(a.platforms) AS fits
    FROM chosen c JOIN devices d ON d.id = c.device_id CROSS JOIN assets a
    WHERE a.id = ${assetId}`
}
