import type { PlistDict } from '@apportion/apple-wire/plist'
import { dictField, textField } from '@apportion/apple-wire/plist-fields'
import type { SimulatedDevice } from '../../src/devices/device.ts'
import type { DeviceIdentityWish } from '../../src/devices/device-identity.ts'
import { startDevices } from '../../src/devices/devices.ts'
import { sharedKeys } from '../../src/devices/keys.ts'
import type { KnobChoices } from '../../src/knobs.ts'
import { MdmPeer, type ProfileWish } from './mdm-peer.ts'
import { scene } from './scene.ts'

export const APP = 900001
export const BUNDLE = 'example.harbor.reader'
export const BOOK = 900009

/** Keys take time; which one a device has is never the point but where a test says so. */
const keys = sharedKeys(2)

/** A simulated Apple with a few titles, a strict management server, and devices. */
export async function deviceScene(knobs: KnobChoices = {}) {
  const at = await scene(knobs)
  const { world, location } = at
  world.addTitle({
    adamId: String(APP),
    name: 'Harbor Reader',
    kind: 'iosSoftware',
    publisher: 'Harbor',
    bundleId: BUNDLE,
    version: '3.2',
    price: 4.99,
  })
  world.addTitle({
    adamId: '900002',
    name: 'Tides',
    kind: 'iosSoftware',
    publisher: 'Harbor',
    bundleId: 'example.harbor.tides',
    price: 0,
  })
  world.addTitle({ adamId: String(BOOK), name: 'Knots', kind: 'epubBook', publisher: 'Harbor' })
  for (const adamId of [String(APP), '900002', String(BOOK)]) location.own({ adamId, total: 50 })
  const peer = new MdmPeer()
  await peer.listen()
  const devices = await startDevices(at.apple, { allowPlainHttp: true, keys })

  /** A device that is enrolled. */
  async function enrolled(wish: DeviceIdentityWish, profile: ProfileWish = {}): Promise<SimulatedDevice> {
    const device = devices.add(wish)
    const isUser = wish.kind === 'user_enrollment'
    const mdm = isUser ? { ...USER_ENROLLMENT, ...profile.mdm } : { ...profile.mdm }
    await device.install(Buffer.from(peer.profile({ ...profile, mdm })))
    return device
  }

  /** Sends one command and gives the answer. */
  async function tell(device: SimulatedDevice, command: PlistDict): Promise<PlistDict> {
    const id = peer.queue(command)
    device.wake()
    await devices.settled()
    const [answer] = peer.answersTo(id).toReversed()
    if (answer === undefined) throw new Error(`No answer; ${peer.complaints.join('; ')}`)
    return answer
  }

  return {
    ...at,
    peer,
    devices,
    enrolled,
    tell,
    giveDevice: (device: SimulatedDevice, adamId = APP): void =>
      location.assignOutside(String(adamId), { serialNumbers: [device.identity.serialNumber] }),
    /** A person who joined with an account, and their license. */
    giveAccount(account: string, adamId = APP): void {
      location.addUser({ clientUserId: account })
      location.acceptInvitation(account, account)
      location.assignOutside(String(adamId), { clientUserIds: [account] })
    },
    install: (device: SimulatedDevice, more: PlistDict = {}): Promise<PlistDict> =>
      tell(device, { ...INSTALL, ...more }),
    /** The state of an app as the server hears it. */
    async stateOf(device: SimulatedDevice, bundleId = BUNDLE): Promise<string | undefined> {
      const answer = await tell(device, { RequestType: 'ManagedApplicationList' })
      const entry = dictField(dictField(answer, 'ManagedApplicationList') ?? {}, bundleId)
      return entry && textField(entry, 'Status')
    },
    async [Symbol.asyncDispose]() {
      await devices[Symbol.asyncDispose]()
      await peer[Symbol.asyncDispose]()
      await at[Symbol.asyncDispose]()
    },
  }
}

const USER_ENROLLMENT = {
  AccessRights: 'absent',
  EnrollmentMode: 'BYOD',
  AssignedManagedAppleID: 'kim@harbor.example',
} as const

export const INSTALL = {
  RequestType: 'InstallApplication',
  iTunesStoreID: APP,
  ManagementFlags: 1,
  Options: { PurchaseMethod: 1 },
} as const
