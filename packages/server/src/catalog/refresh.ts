/** Reads names, icons and versions of titles from Apple's store (C1). Inventory never waits for it. */

import type { TitleMetadata } from '@apportion/apps-books/title'
import type { ChainAnswer, SourcedTitle } from '@apportion/apps-books/title-sources'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import type { AppleConnection } from '../tokens/apple.ts'
import { storeNoting } from './note-titles.ts'

/** Titles are read again after so many days, so that a change of name or price is noticed within a day (C4). */
const freshDays = 1
const dayMs = 86_400_000

/**
 * Reads the titles of a location that are missing or old. Gives null, or why they could not all be read: what was
 * known stays, and what no service answered for is asked again with the next sync.
 */
export async function refreshTitles(
  ports: { readonly db: Db; readonly clock: Clock },
  connection: AppleConnection,
): Promise<string | null> {
  const { id: locationId, country } = connection.location
  const at = ports.clock.now()
  const ids = await staleTitles(ports.db, { locationId, country, at })
  if (ids.length === 0) return null
  const { titles, unknown, failures } = await connection.lookup(ids)
  const answered = [...titles.keys(), ...unknown]
  const looked = { country, titles: titlesOf(titles), isOtherCountry: isFromOtherCountry(titles), at }
  await storeNoting(ports.db, looked, (tx) => storeTitles(tx, { country, ids: answered, titles, at }))
  return failures.length === 0 ? null : reasonOf(failures)
}

/** The titles without the services that told of them. */
export function titlesOf(sourced: ChainAnswer['titles']): ReadonlyMap<string, TitleMetadata> {
  return new Map([...sourced].map(([id, { title }]) => [id, title]))
}

/** Whether a title was told of by the store of another country than was asked. */
export function isFromOtherCountry(sourced: ChainAnswer['titles']): boolean {
  return [...sourced.values()].some(({ title }) => title.fromOtherCountry === true)
}

/** Why services did not answer. */
export const reasonOf = (failures: ChainAnswer['failures']): string =>
  failures.map(({ source, error }) => `${source}: ${error.message}`).join(' ')

async function staleTitles(
  db: Db,
  wanted: { readonly locationId: number; readonly country: string; readonly at: Date },
): Promise<readonly string[]> {
  const fresh = new Date(wanted.at.getTime() - freshDays * dayMs)
  const { rows } = await sql<{ adam_id: string }>`
    SELECT DISTINCT a.adam_id FROM assets a LEFT JOIN titles t ON t.country = ${wanted.country} AND t.adam_id = a.adam_id
    WHERE a.location_id = ${wanted.locationId} AND a.gone_at IS NULL AND a.adam_id ~ '^[0-9]{1,20}$'
      AND (t.adam_id IS NULL OR t.looked_up_at < ${fresh})
    ORDER BY a.adam_id`.execute(db)
  return rows.map((row) => row.adam_id)
}

interface Looked {
  readonly country: string
  readonly ids: readonly string[]
  readonly titles: ChainAnswer['titles']
  readonly at: Date
}

/** Titles that Apple did not tell of are remembered as asked for; what was known of them stays (C4, T7). */
async function storeTitles(db: Tx, { country, ids, titles, at }: Looked): Promise<void> {
  const rows = ids.map((id) => rowOf(id, titles.get(id)))
  await sql`INSERT INTO titles AS t (country, adam_id, kind, name, publisher, bundle_id, device_families, version,
      minimum_os, price, price_text, genres, store_url, release_date, description, artwork_url, is_custom, source,
      looked_up_at, found_at)
    SELECT ${country}, r.adam_id, r.kind, r.name, r.publisher, r.bundle_id, r.device_families, r.version, r.minimum_os,
      r.price, r.price_text, r.genres, r.store_url, r.release_date, r.description, r.artwork_url, r.is_custom,
      r.source, ${at}::timestamptz, CASE WHEN r.name IS NOT NULL THEN ${at}::timestamptz END
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(adam_id text, kind text, name text, publisher text,
      bundle_id text, device_families text[], version text, minimum_os text, price numeric, price_text text, genres text[],
      store_url text, release_date text, description text, artwork_url text, is_custom boolean, source text)
    ORDER BY r.adam_id
    ON CONFLICT (country, adam_id) DO UPDATE SET looked_up_at = excluded.looked_up_at,
      found_at = coalesce(excluded.found_at, t.found_at), kind = coalesce(excluded.kind, t.kind),
      name = coalesce(excluded.name, t.name), publisher = coalesce(excluded.publisher, t.publisher),
      bundle_id = coalesce(excluded.bundle_id, t.bundle_id), version = coalesce(excluded.version, t.version),
      minimum_os = coalesce(excluded.minimum_os, t.minimum_os), price = coalesce(excluded.price, t.price),
      price_text = coalesce(excluded.price_text, t.price_text), store_url = coalesce(excluded.store_url, t.store_url),
      release_date = coalesce(excluded.release_date, t.release_date),
      description = coalesce(excluded.description, t.description),
      artwork_url = coalesce(excluded.artwork_url, t.artwork_url), source = coalesce(excluded.source, t.source),
      genres = CASE WHEN excluded.found_at IS NULL THEN t.genres ELSE excluded.genres END,
      device_families = CASE WHEN excluded.found_at IS NULL THEN t.device_families ELSE excluded.device_families END,
      is_custom = CASE WHEN excluded.found_at IS NULL THEN t.is_custom ELSE excluded.is_custom END`.execute(
    db,
  )
}

function rowOf(adamId: string, sourced: SourcedTitle | undefined): Record<string, unknown> {
  const title = sourced?.title
  return {
    adam_id: adamId,
    kind: title === undefined ? null : kindOf(title),
    name: title?.name ?? null,
    publisher: title?.publisher ?? null,
    bundle_id: title?.bundleId ?? null,
    device_families: title?.platforms ?? [],
    version: title?.version ?? null,
    minimum_os: title?.minimumOsVersion ?? null,
    price: title?.price ?? null,
    price_text: title?.priceFormatted ?? null,
    genres: title?.genres ?? [],
    store_url: title?.storeUrl ?? null,
    release_date: title?.releaseDate ?? null,
    description: title?.description ?? null,
    artwork_url: title?.artworkTemplate ?? null,
    is_custom: title?.isCustomApp ?? false,
    source: sourced?.source ?? null,
  }
}

function kindOf(title: SourcedTitle['title']): 'app' | 'mac_app' | 'book' {
  if (title.kind === 'epubBook') return 'book'
  return title.kind === 'desktopApp' ? 'mac_app' : 'app'
}
