/** Changes what an administrator said about a content token: name, account, store, updates, interval (T1, T7, S1). */
import type { UpdateHours } from '@apportion/core/installs/care'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { NewId } from '../platform/ids.ts'
import { wakeLocation } from '../platform/outbox.ts'
import { unknownToken } from './apple.ts'
import { carryTitles } from './country.ts'
import { findLocation, updateHoursOf, updateLocation } from './store.ts'
import { askForSync } from './sync-runs.ts'

export interface ChangePorts {
  readonly db: Db
  readonly clock: Clock
  readonly newId: NewId
}

/** What is left out stays. */
export interface TokenChange {
  readonly name?: string | undefined
  readonly account?: string | null | undefined
  readonly automaticUpdates?: boolean | undefined
  readonly updateHours?: UpdateHours | null | undefined
  readonly syncEveryMinutes?: number | undefined
  readonly country?: string | undefined
  readonly accountType?: 'business' | 'education' | undefined
}

/**
 * Changes a token. Another country is followed by a sync, which reads names, icons and links there; until then the old ones
 * stay.
 *
 * @throws Refusal `token.unknown`
 */
export async function changeToken(
  ports: ChangePorts,
  id: number,
  change: TokenChange,
  actor: Actor,
): Promise<void> {
  const at = ports.clock.now()
  await inTransaction(ports.db, async (tx) => {
    const row = await findLocation(tx, id)
    if (row === undefined) throw unknownToken(id)
    const every = change.syncEveryMinutes ?? row.sync_every_minutes
    const soonest = new Date(at.getTime() + every * 60_000)
    const country = change.country ?? row.country
    await updateLocation(tx, id, {
      name: change.name ?? row.name,
      account: change.account === undefined ? row.account : change.account,
      automaticUpdates: change.automaticUpdates ?? row.automatic_updates,
      updateHours: change.updateHours === undefined ? updateHoursOf(row) : change.updateHours,
      syncEveryMinutes: every,
      nextSyncAt: row.next_sync_at < soonest ? row.next_sync_at : soonest,
      country,
      accountType: change.accountType ?? row.account_type,
    })
    if (country !== row.country) {
      await carryTitles(tx, id, { from: row.country, to: country })
      await askForSync(tx, { locationId: id, cause: 'administrator', id: ports.newId(), at })
      await wakeLocation(tx, id)
    }
    const subject = { kind: 'token', id, name: change.name ?? row.name }
    const details = { ...change, ...(country === row.country ? {} : { countryBefore: row.country }) }
    await record(tx, { actor, at, action: 'token.changed', subject, details })
  })
}
