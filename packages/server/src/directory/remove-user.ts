/** Removes a user from the directory; licenses that we gave the person follow the assignments' policy (L7). */
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { lookAgainAtDevices } from '../platform/outbox.ts'
import { devicesOfUsers } from './device-store.ts'
import { refreshRuleMembers, theseDevices } from './groups/rule-members.ts'
import { lookAgainAtUsers } from './look-at-users.ts'
import type { DirectoryPorts } from './put-device.ts'
import { takeDirectoryTurn } from './turn.ts'
import { lockUserById, removeUserRow } from './user-store.ts'

/** Devices of the user stay and belong to nobody. @throws Refusal `not_found` */
export async function removeUser({ db, clock }: DirectoryPorts, id: number, actor: Actor): Promise<void> {
  await inTransaction(db, async (tx) => {
    await takeDirectoryTurn(tx)
    const user = await lockUserById(tx, id)
    if (user === undefined) throw unknownUser(id)
    const devices = await devicesOfUsers(tx, [id])
    // While memberships, targets and the name at Apple still tell which assets are concerned.
    await lookAgainAtUsers(tx, [id])
    await removeUserRow(tx, id)
    await refreshRuleMembers(tx, theseDevices(devices), clock.now())
    await lookAgainAtDevices(tx, devices)
    const subject = { kind: 'user', id, name: user.user_name }
    const details = { name: user.name, devices: devices.length }
    await record(tx, { actor, at: clock.now(), action: 'user.removed', subject, details })
  })
}

/** The refusal of an id that no user has. */
export const unknownUser = (id: number): Refusal =>
  new Refusal('not_found', `There is no user with the id ${id}. It may have been removed.`, { id })
