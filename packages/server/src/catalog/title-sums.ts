/**
 * The sums over the pools of each title (C3), brought up to what the pools are. Those who change a pool only leave a
 * mark; whoever wants to read the sums works them out for the marked titles first, so that a list is exact and nobody
 * who gives a license waits for another.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { passingChanges } from './recent.ts'

/** Titles in one transaction, so that it stays short with thousands of pools of each. */
const titlesAtOnce = 200

/** Works out the sums of the titles that changed; costs one look at an empty table when none did. */
export async function bringSumsUpToDate(db: Db): Promise<void> {
  const marked = await sql<{ n: number }>`SELECT count(DISTINCT adam_id)::int AS n FROM title_marks`.execute(
    db,
  )
  const rounds = Math.ceil((marked.rows[0]?.n ?? 0) / titlesAtOnce)
  // Marks that are made meanwhile are left to whoever reads next, or nobody would come to an end in busy hours.
  for (let round = 0; round < rounds; round++) await inTransaction(db, foldSome)
}

/**
 * One at a time: of two at once the one that began earlier could write older sums last. The mark and the change that
 * it stands for were committed together, so the statement that sees the one sees the other.
 */
async function foldSome(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('title_sums'))`.execute(tx)
  await sql`
    WITH chosen AS MATERIALIZED (SELECT DISTINCT adam_id FROM (SELECT adam_id FROM title_marks ORDER BY adam_id LIMIT 100000) AS m
      ORDER BY adam_id LIMIT ${titlesAtOnce}),
    unmarked AS (DELETE FROM title_marks m USING chosen c WHERE m.adam_id = c.adam_id),
    summed AS MATERIALIZED (${sums(sql`SELECT adam_id FROM chosen`)}),
    gone AS (DELETE FROM title_sums s USING chosen c WHERE s.adam_id = c.adam_id
      AND NOT EXISTS (SELECT FROM summed n WHERE n.adam_id = s.adam_id))
    INSERT INTO title_sums (${columnList}) SELECT ${columnList} FROM summed ORDER BY adam_id
    ON CONFLICT (adam_id) DO UPDATE SET (${columnList}) = ROW(${sql.join(columns.map((name) => sql.ref(`excluded.${name}`)))})`.execute(
    tx,
  )
}

const columns = [
  'adam_id',
  'name_key',
  'country',
  'search',
  'kind',
  'platforms',
  'families',
  'pools',
  'locations',
  'unlimited_pools',
  'total',
  'used',
  'used_unlimited',
  'available',
  'retired',
  'granting',
  'held_outside',
  'waiting',
  'short_pools',
  'unused_pools',
  'not_in_store_pools',
  'not_licensed_pools',
  'not_device_assignable_pools',
  'changed_at',
] as const
const columnList = sql.join(columns.map((name) => sql.ref(name)))

/** A pool that is shown: Apple lists it, or somebody still holds a license of it. */
const isListed = sql`(a.gone_at IS NULL OR a.held > 0)`
const isLimited = sql`NOT a.unlimited`
const used = sql`a.held + a.reserved`
const left = sql`greatest(0, a.total - a.retired - a.held - a.reserved)`

/** The sums of some titles, unlimited pools left out of total, used and available (S7). */
function sums(adamIds: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    WITH pools AS (
      SELECT a.*, l.country, t.name, t.kind, t.families, t.not_in_store_since,
        lower(concat_ws(' ', t.name, t.publisher, t.bundle_id)) AS words
      FROM assets a JOIN locations l ON l.id = a.location_id
      LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id
      WHERE a.adam_id IN (${adamIds})
    ), faces AS (
      SELECT DISTINCT ON (adam_id) adam_id, country, name, kind, product_type,
        coalesce(families, '{}') AS families, platforms AS supported
      FROM pools ORDER BY adam_id, name IS NULL, location_id
    ), places AS (
      SELECT a.adam_id, array_agg(DISTINCT p.p) AS supported FROM pools a CROSS JOIN unnest(a.platforms) AS p(p) GROUP BY a.adam_id
    ), wordings AS (
      SELECT adam_id, string_agg(words, ' ' ORDER BY words) AS words FROM (SELECT DISTINCT adam_id, words FROM pools) AS w GROUP BY adam_id
    )
    SELECT a.adam_id, lower(coalesce(f.name, a.adam_id)) AS name_key, f.country,
      concat_ws(' ', w.words, a.adam_id) AS search,
      CASE WHEN f.product_type = 'Book' THEN 'book'
        ELSE coalesce(f.kind, CASE WHEN f.supported = '{macOS}' THEN 'mac_app' ELSE 'app' END) END AS kind,
      title_platforms(coalesce(p.supported, '{}'), f.families) AS platforms, f.families,
      count(*) FILTER (WHERE ${isListed}) AS pools,
      count(DISTINCT a.location_id) FILTER (WHERE ${isListed}) AS locations,
      count(*) FILTER (WHERE ${isListed} AND a.unlimited) AS unlimited_pools,
      coalesce(sum(a.total) FILTER (WHERE ${isLimited}), 0) AS total,
      coalesce(sum(${used}) FILTER (WHERE ${isLimited}), 0) AS used,
      coalesce(sum(${used}) FILTER (WHERE a.unlimited), 0) AS used_unlimited,
      coalesce(sum(${left}) FILTER (WHERE ${isLimited}), 0) AS available,
      coalesce(sum(a.retired) FILTER (WHERE ${isLimited}), 0) AS retired,
      sum(a.reserved) AS granting, sum(a.held_outside) AS held_outside, sum(a.waiting) AS waiting,
      count(*) FILTER (WHERE ${isLimited} AND a.total > 0 AND ${left} = 0) AS short_pools,
      count(*) FILTER (WHERE ${isListed} AND ${used} = 0 AND a.total > 0) AS unused_pools,
      count(*) FILTER (WHERE ${isListed} AND a.not_in_store_since IS NOT NULL) AS not_in_store_pools,
      count(*) FILTER (WHERE a.unlicensed_since IS NOT NULL) AS not_licensed_pools,
      count(*) FILTER (WHERE ${isListed} AND a.unassignable_since IS NOT NULL) AS not_device_assignable_pools,
      (SELECT max(c.at) FROM title_changes c WHERE c.adam_id = a.adam_id
        AND c.change IN ${passingChanges}) AS changed_at
    FROM pools a JOIN faces f ON f.adam_id = a.adam_id JOIN wordings w ON w.adam_id = a.adam_id
    LEFT JOIN places p ON p.adam_id = a.adam_id
    GROUP BY a.adam_id, f.name, f.country, f.kind, f.product_type, f.families, f.supported, p.supported, w.words`
}
