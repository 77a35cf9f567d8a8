import type { PlistDict } from '@apportion/apple-wire/plist'
import { describe, expect, test } from 'vitest'
import { APP, BUNDLE, deviceScene } from '../support/device-scene.ts'

const DAY = 24 * 3_600_000

/** A device with the app, managed. */
async function withApp(kind: 'byod' | 'supervised' = 'supervised', more: PlistDict = {}) {
  const at = await deviceScene()
  const device = await at.enrolled({ kind })
  at.giveDevice(device)
  await at.install(device, more)
  await at.devices.pass(300_000)
  return { at, device }
}

test('S16 a refusal is told exactly once', async () => {
  await using at = await deviceScene()
  const device = await at.enrolled({ kind: 'byod' })
  device.person.behaves({ install: 'refuse' })
  at.giveDevice(device)
  await at.install(device)
  await at.devices.pass(60_000)
  const other = await at.tell(device, {
    RequestType: 'ManagedApplicationList',
    Identifiers: ['example.other'],
  })
  expect(other.ManagedApplicationList).toEqual({})
  expect([await at.stateOf(device), await at.stateOf(device)]).toEqual(['UserRejected', undefined])
  expect(device.app(BUNDLE)).toBe(undefined)
})

test('S18 an app whose license is gone opens until day 30', async () => {
  const { at, device } = await withApp()
  await using _ = at
  at.location.releaseOutside(String(APP), { serialNumbers: [device.identity.serialNumber] })
  at.clock.advance(30 * DAY - 1000)
  expect(device.opens(BUNDLE)).toBe(true)
  at.clock.advance(1000)
  expect([device.opens(BUNDLE), device.app(BUNDLE)?.installed]).toEqual([false, true])
  at.giveDevice(device)
  expect(device.opens(BUNDLE)).toBe(true)
})

describe('S19 when management ends', () => {
  test('apps with flag 1 go, those without stay as the person’s own, as do apps of the person', async () => {
    const { at, device } = await withApp()
    await using _ = at
    at.giveDevice(device, 900002)
    await at.install(device, { iTunesStoreID: 900002, ManagementFlags: 0 })
    await at.devices.pass(300_000)
    device.leave()
    await at.devices.settled()
    expect(device.app(BUNDLE)).toBe(undefined)
    expect(device.app('example.harbor.tides')).toMatchObject({ installed: true, managed: false })
  })

  test('what was on its way does not arrive', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    at.giveDevice(device)
    await at.install(device)
    device.leave()
    await at.devices.pass(DAY)
    expect(device.apps).toEqual([])
  })
})

describe('S20 the configuration', () => {
  const configuration = { server: 'https://harbor.example', limit: 3 }
  const settings = (item: PlistDict): PlistDict => ({ RequestType: 'Settings', Settings: [item] })

  test('reaches the app, changes by Settings, and goes by Settings without one', async () => {
    const { at, device } = await withApp('supervised', { Configuration: configuration })
    await using _ = at
    expect(device.app(BUNDLE)?.configuration).toEqual(configuration)
    const item = { Item: 'ApplicationConfiguration', Identifier: BUNDLE }
    await at.tell(device, settings({ ...item, Configuration: { limit: 5 } }))
    const ask = { RequestType: 'ManagedApplicationConfiguration', Identifiers: [BUNDLE] }
    expect((await at.tell(device, ask)).ApplicationConfigurations).toEqual([
      { Identifier: BUNDLE, Configuration: { limit: 5 } },
    ])
    await at.tell(device, settings(item))
    expect(device.app(BUNDLE)?.configuration).toBe(undefined)
  })

  test('is refused for one item and taken for the others', async () => {
    const { at, device } = await withApp()
    await using _ = at
    const answer = await at.tell(device, {
      RequestType: 'Settings',
      Settings: [
        { Item: 'ApplicationConfiguration', Identifier: 'example.nowhere', Configuration: {} },
        { Item: 'OrganizationInfo', OrganizationInfo: { OrganizationName: 'Harbor' } },
        { Item: 'Weather' },
      ],
    })
    expect(answer).toMatchObject({
      Status: 'Acknowledged',
      Settings: [
        { Status: 'Error', ErrorChain: [{ ErrorCode: 12029 }] },
        { Status: 'Acknowledged' },
        { Status: 'Error', ErrorChain: [{ ErrorCode: 28000, ErrorDomain: 'MCSettingsErrorDomain' }] },
      ],
    })
  })

  test('feedback is read, and deleted on request', async () => {
    const { at, device } = await withApp()
    await using _ = at
    device.writeFeedback(BUNDLE, { battery: 'low' })
    const ask = { RequestType: 'ManagedApplicationFeedback', Identifiers: [BUNDLE], DeleteFeedback: true }
    const read = async () => (await at.tell(device, ask)).ManagedApplicationFeedback
    expect([await read(), await read()]).toEqual([
      [{ Identifier: BUNDLE, Feedback: { battery: 'low' } }],
      [{ Identifier: BUNDLE }],
    ])
  })
})

