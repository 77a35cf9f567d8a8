/** Whether apps come by declarations where the device can do that: one setting for the organization (D6). */
import { sql } from 'kysely'
import { z } from 'zod'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'

/** Its key in `settings`. */
export const declarativeAppsKey = 'installs.declarative_apps'
const stored = z.object({ enabled: z.boolean() }).catch({ enabled: false })

/** Whether it is on; off unless somebody switched it on. */
export async function areAppsDeclarative(db: Db | Tx): Promise<boolean> {
  const { rows } = await sql<{
    value: unknown
  }>`SELECT value FROM settings WHERE key = ${declarativeAppsKey}`.execute(db)
  return stored.parse(rows[0]?.value).enabled
}

/** Switches it. It holds for what begins from then on: what is on a device stays on the way by which it came. */
export function setAppsDeclarative(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  enabled: boolean,
  actor: Actor,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const at = clock.now()
    if ((await areAppsDeclarative(tx)) === enabled) return
    await sql`INSERT INTO settings (key, value, updated_at)
      VALUES (${declarativeAppsKey}, ${JSON.stringify({ enabled })}::jsonb, ${at})
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`.execute(tx)
    const subject = { kind: 'devices', id: null, name: 'declarative apps' }
    await record(tx, { actor, at, action: 'installs.settings_changed', subject, details: { enabled } })
  })
}
