/** Asks to look for idle licenses before the daily look comes. */
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { wakeLocation } from '../platform/outbox.ts'

/** All assets of a location are looked at soon; of every location when it is null. */
export async function askForLooks(
  tx: Tx,
  { locationId, now }: { readonly locationId: number | null; readonly now: Date },
): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    UPDATE locations SET idle_look_at = least(idle_look_at, ${now}::timestamptz) WHERE id IN (
      SELECT id FROM locations WHERE (${locationId}::int IS NULL OR id = ${locationId}::int) AND leaving_since IS NULL
      ORDER BY id FOR UPDATE) RETURNING id`.execute(tx)
  for (const { id } of rows) await wakeLocation(tx, id)
}

/** An asset that was looked at before is looked at again soon, since licenses of it came or went. */
export async function askForLookAtAsset(tx: Tx, assetId: number): Promise<void> {
  await sql`UPDATE idle_looks SET asked = true WHERE asset_id = ${assetId} AND NOT asked`.execute(tx)
}
