/** What a device tells of its apps, and what it is told about them beside installing. */
import type { PlistDict } from '@apportion/apple-wire/plist'
import { booleanField, textField, textsField } from '@apportion/apple-wire/plist-fields'
import type { InstalledApp, ManagedApp } from './apps.ts'
import { type Answer, acknowledged, refused } from './command-answer.ts'
import type { DeviceState } from './device-state.ts'
import type { StoreTitle } from './device-store.ts'
import { download } from './install-application.ts'

/** What is told once is forgotten with the answer, and with it the entry when nothing lasts. Declared apps stand elsewhere. */
export function managedApplicationList({ apps }: DeviceState, command: PlistDict): Answer {
  const wanted = wantedIn(command)
  const list: Record<string, PlistDict> = {}
  for (const app of apps.managed.values()) {
    if (app.declaration !== undefined || (wanted !== undefined && !wanted.has(app.bundleId))) continue
    list[app.bundleId] = managedEntry(app)
    app.once = undefined
    app.unusedCode = undefined
    if (app.state === undefined) apps.managed.delete(app.bundleId)
  }
  return acknowledged({ ManagedApplicationList: list })
}

function managedEntry(app: ManagedApp): PlistDict {
  return {
    Status: app.once ?? app.state ?? 'Unknown',
    ManagementFlags: app.flags,
    HasConfiguration: app.configuration !== undefined,
    HasFeedback: app.feedback !== undefined,
    IsValidated: true,
    ExternalVersionIdentifier: app.title.externalVersionId,
    ...(app.unusedCode === undefined ? {} : { UnusedRedemptionCode: app.unusedCode }),
  }
}

/** In a User Enrollment the person's own apps are nobody's business. */
export function installedApplicationList(device: DeviceState, command: PlistDict): Answer {
  const { apps, ports } = device
  const wanted = wantedIn(command)
  const managedOnly = (booleanField(command, 'ManagedAppsOnly') ?? false) || device.isUserEnrollment
  const items = textsField(command, 'Items')
  const entries: PlistDict[] = []
  for (const [bundleId, app] of apps.installed) {
    if (managedOnly && !app.managed) continue
    const newest = ports.store.title(app.title.adamId)
    const isBehind = (newest?.externalVersionId ?? 0) > app.title.externalVersionId
    const isDeclared = apps.managed.get(bundleId)?.declaration !== undefined
    entries.push({
      ...entryOf(app),
      ...(isDeclared ? { Source: 'Declarative Device Management' } : {}),
      HasUpdateAvailable: isBehind,
      Installing: isComing(apps.managed.get(bundleId)),
    })
  }
  for (const app of apps.managed.values()) {
    if (isComing(app) && !apps.installed.has(app.bundleId)) entries.push(comingEntry(app.title))
  }
  for (const title of apps.stopped.values()) {
    entries.push({ ...comingEntry(title), Installing: false, DownloadFailed: true })
  }
  const shown = entries.filter(
    ({ Identifier: id }) => wanted === undefined || (typeof id === 'string' && wanted.has(id)),
  )
  return acknowledged({ InstalledApplicationList: shown.map((entry) => onlyItems(entry, items)) })
}

const isComing = (app: ManagedApp | undefined): boolean =>
  app?.state === 'Installing' || app?.state === 'Updating'

function entryOf({ title, license }: InstalledApp): PlistDict {
  return {
    ...nameOf(title),
    BundleSize: title.size,
    DynamicSize: 4096,
    IsValidated: true,
    AppStoreVendable: true,
    DeviceBasedVPP: license === 'device',
    BetaApp: false,
    AdHocCodeSigned: false,
    IsAppClip: false,
  }
}

/** Half of it is there. */
const comingEntry = (title: StoreTitle): PlistDict => ({
  ...nameOf(title),
  BundleSize: Math.floor(title.size / 2),
  Installing: true,
})

const nameOf = (title: StoreTitle): PlistDict => ({
  Identifier: title.bundleId,
  Name: title.name,
  ShortVersion: title.version,
  Version: String(title.externalVersionId),
  ExternalVersionIdentifier: title.externalVersionId,
})

/** From iOS 14 on only what was asked for is told; failures always are. */
function onlyItems(entry: PlistDict, items: readonly string[]): PlistDict {
  if (items.length === 0) return entry
  return Object.fromEntries(
    Object.entries(entry).filter(
      ([key]) => items.includes(key) || key === 'Source' || key.startsWith('Download'),
    ),
  )
}

/** Only managed apps, and not while they are on their way. */
export function removeApplication({ apps }: DeviceState, command: PlistDict): Answer {
  const bundleId = textField(command, 'Identifier') ?? ''
  const app = apps.managed.get(bundleId)
  if (app === undefined || app.state === undefined) return refused(12029, `${bundleId} is not managed`)
  if (app.declaration !== undefined) return refused(12021, `${bundleId} is declared`)
  if (isComing(app)) return refused(12036, `${bundleId} cannot be removed while it is being installed`)
  apps.remove(bundleId)
  return acknowledged({ Identifier: bundleId })
}

/** A code of the older purchases. Every code is good but `INVALID`. */
export function applyRedemptionCode(device: DeviceState, command: PlistDict): Answer {
  const bundleId = textField(command, 'Identifier') ?? ''
  if (device.isUserEnrollment) return refused(12021, 'Not in a User Enrollment')
  const app = device.apps.managed.get(bundleId)
  if (app?.state !== 'NeedsRedemption') return refused(12028, `${bundleId} does not wait for a code`)
  if (textField(command, 'RedemptionCode') === 'INVALID') return refused(12037, 'The code is invalid')
  const stages = [{ state: 'Redeeming', lastsMs: device.pace.checkingMs }, ...download(device)] as const
  device.apps.travel(app, stages, () => device.apps.install(app))
  return acknowledged({ Identifier: bundleId, State: 'Redeeming' })
}

export function managedApplicationAttributes(device: DeviceState, command: PlistDict): Answer {
  const list = asked(device, command).map(({ bundleId, attributes = {} }) => ({
    Identifier: bundleId,
    Attributes: attributes,
  }))
  return acknowledged({ ApplicationAttributes: list })
}

export function managedApplicationConfiguration(device: DeviceState, command: PlistDict): Answer {
  const list = asked(device, command).map(({ bundleId, configuration }) => ({
    Identifier: bundleId,
    ...(configuration === undefined ? {} : { Configuration: configuration }),
  }))
  return acknowledged({ ApplicationConfigurations: list })
}

export function managedApplicationFeedback(device: DeviceState, command: PlistDict): Answer {
  const apps = asked(device, command)
  const list = apps.map(({ bundleId, feedback }) => ({
    Identifier: bundleId,
    ...(feedback === undefined ? {} : { Feedback: feedback }),
  }))
  if (booleanField(command, 'DeleteFeedback')) for (const app of apps) app.feedback = undefined
  return acknowledged({ ManagedApplicationFeedback: list })
}

function asked({ apps }: DeviceState, command: PlistDict): readonly ManagedApp[] {
  return textsField(command, 'Identifiers').flatMap((bundleId) => {
    const app = apps.managed.get(bundleId)
    return app === undefined || app.declaration !== undefined ? [] : [app]
  })
}

function wantedIn(command: PlistDict): ReadonlySet<string> | undefined {
  return command.Identifiers === undefined ? undefined : new Set(textsField(command, 'Identifiers'))
}
