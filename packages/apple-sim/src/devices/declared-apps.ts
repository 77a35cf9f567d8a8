/** Apps that declarations bring: they come, stay and go with their declaration, and no command touches them. */
import type { PlistDict } from '@apportion/apple-wire/plist'
import type { ManagedApp, Stage } from './apps.ts'
import { assetOf, type DeclarationReason, MANAGED_APP } from './declaration-payloads.ts'
import type { JudgedDeclaration } from './declarations.ts'
import type { DeviceState } from './device-state.ts'
import type { StoreTitle } from './device-store.ts'
import { consent, download, signIn } from './install-application.ts'
import { objectIn, textIn } from './json.ts'

/** What the device makes of a declared app. */
interface DeclaredApp {
  readonly serverToken: string
  /** As the declaration names it. */
  readonly named: string
  readonly title: StoreTitle | undefined
  /** Why it does not come. */
  readonly problem: DeclarationReason | undefined
  readonly optional: boolean
}

/** A line of a status list. */
export interface StatusLine {
  readonly identifier: string
  readonly [key: string]: unknown
}

export class DeclaredApps {
  /** By the identifier of the declaration. */
  readonly #apps = new Map<string, DeclaredApp>()

  /**
   * Follows the declarations that are active now: what is new comes, what is gone goes, what changed is looked at anew. One
   * that waits for the file of its asset changes nothing.
   */
  follow(
    device: DeviceState,
    declarations: readonly JudgedDeclaration[],
    contentOf: (asset: string) => PlistDict | undefined,
  ): void {
    const active = declarations.filter(({ type, active: isActive }) => type === MANAGED_APP && isActive)
    const wanted = new Set(active.map(({ identifier }) => identifier))
    for (const [identifier, { title }] of this.#apps) {
      if (wanted.has(identifier)) continue
      this.#apps.delete(identifier)
      const isOurs =
        title !== undefined && device.apps.managed.get(title.bundleId)?.declaration === identifier
      if (isOurs || (title !== undefined && device.apps.stopped.has(title.bundleId))) {
        device.apps.remove(title.bundleId)
      }
    }
    for (const declaration of active.filter(({ valid }) => valid)) {
      const { identifier, serverToken } = declaration
      if (this.#apps.get(identifier)?.serverToken !== serverToken) {
        this.#apps.set(identifier, this.#begin(device, declaration))
      }
      this.#configure(device, declaration, contentOf)
    }
  }

  /** The app reads what its asset holds now. */
  #configure(
    { apps }: DeviceState,
    declaration: JudgedDeclaration,
    contentOf: (asset: string) => PlistDict | undefined,
  ): void {
    const { title } = this.#apps.get(declaration.identifier) ?? {}
    const app = title === undefined ? undefined : apps.managed.get(title.bundleId)
    if (app?.declaration !== declaration.identifier) return
    const asset = assetOf(declaration)
    app.configuration = asset === undefined ? undefined : contentOf(asset)
  }

  /** What `app.managed.list` tells now. */
  lines({ apps }: Pick<DeviceState, 'apps'>): readonly StatusLine[] {
    return [...this.#apps].map(([declaration, { named, title, problem, optional }]) => {
      const line = { identifier: title?.bundleId ?? named, 'declaration-identifier': declaration }
      if (problem !== undefined) return { ...line, state: 'failed', reasons: [problem] }
      if (title === undefined || optional) return { ...line, state: 'optional' }
      const now = apps.installed.get(title.bundleId)?.title ?? title
      return {
        ...line,
        name: now.name,
        'external-version-id': now.externalVersionId,
        version: String(now.externalVersionId),
        'short-version': now.version,
        ...standingOf(apps.managed.get(title.bundleId), apps.stopped.has(title.bundleId)),
      }
    })
  }

  /** Management has ended. */
  clear(): void {
    this.#apps.clear()
  }

  #begin(device: DeviceState, declaration: JudgedDeclaration): DeclaredApp {
    const { payload, identifier, serverToken } = declaration
    const named = textIn(payload, 'AppStoreID') ?? textIn(payload, 'BundleID') ?? ''
    const behavior = objectIn(payload, 'InstallBehavior') ?? {}
    const optional = behavior.Install !== 'Required'
    const app = { serverToken, named, title: undefined, problem: undefined, optional }
    const title = titleOf(device, declaration)
    if ('code' in title) return { ...app, problem: title }
    const others = [...this.#apps].some(
      ([other, known]) => other !== identifier && known.title?.adamId === title.adamId,
    )
    if (others) return { ...app, problem: error('DuplicateConfiguredApp', named) }
    if (optional) return { ...app, title }
    const assignment = objectIn(behavior, 'License')?.Assignment === 'Device' ? 'device' : 'user'
    return { ...app, title, problem: bring(device, { title, identifier, assignment }) }
  }
}

const error = (code: string, description: string): DeclarationReason => ({
  code: `Error.${code}`,
  description,
})

