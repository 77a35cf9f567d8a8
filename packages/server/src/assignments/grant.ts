/** Gives what is free to the first in the queue (L2, L8, L9). */
import { serveQueue } from '@apportion/core/assignments/shares'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import { lookAgainAtAssets } from '../platform/outbox.ts'
import type { Pool } from './pool.ts'
import { queueOrder } from './queue.ts'

/** Licenses reserved in one transaction; the rest follows in the next. */
const grantsAtOnce = 100_000

/** The first in the queue get what is free. The database refuses a reservation past what is owned (invariant 1). */
export async function reserveGrants(tx: Tx, pool: Pool, now: Date): Promise<void> {
  const limit = Math.min(grantsAtOnce, pool.unlimited ? grantsAtOnce : Math.max(0, pool.free))
  if (limit === 0) return
  const shares = await sharesOf(tx, pool)
  const chosen =
    shares === null ? { next: firstOf(pool, limit), isAll: false } : await served(tx, pool, { shares, limit })
  if (chosen === null) return
  const { next, isAll } = chosen
  const { rows } = await sql<{ n: number }>`
    WITH next AS MATERIALIZED (
      SELECT t.device_id, t.user_id, t.assignment_id, coalesce(d.serial_number, u.client_user_id::text) AS holder,
        CASE WHEN t.user_id IS NULL THEN 'device' ELSE 'user' END::holder_kind AS holder_kind
      FROM (${next}) AS t LEFT JOIN devices d ON d.id = t.device_id LEFT JOIN users u ON u.id = t.user_id
    ), granted AS (
      INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since, assignment_id)
      SELECT ${pool.location_id}::int, ${pool.id}::int, n.holder_kind, n.holder, 'granting', true,
        ${now}::timestamptz, n.assignment_id FROM next n
      ON CONFLICT DO NOTHING RETURNING holder
    ), served AS (
      -- By array: the planner cannot know how many rows next has, and would compare all with all.
      UPDATE targets t SET waits = false
      WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id}
        AND (t.device_id = ANY(ARRAY(SELECT n.device_id FROM next n WHERE n.device_id IS NOT NULL))
          OR t.user_id = ANY(ARRAY(SELECT n.user_id FROM next n WHERE n.user_id IS NOT NULL)))
    ), counted AS (
      SELECT (SELECT count(*)::int FROM granted) AS granted, (SELECT count(*)::int FROM next) AS served
    )
    UPDATE assets SET reserved = reserved + c.granted, waiting = waiting - c.served
    FROM counted c WHERE id = ${pool.id} AND c.served > 0 RETURNING c.served AS n`.execute(tx)
  if (!isAll && (shares !== null || rows[0]?.n === grantsAtOnce)) await lookAgainAtAssets(tx, [pool.id])
}

/** Who may be served now: waits, is not refused for a while, and is of no rollout that was stopped. */
function mayBeServed(pool: Pool): RawBuilder<unknown> {
  return sql`t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id} AND t.waits AND t.retry_at IS NULL
    AND t.assignment_id <> ALL(ARRAY(SELECT s.id FROM assignments s
      WHERE s.asset_id = ANY(${[pool.id, ...pool.others]}::int[]) AND s.rollout_stopped_at IS NOT NULL))
    ${pool.device_assignable ? sql`` : sql`AND t.user_id IS NOT NULL`}`
}

function firstOf(pool: Pool, limit: number): RawBuilder<unknown> {
  return sql`SELECT t.device_id, t.user_id, t.assignment_id FROM targets t WHERE ${mayBeServed(pool)}
    ORDER BY ${queueOrder} LIMIT ${limit}`
}

/** An assignment that keeps licenses for its targets, or may not have more than so many. */
export interface ShareRow {
  readonly id: number
  readonly reserve: number
  readonly quota: number | null
  /** Targets of it that have a license of this pool, or are about to. */
  readonly here: number
  /** Targets of it that have one of another pool which it draws on (C3). */
  readonly beside: number
}

/**
 * The shares of an asset; null when no assignment has a reserve or a quota. An assignment that draws on several pools has
 * one quota for all of them, and its reserve where it is an assignment of.
 */
