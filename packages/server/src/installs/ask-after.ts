/** Asking devices how their apps and books stand: one question for all of either, and never two of it at a time. */
import { sql } from 'kysely'
import type { CommandQueue } from '../devices/channel.ts'
import { openStates } from '../devices/open-commands.ts'
import type { Tx } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { managedAppsCommand, managedMediaCommand } from './commands.ts'

/** What a device lists: apps in one list, books in another. */
export const managedLists = ['apps', 'books'] as const
export type ManagedList = (typeof managedLists)[number]

const questions = {
  apps: { purpose: 'managed_apps', command: managedAppsCommand },
  books: { purpose: 'managed_media', command: managedMediaCommand },
} as const

/** Queues the question for those of these devices that have none before them. */
export async function askAfter(
  tx: Tx,
  { channel, newId }: { readonly channel: CommandQueue; readonly newId: NewId },
  {
    list,
    enrollmentIds,
    at,
  }: { readonly list: ManagedList; readonly enrollmentIds: readonly number[]; readonly at: Date },
): Promise<void> {
  if (enrollmentIds.length === 0) return
  const { purpose, command } = questions[list]
  const { rows } = await sql<{
    id: number
  }>`SELECT DISTINCT e.id FROM unnest(${[...enrollmentIds]}::int[]) AS e(id)
    WHERE NOT EXISTS (SELECT FROM commands c WHERE c.enrollment_id = e.id AND c.purpose = ${purpose}
      AND c.state IN ${openStates}) ORDER BY 1`.execute(tx)
  await channel.queue(
    tx,
    rows.map(({ id }) => command(id, newId())),
    at,
  )
}
