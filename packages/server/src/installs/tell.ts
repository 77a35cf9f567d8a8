/** What devices are told about their apps: to install, remove, set or update them (A3, D3, D5, D6). */
import type { AssignmentSettings } from '@apportion/core/assignments/settings'
import { settingsDiffer, toldSettings, updateStep } from '@apportion/core/installs/care'
import type { Advance } from '@apportion/core/installs/install'
import { canReport, standsDeclared } from '@apportion/core/installs/way'
import { settingsReaching, settingsThatHold } from '../assignments/device-targets.ts'
import type { NewCommand } from '../devices/channel.ts'
import type { Tx } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { bookCommand, installCommand, removeCommand, settingsCommand } from './commands.ts'
import { careForDeclared, declare, isByDeclaration, openInstalls } from './declare.ts'
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
  readonly stored: Partial<Pick<StoredInstall, 'settingsSent' | 'settingsProblem' | 'update' | 'declared'>>
  /** Looked at again then. */
  readonly dueAt?: Date
}

/** What each device is to be told. */
export async function tell(
  tx: Tx,
  newId: NewId,
  { looked, now }: { readonly looked: readonly Looked[]; readonly now: Date },
): Promise<ReadonlyMap<Looked, Told>> {
  const concerned = looked.filter((each) => each.advance.act === 'install' || isCaredFor(each))
  const deviceIds = [...new Set(concerned.map(({ facts }) => facts.deviceId))]
  const reaching = Map.groupBy(await settingsReaching(tx, deviceIds), ({ deviceId }) => deviceId)
  const settingsOf = ({ assignmentId, deviceId }: DeliveryFacts) =>
    settingsThatHold(assignmentId, reaching.get(deviceId) ?? []).settings
  const open = await openInstalls(
    tx,
    concerned.map(({ before }) => before),
  )
  const told = new Map<Looked, Told>()
  for (const each of looked) {
    const what = tellOne(each, { settingsOf, open, newId, now })
    if (what !== null) told.set(each, what)
  }
  return told
}

interface Telling {
  readonly settingsOf: (facts: DeliveryFacts) => AssignmentSettings
  /** Install commands that are not answered. */
  readonly open: ReadonlySet<string>
  readonly newId: NewId
  readonly now: Date
}

function tellOne({ facts, advance, before }: Looked, { settingsOf, open, newId, now }: Telling): Told | null {
  if (facts.isBook) {
    return advance.act === 'install' ? { command: bookCommand(facts, newId()), stored: {} } : null
  }
  if (advance.act === 'install') {
    const settings = settingsOf(facts)
    if (isByDeclaration({ facts, before, settings }, open)) return declare({ facts, before, settings })
    const command = installCommand(facts, { id: newId(), settings })
    return { command, stored: { declared: null, settingsSent: toldSettings(settings), update: null } }
  }
  if (advance.act === 'remove') {
    const bundleId = before?.bundleId ?? facts.bundleId
    // A declared app goes with its declaration.
    if (before !== null && before.declared !== null) return { command: null, stored: { update: null } }
    if (bundleId === null) return null
    return { command: removeCommand(facts, { id: newId(), bundleId }), stored: { update: null } }
  }
  if (before === null || !isCaredFor({ facts, advance, before })) return null
  const settings = settingsOf(facts)
  if (before.declared !== null) return careForDeclared({ facts, before, settings }, now)
  return careFor({ facts, before, settings, newId, now })
}

/** Whether the device has to synchronize its declarations for what it is told, or not told, of an app. */
export function isToSynchronize({ facts, before, advance }: Looked, told: Told | undefined): boolean {
  const was = before?.declared ?? null
  const declared = told?.stored.declared
  // The first command of a device that can report also has it begin to.
  if (advance.act === 'install' && declared === null && was === null) {
    return canReport(facts) && !facts.holdsDeclarations
  }
  if (declared !== undefined && declared !== was) return true
  if (was === null || before === null) return false
  const isAsked = advance.act === 'remove' || advance.act === 'ask'
  return isAsked || standsDeclared(before.install) !== standsDeclared(advance.install)
}

/** An app that is there, wanted and licensed (invariant 2), and of which the device may have to be told something. */
function isCaredFor({ facts, advance: { install }, before }: Looked): boolean {
  const isThere = install.state === 'installed' && install.wanted === 'installed'
  return (
    isThere &&
    facts.licensed &&
    before !== null &&
    (before.settingsSent !== null || before.update !== null || before.declared !== null)
  )
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
