/** Devices that show one app only. What locks them is set elsewhere: here it stands in the directory. */
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'

/** Whether the device is one, as far as is known. */
export async function showsOneApp(tx: Tx, deviceId: number): Promise<boolean> {
  const { rows } = await sql<{ kiosk: boolean }>`SELECT kiosk FROM devices WHERE id = ${deviceId}`.execute(tx)
  return rows[0]?.kiosk === true
}
