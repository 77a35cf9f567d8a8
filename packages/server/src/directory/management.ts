/** Whether a device is, or was, under our management: what left it gets nothing any more (D3, L7). */
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { lookAgainAtDevices } from '../platform/outbox.ts'

/**
 * Notes that the management of a device ended, or with null that it is under management (again), and has everything that
 * is meant for it looked at anew.
 */
export async function noteManagement(tx: Tx, deviceId: number, endedAt: Date | null): Promise<void> {
  const { numAffectedRows = 0n } = await sql`UPDATE devices SET management_ended_at = ${endedAt}
    WHERE id = ${deviceId} AND (management_ended_at IS NULL) <> ${endedAt === null}`.execute(tx)
  if (numAffectedRows > 0n) await lookAgainAtDevices(tx, [deviceId])
}
