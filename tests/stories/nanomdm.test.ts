/** A device that is enrolled at the organization's own NanoMDM gets its apps through it (D1, D3, D4, D8). */
import { unwrap } from '@apportion/api-client/client'
import { manualClock } from '@apportion/apple-sim/clock'
import type { SimulatedDevice } from '@apportion/apple-sim/devices/device'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MdmPeer } from '../../packages/apple-sim/test/support/mdm-peer.ts'
import { NanoMdmPeer } from '../../packages/apple-sim/test/support/nanomdm-peer.ts'
import { type Story, startStory } from '../support/story.ts'

const adamId = '900001'
const bundleId = 'example.reader'
const keys = { apiKey: 'the key of the API', webhookKey: 'the key of the webhook' }

let story: Story
let identities: MdmPeer
let nano: NanoMdmPeer
beforeEach(async () => {
  const clock = manualClock(Date.parse('2026-11-02T09:00:00Z'))
  identities = new MdmPeer()
  await identities.listen()
  nano = new NanoMdmPeer({
    ...keys,
    authority: identities.authority,
    now: () => clock.now(),
    wake: (identifier) =>
      story.fleet.devices.all.find(({ identity }) => identity.udid === identifier)?.wake(),
  })
  await nano.listen()
  story = await startStory({
    devices: {},
    apple: { clock },
    nanomdm: { url: nano.origin, keys, posted: () => nano.posted() },
  })
  nano.webhookUrl = new URL('/nanomdm/webhook', story.server.url).href
  const { apple, admin } = story
  apple.world.addTitle({ adamId, name: 'Reader', kind: 'iosSoftware', publisher: 'Harbor', bundleId })
  const location = apple.world.addLocation({ uId: '300', name: 'Utrecht', organizationName: 'Meridian' })
  location.own({ adamId, total: 3 })
  await admin.addToken(location.mintToken().file)
  await story.settle()
})
afterEach(async () => {
  await story[Symbol.asyncDispose]()
  await nano[Symbol.asyncDispose]()
  await identities[Symbol.asyncDispose]()
})

/** Its profile is NanoMDM's: one address for all messages, no check-in address of its own. */
async function enrolled(): Promise<SimulatedDevice> {
  const device = story.fleet.devices.add({ kind: 'supervised' })
  const address = `${nano.origin}/mdm`
  await device.install(Buffer.from(identities.profile({ mdm: { ServerURL: address, CheckInURL: address } })))
  await pass(1)
  return device
}

async function pass(minutes: number): Promise<void> {
  for (let step = 0; step < minutes * 4; step += 1) await story.pass({ seconds: 15 })
}

async function idOf({ identity: { serialNumber } }: SimulatedDevice): Promise<number> {
  const query = { q: serialNumber }
  const { items } = unwrap(await story.admin.api.GET('/api/v1/devices', { params: { query } }))
  const [device] = items
  if (device === undefined) throw new Error(`The directory does not know ${serialNumber}`)
  return device.id
}

async function why(device: SimulatedDevice): Promise<string> {
  const asset = await story.admin.asset(adamId)
  const path = { id: await idOf(device), assetId: asset.id }
  const { links, advice } = unwrap(
    await story.admin.api.GET('/api/v1/devices/{id}/why/{assetId}', { params: { path } }),
  )
  const last = links.at(-1)
  return `${last?.link} ${last?.state} ${last?.code}: ${advice.code}`
}

async function stateOf(device: SimulatedDevice): Promise<string> {
  const path = { id: await idOf(device) }
  const { items } = unwrap(await story.admin.api.GET('/api/v1/devices/{id}/installs', { params: { path } }))
  return items.map(({ state, cause }) => `${state}: ${cause?.code}`).join(', ')
}

describe('a device at NanoMDM', () => {
  test('gets what is required, verified on the device, and "why not?" says so', async () => {
    const device = await enrolled()
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'required' }])
    await story.settle()
    await pass(3)
    expect(device.app(bundleId)).toMatchObject({ installed: true, managed: true, license: 'device' })
    expect(await stateOf(device)).toBe('installed: verified')
    expect(await why(device)).toBe('device passed device_says: done')
    // Whatever its webhook told was taken.
    expect(new Set(nano.heard)).toEqual(new Set([200]))
  })

  test('that is off waits for it, and "why not?" says for what', async () => {
    const device = await enrolled()
    device.goOffline()
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'required' }])
    await story.settle()
    await pass(2)
    expect(await why(device)).toContain('let_device_connect')
    device.goOnline()
    await story.pass({ minutes: 5 * 60 })
    await pass(3)
    expect(await stateOf(device)).toBe('installed: verified')
  })

  test('of which answers were lost is verified all the same', async () => {
    const device = await enrolled()
    nano.eventsToLose = 3
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'required' }])
    await story.settle()
    await pass(3)
    expect(device.app(bundleId)).toMatchObject({ installed: true })
    for (let hours = 0; hours < 60; hours += 1) await story.pass({ minutes: 60 })
    expect(await stateOf(device)).toBe('installed: verified')
  })

  test('that leaves gives its license back, and its app stays unmanaged', async () => {
    const device = await enrolled()
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'required' }])
    await story.settle()
    await pass(3)
    expect((await story.admin.holders(adamId)).map(({ state }) => state)).toEqual(['held'])
    device.leave()
    await pass(2)
    await story.settle()
    expect(await story.admin.holders(adamId)).toEqual([])
    expect(device.app(bundleId)?.managed ?? false).toBe(false)
    const { items } = unwrap(
      await story.admin.api.GET('/api/v1/enrollments', { params: { query: { state: 'left' } } }),
    )
    expect(items).toMatchObject([{ channel: 'nanomdm', leftCause: 'checked_out' }])
  })

  test('and one of our own get their apps side by side', async () => {
    await story.fleet.certify()
    const address = await story.fleet.link({ ownership: 'corporate' })
    const [theirs, ours] = [await enrolled(), await story.fleet.enroll({ kind: 'supervised' }, address)]
    await story.pass({ seconds: 1 })
    await story.admin.assign(adamId, [{ group: 'All devices', intent: 'required' }])
    await story.settle()
    await pass(3)
    for (const device of [theirs, ours]) expect(await stateOf(device)).toBe('installed: verified')
  })
})
