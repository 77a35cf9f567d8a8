/** The SQL of assets as Apple knows them. */
import type { ResponseAsset } from '@apportion/apple-wire/messages'
import { UNLIMITED_TOTAL } from '@apportion/apple-wire/messages'
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

/** Our id of an asset and Apple's. */
export interface AssetKey {
  readonly id: number
  readonly adamId: string
  readonly pricingParam: string
}

/** The keys of some assets, in the order of their ids. */
export async function assetKeys(db: Db | Tx, ids: readonly number[]): Promise<readonly AssetKey[]> {
  const { rows } = await sql<AssetKey>`SELECT id, adam_id AS "adamId", pricing_param AS "pricingParam"
    FROM assets WHERE id = ANY(${[...ids]}::int[]) ORDER BY id`.execute(db)
  return rows
}

/** The ids of a location's assets, by `adamId pricingParam`. */
export async function assetIdsOf(db: Db, locationId: number): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ key: string; id: number }>`SELECT adam_id || ' ' || pricing_param AS key, id
    FROM assets WHERE location_id = ${locationId}`.execute(db)
  return new Map(rows.map((row) => [row.key, row.id]))
}

/** What Apple said of some assets when it was asked at a moment. */
export interface CountedAssets {
  readonly assets: readonly ResponseAsset[]
  readonly at: Date
}

/** What writing counts changed. */
export interface CountedChanges {
  /** Assets that were not known before. */
  readonly fresh: number
  /** Ids of assets that are new, or of which licenses can be given or taken differently than before. */
  readonly changed: readonly number[]
}

/** Writes what Apple says of some assets, new ones too. What was asked later stays. */
export async function upsertAssets(
  tx: Tx,
  seen: CountedAssets & { readonly locationId: number },
): Promise<CountedChanges> {
  const rows = seen.assets.map((asset) => ({
    adam_id: asset.adamId,
    pricing_param: asset.pricingParam,
    product_type: asset.productType,
    unlimited: asset.totalCount === UNLIMITED_TOTAL,
    total: asset.totalCount,
    assigned: asset.assignedCount,
    available: asset.availableCount,
    retired: asset.retiredCount,
    device_assignable: asset.deviceAssignable,
    revocable: asset.revocable,
    platforms: asset.supportedPlatforms ?? [],
  }))
  const { rows: written } = await sql<{ id: number; fresh: boolean; changed: boolean }>`
    WITH known AS (
      SELECT id, total, retired, unlimited, device_assignable, revocable, gone_at FROM assets
      WHERE location_id = ${seen.locationId} AND adam_id = ANY(${rows.map((row) => row.adam_id)}::text[])
    ), written AS (
    INSERT INTO assets AS a (location_id, adam_id, pricing_param, product_type, unlimited, total, assigned, available,
      retired, device_assignable, revocable, platforms, counted_at, first_seen_at)
    SELECT ${seen.locationId}, r.adam_id, r.pricing_param, r.product_type, r.unlimited, r.total, r.assigned, r.available,
      r.retired, r.device_assignable, r.revocable, r.platforms, ${seen.at}, ${seen.at}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(adam_id text, pricing_param text, product_type text,
      unlimited boolean, total integer, assigned integer, available integer, retired integer, device_assignable boolean,
      revocable boolean, platforms text[])
    ORDER BY r.adam_id, r.pricing_param
    ON CONFLICT (location_id, adam_id, pricing_param) DO UPDATE SET
      product_type = excluded.product_type, unlimited = excluded.unlimited, total = excluded.total,
      assigned = excluded.assigned, available = excluded.available, retired = excluded.retired,
      device_assignable = excluded.device_assignable, revocable = excluded.revocable,
      platforms = excluded.platforms, counted_at = excluded.counted_at, gone_at = NULL,
      short_until = CASE WHEN (a.total, a.retired) = (excluded.total, excluded.retired) THEN a.short_until END
    WHERE a.counted_at <= excluded.counted_at
    RETURNING a.id, a.total, a.retired, a.unlimited, a.device_assignable, a.revocable
    )
    SELECT w.id, k.id IS NULL AS fresh, k.id IS NULL OR k.gone_at IS NOT NULL
      OR (w.total, w.retired, w.unlimited, w.device_assignable, w.revocable)
        <> (k.total, k.retired, k.unlimited, k.device_assignable, k.revocable) AS changed
    FROM written w LEFT JOIN known k ON k.id = w.id`.execute(tx)
  return {
    fresh: written.filter((row) => row.fresh).length,
    changed: written.filter((row) => row.changed).map((row) => row.id),
  }
}

/** Assets that a complete walk no longer showed are gone (C4). Gives their ids. */
export async function markGoneAssets(tx: Tx, locationId: number, walkedAt: Date): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    UPDATE assets SET gone_at = ${walkedAt}, total = 0, assigned = 0, available = 0
    WHERE location_id = ${locationId} AND counted_at < ${walkedAt} AND gone_at IS NULL RETURNING id`.execute(
    tx,
  )
  return rows.map((row) => row.id)
}
