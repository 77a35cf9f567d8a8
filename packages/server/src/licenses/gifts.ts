/**
 * What became of the licenses that undoing a record gives to their holders again (L11), read from the books as with what
 * was asked back: nothing depends on who settles a license, or when.
 */
import { undoDays } from '@apportion/core/licenses/undo'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import type { Block } from './books.ts'
import { countItems, type LookedAt } from './intervention-items.ts'

const licenseOfItem = sql`l.location_id = i.location_id AND l.asset_id = i.asset_id AND l.holder_kind = i.holder_kind
  AND l.holder = i.holder`

/**
 * Ends the lines of an asset whose license is there. What got lost on its way to Apple is reserved anew while any is
 * free, since no assignment would ask for it. The asset's row is locked by the caller.
 */
export async function pursueGifts(tx: Tx, { locationId, assetId, now }: LookedAt): Promise<void> {
  const open = sql`i.location_id = ${locationId} AND i.asset_id = ${assetId} AND i.outcome = 'giving'`
  const { rows } = await sql<{ intervention_id: string }>`
    SELECT DISTINCT i.intervention_id FROM intervention_items i WHERE ${open} ORDER BY i.intervention_id`.execute(
    tx,
  )
  if (rows.length === 0) return
  await sql`UPDATE intervention_items i SET outcome = 'given', settled_at = ${now} FROM licenses l
    WHERE ${open} AND ${licenseOfItem} AND l.state <> 'granting'`.execute(tx)
  await sql`
    WITH lost AS MATERIALIZED (
      SELECT i.*, row_number() OVER (ORDER BY i.holder_kind, i.holder) <= (
        SELECT CASE WHEN a.unlimited THEN 2147483647 ELSE a.total - a.retired - a.held - a.reserved END
        FROM assets a WHERE a.id = ${assetId}) AS fits
      FROM intervention_items i WHERE ${open} AND NOT EXISTS (SELECT 1 FROM licenses l WHERE ${licenseOfItem})
    ), anew AS (
      INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since, keep_until, keep_why)
      SELECT location_id, asset_id, holder_kind, holder, 'granting', true, ${now}::timestamptz,
        ${new Date(now.getTime() + undoDays * 86_400_000)}::timestamptz, 'undone' FROM lost WHERE fits
      ON CONFLICT DO NOTHING RETURNING 1
    ), reserved AS (
      UPDATE assets a SET reserved = a.reserved + n.n FROM (SELECT count(*)::int AS n FROM anew) AS n
      WHERE a.id = ${assetId} AND n.n > 0
    )
    UPDATE intervention_items i SET outcome = 'skipped', reason = 'none_free', settled_at = ${now}
    FROM lost o WHERE NOT o.fits AND i.intervention_id = o.intervention_id AND i.asset_id = o.asset_id
      AND i.holder_kind = o.holder_kind AND i.holder = o.holder`.execute(tx)
  for (const { intervention_id: id } of rows) await countItems(tx, { interventionId: id, assetId, now })
}

/** Licenses on their way to these holders; of any asset when `assetIds` is null. */
type GiftsOf = Omit<Block, 'assetIds'> & { readonly assetIds: readonly number[] | null }

/** Ends the lines of what Apple refused to give, and remembers why. */
export async function noteRefusedGifts(
  tx: Tx,
  block: GiftsOf,
  refusal: { readonly number: number | null; readonly detail: string; readonly at: Date },
): Promise<void> {
  const { rows } = await sql<{ id: string; asset_id: number }>`
    WITH ended AS (
      UPDATE intervention_items i SET outcome = 'not_given', error_number = ${refusal.number},
        detail = ${refusal.detail}, settled_at = ${refusal.at}
      WHERE ${givenIn(block)} AND NOT EXISTS (SELECT 1 FROM licenses l WHERE ${licenseOfItem})
      RETURNING i.intervention_id, i.asset_id
    ) SELECT DISTINCT intervention_id AS id, asset_id FROM ended ORDER BY 1, 2`.execute(tx)
  for (const { id, asset_id: assetId } of rows) {
    await countItems(tx, { interventionId: id, assetId, now: refusal.at })
  }
}

/** The assets of a block of which some license is given by undoing: they are to be looked at when Apple has answered. */
export async function assetsOfGifts(tx: Tx, block: Block): Promise<readonly number[]> {
  const { rows } = await sql<{ asset_id: number }>`
    SELECT DISTINCT i.asset_id FROM intervention_items i WHERE ${givenIn(block)} ORDER BY i.asset_id`.execute(
    tx,
  )
  return rows.map((row) => row.asset_id)
}

const givenIn = (block: GiftsOf) => sql`i.outcome = 'giving' AND i.location_id = ${block.locationId}
  AND ${block.assetIds === null ? sql`true` : sql`i.asset_id = ANY(${[...block.assetIds]}::int[])`} AND i.holder_kind = ${block.holderKind}::holder_kind
  AND i.holder = ANY(${[...block.holders]}::text[])`
