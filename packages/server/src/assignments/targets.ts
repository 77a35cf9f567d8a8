/** The targets of an asset: what its assignments resolve to, kept as rows that remember their place in the queue. */
import { bookPlatforms } from '@apportion/core/installs/wish'
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { lookAtDelivery } from '../platform/outbox.ts'
import { resolved } from './resolve.ts'
import { type Rule, savedRules } from './rules.ts'

/** The asset whose targets are refreshed. */
export interface TargetedAsset {
  readonly id: number
  readonly location_id: number
}

/** What is refreshed: by which rules, and only for some devices when only those have changed. */
export interface Refreshing {
  readonly rules: readonly Rule[]
  readonly isBook: boolean
  readonly only?: readonly number[] | undefined
}

/** What `refreshTargets` goes by, read from the saved assignments. */
export async function refreshingOf(tx: Tx, asset: TargetedAsset): Promise<Refreshing> {
  const { rows } = await sql<{ book: boolean }>`SELECT product_type = 'Book' AS book FROM assets
    WHERE id = ${asset.id}`.execute(tx)
  return { rules: await savedRules(tx, asset.id), isBook: rows[0]?.book ?? false }
}

/**
 * The targets of an asset become what its assignments resolve to; who stays keeps the place in the queue and stays
 * withheld (L6), who comes anew or is meant otherwise is not. What somebody asked for stays asked for while it is
 * available. The asset's row is locked by the caller.
 */
export async function refreshTargets(
  tx: Tx,
  asset: TargetedAsset,
  { now, ...refreshing }: Refreshing & { readonly now: Date },
): Promise<void> {
  const { only, isBook, rules } = refreshing
  const rows = await resolved(tx, { assetId: asset.id, rules, isBook, only })
  const ofAsset = sql`t.location_id = ${asset.location_id} AND t.asset_id = ${asset.id}`
  const among = only === undefined ? sql`true` : sql`t.device_id = ANY(${[...only]}::int[])`
  const withPeople = only === undefined && (await concernsPeople(tx, asset, refreshing))
  const people = withPeople
    ? sql`, gone_people AS (
        DELETE FROM targets t WHERE ${ofAsset} AND t.user_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.user_id = t.user_id) RETURNING t.user_id
      ), people AS (${written(asset, { holder: 'user_id', now })} RETURNING t.user_id)`
    : sql``
  await sql`
    WITH wanted AS MATERIALIZED (
      SELECT device_id, user_id, intent, offered, license_type, assignment_id, priority FROM (${rows}) AS r
      WHERE r.unfit IS NULL
    ), gone AS (
      DELETE FROM targets t WHERE ${ofAsset} AND t.device_id IS NOT NULL AND ${among}
        AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.device_id = t.device_id) RETURNING t.device_id
    )${people}, changed AS (${written(asset, { holder: 'device_id', now })} RETURNING t.device_id)
    ${lookAtDelivery(sql`
      SELECT ${asset.location_id}::int AS location_id, ${asset.id}::int AS asset_id, device_id FROM changed
      UNION ALL SELECT ${asset.location_id}::int, ${asset.id}::int, device_id FROM gone
      ${isBook && withPeople ? devicesOfReaders(asset) : sql``}`)}`.execute(tx)
}

/**
 * Books are meant for people and come to their devices: to those of people who changed here, and to those that have
 * nothing of the book yet, since a person gets devices without becoming another target.
 */
function devicesOfReaders(asset: TargetedAsset): RawBuilder<unknown> {
  return sql`UNION ALL SELECT ${asset.location_id}::int, ${asset.id}::int, d.id FROM devices d
      WHERE d.user_id IN (SELECT user_id FROM people UNION ALL SELECT user_id FROM gone_people)
    UNION ALL SELECT l.location_id, l.asset_id, d.id FROM licenses l JOIN assets a ON a.id = l.asset_id
      JOIN users u ON u.client_user_id::text = l.holder
      JOIN devices d ON d.user_id = u.id AND d.platform = ANY(${[...bookPlatforms]}::text[])
      WHERE l.location_id = ${asset.location_id} AND l.asset_id = ${asset.id} AND l.holder_kind = 'user'
        AND l.state = 'held' AND NOT EXISTS (SELECT FROM installs i WHERE i.device_id = d.id AND i.adam_id = a.adam_id)`
}

/** Whether people hold, or are to hold, user licenses of the asset. */
async function concernsPeople(tx: Tx, asset: TargetedAsset, { rules, isBook }: Refreshing): Promise<boolean> {
  if (isBook || rules.some((rule) => rule.mode === 'include' && rule.license === 'user')) return true
  const { rows } =
    await sql`SELECT 1 FROM targets WHERE location_id = ${asset.location_id} AND asset_id = ${asset.id}
    AND user_id IS NOT NULL LIMIT 1`.execute(tx)
  return rows.length > 0
}

/** Stores the wanted rows of devices, or of people, where they differ from what is there. */
function written(
  asset: TargetedAsset,
  { holder, now }: { readonly holder: 'device_id' | 'user_id'; readonly now: Date },
): RawBuilder<unknown> {
  const id = sql.ref(holder)
  const arbiter =
    holder === 'device_id'
      ? sql`(location_id, asset_id, device_id)`
      : sql`(location_id, asset_id, user_id) WHERE user_id IS NOT NULL`
  const sameIntent = sql`t.intent = excluded.intent AND t.license_type = excluded.license_type`
  return sql`
    INSERT INTO targets AS t (location_id, asset_id, ${id}, intent, offered, license_type, assignment_id, priority,
      entered_at)
    SELECT ${asset.location_id}::int, ${asset.id}::int, w.${id}, w.intent, w.offered, w.license_type, w.assignment_id,
      w.priority, ${now}::timestamptz
    FROM wanted w LEFT JOIN targets k
      ON k.location_id = ${asset.location_id} AND k.asset_id = ${asset.id} AND k.${id} = w.${id}
    WHERE w.${id} IS NOT NULL AND (k.${id} IS NULL OR (k.intent, k.offered, k.license_type, k.assignment_id, k.priority)
      IS DISTINCT FROM (w.intent, w.offered, w.license_type, w.assignment_id, w.priority::smallint))
    ON CONFLICT ${arbiter} DO UPDATE SET
      entered_at = CASE WHEN ${sameIntent} THEN t.entered_at ELSE excluded.entered_at END,
      withheld_by = CASE WHEN ${sameIntent} THEN t.withheld_by END,
      withheld_at = CASE WHEN ${sameIntent} THEN t.withheld_at END,
      waits = t.waits AND ${sameIntent},
      asked_at = CASE WHEN excluded.intent IN ('available', 'available_or_uninstall') THEN t.asked_at END,
      intent = excluded.intent, offered = excluded.offered, license_type = excluded.license_type,
      assignment_id = excluded.assignment_id, priority = excluded.priority,
      refused_number = NULL, refused_detail = NULL, retry_at = NULL`
}
