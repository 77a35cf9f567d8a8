/** InstallApplication: Apple's decisions in their order, one function for each. */
import type { PlistDict } from '@apportion/apple-wire/plist'
import type { AppLicense, ManagedApp, Stage } from './apps.ts'
import { type Answer, acknowledged, MDM_DOMAIN, refused } from './command-answer.ts'
import type { DeviceState } from './device-state.ts'
import type { StoreTitle } from './device-store.ts'
import { type InstallWish, readInstallWish } from './install-wish.ts'
import { licenseOf } from './licenses.ts'

/** The app to install, once the store knows it. */
interface Install {
  readonly device: DeviceState
  readonly wish: InstallWish
  readonly title: StoreTitle
}

export function installApplication(device: DeviceState, command: PlistDict): Answer {
  const wish = readInstallWish(command)
  if ('status' in wish) return wish
  if (device.conditions.installingForbidden || device.profiles.appLock !== undefined) {
    return rejected(12031, 'Installing apps is not allowed', 'AppStoreDisabled')
  }
  const found = findTitle(device, wish)
  if ('status' in found) return found
  if (device.apps.managed.get(found.bundleId)?.declaration !== undefined) {
    return rejected(12021, `${found.bundleId} is declared`, 'NotSupported')
  }
  const install = { device, wish, title: found }
  return inProgress(install) ?? ofThePerson(install) ?? alreadyManaged(install) ?? anew(install)
}

function findTitle({ ports: { store } }: DeviceState, { by }: InstallWish): StoreTitle | Answer {
  const title = by.kind === 'adamId' ? store.title(by.value) : store.titleOfBundle(by.value)
  if (title === undefined) {
    return rejected(12023, `The store does not know ${by.value}`, 'CouldNotVerifyAppID')
  }
  return title.kind === 'app' ? title : rejected(12027, `${by.value} is not an app`, 'NotAnApp')
}

const ASKING: ReadonlySet<string> = new Set([
  'NeedsRedemption',
  'Prompting',
  'PromptingForLogin',
  'PromptingForManagement',
  'PromptingForUpdate',
])

/** Row 7. A question that is still open is asked again instead. */
function inProgress({ device, title }: Install): Answer | undefined {
  const state = device.apps.managed.get(title.bundleId)?.state
  const isUnderWay = device.apps.travels(title.bundleId) && !ASKING.has(state ?? '')
  if (!isUnderWay) return undefined
  return rejected(12010, `${title.bundleId} is under way already`, 'AppAlreadyQueued')
}

/** Row 8: the person installed it. */
function ofThePerson({ device, wish, title }: Install): Answer | undefined {
  const { apps, identity } = device
  const own = apps.installed.get(title.bundleId)
  if (own === undefined || own.managed) return undefined
  if (!wish.takeOver) {
    return rejected(12025, `${title.bundleId} is installed already`, 'AppAlreadyInstalled')
  }
  if (device.isUserEnrollment) {
    return rejected(12025, 'Apps of the person stay their own', 'ManagementChangeNotSupported')
  }
  const app = enter({ device, wish, title: own.title }, own.license)
  const stages: readonly Stage[] = identity.supervised
    ? []
    : [{ state: 'PromptingForManagement', prompt: 'management', refusedAs: 'ManagementRejected' }]
  apps.travel(app, stages, () => apps.takeOver(app))
  return accepted(app)
}

/** Row 9: an update, when there is one. */
function alreadyManaged({ device, wish, title }: Install): Answer | undefined {
  const { apps, identity, pace } = device
  const known = apps.installed.get(title.bundleId)
  if (known === undefined) return undefined
  const app = enter({ device, wish, title: known.title }, known.license)
  if (title.externalVersionId <= known.title.externalVersionId) return accepted(app)
  const isAsked = identity.supervised ? apps.inFront.has(title.bundleId) : true
  const question: readonly Stage[] = isAsked
    ? [{ state: 'PromptingForUpdate', prompt: 'update', refusedAs: 'UpdateRejected' }]
    : []
  apps.travel(app, [...question, { state: 'Updating', lastsMs: pace.installingMs }], () => {
    app.title = title
    apps.install(app)
  })
  return accepted(app)
}

/** Rows 10 to 13: it comes to the device. */
function anew(install: Install): Answer {
  const { device, wish, title } = install
  if (wish.purchaseMethod === 0) return device.isUserEnrollment ? unsupported() : withoutLicense(install)
  const license = licenseOf(device, title.adamId)
  if (license === undefined) return noLicense(title)
  return begin(install, license, [...signIn(device, license), ...consent(install)])
}

/** Row 11: the person's own purchase. */
function withoutLicense(install: Install): Answer {
  const { device, title } = install
  if (title.free) return begin(install, 'none', [...signIn(device, 'none'), ...consent(install)])
  return begin(install, 'none', [{ state: 'NeedsRedemption', waits: true }])
}

function begin(install: Install, license: AppLicense, before: readonly Stage[]): Answer {
  const { device } = install
  const app = enter(install, license)
  device.apps.stopped.delete(app.bundleId)
  device.apps.travel(app, [...before, ...download(device)], () => device.apps.install(app))
  return accepted(app)
}

/** Device licenses ask for no account, nor do Managed Apple Accounts, which are signed in. */
export function signIn({ account, identity }: DeviceState, license: AppLicense): readonly Stage[] {
  if (license === 'device' || account.signedIn) return []
  const onAccept = (): void => {
    account.signedIn = true
    account.name ??= `${identity.serialNumber.toLowerCase()}@accounts.example`
  }
  return [{ state: 'PromptingForLogin', prompt: 'sign_in', refusedAs: 'Failed', onAccept }]
}

/** Row 12. */
export function consent({ device, title }: Pick<Install, 'device' | 'title'>): readonly Stage[] {
  const required = device.enrollment?.profile.management.requiredApp
  if (device.identity.supervised || required === title.adamId) return []
  return [{ state: 'Prompting', prompt: 'install', refusedAs: 'UserRejected' }]
}

/** Row 13. */
export function download({ pace }: DeviceState): readonly Stage[] {
  return [
    { state: 'Queued', lastsMs: pace.queuedMs },
    { state: 'Installing', lastsMs: pace.installingMs },
  ]
}

function enter({ device, wish, title }: Install, license: AppLicense): ManagedApp {
  const app = device.apps.entry(title)
  app.title = title
  app.license = license
  app.flags = wish.flags
  app.once = undefined
  if (wish.configuration !== undefined) app.configuration = wish.configuration
  if (wish.attributes !== undefined) app.attributes = wish.attributes
  return app
}

function accepted({ bundleId, state = 'Managed' }: ManagedApp): Answer {
  return acknowledged({ Identifier: bundleId, State: state })
}

function rejected(number: number, text: string, reason: string): Answer {
  return refused(number, text, { RejectionReason: reason, State: 'Failed' })
}

const unsupported = (): Answer =>
  rejected(12035, 'A User Enrollment takes licensed apps only', 'PurchaseMethodNotSupported')

function noLicense({ adamId, bundleId }: StoreTitle): Answer {
  const text = `Could not retrieve a license for the app with iTunes Store ID ${adamId}`
  return {
    status: 'Error',
    results: { Identifier: bundleId, RejectionReason: 'LicenseNotFound', State: 'Failed' },
    chain: [
      { domain: MDM_DOMAIN, number: 12064, text },
      { domain: 'ASDServerErrorDomain', number: 9610, text: 'License not found' },
    ],
  }
}
