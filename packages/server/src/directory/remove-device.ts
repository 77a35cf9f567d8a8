/** Removes a device from the directory; the licenses that we gave it come back. */
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { lookAgainAtDevices, lookAgainAtPeople } from '../platform/outbox.ts'
import { findDevice, groupsReaching, removeDevice as removeRow } from './device-store.ts'
import type { DirectoryPorts } from './put-device.ts'
import { takeDirectoryTurn } from './turn.ts'

/** @throws Refusal `device.unknown` */
export async function removeDevice({ db, clock }: DirectoryPorts, id: number, actor: Actor): Promise<void> {
  await inTransaction(db, async (tx) => {
    await takeDirectoryTurn(tx)
    const device = await findDevice(tx, id)
    if (device === undefined) throw unknownDevice(id)
    // While its targets and its serial number still tell which assets and licenses are concerned.
    await lookAgainAtDevices(tx, [id])
    if (device.user_id !== null) await lookAgainAtPeople(tx, [device.user_id])
    const groups = await groupsReaching(tx, id)
    await removeRow(tx, id)
    const subject = { kind: 'device', id, name: device.serial_number }
    const details = { name: device.name, groups: groups.map(({ name }) => name).slice(0, 50) }
    await record(tx, { actor, at: clock.now(), action: 'device.removed', subject, details })
  })
}

/** The refusal of a device that is not there. */
export function unknownDevice(id: number): Refusal {
  return new Refusal('device.unknown', `There is no device with the id ${id}. It may have been removed.`, {
    id,
  })
}
