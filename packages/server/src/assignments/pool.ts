/** The pool of licenses that reconcile works on: an asset with its row locked, and the others of the same title. */
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'

/** A locked asset. */
export interface Pool {
  readonly id: number
  readonly location_id: number
  readonly adam_id: string
  readonly unlimited: boolean
  readonly is_book: boolean
  readonly free: number
  readonly waiting: number
  /** Goes to devices; else only people get licenses of it. */
  readonly device_assignable: boolean
  /** Apple did not just say that none are left, and the asset is still owned. */
  readonly grantable: boolean
  readonly revocable: boolean
  /** Other pools of the title that licenses are held in, or assigned from: nobody gets one from two (C3). */
  readonly others: readonly number[]
}

/**
 * Locks an asset: whoever reserves or settles its licenses waits for the other. Where a title has several pools in use,
 * all of them are locked, in the order of their ids, since what one gives the others may not give too.
 */
export async function lockPool(
  tx: Tx,
  { assetId, now }: { readonly assetId: number; readonly now: Date },
): Promise<Pool | undefined> {
  await sql`SELECT 1 FROM assets a WHERE a.id = ${assetId}::int OR a.id IN (${othersInUse(sql`${assetId}::int`)})
    ORDER BY a.id FOR UPDATE OF a`.execute(tx)
  return readPool(tx, { assetId, now })
}

/** Reads a pool that is locked already; undefined while its content token is being deleted. */
export async function readPool(
  tx: Tx,
  { assetId, now }: { readonly assetId: number; readonly now: Date },
): Promise<Pool | undefined> {
  const { rows } = await sql<Pool>`
    SELECT a.id, a.location_id, a.adam_id, a.unlimited, a.product_type = 'Book' AS is_book,
      a.total - a.retired - a.held - a.reserved AS free, a.waiting, a.device_assignable,
      a.gone_at IS NULL AND (a.short_until IS NULL OR a.short_until <= ${now}) AS grantable, a.revocable,
      ARRAY(${othersInUse(sql`a.id`)}) AS others
    FROM assets a WHERE a.id = ${assetId}
      AND NOT EXISTS (SELECT 1 FROM locations l WHERE l.id = a.location_id AND l.leaving_since IS NOT NULL)`.execute(
    tx,
  )
  return rows[0]
}

/** The ids of the other pools of a title that are assigned or used by somebody. */
export function othersInUse(assetId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`SELECT b.id FROM assets me JOIN assets b ON b.adam_id = me.adam_id AND b.id <> me.id
    WHERE me.id = ${assetId} AND (b.held > 0 OR b.reserved > 0 OR b.waiting > 0
      OR EXISTS (SELECT 1 FROM assignments s WHERE s.asset_id = b.id))`
}

/** Whether some target wants the license `l` of a device: it is required there, or asked for, and not withheld. */
export function deviceWants(pool: Pool): RawBuilder<unknown> {
  return sql`EXISTS (SELECT 1 FROM devices d JOIN targets t ON t.location_id = ${pool.location_id}
    AND t.asset_id = ${pool.id} AND t.device_id = d.id AND t.wants WHERE d.serial_number = l.holder)`
}

/** Whether the person who holds the license `l` is to have it. */
export function personWants(pool: Pool): RawBuilder<unknown> {
  return sql`EXISTS (SELECT 1 FROM users u JOIN targets t ON t.location_id = ${pool.location_id}
    AND t.asset_id = ${pool.id} AND t.user_id = u.id AND t.wants WHERE u.client_user_id::text = l.holder)`
}

/** The licenses `l` of the asset of one kind of holder; only those of some devices when they are named. */
export function licensesOf(
  pool: Pool,
  kind: 'device' | 'user',
  serialNumbers?: readonly string[],
): RawBuilder<unknown> {
  const among = serialNumbers === undefined ? sql`true` : sql`l.holder = ANY(${[...serialNumbers]}::text[])`
  return sql`l.location_id = ${pool.location_id} AND l.asset_id = ${pool.id} AND l.holder_kind = ${kind}::holder_kind
    AND ${among}`
}
