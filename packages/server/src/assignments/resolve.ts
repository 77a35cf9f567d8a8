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
 * Rows `(device_id, serial_number, name, intent, assignment_id, unfit)` for every device that the rules reach.
 * `unfit` is null where the asset runs, or may, and else why not: `wrong_platform`, `wrong_family`, `os_too_old` (C2).
 * Who holds a license keeps it when an update of the app needs a newer system or another model: what is installed runs on.
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
    ), title AS MATERIALIZED (
      SELECT a.location_id, title_platforms(a.platforms, coalesce(s.families, '{}')) AS platforms,
        coalesce(s.families, '{}') AS families, os_minimum(s.minimum_os) AS minimum,
        CASE WHEN a.product_type = 'Book' THEN 'book' ELSE s.kind END AS kind
      FROM assets a JOIN locations l ON l.id = a.location_id
      LEFT JOIN titles s ON s.country = l.country AND s.adam_id = a.adam_id WHERE a.id = ${assetId}
    )
    SELECT f.device_id, f.serial_number, f.name, f.intent, f.assignment_id,
      CASE WHEN f.unfit <> 'wrong_platform' AND EXISTS (SELECT FROM licenses l WHERE l.location_id = f.location_id
        AND l.asset_id = ${assetId} AND l.holder_kind = 'device' AND l.holder = f.serial_number
        AND l.state <> 'releasing') THEN NULL ELSE f.unfit END AS unfit
    FROM (
      SELECT c.device_id, d.serial_number, d.name, c.intent, c.assignment_id, t.location_id,
        unfit_reason(d.platform, d.os_version, d.model, t.platforms, t.families, t.kind, t.minimum) AS unfit
      FROM chosen c JOIN devices d ON d.id = c.device_id CROSS JOIN title t OFFSET 0
    ) AS f`
}
