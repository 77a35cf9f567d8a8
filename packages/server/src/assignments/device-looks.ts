/** Devices of an asset that were asked to be looked at again, without the rest of the asset. */
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'

/** A device as it was when the signal was given: it may be gone since. */
export interface DeviceLook {
  readonly device_id: number
  readonly serial_number: string
}

/** Devices looked at in one transaction. */
const devicesAtOnce = 5000

/** An asset of the location of which devices are to be looked at. */
export async function nextDeviceLooks(tx: Tx, locationId: number): Promise<number | undefined> {
  const { rows } = await sql<{
    asset_id: number
  }>`SELECT asset_id FROM device_looks WHERE location_id = ${locationId}
    ORDER BY asset_id LIMIT 1`.execute(tx)
  return rows[0]?.asset_id
}

/** Takes some of the looks; waits for whoever signals at this moment, so that what follows sees what they wrote. */
export async function takeDeviceLooks(
  tx: Tx,
  { locationId, assetId }: { readonly locationId: number; readonly assetId: number },
): Promise<readonly DeviceLook[]> {
  const { rows } = await sql<DeviceLook>`
    DELETE FROM device_looks k USING (
      SELECT device_id FROM device_looks WHERE location_id = ${locationId} AND asset_id = ${assetId}
      ORDER BY device_id LIMIT ${devicesAtOnce} FOR UPDATE) AS first
    WHERE k.location_id = ${locationId} AND k.asset_id = ${assetId} AND k.device_id = first.device_id
    RETURNING k.device_id, coalesce(k.serial_number, (SELECT d.serial_number FROM devices d WHERE d.id = k.device_id), '')
      AS serial_number`.execute(tx)
  return rows
}
