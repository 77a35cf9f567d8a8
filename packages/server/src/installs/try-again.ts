/** Trying again by hand what failed or was refused on a device (D4). */
import type { InstallState } from '@apportion/core/installs/install'
import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { wakeLocation } from '../platform/outbox.ts'

/** What ended without the app, and may be tried again. */
const ended: readonly InstallState[] = ['refused', 'failed', 'cannot_install']

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
    const { rows } = await sql<{
      state: InstallState
      location_id: number
      serial_number: string
      adam_id: string
    }>`
      SELECT i.state, i.location_id, i.adam_id, d.serial_number FROM installs i JOIN devices d ON d.id = i.device_id
      WHERE i.device_id = ${app.deviceId} AND i.asset_id = ${app.assetId} FOR UPDATE OF i`.execute(tx)
    const [install] = rows
    if (install === undefined) {
      throw new Refusal(
        'install.unknown',
        `Nothing of the app ${app.assetId} was told to the device ${app.deviceId}. Ask why it is not there first.`,
        { ...app },
      )
    }
    if (!ended.includes(install.state)) {
      throw new Refusal(
        'install.not_ended',
        `The installation is "${install.state}"; only what was refused or failed can be tried again.`,
        { state: install.state },
      )
    }
    await sql`UPDATE installs SET due_at = ${at} WHERE device_id = ${app.deviceId} AND asset_id = ${app.assetId}`.execute(
      tx,
    )
    await wakeLocation(tx, install.location_id)
    const subject = { kind: 'device', id: app.deviceId, name: install.serial_number }
    await record(tx, {
      actor,
      at,
      action: 'installs.tried_again',
      subject,
      details: { adamId: install.adam_id },
    })
    return install.state
  })
}
