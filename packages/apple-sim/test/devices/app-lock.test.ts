import { type PlistDict, writePlist } from '@apportion/apple-wire/plist'
import { describe, expect, test } from 'vitest'
import { declaring, REQUIRED } from '../support/declaration-peer.ts'
import { BUNDLE, deviceScene } from '../support/device-scene.ts'

/** A device with the app, managed. */
async function withApp(kind: 'byod' | 'kiosk') {
  const at = await deviceScene()
  const device = await at.enrolled({ kind })
  at.giveDevice(device)
  await at.install(device)
  await at.devices.pass(300_000)
  return { at, device }
}

describe('S23 the lock into one app', () => {
  const lock = (identifier: string): PlistDict => ({
    RequestType: 'InstallProfile',
    Payload: new TextEncoder().encode(
      writePlist({
        PayloadType: 'Configuration',
        PayloadVersion: 1,
        PayloadIdentifier: identifier,
        PayloadUUID: identifier,
        PayloadContent: [
          {
            PayloadType: 'com.apple.app.lock',
            PayloadVersion: 1,
            PayloadIdentifier: `${identifier}.lock`,
            PayloadUUID: `${identifier}.lock`,
            App: { Identifier: BUNDLE },
          },
        ],
      }),
    ),
  })

  test('is refused on a device that is not supervised', async () => {
    const { at, device } = await withApp('byod')
    await using _ = at
    expect((await at.tell(device, lock('example.kiosk'))).ErrorChain).toMatchObject([{ ErrorCode: 4001 }])
  })

  test('is taken once, keeps other apps out, and ends with its profile', async () => {
    const { at, device } = await withApp('kiosk')
    await using _ = at
    at.giveDevice(device, 900002)
    expect((await at.tell(device, lock('example.kiosk'))).Status).toBe('Acknowledged')
    expect(device.lockedInto).toBe(BUNDLE)
    const second = await at.tell(device, lock('example.second'))
    expect(second.ErrorChain).toMatchObject([{ ErrorCode: 4019, ErrorDomain: 'MCInstallationErrorDomain' }])
    expect((await at.install(device, { iTunesStoreID: 900002 })).RejectionReason).toBe('AppStoreDisabled')
    const list = await at.tell(device, { RequestType: 'ProfileList' })
    expect(list.ProfileList).toMatchObject([
      { PayloadIdentifier: 'example.peer.enrollment', IsManaged: false },
      { PayloadIdentifier: 'example.kiosk', IsManaged: true },
    ])
    expect(JSON.stringify(list)).not.toContain('challenge-')
    await at.tell(device, { RequestType: 'RemoveProfile', Identifier: 'example.kiosk' })
    expect((await at.install(device, { iTunesStoreID: 900002 })).State).toBe('Queued')
    const again = await at.tell(device, { RequestType: 'RemoveProfile', Identifier: 'example.kiosk' })
    expect(again.ErrorChain).toMatchObject([{ ErrorCode: 12075 }])
  })

  test('keeps declared apps out too, until their declaration is looked at anew without it', async () => {
    const { at, device } = await withApp('kiosk')
    await using _ = at
    at.giveDevice(device, 900002)
    await at.tell(device, lock('example.kiosk'))
    const Payload = { ...REQUIRED, AppStoreID: '900002' }
    const declared = async (ServerToken: string) => {
      at.peer.declarations.items = declaring([{ Identifier: 'tides', Payload, ServerToken }])
      await at.tell(device, { RequestType: 'DeclarativeManagement' })
      await at.devices.pass(300_000)
      return at.peer.declarations.lines('app.managed.list')?.at(-1)
    }
    expect(await declared('1')).toMatchObject({
      state: 'failed',
      reasons: [{ code: 'Error.AppStoreDisabled' }],
    })
    await at.tell(device, { RequestType: 'RemoveProfile', Identifier: 'example.kiosk' })
    expect(await declared('2')).toMatchObject({ state: 'managed' })
  })
})