export async function sharesOf(
  tx: Db | Tx,
  pool: Pick<Pool, 'id' | 'location_id' | 'others'>,
): Promise<readonly ShareRow[] | null> {
  const others = sql`${[...pool.others]}::int[]`
  const { rows } = await sql<ShareRow>`
    SELECT s.id, CASE WHEN s.asset_id = ${pool.id} THEN coalesce(s.reserve, 0) ELSE 0 END AS reserve, s.quota,
      (SELECT count(*)::int FROM targets t WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id}
        AND t.assignment_id = s.id AND t.wants AND NOT t.waits
        ${pool.others.length === 0 ? sql`` : sql`AND ${hasLicense()}`}) AS here,
      CASE WHEN s.pools = 'own' THEN 0 ELSE (SELECT count(*)::int FROM targets t
        WHERE t.asset_id = ANY(${others}) AND t.assignment_id = s.id AND t.wants AND NOT t.waits AND ${hasLicense()}) END AS beside
    FROM assignments s WHERE (s.asset_id = ${pool.id} OR (s.asset_id = ANY(${others}) AND s.pools <> 'own'))
      AND (s.reserve IS NOT NULL OR s.quota IS NOT NULL)
    ORDER BY s.id`.execute(tx)
  return rows.length === 0 ? null : rows
}

/**
 * Whether the target `t` has a license `l` of its own asset, in any state or as the condition says: who has the title from
 * another pool does not wait either.
 */
export function hasLicense(condition = sql`true`): RawBuilder<unknown> {
  return sql`EXISTS (SELECT FROM licenses l WHERE l.location_id = t.location_id AND l.asset_id = t.asset_id
    AND l.holder_kind = CASE WHEN t.user_id IS NULL THEN 'device' ELSE 'user' END::holder_kind
    AND l.holder = CASE WHEN t.user_id IS NULL THEN (SELECT d.serial_number FROM devices d WHERE d.id = t.device_id)
      ELSE (SELECT u.client_user_id::text FROM users u WHERE u.id = t.user_id) END AND ${condition})`
}

interface Chosen {
  /** Rows `(device_id, user_id, assignment_id)`. */
  readonly next: RawBuilder<unknown>
  /** Nobody else could be served now. */
  readonly isAll: boolean
}

/** Those of the queue whom reserves and quotas leave a license; null when that is nobody. */
async function served(
  tx: Tx,
  pool: Pool,
  { shares, limit }: { readonly shares: readonly ShareRow[]; readonly limit: number },
): Promise<Chosen | null> {
  // Whose quota is used up is passed over, however many they are.
  const full = shares.filter(({ quota, here, beside }) => quota !== null && here + beside >= quota)
  const { rows } = await sql<{ device_id: number | null; user_id: number | null; assignment_id: number }>`
    SELECT t.device_id, t.user_id, t.assignment_id FROM targets t WHERE ${mayBeServed(pool)}
      AND t.assignment_id <> ALL(${full.map(({ id }) => id)}::int[])
    ORDER BY ${queueOrder} LIMIT ${lookedAt}`.execute(tx)
  const places = new Map(shares.map(({ id }, index) => [id, index]))
  const queue = Int32Array.from(rows, (row) => places.get(row.assignment_id) ?? -1)
  const held = shares.map((share) => ({ ...share, held: share.here + share.beside }))
  const outcome = serveQueue(queue, held, pool.unlimited ? Number.POSITIVE_INFINITY : pool.free)
  const chosen = rows.filter((_, place) => outcome.served[place] === 1).slice(0, limit)
  if (chosen.length === 0) return null
  const next = sql`SELECT * FROM unnest(${chosen.map((row) => row.device_id)}::int[],
    ${chosen.map((row) => row.user_id)}::int[], ${chosen.map((row) => row.assignment_id)}::int[])
    AS t(device_id, user_id, assignment_id)`
  return { next, isAll: outcome.count <= limit && rows.length < lookedAt }
}

/** With shares the queue is read so far: who stands behind that many is looked at when the first have been served. */
const lookedAt = 200_000
