/** The store and Apps and Books, as a device meets them. */
import { createHash } from 'node:crypto'
import type { Title } from '../catalog.ts'
import { versionIdOf } from '../external-version.ts'
import type { InstallAnswer } from '../installing.ts'
import type { World } from '../world.ts'

/** A title as the store hands it to a device. */
export interface StoreTitle {
  readonly adamId: string
  readonly kind: 'app' | 'book'
  /** Books have none. */
  readonly bundleId: string
  readonly name: string
  readonly version: string
  readonly externalVersionId: number
  readonly free: boolean
  /** Bytes. */
  readonly size: number
}

export interface DeviceStore {
  /** Of titles for other systems nothing is found. */
  title(adamId: string): StoreTitle | undefined
  titleOfBundle(bundleId: string): StoreTitle | undefined
  /** Whether the device itself has a license. */
  deviceLicense(serialNumber: string, adamId: string): InstallAnswer
  /** Whether the account has one that serves this device, which is named by any text of its own. */
  userLicense(account: string, device: string, adamId: string): InstallAnswer
  /** What DeviceInformation tells of an account: the `idHash` of the user in Apps and Books, once there is one. */
  accountHash(account: string): string
}

export function deviceStore(world: World): DeviceStore {
  const hash = (account: string): string =>
    world.idHashesOf(account)[0] ?? createHash('sha1').update(account).digest('base64')
  return {
    title: (adamId) => read(world.title(adamId)),
    titleOfBundle: (bundleId) => read(world.titles.find((title) => title.bundleId === bundleId)),
    deviceLicense: (serialNumber, adamId) => world.canInstall({ serialNumber }, adamId),
    userLicense(account, device, adamId) {
      // A mark that no serial number has: a license of the device would not be one of the account.
      const serialNumber = `account on ${device}`
      const answers = world
        .idHashesOf(account)
        .map((idHash) => world.canInstall({ serialNumber, idHash }, adamId))
      return BEST_FIRST.find((answer) => answers.includes(answer)) ?? 'no-license'
    },
    accountHash: hash,
  }
}

const BEST_FIRST: readonly InstallAnswer[] = [
  'visible',
  'not-yet-visible',
  'too-many-devices',
  'no-license',
  'expired-30-days',
]

function read(title: Title | undefined): StoreTitle | undefined {
  if (title === undefined || title.kind === 'desktopApp' || title.delistedIn === 'everywhere')
    return undefined
  return {
    adamId: title.adamId,
    kind: title.kind === 'epubBook' ? 'book' : 'app',
    bundleId: title.bundleId ?? `example.title.${title.adamId}`,
    name: title.name,
    version: title.version ?? '1.0',
    externalVersionId: versionIdOf(title),
    free: (title.price ?? 0) === 0,
    size: title.size ?? 48_000_000,
  }
}
