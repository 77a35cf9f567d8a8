/**
 * Compares a walk of Apple's assignments with our licenses and writes what differs: found and gone, a set each, with
 * lines of the ledger under the sync that found them.
 */
import type { Assignment } from '@apportion/apple-wire/messages'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/database.ts'
import { errorCode } from '../../platform/db/failure.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { holdLease } from '../../platform/leases.ts'
import { lookAgainAtAssets } from '../../platform/outbox.ts'
import { forgetGivenUp, stillOurs } from '../outside.ts'
import { confirmGone } from './confirm-gone.ts'
import type { Reading } from './sync.ts'
import { holderOf } from './walked-page.ts'
import { missing, type WalkedSet } from './walked-set.ts'

/** The last line of a location's ledger; to be asked for before a walk begins. */
export async function ledgerPosition(db: Db, locationId: number): Promise<number> {
  const { rows } = await sql<{ id: number | null }>`
    SELECT max(last.id) AS id FROM assets a CROSS JOIN LATERAL (SELECT g.id FROM ledger g
      WHERE g.location_id = a.location_id AND g.asset_id = a.id ORDER BY g.id DESC LIMIT 1) AS last
    WHERE a.location_id = ${locationId}`.execute(db)
  return rows[0]?.id ?? 0
}

/**
 * Writes what differs between the table `walked` of this connection and `licenses`. Licenses that Apple no longer has
 * are taken out only if they were held before the walk began: what we asked for meanwhile may be on a page that was
 * read earlier. When the set moved under the walk, Apple is asked for each that is missing. Gives whether nothing
 * remains in doubt.
 */
export async function compare(reading: Reading, walked: Db, set: WalkedSet): Promise<boolean> {
  const { ports, turn, progress } = reading
  const { locationId } = turn.lease
  await sql`ANALYZE walked`.execute(walked)
  const write = (mayConflict: boolean) =>
    inTransaction(walked, async (tx) => {
      await holdLease(tx, turn.lease)
      // The assets before their licenses, as everybody does.
      await sql`SELECT FROM assets WHERE location_id = ${locationId} AND (${set.assetId}::int IS NULL OR id = ${set.assetId})
        ORDER BY id FOR UPDATE`.execute(tx)
      const now = ports.clock.now()
      const where = { locationId, now, runId: progress.runId }
      const found = await insertFound(tx, {
        ...where,
        walked: sql`walked`,
        ledgerAt: set.ledgerAt,
        mayConflict,
      })
      const gone = set.complete ? await deleteGone(tx, { ...where, set }) : []
      await forgetGivenUp(tx, locationId, stillOurs(now))
      await lookAgainAtAssets(
        tx,
        [...found, ...gone].map((each) => each.asset_id),
      )
      return { found, gone }
    })
  const { found, gone } = await withoutConflicts(write)
  progress.counts.licenses_found += sumOf(found)
  progress.counts.licenses_gone += sumOf(gone)
  return set.complete || (await confirmGone(reading, walked, set))
}

/**
 * Apple names nobody twice and hardly anybody is added here meanwhile, so rows are first inserted without a look at
 * conflicts, which takes a quarter off the time (1 million rows: 14.6 s instead of 20.0 s on a busy machine).
 */
async function withoutConflicts<T>(write: (mayConflict: boolean) => Promise<T>): Promise<T> {
  try {
    return await write(false)
  } catch (error) {
    const uniqueViolation = '23505'
    if (errorCode(error) !== uniqueViolation) throw error
    return await write(true)
  }
}

/** How many licenses of an asset changed. */
export interface Changed {
  readonly asset_id: number
  readonly n: number
}

const sumOf = (changed: readonly Changed[]): number => changed.reduce((sum, each) => sum + each.n, 0)

interface Finding {
  readonly locationId: number
  readonly now: Date
  readonly runId: string
  readonly ledgerAt: number
  /** A relation with the columns of the table `walked`. */
  readonly walked: RawBuilder<unknown>
  /** Whether a license may have been added here meanwhile. */
  readonly mayConflict: boolean
}

/** Some records of Apple's as a relation with the columns of the table `walked`. */
export function recordsOf(records: readonly Assignment[]): RawBuilder<unknown> {
  const rows = records.flatMap((record) => {
    const holder = holderOf(record)
    if (holder === undefined) return []
    return [
      {
        adam_id: record.adamId,
        pricing_param: record.pricingParam,
        holder_kind: holder.kind,
        holder: holder.id,
      },
    ]
  })
  return sql`(SELECT DISTINCT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
    AS r(adam_id text, pricing_param text, holder_kind holder_kind, holder text))`
}

