import type { PlistDict } from '@apportion/apple-wire/plist'
import { describe, expect, test } from 'vitest'
import type { SimulatedDevice } from '../../src/devices/device.ts'
import { BUNDLE, deviceScene } from '../support/device-scene.ts'
import type { PeerAnswer } from '../support/mdm-peer.ts'

describe('S12 a server disowns a device', () => {
  const disowned: [what: string, answer: PeerAnswer, isGone: boolean][] = [
    ['401', { status: 401 }, true],
    [
      '403 with the code, as JSON',
      { status: 403, type: 'application/json', body: '{"code":"com.apple.unrecognized.device"}' },
      true,
    ],
    [
      '403 with the code, as a property list',
      {
        status: 403,
        type: 'application/xml',
        body: '<plist version="1.0"><dict><key>code</key><string>com.apple.unrecognized.device</string></dict></plist>',
      },
      true,
    ],
    ['403 without the code', { status: 403 }, false],
    [
      '403 with another code',
      { status: 403, type: 'application/json', body: '{"code":"com.apple.psso.required"}' },
      false,
    ],
    ['403 with nonsense', { status: 403, type: 'application/json', body: '{' }, false],
    ['404', { status: 404 }, false],
    ['503', { status: 503 }, false],
  ]
  for (const [what, answer, isGone] of disowned) {
    test(`${what}: ${isGone ? 'it removes the profile and its apps, and says nothing more' : 'it stays'}`, async () => {
      await using at = await deviceScene()
      const device = await at.enrolled({ kind: 'supervised' })
      at.giveDevice(device)
      await at.install(device)
      await at.devices.pass(300_000)
      const before = [at.peer.reports.length, at.peer.checkIns.length]
      at.peer.instead.push({ path: '/mdm', answer })
      device.wake()
      await at.devices.settled()
      expect([device.isEnrolled, device.app(BUNDLE)?.installed ?? false]).toEqual([!isGone, !isGone])
      device.wake()
      await at.devices.settled()
      const after = [at.peer.reports.length, at.peer.checkIns.length]
      expect(after).toEqual(isGone ? before : [(before[0] ?? 0) + 1, before[1]])
    })
  }
})

describe('S28 the person removes the profile', () => {
  const checkOuts = (messages: readonly PlistDict[]): number =>
    messages.filter(({ MessageType }) => MessageType === 'CheckOut').length
  const leave = async (prepare: (device: SimulatedDevice) => void, mdm: Record<string, boolean> = {}) => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'byod' }, { mdm })
    prepare(device)
    device.leave()
    device.leave()
    device.wake()
    await at.devices.settled()
    return [checkOuts(at.peer.checkIns), at.peer.reports.length, device.isEnrolled]
  }

  test('and CheckOut is sent once', async () => {
    expect(await leave(() => {})).toEqual([1, 0, false])
  })
  test('and nothing is sent where the profile does not ask for it, or where it is lost', async () => {
    expect(await leave(() => {}, { CheckOutWhenRemoved: false })).toEqual([0, 0, false])
    expect(await leave((device) => device.loseCheckOut())).toEqual([0, 0, false])
    expect(await leave((device) => device.goOffline())).toEqual([0, 0, false])
  })
})
