/** From a link to a verified app, and back: real HTTP, real certificates, simulated devices (D1 to D4, D8). */
import { unwrap } from '@apportion/api-client/client'
import { manualClock } from '@apportion/apple-sim/clock'
import type { SimulatedDevice } from '@apportion/apple-sim/devices/device'
import type { DeviceKind } from '@apportion/apple-sim/devices/device-identity'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Story, startStory } from '../support/story.ts'

const adamId = '900001'
const bundleId = 'example.reader'

let story: Story
beforeEach(async () => {
  story = await startStory({ devices: {}, apple: { clock: manualClock(Date.parse('2026-11-02T09:00:00Z')) } })
  const { apple, admin, fleet } = story
  apple.world.addTitle({ adamId, name: 'Reader', kind: 'iosSoftware', publisher: 'Harbor', bundleId })
  const location = apple.world.addLocation({ uId: '300', name: 'Utrecht', organizationName: 'Meridian' })
  location.own({ adamId, total: 3 })
  await admin.addToken(location.mintToken().file)
  await story.settle()
  await fleet.certify()
})
afterEach(() => story[Symbol.asyncDispose]())

async function enrolled(kind: DeviceKind): Promise<SimulatedDevice> {
  const ownership = kind === 'byod' ? 'personal' : 'corporate'
  const address = await story.fleet.link({ ownership })
  const device = await story.fleet.enroll({ kind }, address)
  await story.pass({ seconds: 1 })
  return device
}

/** The directory's row of a device. */
async function rowOf({ identity: { serialNumber } }: SimulatedDevice) {
  const query = { q: serialNumber }
  const { items } = unwrap(await story.admin.api.GET('/api/v1/devices', { params: { query } }))
  const [device] = items
  if (device === undefined) throw new Error(`The directory does not know ${serialNumber}`)
  return device
}

async function why(device: SimulatedDevice): Promise<string> {
  const [{ id }, asset] = [await rowOf(device), await story.admin.asset(adamId)]
  const path = { id, assetId: asset.id }
  const { links, advice } = unwrap(
    await story.admin.api.GET('/api/v1/devices/{id}/why/{assetId}', { params: { path } }),
  )
  const last = links.at(-1)
  return `${last?.link} ${last?.state} ${last?.code}: ${advice.code}`
}

async function stateOf(device: SimulatedDevice): Promise<string> {
  const { id } = await rowOf(device)
  const { items } = unwrap(
    await story.admin.api.GET('/api/v1/devices/{id}/installs', { params: { path: { id } } }),
  )
  return items.map(({ state, cause }) => `${state}: ${cause?.code}`).join(', ')
}

/** Lets a while pass, in small steps. */
async function pass(minutes: number): Promise<void> {
  for (let step = 0; step < minutes * 4; step += 1) await story.pass({ seconds: 15 })
}

describe('a device that enrolls', () => {
  test('is known with what it told, and is a device of the organization', async () => {
    const device = await enrolled('supervised')
    const { serialNumber, name, osVersion } = device.identity
    expect(await rowOf(device)).toMatchObject({
      serialNumber,
      name,
      osVersion,
      supervised: true,
      ownership: 'corporate',
    })
  })

  test('gets what is required without a question when it is supervised, verified on the device', async () => {
    const device = await enrolled('supervised')
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'required' }])
    await story.settle()
    await pass(3)
    expect(device.app(bundleId)).toMatchObject({ installed: true, managed: true, license: 'device' })
    expect(device.person.promptsShown).toEqual({
      join_program: 0,
      install: 0,
      sign_in: 0,
      management: 0,
      update: 0,
    })
    expect(await stateOf(device)).toBe('installed: verified')
    expect(await why(device)).toBe('device passed device_says: done')
  })

  test('asks its person when it is not supervised, and says so when the person declines', async () => {
    const device = await enrolled('byod')
    device.person.always('refuse')
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'required' }])
    await story.settle()
    await pass(3)
    expect(device.person.promptsShown.install).toBe(1)
    expect(device.app(bundleId)?.installed ?? false).toBe(false)
    expect(await stateOf(device)).toBe('refused: rejected_by_person')
    expect(await why(device)).toBe('device ends device_says: let_person_agree')
    device.person.always('accept')
    await story.pass({ minutes: 24 * 60 })
    await pass(3)
    expect(await stateOf(device)).toBe('installed: verified')
  })

  test('waits when nothing is left, and gets the license that another gives back', async () => {
    const devices = []
    for (let count = 0; count < 4; count += 1) devices.push(await enrolled('supervised'))
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'required' }])
    await story.settle()
    await pass(3)
    const [last] = devices.slice(3)
    if (last === undefined) throw new Error('There is no fourth device')
    expect(await stateOf(last)).toBe('waiting_for_license: undefined')
    expect(await why(last)).toBe('license ends waits_for_license: buy_or_reclaim')
    devices[0]?.leave()
    await pass(3)
    await story.settle()
    await pass(3)
    expect(last.app(bundleId)).toMatchObject({ installed: true })
    expect(devices[0]?.app(bundleId)).toMatchObject({ managed: false })
  })

  test('is told to remove an app first, and the license comes back after', async () => {
    const device = await enrolled('supervised')
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'required' }])
    await story.settle()
    await pass(3)
    device.goOffline()
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'uninstall' }])
    await story.settle()
    await pass(2)
    expect((await story.admin.holders(adamId)).map(({ state }) => state)).toEqual(['held'])
    device.goOnline()
    await pass(3)
    await story.settle()
    expect(device.app(bundleId)?.installed ?? false).toBe(false)
    expect(await story.admin.holders(adamId)).toEqual([])
    expect(await stateOf(device)).toBe('released: license_back')
  })

  test('that is off for a week gets it when it comes back', async () => {
    const device = await enrolled('supervised')
    device.goOffline()
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'required' }])
    await story.settle()
    await pass(2)
    expect(await why(device)).toBe('command waits command_queued: let_device_connect')
    await story.pass({ minutes: 7 * 24 * 60 })
    device.goOnline()
    await pass(3)
    expect(await stateOf(device)).toBe('installed: verified')
  })

  test('is asked once a day, and what its person deleted is noticed and comes back', async () => {
    const device = await enrolled('supervised')
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'required' }])
    await story.settle()
    await pass(3)
    device.deleteApp(bundleId)
    await story.pass({ minutes: 25 * 60 })
    await pass(1)
    expect(await stateOf(device)).toBe('removed: removed_by_person')
    await story.pass({ minutes: 25 * 60 })
    await pass(3)
    expect(device.app(bundleId)).toMatchObject({ installed: true })
    expect(await stateOf(device)).toBe('installed: verified')
  })

  test('without a push certificate there are no links, and a used link is used up', async () => {
    const address = await story.fleet.link({ ownership: 'corporate' })
    await story.fleet.enroll({ kind: 'supervised' }, address)
    await expect(story.fleet.enroll({ kind: 'supervised' }, address)).rejects.toThrow()
  })
})
