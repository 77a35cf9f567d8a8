/** What devices say of their installations, in the transaction that stores their answer (D4). */
import { readInstallResult, readManagedApplications } from '@apportion/apple-wire/mdm-apps'
import { readManagedBooks } from '@apportion/apple-wire/mdm-books'
import { readInvitationResult } from '@apportion/apple-wire/mdm-program'
import { advanceByLeaving } from '@apportion/core/installs/advance'
import {
  advanceByAbsence,
  advanceByAnswer,
  advanceByRemoval,
  advanceBySight,
} from '@apportion/core/installs/advance-by-device'
import type { Install } from '@apportion/core/installs/install'
import { sql } from 'kysely'
import type { CommandAnswer, CommandQueue, DeviceListener, Enrolled } from '../devices/channel.ts'
import { noteManagement } from '../directory/management.ts'
import type { Tx } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { lookAtDelivery } from '../platform/outbox.ts'
import { askAfter } from './ask-after.ts'
import { declaredApps } from './declared-apps.ts'
import { askForUpdates, hearSettings, hearUpdate, hearUpdates } from './hear-care.ts'
import { changesInStatus, hearRefusedDeclarations } from './hear-status.ts'
import { lookAtInvitations, storeAnswer } from './invitation-store.ts'
import { passOn } from './pass-on.ts'
import { noteReturnedCodes } from './returned-codes.ts'
import { showsOneApp } from './single-app.ts'
import {
  type InstallChange,
  lockInstalls,
  lockInstallsOf,
  type StoredInstall,
  storeInstalls,
} from './store.ts'

interface HearPorts {
  readonly channel: CommandQueue
  readonly newId: NewId
}

/** Hears what concerns installations. */
export function installsListener(ports: HearPorts): DeviceListener {
  return {
    enrolled: (tx, enrollment, at) => beginWith(tx, enrollment, at),
    left: (tx, enrollment, { at }) => endWith(tx, enrollment, at),
    answered: (tx, answer) => hear(tx, ports, answer),
    declares: declaredApps,
    reported: async (tx, status) => keep(tx, await changesInStatus(tx, status), status.at),
  }
}

/** Everything that is meant for the device, and whether it is to ask its person to join, is looked at. */
async function beginWith(tx: Tx, { deviceId }: Enrolled, at: Date): Promise<void> {
  if (deviceId === null) return
  await noteManagement(tx, deviceId, null)
  await lookAtDelivery(
    sql`SELECT location_id, asset_id, device_id FROM targets WHERE device_id = ${deviceId}
      UNION ALL SELECT t.location_id, t.asset_id, d.id FROM devices d JOIN targets t ON t.user_id = d.user_id
        JOIN assets a ON a.id = t.asset_id AND a.product_type = 'Book' WHERE d.id = ${deviceId}`,
  ).execute(tx)
  await lookAtInvitations(tx, deviceId, at)
}

async function endWith(tx: Tx, { id, deviceId }: Enrolled, at: Date): Promise<void> {
  if (deviceId === null) return
  await noteManagement(tx, deviceId, at)
  const installs = await lockInstallsOf(tx, { deviceId, enrollmentId: id })
  await keep(
    tx,
    changesIn(installs, ({ install }) => advanceByLeaving(install, at)),
    at,
  )
  await lookAtInvitations(tx, deviceId, at)
}

async function hear(tx: Tx, ports: HearPorts, answer: CommandAnswer): Promise<void> {
  const { deviceId } = answer.enrollment
  if (deviceId === null) return
  const adamId = answer.command.subject.adamId
  const key = typeof adamId === 'string' ? { deviceId, adamId } : null
  switch (answer.command.purpose) {
    case 'install':
      return key === null ? undefined : await hearInstall(tx, answer, key)
    case 'remove':
      return key === null ? undefined : await hearRemoval(tx, ports, { answer, key })
    case 'managed_apps':
      return await hearManagedApps(tx, answer, deviceId)
    case 'managed_media':
      return await hearManagedMedia(tx, answer, deviceId)
    case 'device_facts':
      await lookAtInvitations(tx, deviceId, answer.at)
      return await askForUpdates(tx, ports, answer)
    case 'invitation':
      return await storeAnswer(tx, answer, readInvitationResult(answer.message))
    case 'installed_apps':
      return await hearUpdates(tx, ports, { answer, deviceId })
    case 'update':
      return key === null ? undefined : await hearOf(tx, answer, { key, next: hearUpdate })
    case 'declarations':
      return await hearRefusedDeclarations(tx, answer)
    case 'settings':
      return key === null ? undefined : await hearOf(tx, answer, { key, next: hearSettings })
    default:
  }
}

interface Key {
  readonly deviceId: number
  readonly adamId: string
}

