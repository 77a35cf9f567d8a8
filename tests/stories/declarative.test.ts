/** Apps by declaration, from the setting to the device and back: real HTTP, simulated devices of several ages (D6). */
import { unwrap } from '@apportion/api-client/client'
import { manualClock } from '@apportion/apple-sim/clock'
import type { SimulatedDevice } from '@apportion/apple-sim/devices/device'
import type { DeviceIdentityWish } from '@apportion/apple-sim/devices/device-identity'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Story, startStory } from '../support/story.ts'

const adamId = '900001'
const bundleId = 'example.reader'

let story: Story
beforeEach(async () => {
  story = await startStory({ devices: {}, apple: { clock: manualClock(Date.parse('2026-11-02T09:00:00Z')) } })
  const { apple, admin, fleet } = story
  apple.world.addTitle({
    adamId,
    name: 'Reader',
    kind: 'iosSoftware',
    publisher: 'Harbor',
    bundleId,
    minimumOSVersion: '15.0',
  })
  const location = apple.world.addLocation({ uId: '300', name: 'Utrecht', organizationName: 'Meridian' })
  location.own({ adamId, total: 3 })
  await admin.addToken(location.mintToken().file)
  await story.settle()
  await fleet.certify()
  await switchDeclarations(true)
})
afterEach(() => story[Symbol.asyncDispose]())

const switchDeclarations = async (enabled: boolean) =>
  unwrap(await story.admin.api.PUT('/api/v1/settings/declarative-apps', { body: { enabled } }))

async function enrolled(wish: DeviceIdentityWish): Promise<SimulatedDevice> {
  const ownership = wish.kind === 'byod' ? 'personal' : 'corporate'
  const device = await story.fleet.enroll(wish, await story.fleet.link({ ownership }))
  await story.pass({ seconds: 1 })
  return device
}

async function stateOf({ identity }: SimulatedDevice): Promise<string> {
  const query = { q: identity.serialNumber }
  const { items } = unwrap(await story.admin.api.GET('/api/v1/devices', { params: { query } }))
  const path = { id: items[0]?.id ?? 0 }
  const installs = unwrap(await story.admin.api.GET('/api/v1/devices/{id}/installs', { params: { path } }))
  return installs.items.map(({ state, cause }) => `${state}: ${cause?.code}`).join(', ')
}

async function pass(minutes: number): Promise<void> {
  for (let step = 0; step < minutes * 4; step += 1) await story.pass({ seconds: 15 })
}

/** Has everybody get the app, with this configuration, or lose it. */
async function mean(
  intent: 'required' | 'uninstall',
  configuration?: Record<string, unknown>,
): Promise<void> {
  const settings = {
    removeWhenManagementEnds: true,
    ...(configuration === undefined ? {} : { configuration }),
  }
  await story.admin.assign(adamId, [{ group: 'All devices', intent, ...settings }])
  await story.settle()
  await pass(3)
}

/** The commands about apps that a device was given, in order. */
const commandsOf = ({ heard }: SimulatedDevice): readonly string[] =>
  heard
    .map(({ requestType }) => requestType)
    .filter((type) => !['DeviceInformation', 'InstalledApplicationList'].includes(type))

