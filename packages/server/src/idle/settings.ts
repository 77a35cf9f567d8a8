/** After how many days without a sign a device counts as unseen: one setting for all locations (L11). */
import { unseenBefore, unseenDays } from '@apportion/core/licenses/idle'
import { sql } from 'kysely'
import { z } from 'zod'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { askForLooks } from './ask.ts'

const settingKey = 'idle.unseen_days'
const stored = z.object({ days: z.int() }).catch({ days: unseenDays.usual })

/** The days in force. */
export async function unseenDaysOf(db: Db | Tx): Promise<number> {
  const { rows } = await sql<{
    value: unknown
  }>`SELECT value FROM settings WHERE key = ${settingKey}`.execute(db)
  return stored.parse(rows[0]?.value).days
}

/** Devices last seen before this moment are unseen, by the setting in force. */
export async function unseenBeforeNow(db: Db | Tx, now: Date): Promise<Date> {
  return unseenBefore(now, await unseenDaysOf(db))
}

/** Sets the days; every asset is looked at anew. */
export function setUnseenDays(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  days: number,
  actor: Actor,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const at = clock.now()
    const before = await unseenDaysOf(tx)
    if (before === days) return
    await sql`INSERT INTO settings (key, value, updated_at) VALUES (${settingKey}, ${JSON.stringify({ days })}::jsonb, ${at})
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`.execute(tx)
    await askForLooks(tx, { locationId: null, now: at })
    await record(tx, {
      actor,
      at,
      action: 'idle_licenses.settings_changed',
      subject: { kind: 'licenses', id: null, name: 'idle' },
      details: { unseenDays: days, before },
    })
  })
}
