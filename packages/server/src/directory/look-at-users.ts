/** Asks to look again at people and at their devices, where one of them comes, goes or changes groups. */
import type { Tx } from '../platform/db/database.ts'
import { lookAgainAtDevices, lookAgainAtPeople, mostDevicesNamed } from '../platform/outbox.ts'
import { devicesOfUsers } from './device-store.ts'

/** Before and after a change, since each may reach what the other does not. */
export async function lookAgainAtUsers(tx: Tx, userIds: readonly number[]): Promise<void> {
  await lookAgainAtPeople(tx, userIds)
  const devices = await devicesOfUsers(tx, userIds)
  for (let start = 0; start < devices.length; start += mostDevicesNamed) {
    await lookAgainAtDevices(tx, devices.slice(start, start + mostDevicesNamed))
  }
}