/** An answer to a command that another has replaced says nothing about what is asked now. */
async function askedFor(tx: Tx, answer: CommandAnswer, key: Key): Promise<StoredInstall | undefined> {
  const [stored] = await lockInstalls(tx, [key])
  return stored?.commandId === answer.command.id ? stored : undefined
}

async function hearOf(
  tx: Tx,
  answer: CommandAnswer,
  {
    key,
    next,
  }: { readonly key: Key; readonly next: (stored: StoredInstall, answer: CommandAnswer) => StoredInstall },
): Promise<void> {
  const stored = await askedFor(tx, answer, key)
  if (stored === undefined) return
  await storeInstalls(tx, [{ before: stored, after: next(stored, answer) }], answer.at)
}

async function hearInstall(tx: Tx, answer: CommandAnswer, key: Key): Promise<void> {
  const stored = await askedFor(tx, answer, key)
  if (stored === undefined) return
  const { errors, at } = answer
  const { bundleId = stored.bundleId, state, rejectionReason } = readInstallResult(answer.message)
  const isRefused = rejectionReason !== undefined || errors.length > 0
  const singleApp = isRefused && (await showsOneApp(tx, key.deviceId))
  const said = {
    accepted: answer.status === 'Acknowledged',
    word: state ?? null,
    refusal: { reason: rejectionReason ?? null, errors, singleApp },
  }
  const malformed = {
    ...said,
    refusal: { reason: null, errors: [{ domain: 'MCMDMErrorDomain', code: 12008, text: '' }] },
  }
  const install = advanceByAnswer(
    stored.install,
    answer.status === 'CommandFormatError' ? malformed : said,
    at,
  )
  await keep(tx, [{ before: stored, after: { ...stored, bundleId, install } }], at)
}

async function hearRemoval(
  tx: Tx,
  ports: HearPorts,
  { answer, key }: { readonly answer: CommandAnswer; readonly key: Key },
): Promise<void> {
  const stored = await askedFor(tx, answer, key)
  if (stored === undefined) return
  const { errors, at } = answer
  const { install, act } = advanceByRemoval(
    stored.install,
    { accepted: answer.status === 'Acknowledged', errors },
    at,
  )
  await keep(tx, [{ before: stored, after: { ...stored, install } }], at)
  if (act === 'ask') await askAfter(tx, ports, { list: 'apps', enrollmentIds: [answer.enrollment.id], at })
}

/** Everything that commands brought under management, which declarations did not; what stands in no line of it is not there. */
async function hearManagedApps(tx: Tx, answer: CommandAnswer, deviceId: number): Promise<void> {
  const list = readManagedApplications(answer.message)
  if (answer.status !== 'Acknowledged' || list === undefined) return
  const apps = new Map(list.map((app) => [app.bundleId, app]))
  const installs = await lockInstallsOf(tx, { deviceId, enrollmentId: answer.enrollment.id })
  const changes = installs.flatMap((stored) => {
    if (stored.bundleId === null || stored.declared !== null) return []
    const app = apps.get(stored.bundleId)
    const install =
      app === undefined
        ? advanceByAbsence(stored.install, answer.at)
        : advanceBySight(stored.install, app.state, answer.at)
    const externalVersion = app?.externalVersionId ?? stored.externalVersion
    return [{ before: stored, after: { ...stored, externalVersion, install } }]
  })
  await keep(tx, changes, answer.at)
  await noteReturnedCodes(tx, { installs, apps, at: answer.at })
}

/** Every book that the device was told of. A book that stands in no line is not there. */
async function hearManagedMedia(tx: Tx, answer: CommandAnswer, deviceId: number): Promise<void> {
  const list = readManagedBooks(answer.message)
  if (answer.status !== 'Acknowledged' || list === undefined) return
  const states = new Map(list.map(({ adamId, state }) => [adamId, state]))
  const installs = await lockInstallsOf(tx, { deviceId, enrollmentId: answer.enrollment.id })
  const books = installs.filter((stored) => stored.isBook)
  const seen = changesIn(books, ({ adamId, install }) => {
    const state = states.get(adamId)
    return state === undefined
      ? advanceByAbsence(install, answer.at)
      : advanceBySight(install, state, answer.at)
  })
  await keep(tx, seen, answer.at)
}

const changesIn = (
  installs: readonly StoredInstall[],
  next: (stored: StoredInstall) => Install,
): readonly InstallChange[] =>
  installs.map((stored) => ({ before: stored, after: { ...stored, install: next(stored) } }))

async function keep(tx: Tx, changes: readonly InstallChange[], at: Date): Promise<void> {
  await storeInstalls(tx, changes, at)
  await passOn(tx, changes)
}
