/** What a simulated device is: its kind, its names and numbers. */
import type { Random } from '../random.ts'

/**
 * `byod` and `corporate` have an enrollment profile that a person installed and are not supervised; `kiosk` is supervised
 * and has nobody to answer questions; `user_enrollment` hides everything that names the device.
 */
export const deviceKinds = ['byod', 'corporate', 'supervised', 'kiosk', 'user_enrollment'] as const
export type DeviceKind = (typeof deviceKinds)[number]

export interface DeviceIdentity {
  readonly kind: DeviceKind
  readonly supervised: boolean
  readonly udid: string
  readonly serialNumber: string
  readonly name: string
  /** Such as `iPhone15,4`. */
  readonly productName: string
  readonly modelName: string
  readonly model: string
  readonly osVersion: string
  readonly buildVersion: string
  /** IANA name. */
  readonly timeZone: string
}

/** What is left out is made up, the same for the same seed. */
export type DeviceIdentityWish = { readonly kind: DeviceKind } & Partial<
  Omit<DeviceIdentity, 'kind' | 'supervised'>
>

const SERIAL_LETTERS = 'CDFGHJKLMNPQRTVWXY0123456789'

export function makeIdentity(random: Random, wish: DeviceIdentityWish): DeviceIdentity {
  const serial = Array.from({ length: 10 }, () => SERIAL_LETTERS[random.below(SERIAL_LETTERS.length)]).join(
    '',
  )
  const serialNumber = wish.serialNumber ?? serial
  return {
    udid: `00008120-${random.hex(16).toUpperCase()}`,
    name: `Simulated ${serialNumber}`,
    productName: 'iPhone15,4',
    modelName: 'iPhone',
    model: 'MTP03',
    osVersion: '18.6',
    buildVersion: '22G86',
    timeZone: 'Europe/Amsterdam',
    ...wish,
    serialNumber,
    supervised: wish.kind === 'supervised' || wish.kind === 'kiosk',
  }
}

/** The major version of the system. */
export const majorVersion = ({ osVersion }: Pick<DeviceIdentity, 'osVersion'>): number =>
  Number.parseInt(osVersion, 10)
