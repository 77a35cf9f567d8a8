/** Adds a device, or changes the one with this serial number. What is not said stays as it is. */
import type { Ownership, Platform } from '@apportion/core/directory/device-facts'
import { parseSerialNumber, serialNumberProblem } from '@apportion/core/directory/serial-number'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { lookAgainAtGroups } from '../platform/outbox.ts'
import { changedFacts } from './changed-facts.ts'
import {
  type DeviceFacts,
  type DeviceRow,
  findDevice,
  groupsOfUsers,
  groupsReaching,
  insertDevice,
  lockDevice,
  updateDevice,
} from './device-store.ts'
import { findUser } from './user-store.ts'

/** What the operations of the directory touch. */
export interface DirectoryPorts {
  readonly db: Db
  readonly clock: Clock
}

/** Undefined keeps what is known; null clears it. */
export interface DeviceChange {
  readonly serialNumber: string
  readonly name?: string | undefined
  readonly model?: string | null | undefined
  readonly platform?: Platform | null | undefined
  readonly osVersion?: string | null | undefined
  readonly ownership?: Ownership | undefined
  readonly supervised?: boolean | undefined
  readonly userName?: string | null | undefined
}

/** The device as it is now, and whether it is new. @throws Refusal `request.invalid`, `user.unknown` */
export async function putDevice(
  { db, clock }: DirectoryPorts,
  change: DeviceChange,
  actor: Actor,
): Promise<{ readonly device: DeviceRow; readonly isNew: boolean }> {
  const serialNumber = serialNumberOf(change)
  return await inTransaction(db, async (tx) => {
    const putting = {
      change,
      serialNumber,
      at: clock.now(),
      userId: await namedUser(tx, change.userName),
      actor,
    }
    const before = await lockDevice(tx, serialNumber)
    if (before !== undefined) return await changeDevice(tx, before, putting)
    const added = await addDevice(tx, putting)
    if (added !== undefined) return { device: added, isNew: true }
    // Somebody else added it a moment ago: now there is one to change.
    const other = await lockDevice(tx, serialNumber)
    if (other === undefined) throw new Error(`Device ${serialNumber} was removed while it was being changed`)
    return await changeDevice(tx, other, putting)
  })
}

interface Putting {
  readonly change: DeviceChange
  readonly serialNumber: string
  readonly userId: number | null | undefined
  readonly at: Date
  readonly actor: Actor
}

async function addDevice(tx: Tx, putting: Putting): Promise<DeviceRow | undefined> {
  const { serialNumber, at, actor } = putting
  const facts = factsAfter(putting, undefined)
  const id = await insertDevice(tx, serialNumber, facts, at)
  if (id === undefined) return undefined
  await lookAgainAtGroups(tx, await groupIdsReaching(tx, id))
  const subject = { kind: 'device', id, name: serialNumber }
  await record(tx, { actor, at, action: 'device.added', subject, details: { ...facts } })
  return await stored(tx, id)
}

async function changeDevice(
  tx: Tx,
  before: DeviceRow,
  putting: Putting,
): Promise<{ readonly device: DeviceRow; readonly isNew: false }> {
  const { at, actor } = putting
  const facts = factsAfter(putting, before)
  const changed = changedFacts(factsOf(before), facts)
  if (changed === null) return { device: before, isNew: false }
  await updateDevice(tx, before.id, facts, at)
  await lookAgainAtGroups(tx, await movedGroups(tx, before, facts))
  const subject = { kind: 'device', id: before.id, name: before.serial_number }
  await record(tx, { actor, at, action: 'device.changed', subject, details: changed })
  return { device: await stored(tx, before.id), isNew: false }
}

function serialNumberOf(change: DeviceChange): string {
  const serialNumber = parseSerialNumber(change.serialNumber)
  if (serialNumber !== undefined) return serialNumber
  const { serialNumber: given } = change
  throw new Refusal('request.invalid', `body.serialNumber is "${given}". ${serialNumberProblem(given)}.`)
}

/** Undefined when the change says nothing of a user. */
async function namedUser(tx: Tx, userName: string | null | undefined): Promise<number | null | undefined> {
  if (userName === undefined || userName === null) return userName
  const user = await findUser(tx, userName)
  if (user !== undefined) return user.id
  throw new Refusal(
    'user.unknown',
    `There is no user "${userName}". Add the user first or correct the name.`,
    {
      unknown: [userName],
    },
  )
}

function factsOf(row: DeviceRow): DeviceFacts {
  const { name, model, platform, ownership, supervised } = row
  return { name, model, platform, osVersion: row.os_version, ownership, supervised, userId: row.user_id }
}

const unknownFacts: DeviceFacts = {
  name: '',
  model: null,
  platform: null,
  osVersion: null,
  ownership: 'corporate',
  supervised: false,
  userId: null,
}

function factsAfter({ change, userId }: Putting, before: DeviceRow | undefined): DeviceFacts {
  const known = before === undefined ? unknownFacts : factsOf(before)
  return {
    name: change.name ?? known.name,
    model: change.model === undefined ? known.model : change.model || null,
    platform: change.platform === undefined ? known.platform : change.platform,
    osVersion: change.osVersion === undefined ? known.osVersion : change.osVersion || null,
    ownership: change.ownership ?? known.ownership,
    supervised: change.supervised ?? known.supervised,
    userId: userId === undefined ? known.userId : userId,
  }
}

/** The groups in which the change moves targets: all of them when other apps may fit, else those of the users. */
async function movedGroups(tx: Tx, before: DeviceRow, after: DeviceFacts): Promise<readonly number[]> {
  const users = before.user_id === after.userId ? [] : [before.user_id, after.userId]
  const ofUsers = await groupsOfUsers(
    tx,
    users.filter((id) => id !== null),
  )
  const fitted = before.platform === after.platform && before.model === after.model
  if (fitted && before.os_version === after.osVersion) return ofUsers
  return [...ofUsers, ...(await groupIdsReaching(tx, before.id))]
}

async function groupIdsReaching(tx: Tx, deviceId: number): Promise<readonly number[]> {
  return (await groupsReaching(tx, deviceId)).map(({ id }) => id)
}

async function stored(tx: Tx, id: number): Promise<DeviceRow> {
  const row = await findDevice(tx, id)
  if (row === undefined) throw new Error(`Device ${id} is not there although it was just written`)
  return row
}
