/** Asking devices how their apps stand: one question for everything that a device is about, and never two at a time. */
import { sql } from 'kysely'
import type { DeviceChannel } from '../devices/channel.ts'
import type { Tx } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { managedAppsCommand } from './commands.ts'

/** Queues the question for those of these devices that have none before them. */
export async function askAfter(
  tx: Tx,
  { channel, newId }: { readonly channel: DeviceChannel; readonly newId: NewId },
  { enrollmentIds, at }: { readonly enrollmentIds: readonly number[]; readonly at: Date },
): Promise<void> {
  if (enrollmentIds.length === 0) return
  const { rows } = await sql<{
    id: number
  }>`SELECT DISTINCT e.id FROM unnest(${[...enrollmentIds]}::int[]) AS e(id)
    WHERE NOT EXISTS (SELECT FROM commands c WHERE c.enrollment_id = e.id AND c.purpose = 'managed_apps'
      AND c.state IN ('queued', 'sent', 'not_now')) ORDER BY 1`.execute(tx)
  await channel.queue(
    tx,
    rows.map(({ id }) => managedAppsCommand(id, newId())),
    at,
  )
}
