/** Declarative management of apps, as a device does it (facts of Apple's declarative management). */
import { listField } from '@apportion/apple-wire/plist-fields'
import { describe, expect, test } from 'vitest'
import type { SimulatedDevice } from '../../src/devices/device.ts'
import type { DeviceIdentityWish } from '../../src/devices/device-identity.ts'
import { declaring, type PeerDeclaration, REQUIRED } from '../support/declaration-peer.ts'
import { APP, BUNDLE, deviceScene } from '../support/device-scene.ts'

type Scene = Awaited<ReturnType<typeof deviceScene>>
const APP_ID = `app.${APP}`
const reader = { Identifier: APP_ID }
const minutes = 60_000

/** An enrolled device with a license, told to hold these declarations. */
async function holding(
  at: Scene,
  items: readonly PeerDeclaration[] = declaring([reader]),
  wish: DeviceIdentityWish = { kind: 'supervised' },
): Promise<SimulatedDevice> {
  const device = await at.enrolled(wish)
  at.giveDevice(device)
  await at.devices.pass(minutes)
  await declare(at, device, items)
  return device
}

async function declare(at: Scene, device: SimulatedDevice, items: readonly PeerDeclaration[]): Promise<void> {
  at.peer.declarations.items = items
  await at.tell(device, { RequestType: 'DeclarativeManagement' })
}

const lineOf = (at: Scene) => at.peer.declarations.lines('app.managed.list')?.at(-1)
const judged = (device: SimulatedDevice) =>
  Object.fromEntries(device.declarations.map((each) => [each.identifier, each.reasons[0]?.code ?? 'active']))

describe('S26 what a device fetches', () => {
  test('everything at first, and then only what changed', async () => {
    await using at = await deviceScene()
    const device = await holding(at)
    const first = device.askedOfDeclarations.filter((endpoint) => endpoint !== 'status')
    expect(first).toEqual([
      'tokens',
      'declaration-items',
      'declaration/activation/all',
      'declaration/configuration/subscriptions',
      `declaration/configuration/${APP_ID}`,
    ])
    await declare(at, device, at.peer.declarations.items)
    const changed = at.peer.declarations.items.map((item) =>
      item.Identifier === APP_ID ? { ...item, ServerToken: 'newer' } : item,
    )
    await declare(at, device, changed)
    const later = device.askedOfDeclarations.filter((endpoint) => endpoint !== 'status').slice(first.length)
    expect(later).toEqual(['tokens', 'tokens', 'declaration-items', `declaration/configuration/${APP_ID}`])
  })

  test('what is gone when it is asked for is dropped, and named as missing', async () => {
    await using at = await deviceScene()
    at.peer.declarations.vanished.add(APP_ID)
    const device = await holding(at)
    expect(judged(device)).toEqual({
      all: 'Error.MissingConfigurations',
      subscriptions: 'Info.NotReferencedByActivation',
    })
    expect(device.app(BUNDLE)).toBeUndefined()
  })

  test('a server that is down is asked again', async () => {
    await using at = await deviceScene()
    const isAboutDeclarations = { path: '/checkin', answer: { status: 503 } }
    const device = await at.enrolled({ kind: 'supervised' })
    at.giveDevice(device)
    at.peer.instead.push(isAboutDeclarations)
    await declare(at, device, declaring([reader]))
    expect(device.declarations).toEqual([])
    await at.devices.pass(2 * minutes)
    expect(judged(device)).toMatchObject({ [APP_ID]: 'active' })
  })

  test.each([
    ['iOS 15', { kind: 'supervised', osVersion: '15.8' }, 'Error'],
    ['iOS 16', { kind: 'supervised', osVersion: '16.0' }, 'Acknowledged'],
    ['iOS 15 in a User Enrollment', { kind: 'user_enrollment', osVersion: '15.8' }, 'Acknowledged'],
  ] as const)('%s: %s', async (_system, wish, status) => {
    await using at = await deviceScene()
    const device = await at.enrolled(wish)
    expect(await at.tell(device, { RequestType: 'DeclarativeManagement' })).toMatchObject({ Status: status })
  })
})

