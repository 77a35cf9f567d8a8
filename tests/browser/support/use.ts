/** A past that a test cannot wait for. */
import type { Database } from '@apportion/server/platform/db/database'
import { sql } from 'kysely'

/**
 * Lets what was given of a title just now have been given in the course of 90 days, some licenses on most days, and lets
 * the server look at all forecasts again.
 */
export async function useForQuarter(db: Database['kysely'], title: string): Promise<void> {
  const adamIds = sql`(SELECT adam_id FROM titles WHERE name = ${title})`
  const ofTitle = sql`asset_id IN (SELECT id FROM assets WHERE adam_id IN ${adamIds})`
  await sql`UPDATE assets SET first_seen_at = now() - interval '100 days' WHERE adam_id IN ${adamIds}`.execute(
    db,
  )
  await sql`UPDATE ledger SET at = at - (1 + (hashint8(id) & 65535) % 90) * interval '1 day' WHERE ${ofTitle}`.execute(
    db,
  )
  await sql`DELETE FROM license_days WHERE ${ofTitle}`.execute(db)
  await sql`INSERT INTO license_days (location_id, asset_id, day, granted, released)
    SELECT location_id, asset_id, (at AT TIME ZONE 'UTC')::date, count(*), 0 FROM ledger
    WHERE ${ofTitle} AND change = 'granted' GROUP BY 1, 2, 3`.execute(db)
  await sql`DELETE FROM forecasts`.execute(db)
  await sql`UPDATE locations SET forecast_at = '2000-01-01'`.execute(db)
}
