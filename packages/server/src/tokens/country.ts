/** Changes the country of a content token's store (T7): what will change, and how names stay until they are read anew. */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import type { LocationRow } from './store.ts'

/** Titles of a location, by what is known of them in another country's store. */
export interface CountryPreview {
  readonly titles: number
  /** Known there: names, icons and store links become those. */
  readonly known: number
  /** Asked for there, and not sold there: they stay as they are. */
  readonly missing: number
  /** Never asked for there: the next sync tells. */
  readonly unread: number
  /** Of the known ones, those with another name there; the first few. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[]
}

/** Names in the sample at most. */
const sampleSize = 10

/** What a change of country would do. Reads only. */
export async function previewCountry(
  db: Db,
  { id, country: from }: Pick<LocationRow, 'id' | 'country'>,
  to: string,
): Promise<CountryPreview> {
  const { rows } = await sql<Omit<CountryPreview, 'renamed'>>`
    SELECT count(*)::int AS titles, (count(*) FILTER (WHERE t.found_at IS NOT NULL))::int AS known,
      (count(*) FILTER (WHERE t.adam_id IS NOT NULL AND t.found_at IS NULL))::int AS missing,
      (count(*) FILTER (WHERE t.adam_id IS NULL))::int AS unread
    FROM (SELECT DISTINCT adam_id FROM assets WHERE location_id = ${id} AND gone_at IS NULL) AS a
    LEFT JOIN titles t ON t.country = ${to} AND t.adam_id = a.adam_id`.execute(db)
  const { rows: renamed } = await sql<{ from: string; to: string }>`
    SELECT o.name AS "from", n.name AS "to"
    FROM (SELECT DISTINCT adam_id FROM assets WHERE location_id = ${id} AND gone_at IS NULL) AS a
    JOIN titles o ON o.country = ${from} AND o.adam_id = a.adam_id
    JOIN titles n ON n.country = ${to} AND n.adam_id = a.adam_id
    WHERE n.name <> o.name ORDER BY lower(o.name) LIMIT ${sampleSize}`.execute(db)
  return { ...(rows[0] ?? { titles: 0, known: 0, missing: 0, unread: 0 }), renamed }
}

/**
 * Copies what is known of the location's titles to the new country, marked as old: names and icons stay until the next sync
 * reads them there, and titles that are not sold there keep what was known of them.
 */
export async function carryTitles(
  tx: Tx,
  id: number,
  change: { readonly from: string; readonly to: string },
) {
  await sql`INSERT INTO titles (country, adam_id, kind, name, publisher, bundle_id, device_families, version, minimum_os,
      genres, release_date, description, artwork_url, store_url, is_custom, looked_up_at, found_at)
    SELECT ${change.to}, t.adam_id, t.kind, t.name, t.publisher, t.bundle_id, t.device_families, t.version, t.minimum_os,
      t.genres, t.release_date, t.description, t.artwork_url, t.store_url, t.is_custom, '2000-01-01 00:00:00+00', t.found_at
    FROM titles t WHERE t.country = ${change.from} AND t.found_at IS NOT NULL
      AND t.adam_id IN (SELECT adam_id FROM assets WHERE location_id = ${id})
    ORDER BY t.adam_id
    ON CONFLICT (country, adam_id) DO UPDATE SET kind = excluded.kind, name = excluded.name,
      publisher = excluded.publisher, bundle_id = excluded.bundle_id, device_families = excluded.device_families,
      version = excluded.version, minimum_os = excluded.minimum_os, genres = excluded.genres,
      release_date = excluded.release_date, description = excluded.description, artwork_url = excluded.artwork_url,
      store_url = excluded.store_url, is_custom = excluded.is_custom, looked_up_at = excluded.looked_up_at,
      found_at = excluded.found_at
    WHERE titles.found_at IS NULL`.execute(tx)
}
