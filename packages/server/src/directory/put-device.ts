/** Adds a device, or changes the one with this serial number. What is not said stays as it is. */
import {
  type EnrollmentType,
  type Ownership,
  type Platform,
  tidyTags,
} from '@apportion/core/directory/device-facts'
import { parseSerialNumber, serialNumberProblem } from '@apportion/core/directory/serial-number'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { lookAgainAtDevices, lookAgainAtPeople } from '../platform/outbox.ts'
import { changedFacts } from './changed-facts.ts'
import {
  type DeviceFacts,
  type DeviceRow,
  findDevice,
  findDeviceBySerialNumber,
  insertDevice,
  lockDevice,
  updateDevice,
} from './device-store.ts'
import { movingFacts, ruleMovingFacts } from './facts-that-count.ts'
import { refreshRuleMembers, theseDevices } from './groups/rule-members.ts'
import { takeDirectoryTurn } from './turn.ts'
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
  readonly kiosk?: boolean | undefined
  readonly enrollmentType?: EnrollmentType | undefined
  readonly country?: string | null | undefined
  readonly site?: string | null | undefined
  readonly tags?: readonly string[] | undefined
  readonly lastSeenAt?: string | null | undefined
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
    await takeDirectoryTurn(tx)
    const userId = await namedUser(tx, change.userName)
    return await putWithTurn(tx, { change, serialNumber, at: clock.now(), userId, actor })
  })
}

/** A change of a device whose serial number and user are known to be right. */
export interface Putting {
  readonly change: Omit<DeviceChange, 'serialNumber' | 'userName'>
  /** As `parseSerialNumber` gives it. */
  readonly serialNumber: string
  /** Undefined keeps who has the device. */
  readonly userId: number | null | undefined
  readonly at: Date
  readonly actor: Actor
}

/**
 * The same as part of a transaction. It waits for the directory's turn only when something changes, so that what a device
 * tells every day costs one query. Gives the id of the device.
 */
export async function putDeviceWithin(tx: Tx, putting: Putting): Promise<number> {
  const known = await findDeviceBySerialNumber(tx, putting.serialNumber)
  if (known !== undefined && changedFacts(factsOf(known), factsAfter(putting, known)) === null)
    return known.id
  await takeDirectoryTurn(tx)
  const { device } = await putWithTurn(tx, putting)
  return device.id
}

async function putWithTurn(
  tx: Tx,
  putting: Putting,
): Promise<{ readonly device: DeviceRow; readonly isNew: boolean }> {
  const before = await lockDevice(tx, putting.serialNumber)
  if (before !== undefined) return await changeDevice(tx, before, putting)
  return { device: await addDevice(tx, putting), isNew: true }
}

async function addDevice(tx: Tx, putting: Putting): Promise<DeviceRow> {
  const { serialNumber, at, actor } = putting
  const facts = factsAfter(putting, undefined)
  const id = await insertDevice(tx, serialNumber, facts, at)
  await refreshRuleMembers(tx, theseDevices([id]), at)
  await lookAgainAtDevices(tx, [id])
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
  const moves = movingFacts.some((fact) => fact in changed)
  if (moves) await lookAgainAtDevices(tx, [before.id])
  await updateDevice(tx, before.id, facts, at)
  if (ruleMovingFacts.some((fact) => fact in changed)) {
    await refreshRuleMembers(tx, theseDevices([before.id]), at)
  }
  if (moves) await lookAgainAtDevices(tx, [before.id])
  if ('userId' in changed && before.user_id !== null) await lookAgainAtPeople(tx, [before.user_id])
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
  return {
    name: row.name,
    model: row.model,
    platform: row.platform,
    osVersion: row.os_version,
    ownership: row.ownership,
    supervised: row.supervised,
    kiosk: row.kiosk,
    enrollmentType: row.enrollment_type,
    country: row.country,
    site: row.site,
    tags: row.tags,
    lastSeenAt: row.last_seen_at,
    userId: row.user_id,
  }
}

const unknownFacts: DeviceFacts = {
  name: '',
  model: null,
  platform: null,
  osVersion: null,
  ownership: 'corporate',
  supervised: false,
  kiosk: false,
  enrollmentType: 'device',
  country: null,
  site: null,
  tags: [],
  lastSeenAt: null,
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
    kiosk: change.kiosk ?? known.kiosk,
    enrollmentType: change.enrollmentType ?? known.enrollmentType,
    country: change.country === undefined ? known.country : change.country,
    site: change.site === undefined ? known.site : change.site || null,
    tags: change.tags === undefined ? known.tags : tidyTags(change.tags),
    lastSeenAt: change.lastSeenAt === undefined ? known.lastSeenAt : momentOf(change.lastSeenAt),
    userId: userId === undefined ? known.userId : userId,
  }
}

const momentOf = (text: string | null) => (text === null ? null : new Date(text))

async function stored(tx: Tx, id: number): Promise<DeviceRow> {
  const row = await findDevice(tx, id)
  if (row === undefined) throw new Error(`Device ${id} is not there although it was just written`)
  return row
}
