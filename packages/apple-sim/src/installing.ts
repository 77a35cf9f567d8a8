/**
 * What a device hears from the store when it is told to install a title: the hook for simulated devices.
 *
 * The license API never installs anything. A license that is complete there may be invisible to the store for a
 * while; a device that asks too early reports 9610, "License not found".
 */
import type { Asset, Location } from './location.ts'
import type { Simulation } from './simulation.ts'

/** How a device proves that it may install: its serial number, and the account that is signed in on it. */
export interface InstallingDevice {
  readonly serialNumber?: string
  /** Hash of the Apple Account, as `GET /users` shows it. */
  readonly idHash?: string
}

/**
 * - `visible`: it installs, and what is installed opens.
 * - `not-yet-visible`: there is a license, but the store does not know it yet; the device reports 9610.
 * - `too-many-devices`: the user's license serves as many other devices as it can.
 * - `no-license`: it does not install; what is installed still opens.
 * - `expired-30-days`: the license is gone for 30 days or more; what is installed does not open.
 */
export type InstallAnswer =
  | 'visible'
  | 'not-yet-visible'
  | 'too-many-devices'
  | 'no-license'
  | 'expired-30-days'

const THIRTY_DAYS_MS = 30 * 24 * 3_600_000

/** From the best to the worst; a device may have several licenses of a title. */
const WITH_LICENSE: readonly InstallAnswer[] = ['visible', 'not-yet-visible', 'too-many-devices']

/**
 * Asks on behalf of a device, over all locations. A device that gets `visible` by a user's license counts as one of
 * that user's devices from then on, by its serial number.
 */
export function canInstall(simulation: Simulation, device: InstallingDevice, adamId: string): InstallAnswer {
  const chances = [...simulation.locations.values()].flatMap((location) =>
    chancesAt(location, device, adamId),
  )
  const answers = chances
    .filter(({ location, asset, holder }) => location.book.has(asset, holder))
    .map((chance) => answerWithLicense(simulation, chance, device.serialNumber ?? ''))
  const best = WITH_LICENSE.find((answer) => answers.includes(answer))
  if (best) return best
  const losses = chances.map(({ location, asset, holder }) =>
    location.times.lostAt({ asset: asset.number, holder }),
  )
  const lostAt = Math.max(...losses.map((moment) => moment ?? Number.NEGATIVE_INFINITY))
  const isLong = Number.isFinite(lostAt) && simulation.clock.now() - lostAt >= THIRTY_DAYS_MS
  return isLong ? 'expired-30-days' : 'no-license'
}

/** An asset, and somebody known to its location by whom the device may hold a license. */
interface Chance {
  readonly location: Location
  readonly asset: Asset
  readonly holder: number
  readonly isUser: boolean
}

function chancesAt(
  location: Location,
  { serialNumber, idHash }: InstallingDevice,
  adamId: string,
): readonly Chance[] {
  const machine = serialNumber === undefined ? undefined : location.book.findDevice(serialNumber)
  const user = idHash === undefined ? undefined : holderOfAccount(location, idHash)
  return location.assets
    .filter((asset) => asset.adamId === adamId)
    .flatMap((asset) => [
      ...(machine === undefined ? [] : [{ location, asset, holder: machine, isUser: false }]),
      ...(user === undefined ? [] : [{ location, asset, holder: user, isUser: true }]),
    ])
}

/** An account that never accepted an invitation has no hash, so a reserved license opens nothing. */
function holderOfAccount(location: Location, idHash: string): number | undefined {
  const row = location.users.findLast((user) => user.idHash === idHash)
  return row && location.book.findUser(row.row)
}

function answerWithLicense(
  { clock, knobs }: Simulation,
  chance: Chance,
  serialNumber: string,
): InstallAnswer {
  const { location, asset, holder, isUser } = chance
  const { storeVisibilityMs, devicesPerUserLicense } = knobs()
  const completeAt = location.times.completeAt({ asset: asset.number, holder })
  if (storeVisibilityMs > 0 && clock.now() < completeAt + storeVisibilityMs) return 'not-yet-visible'
  const serves = !isUser || countsAmongDevices(chance, serialNumber, devicesPerUserLicense)
  return serves ? 'visible' : 'too-many-devices'
}

/** Whether a user's license serves this device too; the answer yes makes it one of the user's devices. */
function countsAmongDevices(
  { location, asset, holder }: Chance,
  serialNumber: string,
  most: number,
): boolean {
  const devices = location.times.servedBy({ asset: asset.number, holder })
  if (!devices.has(serialNumber) && devices.size >= most) return false
  devices.add(serialNumber)
  return true
}