describe('S26 what holds', () => {
  const withKey = (key: object) => ({ ...reader, Payload: { ...REQUIRED, ...key } })
  const update = { UpdateBehavior: { AutomaticAppUpdates: 'AlwaysOff' } }
  const pinned = { InstallBehavior: { ...REQUIRED.InstallBehavior, Version: 7 } }
  test.each<[why: string, osVersion: string, app: ReturnType<typeof withKey>, comesTo: string]>([
    ['an app', '17.2', withKey({}), 'active'],
    ['an app before iOS 17.2', '17.1', withKey({}), 'Error.ConfigurationNotSupported'],
    ['updates before iOS 26', '18.6', withKey(update), 'Error.UnknownPayloadKeys'],
    ['updates', '26.0', withKey(update), 'active'],
    ['a version beneath a key, before iOS 26', '18.6', withKey(pinned), 'Error.UnknownPayloadKeys'],
    ['an app by number', '18.6', withKey({ AppStoreID: APP }), 'Error.ConfigurationIsInvalid'],
    ['an app by two names', '18.6', withKey({ BundleID: BUNDLE }), 'Error.ConfigurationIsInvalid'],
    ['a key that nobody knows', '26.0', withKey({ Color: 'red' }), 'Error.UnknownPayloadKeys'],
  ])('%s, on %s', async (_why, osVersion, app, comesTo) => {
    await using at = await deviceScene()
    const device = await holding(at, declaring([app]), { kind: 'supervised', osVersion })
    expect(judged(device)[APP_ID]).toBe(comesTo)
    const lines = at.peer.declarations.lines('management.declarations.configurations') ?? []
    const isGood = comesTo === 'active'
    expect(lines.find(({ identifier }) => identifier === APP_ID)).toMatchObject({
      active: isGood,
      valid: isGood ? 'valid' : 'invalid',
    })
  })

  test('what no activation names does nothing', async () => {
    await using at = await deviceScene()
    const items = declaring([reader]).filter(({ kind }) => kind === 'configuration')
    const device = await holding(at, items)
    expect(judged(device)[APP_ID]).toBe('Info.NotReferencedByActivation')
    expect(device.app(BUNDLE)).toBeUndefined()
  })

  test('two declarations of one app: the second is a duplicate', async () => {
    await using at = await deviceScene()
    await holding(at, declaring([reader, { Identifier: 'again' }]))
    expect(lineOf(at)).toMatchObject({ state: 'failed', reasons: [{ code: 'Error.DuplicateConfiguredApp' }] })
  })
})

describe('S26 what a device reports', () => {
  test('first everything, then what changed, and what went', async () => {
    await using at = await deviceScene()
    const device = await holding(at)
    const { reports } = at.peer.declarations
    expect(reports[0]).toMatchObject({ FullReport: true })
    await at.devices.pass(2 * minutes)
    const states = reports.flatMap(
      ({ StatusItems }) =>
        (StatusItems as { app?: { managed?: { list?: { state: string }[] } } }).app?.managed?.list ?? [],
    )
    expect(states.map(({ state }) => state)).toEqual(['queued', 'downloading', 'managed'])
    expect(reports.at(-1)).toMatchObject({ FullReport: false })
    expect(reports.at(-1)?.StatusItems).not.toHaveProperty('management')
    await declare(at, device, declaring([]))
    expect(lineOf(at)).toEqual({ identifier: BUNDLE, _removed: true })
    await at.devices.pass(24 * 60 * minutes)
    expect(reports.at(-1)).toMatchObject({ FullReport: true })
  })

  test('apps that commands brought, in their own list; unknown items as errors', async () => {
    await using at = await deviceScene()
    const device = await holding(at, declaring([], ['mdm.app', 'no.such.item']))
    expect(at.peer.declarations.reports[0]).toMatchObject({ Errors: [{ StatusItem: 'no.such.item' }] })
    await at.install(device)
    await at.devices.pass(2 * minutes)
    expect(at.peer.declarations.lines('mdm.app')).toEqual([
      expect.objectContaining({ identifier: BUNDLE, state: 'managed' }),
    ])
    expect(at.peer.declarations.lines('app.managed.list')).toBeUndefined()
  })

  test('a report that the server did not take is made again', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    at.giveDevice(device)
    const when = (message: { readonly Endpoint?: unknown }) => message.Endpoint === 'status'
    at.peer.instead.push({ path: '/checkin', answer: { status: 500 }, when })
    await declare(at, device, declaring([reader]))
    expect(at.peer.declarations.reports).toEqual([])
    await at.devices.pass(2 * minutes)
    expect(at.peer.declarations.reports[0]).toMatchObject({ FullReport: true })
    expect(lineOf(at)).toMatchObject({ state: 'managed' })
  })
})

