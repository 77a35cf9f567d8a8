/** What devices say of apps that are there: updates, and the settings that they took or did not take (A3, D5). */
import { readInstalledApplications } from '@apportion/apple-wire/mdm-apps'
import { readErrorChain } from '@apportion/apple-wire/mdm-report'
import { dictsField, textField } from '@apportion/apple-wire/plist-fields'
import type { UpdateStanding } from '@apportion/core/installs/care'
import { readRefusal } from '@apportion/core/installs/failures'
import { sql } from 'kysely'
import type { CommandAnswer, CommandQueue } from '../devices/channel.ts'
import type { Tx } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { askAfter } from './ask-after.ts'
import { installedAppsCommand } from './commands.ts'
import { lockInstallsOf, type StoredInstall, storeInstalls } from './store.ts'

/** A device that told what it is, which it does daily, is asked which of its apps have updates, and for its books. */
export async function askForUpdates(
  tx: Tx,
  ports: { readonly channel: CommandQueue; readonly newId: NewId },
  { enrollment: { id }, at }: CommandAnswer,
): Promise<void> {
  const { rows } = await sql<{
    is_book: boolean
  }>`SELECT DISTINCT a.product_type = 'Book' AS is_book FROM installs i
    JOIN assets a ON a.id = i.asset_id WHERE i.enrollment_id = ${id} AND i.state = 'installed'`.execute(tx)
  if (rows.some((row) => !row.is_book))
    await ports.channel.queue(tx, [installedAppsCommand(id, ports.newId())], at)
  if (rows.some((row) => row.is_book)) await askAfter(tx, ports, { list: 'books', enrollmentIds: [id], at })
}

/**
 * Which apps have updates: the device looks about daily. What was told and is still there did not work. Of an app that is
 * not in the list although it was there, the device is asked what became of it.
 */
export async function hearUpdates(
  tx: Tx,
  ports: { readonly channel: CommandQueue; readonly newId: NewId },
  { answer, deviceId }: { readonly answer: CommandAnswer; readonly deviceId: number },
): Promise<void> {
  const list = readInstalledApplications(answer.message)
  if (answer.status !== 'Acknowledged' || list === undefined) return
  const apps = new Map(list.map((app) => [app.bundleId, app]))
  const installs = await lockInstallsOf(tx, { deviceId, enrollmentId: answer.enrollment.id })
  const changes = installs.flatMap((stored) => {
    const app = stored.bundleId === null ? undefined : apps.get(stored.bundleId)
    if (app === undefined || stored.install.state !== 'installed') return []
    const update = standing(stored.update, app.hasUpdateAvailable, answer.at)
    const externalVersion = app.externalVersionId ?? stored.externalVersion
    // What is available is looked at: whether, and when, it is installed by itself.
    const install = update?.state === 'available' ? { ...stored.install, dueAt: answer.at } : stored.install
    return [{ before: stored, after: { ...stored, externalVersion, update, install } }]
  })
  await storeInstalls(tx, changes, answer.at)
  const isMissing = installs.some(
    ({ bundleId, declared, install }) =>
      install.state === 'installed' && declared === null && bundleId !== null && !apps.has(bundleId),
  )
  if (isMissing)
    await askAfter(tx, ports, { list: 'apps', enrollmentIds: [answer.enrollment.id], at: answer.at })
}

function standing(before: UpdateStanding | null, hasUpdate: boolean, at: Date): UpdateStanding | null {
  if (!hasUpdate) return null
  if (before?.state === 'available') return before
  return { state: 'available', since: at }
}

/** The device took the update, or refused it: then it is offered again with the next list. */
export function hearUpdate(stored: StoredInstall, answer: CommandAnswer): StoredInstall {
  const reason = textField(answer.message, 'RejectionReason') ?? null
  if (answer.status === 'Acknowledged' && reason === null) return stored
  const refusal = readRefusal({ reason, errors: answer.errors })
  if (refusal === 'running') return stored
  return { ...stored, update: refusal === 'installed' ? null : { state: 'failed', since: answer.at } }
}

/** Each item of Settings has an outcome of its own; one that failed is kept with the device's words. */
export function hearSettings(stored: StoredInstall, answer: CommandAnswer): StoredInstall {
  const failed = dictsField(answer.message, 'Settings').filter(
    (item) => textField(item, 'Status') === 'Error',
  )
  if (answer.status === 'Acknowledged' && failed.length === 0) return { ...stored, settingsProblem: null }
  const errors = failed.length === 0 ? answer.errors : failed.flatMap((item) => readErrorChain(item))
  return {
    ...stored,
    settingsProblem: errors.length === 0 ? [{ domain: '', code: 0, text: answer.status }] : errors,
  }
}
