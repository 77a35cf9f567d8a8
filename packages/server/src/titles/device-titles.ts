/** Which of the apps that are owned run on a device, and why the others do not (C2). */
import type { UnfitReason } from '@apportion/core/catalog/fits'
import { sql } from 'kysely'
import type { z } from 'zod'
import { unfitSentence } from '../catalog/unfit-sentence.ts'
import { unknownDevice } from '../directory/remove-device.ts'
import type { Db } from '../platform/db/database.ts'
import { presentTitle } from './present.ts'
import type { TitleRow } from './read-titles.ts'
import type { listDeviceTitles } from './schema.ts'

export interface DeviceTitleRow extends TitleRow {
  readonly name_key: string
  readonly unfit: UnfitReason | null
  readonly os_version: string | null
}

export interface DeviceTitleFilter {
  readonly deviceId: number
  /** In lower case. */
  readonly search: string
  readonly show: 'fitting' | 'unfit'
  readonly after: readonly [string, string] | null
  readonly limit: number
}

/** One page by name; books are read anywhere and left out. @throws Refusal `device.unknown` */
export async function pageOfDeviceTitles(
  db: Db,
  filter: DeviceTitleFilter,
): Promise<readonly DeviceTitleRow[]> {
  const { deviceId, search, show, after, limit } = filter
  const device = await sql`SELECT FROM devices WHERE id = ${deviceId}`.execute(db)
  if (device.rows.length === 0) throw unknownDevice(deviceId)
  const [name, adamId] = after ?? [null, null]
  const { rows } = await sql<DeviceTitleRow>`
    SELECT s.*, t.name, t.publisher, t.bundle_id, t.artwork_url, t.minimum_os, d.os_version, f.unfit
    FROM title_sums s LEFT JOIN titles t ON t.country = s.country AND t.adam_id = s.adam_id
    JOIN devices d ON d.id = ${deviceId}
    CROSS JOIN LATERAL (SELECT unfit_reason(d.platform, d.os_version, d.model, s.platforms, s.families, s.kind,
      os_minimum(t.minimum_os)) AS unfit OFFSET 0) AS f
    WHERE s.pools > 0 AND s.kind <> 'book' AND (f.unfit IS NULL) = ${show === 'fitting'}
      AND (${search} = '' OR strpos(s.search, ${search}) > 0)
      AND (${name}::text IS NULL OR (s.name_key, s.adam_id) > (${name}, ${adamId}))
    ORDER BY s.name_key, s.adam_id LIMIT ${limit}`.execute(db)
  return rows
}

/** A title as the page of a device shows it. */
export function presentDeviceTitle(
  row: DeviceTitleRow,
  changedSince: Date,
): z.output<(typeof listDeviceTitles.response)[200]>['items'][number] {
  const versions = { minimumOs: row.minimum_os, osVersion: row.os_version }
  return {
    ...presentTitle(row, changedSince),
    unfit: row.unfit === null ? null : { code: row.unfit, text: unfitSentence(row.unfit, versions) },
  }
}
