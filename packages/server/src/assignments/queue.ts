/** The queue of an asset (L8): who wants a license and has none, by priority, then by age. */
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { licensesOf, type Pool } from './pool.ts'

/** The order of the queue, of targets `t`. */
export const queueOrder = sql`t.priority DESC, t.entered_at, t.device_id, t.user_id`

/**
 * Who wants a license and has none stands in the queue; only the named devices are looked at when they are named. Gives how
 * many stand there.
 */
export async function refreshQueue(tx: Tx, pool: Pool, deviceIds?: readonly number[]): Promise<number> {
  await markWaiting(tx, pool, { holder: 'device_id', deviceIds })
  if (deviceIds === undefined) await markWaiting(tx, pool, { holder: 'user_id', deviceIds })
  const { rows } = await sql<{ n: number }>`
    WITH c AS (SELECT count(*)::int AS n FROM targets t
      WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id} AND t.waits
    ), changed AS (UPDATE assets a SET waiting = c.n FROM c WHERE a.id = ${pool.id} AND a.waiting <> c.n)
    SELECT n FROM c`.execute(tx)
  return rows[0]?.n ?? 0
}

async function markWaiting(
  tx: Tx,
  pool: Pool,
  {
    holder,
    deviceIds,
  }: { readonly holder: 'device_id' | 'user_id'; readonly deviceIds: readonly number[] | undefined },
): Promise<void> {
  const id = sql.ref(`t.${holder}`)
  const kind = holder === 'device_id' ? 'device' : 'user'
  const name = holder === 'device_id' ? sql`d.serial_number` : sql`d.client_user_id::text`
  const among = deviceIds === undefined ? sql`true` : sql`t.device_id = ANY(${[...deviceIds]}::int[])`
  await sql`
    WITH queue AS MATERIALIZED (
      SELECT ${id} AS id, t.waits AS waited, t.wants AND l.holder IS NULL ${notElsewhere(pool, kind, name)} AS waits
      FROM targets t JOIN ${sql.table(holder === 'device_id' ? 'devices' : 'users')} d ON d.id = ${id}
      LEFT JOIN licenses l ON ${licensesOf(pool, kind)} AND l.holder = ${name}
      WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id} AND ${among}
    )
    -- By array: the planner cannot know how many rows the queue has, and would compare all with all.
    UPDATE targets t SET waits = NOT t.waits
    WHERE t.location_id = ${pool.location_id} AND t.asset_id = ${pool.id}
      AND ${id} = ANY(ARRAY(SELECT q.id FROM queue q WHERE q.waits <> q.waited))`.execute(tx)
}

/** Who has the title from another pool needs none from this one (C3). What is on its way back does not count. */
function notElsewhere(pool: Pool, kind: 'device' | 'user', name: RawBuilder<unknown>): RawBuilder<unknown> {
  if (pool.others.length === 0) return sql``
  return sql`AND NOT EXISTS (SELECT 1 FROM licenses o WHERE o.holder = ${name} AND o.holder_kind = ${kind}::holder_kind
    AND o.asset_id = ANY(${[...pool.others]}::int[]) AND o.state <> 'releasing')`
}
