/** What devices are told about their apps: to install, remove, set or update them (A3, D3, D5). */
import type { AssignmentSettings } from '@apportion/core/assignments/settings'
import { settingsDiffer, toldSettings, updateStep } from '@apportion/core/installs/care'
import type { Advance } from '@apportion/core/installs/install'
import { settingsReaching, settingsThatHold } from '../assignments/device-targets.ts'
import type { NewCommand } from '../devices/channel.ts'
import type { Tx } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { bookCommand, installCommand, removeCommand, settingsCommand } from './commands.ts'
import type { DeliveryFacts } from './facts.ts'
import type { StoredInstall } from './store.ts'

/** What is looked at, with everything that is known of it. */
export interface Looked {
  readonly facts: DeliveryFacts
  readonly before: StoredInstall | null
  readonly advance: Advance
}

/** What is told to a device, and what is stored of it with the installation. */
export interface Told {
  readonly command: NewCommand | null
  readonly stored: Partial<Pick<StoredInstall, 'settingsSent' | 'update'>>
  /** Looked at again then. */
  readonly dueAt?: Date
}

/** What each device is to be told. */
export async function tell(
  tx: Tx,
  newId: NewId,
  { looked, now }: { readonly looked: readonly Looked[]; readonly now: Date },
): Promise<ReadonlyMap<Looked, Told>> {
  const concerned = looked.filter(
    ({ advance, before }) => advance.act === 'install' || isCaredFor(advance, before),
  )
  const deviceIds = [...new Set(concerned.map(({ facts }) => facts.deviceId))]
  const reaching = Map.groupBy(await settingsReaching(tx, deviceIds), ({ deviceId }) => deviceId)
  const settingsOf = ({ assignmentId, deviceId }: DeliveryFacts) =>
    settingsThatHold(assignmentId, reaching.get(deviceId) ?? []).settings
  const told = new Map<Looked, Told>()
  for (const each of looked) {
    const { facts, advance, before } = each
    const bundleId = before?.bundleId ?? facts.bundleId
    if (facts.isBook) {
      if (advance.act === 'install') told.set(each, { command: bookCommand(facts, newId()), stored: {} })
    } else if (advance.act === 'install') {
      const settings = settingsOf(facts)
      const command = installCommand(facts, { id: newId(), settings })
      told.set(each, { command, stored: { settingsSent: toldSettings(settings), update: null } })
    } else if (advance.act === 'remove' && bundleId !== null) {
      told.set(each, { command: removeCommand(facts, { id: newId(), bundleId }), stored: { update: null } })
    } else if (before !== null && isCaredFor(advance, before)) {
      const care = careFor({ facts, before, settings: settingsOf(facts), newId, now })
      if (care !== null) told.set(each, care)
    }
  }
  return told
}

/** An app that is there, wanted, and of which the device may have to be told something. */
function isCaredFor({ install }: Advance, before: StoredInstall | null): boolean {
  const isThere = install.state === 'installed' && install.wanted === 'installed'
  return isThere && before !== null && (before.settingsSent !== null || before.update !== null)
}

/** Newer settings first; then an update, when it is allowed and the hour has come. */
function careFor({
  facts,
  before,
  settings,
  newId,
  now,
}: {
  readonly facts: DeliveryFacts
  readonly before: StoredInstall
  readonly settings: AssignmentSettings
  readonly newId: NewId
  readonly now: Date
}): Told | null {
  const wanted = toldSettings(settings)
  if (settingsDiffer(before.settingsSent, wanted) && before.bundleId !== null) {
    const command = settingsCommand(facts, { id: newId(), bundleId: before.bundleId, settings: wanted })
    return { command, stored: { settingsSent: wanted }, ...(before.update === null ? {} : { dueAt: now }) }
  }
  const step = updateStep(
    {
      update: before.update,
      setting: settings.automaticUpdates,
      byToken: facts.updatesByToken,
      singleApp: facts.kiosk,
      hours: facts.updateHours,
    },
    now,
  )
  if (step === null) return null
  if (step.act === 'wait') return { command: null, stored: {}, dueAt: step.until }
  const command = installCommand(facts, { id: newId(), settings, purpose: 'update' })
  return { command, stored: { settingsSent: wanted, update: { state: 'commanded', since: now } } }
}