/**
 * Licenses that Apple has and we did not know: held outside Apportion (S5), or of a grant that was given up, and then
 * ours. What came back while the walk went on may stand on a page that was read before, and is passed over.
 */
export async function insertFound(tx: Tx, finding: Finding): Promise<readonly Changed[]> {
  const { locationId, now, runId, ledgerAt, walked, mayConflict } = finding
  const { rows } = await sql<Changed>`
    WITH released AS MATERIALIZED (
      SELECT r.asset_id, r.holder_kind, r.holder FROM assets a CROSS JOIN LATERAL (
        SELECT g.asset_id, g.holder_kind, g.holder FROM ledger g
        WHERE g.location_id = a.location_id AND g.asset_id = a.id AND g.id > ${ledgerAt}
          AND g.change IN ('released', 'vanished')) AS r
      WHERE a.location_id = ${locationId}
    ), found AS (
      INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since, assignment_id)
      SELECT ${locationId}::int, a.id, w.holder_kind, w.holder, 'held', u.holder IS NOT NULL, ${now}::timestamptz,
        u.assignment_id
      FROM ${walked} w JOIN assets a ON a.location_id = ${locationId} AND a.adam_id = w.adam_id
        AND a.pricing_param = w.pricing_param
      LEFT JOIN given_up_grants u ON u.location_id = ${locationId} AND u.asset_id = a.id
        AND u.holder_kind = w.holder_kind AND u.holder = w.holder AND u.at > ${stillOurs(now)}
      WHERE NOT EXISTS (SELECT 1 FROM licenses l WHERE l.location_id = ${locationId} AND l.asset_id = a.id
          AND l.holder_kind = w.holder_kind AND l.holder = w.holder)
        AND NOT EXISTS (SELECT 1 FROM released r WHERE r.asset_id = a.id AND r.holder_kind = w.holder_kind
          AND r.holder = w.holder)
      ${mayConflict ? sql`ON CONFLICT DO NOTHING` : sql``} RETURNING asset_id, holder_kind, holder, ours, assignment_id
    ), written AS (
      INSERT INTO ledger (location_id, asset_id, holder_kind, holder, at, change, cause, assignment_id, sync_run_id)
      SELECT ${locationId}::int, asset_id, holder_kind, holder, ${now}::timestamptz,
        CASE WHEN ours THEN 'granted' ELSE 'found' END,
        CASE WHEN ours THEN 'done_late' ELSE 'found_at_sync' END, assignment_id, ${runId}::uuid FROM found
    ), counted AS (
      SELECT asset_id, count(*)::int AS n, (count(*) FILTER (WHERE NOT ours))::int AS outside FROM found GROUP BY asset_id
    )
    UPDATE assets a SET held = held + c.n, held_outside = held_outside + c.outside
    FROM counted c WHERE a.id = c.asset_id RETURNING a.id AS asset_id, c.n`.execute(tx)
  return rows
}

interface Losing {
  readonly locationId: number
  readonly now: Date
  readonly runId: string
  readonly set: WalkedSet
}

/** Licenses that we knew and Apple no longer has. */
async function deleteGone(tx: Tx, { locationId, now, runId, set }: Losing): Promise<readonly Changed[]> {
  const { rows } = await sql<Changed>`
    WITH gone AS (
      DELETE FROM licenses l USING assets a WHERE ${missing(locationId, set)}
      RETURNING l.asset_id, l.holder_kind, l.holder, l.ours, l.assignment_id
    ), written AS (
      INSERT INTO ledger (location_id, asset_id, holder_kind, holder, at, change, cause, assignment_id, sync_run_id)
      SELECT ${locationId}::int, asset_id, holder_kind, holder, ${now}::timestamptz, 'vanished', 'gone_at_sync',
        assignment_id, ${runId}::uuid FROM gone
    ), counted AS (
      SELECT asset_id, count(*)::int AS n, (count(*) FILTER (WHERE NOT ours))::int AS outside FROM gone GROUP BY asset_id
    )
    UPDATE assets a SET held = held - c.n, held_outside = held_outside - c.outside, short_until = NULL
    FROM counted c WHERE a.id = c.asset_id RETURNING a.id AS asset_id, c.n`.execute(tx)
  return rows
}