describe('an app that is declared', () => {
  test('comes with the license of the device, silently when it is supervised', async () => {
    await using at = await deviceScene()
    const device = await holding(at)
    await at.devices.pass(2 * minutes)
    expect(device.app(BUNDLE)).toMatchObject({ installed: true, managed: true, license: 'device' })
    expect(device.person.promptsShown.install).toBe(0)
  })

  test.each([
    ['accept', 'managed', undefined],
    ['refuse', 'failed', 'Error.UserRejected'],
    ['ignore', 'prompting-for-consent', undefined],
  ] as const)('asks the person when it is not, who may %s: %s', async (habit, state, code) => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate' })
    device.person.always(habit)
    at.giveDevice(device)
    await declare(at, device, declaring([reader]))
    await at.devices.pass(3 * minutes)
    expect(device.person.promptsShown.install).toBe(1)
    const reasons = lineOf(at)?.reasons as { code: string }[] | undefined
    expect([lineOf(at)?.state, reasons?.[0]?.code]).toEqual([state, code])
  })

  test('does not come without a license, and does when a newer token has it looked at anew', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    await declare(at, device, declaring([reader]))
    await at.devices.pass(2 * minutes)
    expect(lineOf(at)).toMatchObject({ state: 'failed', reasons: [{ code: 'Error.LicenseNotFound' }] })
    at.giveDevice(device)
    await declare(at, device, declaring([{ ...reader, ServerToken: 'again' }]))
    await at.devices.pass(2 * minutes)
    expect(lineOf(at)).toMatchObject({ state: 'managed' })
  })

  test('goes with its declaration, and stays while its person tries to delete it', async () => {
    await using at = await deviceScene()
    const device = await holding(at)
    await at.devices.pass(2 * minutes)
    device.deleteApp(BUNDLE)
    expect(device.app(BUNDLE)).toMatchObject({ installed: true })
    await declare(at, device, declaring([]))
    expect(device.app(BUNDLE)).toBeUndefined()
  })

  test('goes with management', async () => {
    await using at = await deviceScene()
    const device = await holding(at)
    await at.devices.pass(2 * minutes)
    device.leave()
    await at.devices.settled()
    expect(device.app(BUNDLE)).toBeUndefined()
    expect(device.declarations).toEqual([])
  })

  test('takes over what a command brought', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    at.giveDevice(device)
    await at.install(device)
    await at.devices.pass(2 * minutes)
    await declare(at, device, declaring([]))
    expect(at.peer.declarations.lines('mdm.app')).toHaveLength(1)
    await declare(at, device, declaring([reader]))
    expect(at.peer.declarations.lines('mdm.app')).toEqual([{ identifier: BUNDLE, _removed: true }])
    expect(lineOf(at)).toMatchObject({ state: 'managed' })
  })
})

describe('S27 commands about an app that is declared', () => {
  test('fail, and the list of managed apps knows nothing of it', async () => {
    await using at = await deviceScene()
    const device = await holding(at)
    await at.devices.pass(2 * minutes)
    expect(await at.install(device)).toMatchObject({ Status: 'Error', RejectionReason: 'NotSupported' })
    const removed = await at.tell(device, { RequestType: 'RemoveApplication', Identifier: BUNDLE })
    expect(removed).toMatchObject({ Status: 'Error' })
    expect(await at.stateOf(device)).toBeUndefined()
    const listed = await at.tell(device, { RequestType: 'InstalledApplicationList' })
    expect(listField(listed, 'InstalledApplicationList')).toEqual([
      expect.objectContaining({ Identifier: BUNDLE, Source: 'Declarative Device Management' }),
    ])
  })
})