function titleOf(
  { ports: { store }, conditions, profiles }: DeviceState,
  { payload }: JudgedDeclaration,
): StoreTitle | DeclarationReason {
  const [adamId, bundleId] = [textIn(payload, 'AppStoreID'), textIn(payload, 'BundleID')]
  if (adamId === undefined && bundleId === undefined) return error('NotSupported', 'Only apps of the store')
  if (conditions.installingForbidden || profiles.appLock !== undefined)
    return error('AppStoreDisabled', 'Installing apps is not allowed')
  const title = adamId === undefined ? store.titleOfBundle(bundleId ?? '') : store.title(adamId)
  if (title === undefined) return error('InvalidAppID', `The store does not know ${adamId ?? bundleId ?? ''}`)
  return title.kind === 'app' ? title : error('NotAnApp', `${title.name} is not an app`)
}

interface Bringing {
  readonly title: StoreTitle
  /** Of the declaration. */
  readonly identifier: string
  readonly assignment: 'device' | 'user'
}

/** Begins what brings the app, or says why it does not come. */
function bring(device: DeviceState, bringing: Bringing): DeclarationReason | undefined {
  const { apps, identity, isUserEnrollment } = device
  const { title } = bringing
  const there = apps.installed.get(title.bundleId)
  if (there !== undefined && !there.managed) {
    if (isUserEnrollment) return error('UnmanagedAppAlreadyInstalled', title.bundleId)
    const app = enter(device, bringing, there.license)
    const stages: readonly Stage[] = identity.supervised
      ? []
      : [{ state: 'PromptingForManagement', prompt: 'management', refusedAs: 'ManagementRejected' }]
    apps.travel(app, stages, () => apps.takeOver(app))
    return undefined
  }
  if (there !== undefined) return update(device, bringing)
  if (apps.travels(title.bundleId)) {
    // A command has begun it: it goes on, and is the declaration's from now on.
    enter(device, bringing, bringing.assignment)
    return undefined
  }
  if (!isLicensed(device, bringing)) {
    return error('LicenseNotFound', `There is no ${bringing.assignment} license for ${title.adamId}`)
  }
  const app = enter(device, bringing, bringing.assignment)
  apps.stopped.delete(title.bundleId)
  const before = [...signIn(device, bringing.assignment), ...consent({ device, title })]
  apps.travel(app, [...before, ...download(device)], () => apps.install(app))
  return undefined
}

/** What a command brought is the declaration's from now on; a newer version comes. */
function update(device: DeviceState, bringing: Bringing): undefined {
  const { apps, identity, pace } = device
  const { title } = bringing
  const app = enter(device, bringing, apps.installed.get(title.bundleId)?.license ?? bringing.assignment)
  const present = apps.installed.get(title.bundleId)?.title.externalVersionId ?? 0
  if (title.externalVersionId <= present) {
    app.state ??= 'Managed'
    return
  }
  const isAsked = identity.supervised ? apps.inFront.has(title.bundleId) : true
  const question: readonly Stage[] = isAsked
    ? [{ state: 'PromptingForUpdate', prompt: 'update', refusedAs: 'UpdateRejected' }]
    : []
  apps.travel(app, [...question, { state: 'Updating', lastsMs: pace.installingMs }], () => apps.install(app))
}

/** Gone with management, always. */
function enter(
  { apps }: DeviceState,
  { title, identifier }: Bringing,
  license: ManagedApp['license'],
): ManagedApp {
  const app = apps.entry(title)
  Object.assign(app, { title, license, flags: 1, declaration: identifier, once: undefined })
  return app
}

function isLicensed({ ports, identity, account }: DeviceState, { title, assignment }: Bringing): boolean {
  const { store } = ports
  if (assignment === 'device') return store.deviceLicense(identity.serialNumber, title.adamId) === 'visible'
  return (
    account.name !== undefined && store.userLicense(account.name, identity.udid, title.adamId) === 'visible'
  )
}

const WORDS: Readonly<Record<string, string>> = {
  Queued: 'queued',
  Prompting: 'prompting-for-consent',
  PromptingForLogin: 'prompting-for-login',
  PromptingForManagement: 'prompting-for-management',
  Installing: 'downloading',
  Managed: 'managed',
  ManagedButUninstalled: 'managed-but-uninstalled',
}

const UPDATES: Readonly<Record<string, string>> = {
  PromptingForUpdate: 'prompting-for-update',
  Updating: 'updating',
}

function standingOf(app: ManagedApp | undefined, isStopped: boolean): Readonly<Record<string, unknown>> {
  if (app === undefined) {
    return isStopped
      ? { state: 'failed', reasons: [error('DownloadFailed', 'The download stopped')] }
      : { state: 'not-present' }
  }
  const { state = 'Unknown', once } = app
  const updating = UPDATES[state]
  if (updating !== undefined) return { state: 'managed', 'update-state': updating }
  if (state === 'Managed') return { state: 'managed' }
  if (once === 'UserRejected' || once === 'ManagementRejected') {
    return { state: 'failed', reasons: [error('UserRejected', 'The person declined')] }
  }
  if (once === 'Failed') return { state: 'failed', reasons: [error('InstallFailed', 'It did not install')] }
  return { state: WORDS[state] ?? 'not-present' }
}
