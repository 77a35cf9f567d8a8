/** What a change of installations means for the steps before: a license that waited for its removal may come back now. */
import { mayBeOnDevice } from '@apportion/core/installs/install'
import type { Tx } from '../platform/db/database.ts'
import { lookAgainAtDevices, wakeLocation } from '../platform/outbox.ts'
import type { InstallChange } from './store.ts'

/** Has the licenses looked at again of devices from which an app is gone that may have been there (invariant 9). */
export async function passOn(tx: Tx, changes: readonly InstallChange[]): Promise<void> {
  const gone = changes.filter(
    ({ before, after }) =>
      before !== null && mayBeOnDevice(before.state) && !mayBeOnDevice(after.install.state),
  )
  if (gone.length === 0) return
  await lookAgainAtDevices(tx, [...new Set(gone.map(({ after }) => after.deviceId))])
  for (const locationId of new Set(gone.map(({ after }) => after.locationId)))
    await wakeLocation(tx, locationId)
}
