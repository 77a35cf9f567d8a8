/** Trying again by hand what failed or was refused on a device (D4). */
import { begun } from '@apportion/core/installs/advance'
import { endedWithout, type InstallState } from '@apportion/core/installs/install'
import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { wakeLocation } from '../platform/outbox.ts'
import { lockInstalls, storeInstalls } from './store.ts'

/**
 * Has the device told at once instead of at the next moment. What is on its way or installed stays as it is.
 *
 * @throws Refusal `install.unknown`, `install.not_ended`
 */
export async function tryAgain(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  app: { readonly deviceId: number; readonly assetId: number },
  actor: Actor,
): Promise<InstallState> {
  return await inTransaction(db, async (tx) => {
    const at = clock.now()
    const { rows } = await sql<{ location_id: number; serial_number: string; adam_id: string }>`
      SELECT i.location_id, i.adam_id, d.serial_number FROM installs i JOIN devices d ON d.id = i.device_id
      WHERE i.device_id = ${app.deviceId} AND i.asset_id = ${app.assetId}`.execute(tx)
    const [found] = rows
    const [stored] = await lockInstalls(
      tx,
      found === undefined ? [] : [{ deviceId: app.deviceId, adamId: found.adam_id }],
    )
    if (found === undefined || stored === undefined) {
      throw new Refusal(
        'install.unknown',
        `Nothing of the app ${app.assetId} was told to the device ${app.deviceId}. Ask why it is not there first.`,
        { ...app },
      )
    }
    const { state } = stored.install
    if (!endedWithout(state)) {
      throw new Refusal(
        'install.not_ended',
        `The installation is "${state}"; only what was refused or failed can be tried again.`,
        { state },
      )
    }
    // It begins anew, so that what waited on the device or its person is told once more as well.
    const install = { ...begun(at), wanted: stored.install.wanted }
    await storeInstalls(tx, [{ before: stored, after: { ...stored, install } }], at)
    await wakeLocation(tx, found.location_id)
    const subject = { kind: 'device', id: app.deviceId, name: found.serial_number }
    await record(tx, {
      actor,
      at,
      action: 'installs.tried_again',
      subject,
      details: { adamId: found.adam_id },
    })
    return install.state
  })
}
