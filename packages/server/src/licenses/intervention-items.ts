/**
 * What became of the licenses that interventions were about (L6, S5), read from the books: each look at an asset ends
 * what has come back, and asks again for what Apple never did. So nothing depends on who settles a license, or when.
 */
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import type { Block } from './books.ts'

/** The asset that is looked at; its row is locked by the caller. */
export interface LookedAt {
  readonly locationId: number
  readonly assetId: number
  readonly now: Date
}

/**
 * Ends the items of an asset whose license is back, or was given again before it left. To be called before anything is
 * granted anew, and after what nobody wants was asked back.
 */
export async function pursueItems(tx: Tx, looked: LookedAt): Promise<void> {
  const { locationId, assetId, now } = looked
  const { rows: open } = await sql<{ intervention_id: string }>`
    SELECT DISTINCT i.intervention_id FROM intervention_items i WHERE ${openOf(looked)}
    ORDER BY i.intervention_id`.execute(tx)
  if (open.length === 0) return
  await sql`
    UPDATE intervention_items i SET outcome = 'taken', settled_at = ${now}, error_number = NULL, detail = NULL
    WHERE ${openOf(looked)} AND NOT EXISTS (SELECT 1 FROM licenses l WHERE ${licenseOfItem})`.execute(tx)
  await sql`
    UPDATE intervention_items i SET outcome = 'kept', reason = 'required_again', settled_at = ${now}
    FROM licenses l WHERE ${openOf(looked)} AND i.outcome = 'asked' AND ${licenseOfItem}
      AND l.state <> 'releasing' AND l.release_after IS NULL AND (l.state = 'held' OR EXISTS (
        SELECT 1 FROM devices d JOIN targets t ON t.location_id = ${locationId} AND t.asset_id = ${assetId}
          AND t.device_id = d.id AND t.wants
        WHERE i.holder_kind = 'device' AND d.serial_number = i.holder)
        OR EXISTS (SELECT 1 FROM users u JOIN targets t ON t.location_id = ${locationId} AND t.asset_id = ${assetId}
          AND t.user_id = u.id AND t.wants WHERE i.holder_kind = 'user' AND u.client_user_id::text = i.holder))`.execute(
    tx,
  )
  for (const { intervention_id: id } of open) await countItems(tx, { interventionId: id, assetId, now })
}

const openOf = ({ locationId, assetId }: LookedAt) => sql`i.location_id = ${locationId}
  AND i.asset_id = ${assetId} AND i.outcome IN ('asked', 'refused')`

const licenseOfItem = sql`l.location_id = i.location_id AND l.asset_id = i.asset_id AND l.holder_kind = i.holder_kind
  AND l.holder = i.holder`

/** Remembers at the items why Apple does not take their licenses back. The next look at the asset counts them. */
export async function noteRefusedReleases(
  tx: Tx,
  block: Block,
  refusal: { readonly number: number | null; readonly detail: string; readonly at: Date },
): Promise<void> {
  await sql`UPDATE intervention_items i SET outcome = 'refused', error_number = ${refusal.number}, detail = ${refusal.detail}, settled_at = ${refusal.at}
    WHERE i.location_id = ${block.locationId} AND i.asset_id = ANY(${[...block.assetIds]}::int[])
      AND i.holder_kind = ${block.holderKind}::holder_kind AND i.holder = ANY(${[...block.holders]}::text[])
      AND i.outcome IN ('asked', 'refused')`.execute(tx)
}

/** Counts the items of an intervention at one asset, and ends the intervention when nothing of it is open any more. */
export async function countItems(
  tx: Tx,
  counted: { readonly interventionId: string; readonly assetId: number; readonly now: Date },
): Promise<void> {
  const { interventionId, assetId, now } = counted
  const { rows } = await sql<{ settled: boolean }>`
    UPDATE intervention_assets SET counts = (
      SELECT coalesce(jsonb_object_agg(concat_ws(' ', g.outcome, g.reason), g.n), '{}') FROM (
        SELECT i.outcome, i.reason, count(*)::int AS n FROM intervention_items i
        WHERE i.intervention_id = ${interventionId} AND i.asset_id = ${assetId} GROUP BY i.outcome, i.reason) AS g)
    WHERE intervention_id = ${interventionId} AND asset_id = ${assetId}
    RETURNING done_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM intervention_items i
      WHERE i.intervention_id = ${interventionId} AND i.asset_id = ${assetId} AND i.outcome IN ('asked', 'giving')) AS settled`.execute(
    tx,
  )
  if (rows[0]?.settled === true) await endIfSettled(tx, interventionId, now)
}

/**
 * Locations settle their parts at the same time, so the intervention is locked first: the last of them sees the
 * others. What Apple takes back later after all changes the counts of one that has ended.
 */
async function endIfSettled(tx: Tx, id: string, now: Date): Promise<void> {
  await sql`SELECT 1 FROM interventions WHERE id = ${id} FOR UPDATE`.execute(tx)
  await sql`UPDATE interventions v SET state = 'done', finished_at = coalesce(v.finished_at, ${now}),
      counts = ${sumOfCounts(sql`${id}::uuid`)}
    WHERE v.id = ${id} AND NOT EXISTS (SELECT 1 FROM intervention_assets a
      WHERE a.intervention_id = v.id AND (a.done_at IS NULL OR EXISTS (
        SELECT 1 FROM jsonb_object_keys(a.counts) AS k(key) WHERE split_part(k.key, ' ', 1) IN ('asked', 'giving'))))`.execute(
    tx,
  )
}

/** The counts of an intervention over all its assets, as JSON by outcome and reason. */
export function sumOfCounts(id: ReturnType<typeof sql>) {
  return sql`(SELECT coalesce(jsonb_object_agg(s.key, s.n), '{}') FROM (
    SELECT c.key, sum(c.value::int)::int AS n FROM intervention_assets a CROSS JOIN LATERAL jsonb_each_text(a.counts) AS c
    WHERE a.intervention_id = ${id} GROUP BY c.key) AS s)`
}