describe('apps by declaration', () => {
  test('come by their way in one group: new systems by declaration, older ones by command', async () => {
    const [newest, older, old] = [
      await enrolled({ kind: 'supervised', osVersion: '18.6' }),
      await enrolled({ kind: 'supervised', osVersion: '16.7' }),
      await enrolled({ kind: 'supervised', osVersion: '15.8' }),
    ]
    await mean('required')
    for (const device of [newest, older, old]) {
      expect(device.app(bundleId)).toMatchObject({ installed: true, managed: true, license: 'device' })
      expect(await stateOf(device)).toBe('installed: verified')
    }
    expect(commandsOf(newest)).toEqual(['DeclarativeManagement'])
    expect(newest.declarations.map(({ valid, active }) => valid && active)).toEqual([true, true, true])
    expect(commandsOf(older)).toEqual(['DeclarativeManagement', 'InstallApplication'])
    expect(commandsOf(old).slice(0, 2)).toEqual(['InstallApplication', 'ManagedApplicationList'])
  })

  test('bring their configuration, which changes and goes; systems before iOS 18.4 get it by command', async () => {
    const [newest, older] = [
      await enrolled({ kind: 'supervised', osVersion: '18.4' }),
      await enrolled({ kind: 'supervised', osVersion: '18.3' }),
    ]
    const devices = [newest, older]
    const configurations = () => devices.map((device) => device.app(bundleId)?.configuration)
    const first = { server: 'reader.example', ports: [80, 443], nested: { open: true } }
    await mean('required', first)
    for (const device of devices) expect(await stateOf(device)).toBe('installed: verified')
    expect(configurations()).toEqual([first, first])
    expect(commandsOf(newest)).toEqual(['DeclarativeManagement'])
    expect(
      newest.askedOfDeclarations.filter((each) => each.endsWith(`/assets/configuration.${adamId}`)),
    ).toHaveLength(1)
    expect(commandsOf(older)).toContain('InstallApplication')
    await mean('required', { server: 'other.example' })
    expect(configurations()).toEqual([{ server: 'other.example' }, { server: 'other.example' }])
    expect(commandsOf(newest)).toEqual(['DeclarativeManagement', 'DeclarativeManagement'])
    await mean('required')
    expect(configurations()).toEqual([undefined, undefined])
    for (const device of devices) expect(device.app(bundleId)).toMatchObject({ installed: true })
  })

  test('are removed with their declaration, and the license comes back after', async () => {
    const device = await enrolled({ kind: 'supervised' })
    await mean('required')
    device.goOffline()
    await mean('uninstall')
    expect((await story.admin.holders(adamId)).map(({ state }) => state)).toEqual(['held'])
    device.goOnline()
    await pass(3)
    await story.settle()
    expect(device.app(bundleId)).toBeUndefined()
    expect(await story.admin.holders(adamId)).toEqual([])
    expect(await stateOf(device)).toBe('released: license_back')
    expect(commandsOf(device)).toEqual(['DeclarativeManagement', 'DeclarativeManagement'])
  })

  test('ask a person, who declines first and agrees a day later', async () => {
    const device = await enrolled({ kind: 'byod' })
    device.person.always('refuse')
    await mean('required')
    expect(await stateOf(device)).toBe('refused: rejected_by_person')
    expect(device.person.promptsShown.install).toBe(1)
    device.person.always('accept')
    await story.pass({ minutes: 24 * 60 })
    await pass(3)
    expect(await stateOf(device)).toBe('installed: verified')
    expect(commandsOf(device)).not.toContain('ManagedApplicationList')
  })

  test('leave what came by command alone, and stay when the setting is switched off', async () => {
    await switchDeclarations(false)
    const before = await enrolled({ kind: 'supervised' })
    await mean('required')
    expect(commandsOf(before)).toContain('InstallApplication')
    await switchDeclarations(true)
    const after = await enrolled({ kind: 'supervised' })
    await story.settle()
    await pass(3)
    await switchDeclarations(false)
    await story.pass({ minutes: 25 * 60 })
    await pass(1)
    for (const device of [before, after]) expect(await stateOf(device)).toBe('installed: verified')
    expect(commandsOf(before)).not.toContain('DeclarativeManagement')
    expect(commandsOf(after)).toEqual(['DeclarativeManagement'])
  })

  test('go when the person leaves management, and the license comes back', async () => {
    const device = await enrolled({ kind: 'supervised' })
    await mean('required')
    device.leave()
    await pass(3)
    await story.settle()
    expect(device.app(bundleId)).toBeUndefined()
    expect(await story.admin.holders(adamId)).toEqual([])
  })
})