describe('S21 an update', () => {
  const newer = (at: Awaited<ReturnType<typeof deviceScene>>): void => {
    const title = at.world.title(String(APP))
    if (title !== undefined) at.world.addTitle({ ...title, version: '3.3' })
  }

  test('happens only when the store has a higher version', async () => {
    const { at, device } = await withApp()
    await using _ = at
    expect((await at.install(device)).State).toBe('Managed')
    newer(at)
    const list = await at.tell(device, { RequestType: 'InstalledApplicationList' })
    expect(list.InstalledApplicationList).toMatchObject([{ HasUpdateAvailable: true, ShortVersion: '3.2' }])
    expect((await at.install(device)).State).toBe('Updating')
    await at.devices.pass(60_000)
    expect(device.app(BUNDLE)).toMatchObject({ version: '3.3', state: 'Managed' })
  })

  test('asks on a supervised device only while the app is open', async () => {
    const { at, device } = await withApp()
    await using _ = at
    newer(at)
    device.openApp(BUNDLE)
    device.person.behaves({ update: 'refuse' })
    expect((await at.install(device)).State).toBe('PromptingForUpdate')
    await at.devices.pass(60_000)
    expect([await at.stateOf(device), await at.stateOf(device)]).toEqual(['UpdateRejected', 'Managed'])
    expect(device.app(BUNDLE)?.version).toBe('3.2')
    device.openApp(BUNDLE, false)
    expect((await at.install(device)).State).toBe('Updating')
  })

  test('asks on any other device', async () => {
    const { at, device } = await withApp('byod')
    await using _ = at
    newer(at)
    expect((await at.install(device)).State).toBe('PromptingForUpdate')
  })
})

describe('RemoveApplication', () => {
  const remove = { RequestType: 'RemoveApplication', Identifier: BUNDLE }

  test('takes a managed app away, and no other', async () => {
    const { at, device } = await withApp()
    await using _ = at
    expect((await at.tell(device, remove)).Status).toBe('Acknowledged')
    expect(device.apps).toEqual([])
    device.installByPerson(String(APP))
    expect((await at.tell(device, remove)).ErrorChain).toMatchObject([{ ErrorCode: 12029 }])
    expect(device.app(BUNDLE)?.installed).toBe(true)
  })

  test('waits for what is being installed: 12036', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    at.giveDevice(device)
    await at.install(device)
    await at.devices.pass(30_000)
    expect((await at.tell(device, remove)).ErrorChain).toMatchObject([{ ErrorCode: 12036 }])
  })
})

test('an app that the person deletes is ManagedButUninstalled, and managed again once it is back', async () => {
  const { at, device } = await withApp()
  await using _ = at
  device.deleteApp(BUNDLE)
  expect(await at.stateOf(device)).toBe('ManagedButUninstalled')
  device.installByPerson(String(APP))
  expect([await at.stateOf(device), device.app(BUNDLE)?.managed]).toEqual(['Managed', true])
  device.deleteApp(BUNDLE)
  expect((await at.install(device)).State).toBe('Queued')
})

describe('what the person deletes while it is on its way', () => {
  test('is a download that stops; it can be installed anew', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    at.giveDevice(device)
    await at.install(device)
    device.deleteApp(BUNDLE)
    expect(await at.stateOf(device)).toBe('ManagedButUninstalled')
    await at.devices.pass(3_600_000)
    expect(await at.stateOf(device)).toBe('ManagedButUninstalled')
    expect((await at.install(device)).State).toBe('Queued')
    await at.devices.pass(60_000)
    expect(await at.stateOf(device)).toBe('Managed')
  })

  test('is nothing while it is only asked whether it may come', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate' })
    at.giveDevice(device)
    await at.install(device)
    device.deleteApp(BUNDLE)
    expect(await at.stateOf(device)).toBe('Prompting')
  })

  test('is their own copy, which the server was to take over', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate' })
    at.giveDevice(device)
    device.installByPerson(String(APP))
    await at.install(device, { ChangeManagementState: 'Managed' })
    device.deleteApp(BUNDLE)
    expect(await at.stateOf(device)).toBe('ManagementRejected')
    expect((await at.install(device)).State).toBe('Prompting')
  })
})

test('the list of installed apps tells what was asked for, and in a User Enrollment managed apps only', async () => {
  const { at, device } = await withApp()
  await using _ = at
  device.installByPerson('900002')
  const list = async (more: PlistDict) =>
    (await at.tell(device, { RequestType: 'InstalledApplicationList', ...more })).InstalledApplicationList
  expect(await list({ Items: ['Identifier', 'DeviceBasedVPP'] })).toEqual([
    { Identifier: BUNDLE, DeviceBasedVPP: true },
    { Identifier: 'example.harbor.tides', DeviceBasedVPP: false },
  ])
  expect(await list({ ManagedAppsOnly: true })).toHaveLength(1)
  expect(await list({ Identifiers: ['example.harbor.tides'] })).toHaveLength(1)
  const own = await at.enrolled({ kind: 'user_enrollment' })
  own.installByPerson('900002')
  const answer = await at.tell(own, { RequestType: 'InstalledApplicationList' })
  expect(answer.InstalledApplicationList).toEqual([])
})
