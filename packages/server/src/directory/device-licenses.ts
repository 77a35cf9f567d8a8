/** Which licenses a device holds or waits for, since when and why (L1, D8). */
import { sql } from 'kysely'
import { iconAddress, presentHolder } from '../licenses/present.ts'
import { type HolderRow, keptUntilText } from '../licenses/read-holders.ts'
import type { Db } from '../platform/db/database.ts'

/** A license of a device, or a target that has none. */
export interface DeviceLicenseRow extends HolderRow {
  readonly asset_id: number
  readonly adam_id: string
  readonly asset_name: string
  readonly token_name: string
  readonly country: string
  readonly artwork_url: string | null
}

/** By the name of the title. A device has few, so there are no pages. */
export async function licensesOfDevice(
  db: Db,
  device: { readonly id: number; readonly serial_number: string },
): Promise<readonly DeviceLicenseRow[]> {
  const { rows } = await sql<DeviceLicenseRow>`
    WITH held AS (
      SELECT l.location_id, l.asset_id, l.state::text, l.ours, l.since, l.assignment_id, NULL::integer AS refused_number,
        NULL::text AS refused_detail, w.withheld_at, w.withheld_by, l.keep_until
      FROM licenses l
      LEFT JOIN targets w ON w.location_id = l.location_id AND w.asset_id = l.asset_id AND w.device_id = ${device.id}
        AND w.withheld_by IS NOT NULL
      WHERE l.holder_kind = 'device' AND l.holder = ${device.serial_number}
    ), all_of_them AS (
      SELECT * FROM held
      UNION ALL
      SELECT t.location_id, t.asset_id, CASE WHEN t.withheld_by IS NOT NULL THEN 'withheld'
          WHEN t.retry_at IS NULL THEN 'waiting' ELSE 'refused' END, true,
        coalesce(t.withheld_at, t.entered_at), t.assignment_id, t.refused_number, t.refused_detail, t.withheld_at,
        t.withheld_by, NULL
      FROM targets t WHERE t.device_id = ${device.id} AND (t.wants OR t.withheld_by IS NOT NULL)
        AND NOT EXISTS (SELECT FROM held h WHERE h.location_id = t.location_id AND h.asset_id = t.asset_id)
    )
    SELECT 'device' AS kind, ${device.serial_number} AS holder, ${device.id}::int AS device_id, NULL AS device_name,
      NULL AS user_name, x.state, x.ours, x.since, NULL::int AS place, x.assignment_id, g.name AS group_name,
      x.refused_number, x.refused_detail, x.withheld_at, x.withheld_by AS intervention_id,
      ${keptUntilText(sql`x.keep_until`)} AS keep_until,
      v.applied_by AS withheld_by_name, x.asset_id, a.adam_id, coalesce(t.name, a.adam_id) AS asset_name,
      l.name AS token_name, l.country, t.artwork_url
    FROM all_of_them x JOIN assets a ON a.id = x.asset_id JOIN locations l ON l.id = x.location_id
    LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id
    LEFT JOIN interventions v ON v.id = x.withheld_by
    LEFT JOIN assignments s ON s.id = x.assignment_id LEFT JOIN groups g ON g.id = s.group_id
    ORDER BY lower(coalesce(t.name, a.adam_id)), x.asset_id`.execute(db)
  return rows
}

/** A license as the page of its device shows it. */
export function presentDeviceLicense(row: DeviceLicenseRow) {
  return {
    assetId: row.asset_id,
    name: row.asset_name,
    iconUrl: iconAddress(row),
    tokenName: row.token_name,
    state: row.state,
    ours: row.ours,
    since: row.since.toISOString(),
    why: whyOf(row),
    withheld:
      row.withheld_at === null || row.intervention_id === null
        ? null
        : {
            at: row.withheld_at.toISOString(),
            by: row.withheld_by_name,
            interventionId: row.intervention_id,
          },
  }
}

function whyOf(row: DeviceLicenseRow): string {
  if (row.state !== 'waiting') return presentHolder(row).why.text
  // The place in the queue stands on the page of the asset, where the whole queue is read.
  const rule = row.group_name === null ? 'an assignment' : `the group "${row.group_name}"`
  return `Required by ${rule}; waits until a license is free.`
}
